// Where a command leaves what it made: in the file that `-o` names, or on the standard output.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The target of a command's result.
struct OutputFile: Sendable {
    /// nil or `-`: the standard output.
    let path: String?

    private var isStandardOutput: Bool { path == nil || path == "-" }

    /// Writes a text.
    func write(text: [UInt8], _ console: Console) throws(Diagnostic) -> ExitStatus {
        try write(text, console)
    }

    /// Writes a binary, which no terminal is to be shown.
    func write(binary: [UInt8], _ console: Console) throws(Diagnostic) -> ExitStatus {
        if isStandardOutput, console.outputIsTerminal {
            throw Diagnostic(
                .badCommandLine, "a binary is not written to a terminal",
                details: ["-o FILE names a file for it; a pipe is fine too"])
        }
        return try write(binary, console)
    }

    /// A file is replaced only now that there is something to put there. A failure of the standard output is the status
    /// alone: nobody reads it any more.
    private func write(_ bytes: [UInt8], _ console: Console) throws(Diagnostic) -> ExitStatus {
        guard let path, !isStandardOutput else { return console.writeBytes(bytes) ? .success : .failure }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Diagnostic(.badFile, "cannot write \(path): \(systemMessage(errno))") }
        var code = unsafe bytes.withUnsafeBytes { unsafe writeAll($0, to: descriptor) }
        if close(descriptor) != 0, code == 0 { code = errno }
        guard code == 0 else { throw Diagnostic(.badFile, "cannot write \(path): \(systemMessage(code))") }
        return .success
    }
}

/// Writes all bytes to a descriptor. Answers 0, or the system's error code.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> CInt {
    var rest = unsafe bytes
    while let start = rest.baseAddress, unsafe !rest.isEmpty {
        let count = unsafe write(descriptor, start, rest.count)
        if count < 0 {
            if errno == EINTR { continue }
            return errno
        }
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return 0
}
