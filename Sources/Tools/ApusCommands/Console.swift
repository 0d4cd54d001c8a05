// Where a command writes what it has to say itself. A guest's output does not pass through here: it has the process's
// own descriptors.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The two outputs of a command.
package struct Console: Sendable {
    /// Writes text to the standard output; answers false if nobody reads it any more.
    package var writeOutput: @Sendable (String) -> Bool
    package var writeError: @Sendable (String) -> Void
    /// Whether what is written to the standard error may be coloured.
    package var colorsErrors: Bool

    package init(
        writeOutput: @escaping @Sendable (String) -> Bool, writeError: @escaping @Sendable (String) -> Void,
        colorsErrors: Bool = false
    ) {
        self.writeOutput = writeOutput
        self.writeError = writeError
        self.colorsErrors = colorsErrors
    }

    /// The process's standard output and error; with colours if that is a terminal and the environment allows them.
    package static var process: Console {
        Console(
            writeOutput: { write($0, to: 1) }, writeError: { _ = write($0, to: 2) },
            colorsErrors: isatty(2) == 1 && variable("NO_COLOR") == nil && variable("TERM") != "dumb")
    }

    private static func write(_ text: String, to descriptor: CInt) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, unsafe !rest.isEmpty {
                let count = unsafe write_(descriptor, start, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    return false
                }
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return true
        }
    }

    /// A variable of the process's environment; nil if it is unset or empty.
    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}

/// `write(2)`, under a name that `Console.write` does not hide.
private func write_(_ descriptor: CInt, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    unsafe write(descriptor, start, count)
}
