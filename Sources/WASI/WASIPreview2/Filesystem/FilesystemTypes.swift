// `wasi:filesystem/types`: the interface as a whole, and its errors. The methods are in the files beside this one.

import ComponentRuntime
import WASIHost

enum FilesystemTypes {
    static let interface = HostInterface(wasi: "filesystem/types") { interface in
        interface.declareInputStream()
        interface.declareOutputStream()
        interface.declareError()
        interface.declareDescriptor()
        interface.resource("directory-entry-stream", of: DirectoryListing.self)
        declareFiles(in: &interface)
        declareStreams(in: &interface)
        declareStatus(in: &interface)
        declareEntries(in: &interface)
        declareDirectories(in: &interface)
        interface.function("filesystem-error-code") {
            (context: inout HostContext, error: Borrowed<ErrorResource>) throws -> ErrorCode? in
            error.object.error.cause == nil ? ErrorCode(error.object.error) : nil
        }
    }
}

extension HostInterface {
    mutating func declareDescriptor() {
        resource("descriptor", of: Descriptor.self)
    }
}

extension FilesystemTypes {
    /// `error-code`
    enum ErrorCode: String, Error, ComponentEnumeration {
        case access
        case wouldBlock = "would-block"
        case already
        case badDescriptor = "bad-descriptor"
        case busy
        case deadlock
        case quota
        case exist
        case fileTooLarge = "file-too-large"
        case illegalByteSequence = "illegal-byte-sequence"
        case inProgress = "in-progress"
        case interrupted
        case invalid
        case io
        case isDirectory = "is-directory"
        case loop
        case tooManyLinks = "too-many-links"
        case messageSize = "message-size"
        case nameTooLong = "name-too-long"
        case noDevice = "no-device"
        case noEntry = "no-entry"
        case noLock = "no-lock"
        case insufficientMemory = "insufficient-memory"
        case insufficientSpace = "insufficient-space"
        case notDirectory = "not-directory"
        case notEmpty = "not-empty"
        case notRecoverable = "not-recoverable"
        case unsupported
        case noTTY = "no-tty"
        case noSuchDevice = "no-such-device"
        case overflow
        case notPermitted = "not-permitted"
        case pipe
        case readOnly = "read-only"
        case invalidSeek = "invalid-seek"
        case textFileBusy = "text-file-busy"
        case crossDevice = "cross-device"
    }
}

extension FilesystemTypes.ErrorCode {
    init(_ error: HostError) {
        self = Self.numbered(error.filesystemCode.rawValue) ?? .io
    }
}

extension ComponentEnumeration {
    /// The case at an index of the WIT enum; nil if it has no such case.
    static func numbered(_ index: some FixedWidthInteger) -> Self? {
        let cases = allCases
        guard let index = Int(exactly: index), cases.indices.contains(index) else { return nil }
        return cases[index]
    }
}

extension Result where Failure == FilesystemTypes.ErrorCode {
    /// The outcome of an operation of the host's file system.
    init(filesystem operation: () throws(HostError) -> Success) {
        do throws(HostError) {
            self = .success(try operation())
        } catch {
            self = .failure(FilesystemTypes.ErrorCode(error))
        }
    }
}

extension Result where Success == Nothing, Failure == FilesystemTypes.ErrorCode {
    /// The outcome of an operation of the host's file system that has no result.
    init(filesystem operation: () throws(HostError) -> Void) {
        do throws(HostError) {
            try operation()
            self = .success(Nothing())
        } catch {
            self = .failure(FilesystemTypes.ErrorCode(error))
        }
    }
}
