// Why an operation of the host failed. The code is the operating system's own, which is what both WASI 0.2's
// `error-code` and preview 1's `errno` were modelled on; each face maps it to its own numbering.

public import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The failure of an operation that the host carried out, or refused to carry out, for a guest.
public struct HostError: Error, Sendable {
    /// The operating system's code. A refusal of the sandbox uses the same codes: `EPERM` for a path that leads out
    /// of a preopened directory and for a write to a read-only grant.
    public let code: Errno

    /// What failed, where it was no call of the system: the error of a protocol that a stream is carried by.
    public let cause: (any Error)?

    public init(_ code: Errno) {
        self.code = code
        self.cause = nil
    }

    /// An error of a stream that is not the system's. It has the code for an input or output error.
    public init(cause: any Error) {
        self.code = Errno(rawValue: EIO)
        self.cause = cause
    }

    init(rawCode: CInt) {
        self.code = Errno(rawValue: rawCode)
        self.cause = nil
    }
}

extension HostError: Hashable {
    /// Causes are compared by their text: errors as such cannot be.
    public static func == (left: HostError, right: HostError) -> Bool {
        left.code == right.code && left.causeText == right.causeText
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }

    private var causeText: String? { cause.map { "\($0)" } }
}

extension HostError: CustomStringConvertible {
    public var description: String { causeText ?? code.description }
}

extension HostError {
    /// A path led out of the directory it started in, or a right is missing.
    package static var notPermitted: HostError { HostError(rawCode: EPERM) }
    package static var noSuchEntry: HostError { HostError(rawCode: ENOENT) }
    package static var invalid: HostError { HostError(rawCode: EINVAL) }
    package static var badDescriptor: HostError { HostError(rawCode: EBADF) }
    package static var isDirectory: HostError { HostError(rawCode: EISDIR) }
    package static var notDirectory: HostError { HostError(rawCode: ENOTDIR) }
    package static var notEmpty: HostError { HostError(rawCode: ENOTEMPTY) }
    package static var exists: HostError { HostError(rawCode: EEXIST) }
    package static var loop: HostError { HostError(rawCode: ELOOP) }
    package static var nameTooLong: HostError { HostError(rawCode: ENAMETOOLONG) }
    package static var unsupported: HostError { HostError(rawCode: ENOTSUP) }
    package static var illegalByteSequence: HostError { HostError(rawCode: EILSEQ) }
    package static var overflow: HostError { HostError(rawCode: EOVERFLOW) }
    package static var brokenPipe: HostError { HostError(rawCode: EPIPE) }
    package static var inputOutput: HostError { HostError(rawCode: EIO) }
    package static var tooManyOpenFiles: HostError { HostError(rawCode: EMFILE) }

    /// The error that the last failed call left in `errno`.
    static var last: HostError { HostError(rawCode: errno) }

    var rawCode: CInt { code.rawValue }

    var isWouldBlock: Bool { rawCode == EAGAIN || rawCode == EWOULDBLOCK }
}
