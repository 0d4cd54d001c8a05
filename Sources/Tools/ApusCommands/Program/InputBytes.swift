// The bytes that a command is to read: those of a file, or of the standard input for `-`.
//
// A file is mapped. What cannot be mapped (a pipe, a terminal) is read to its end, up to a limit.

import Execution
import InternalUtilities
import WasmText

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a path on the command line stands for.
struct InputBytes: Sendable {
    /// How an error calls it.
    let name: String
    let source: ByteSource

    /// The most that is read from a pipe, in bytes.
    private static let streamLimit = 1 << 30

    /// Maps a file.
    init(mapping path: String) throws(Diagnostic) {
        name = path
        do {
            source = try ByteSource(mapping: path)
        } catch {
            throw Diagnostic(opening: error)
        }
    }

    /// Reads a file that may be written to later, or now: what is mapped changes with the file, and is no memory any more
    /// where the file was cut.
    init(reading path: String) throws(Diagnostic) {
        // For its checks, and its errors.
        name = try InputBytes(mapping: path).name
        if let copy = try Self.copy(path) {
            source = copy
        } else {
            source = try Self.readAll(path)
        }
    }

    /// Copies a file into one in memory, whose pages need not be mapped all the time; nil if the system has none.
    private static func copy(_ path: String) throws(Diagnostic) -> ByteSource? {
        guard let file = MemoryFile(name: "component") else { return nil }
        let descriptor = try opened(path)
        defer { close(descriptor) }
        var count = 0
        try readParts(of: descriptor, path) { (part) throws(Diagnostic) in
            guard file.append(part) else { throw Diagnostic(.badFile, "cannot copy \(path): \(systemMessage(errno))") }
            count += part.count
        }
        return ByteSource(mapping: file.descriptor, count: count)
    }

    /// Opens a file, or reads the standard input if the path is `-`.
    init(path: String) throws(Diagnostic) {
        if path == "-" {
            name = "standard input"
            source = try Self.readStream(0, name)
            return
        }
        name = path
        do throws(ByteSource.OpenError) {
            source = try ByteSource(mapping: path)
        } catch {
            guard error.reason == .isNotRegularFile else { throw Diagnostic(opening: error) }
            source = try Self.readAll(path)
        }
    }

    private static func readAll(_ path: String) throws(Diagnostic) -> ByteSource {
        let descriptor = try opened(path)
        defer { close(descriptor) }
        return try readStream(descriptor, path)
    }

    private static func opened(_ path: String) throws(Diagnostic) -> CInt {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Diagnostic(.badFile, "cannot open \(path): \(systemMessage(errno))") }
        return descriptor
    }

    /// A copy of the bytes for who reads them as text.
    func text() throws(Diagnostic) -> [UInt8] {
        guard source.count <= TokenizedText.sizeLimit else {
            throw Diagnostic(
                .badFile, "\(name) is beyond a limit: text of \(source.count) bytes, and at most \(TokenizedText.sizeLimit) are allowed")
        }
        return source.array
    }

    private static func readStream(_ descriptor: CInt, _ name: String) throws(Diagnostic) -> ByteSource {
        var bytes: [UInt8] = []
        try readParts(of: descriptor, name) { (part) throws(Diagnostic) in bytes += part }
        return ByteSource(bytes)
    }

    private static func readParts(
        of descriptor: CInt, _ name: String, _ take: ([UInt8]) throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
        var count = 0
        let chunk = 1 << 16
        while true {
            var code: CInt = 0
            let part = unsafe [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
                count = 0
                repeat {
                    let result = unsafe read(descriptor, buffer.baseAddress, chunk)
                    if result >= 0 {
                        count = result
                        return
                    }
                } while errno == EINTR
                code = errno
            }
            guard code == 0 else { throw Diagnostic(.badFile, "cannot read \(name): \(systemMessage(code))") }
            guard !part.isEmpty else { return }
            count += part.count
            guard count <= streamLimit else {
                throw Diagnostic(.badFile, "\(name) is beyond a limit: at most \(streamLimit) bytes are read from a stream")
            }
            try take(part)
        }
    }
}

extension ByteSource {
    /// A copy of all bytes.
    var array: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe copy(0..<count, to: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }
}
