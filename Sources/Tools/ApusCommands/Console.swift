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
    /// Writes bytes to the standard output; answers false if nobody reads it any more.
    package var writeBytes: @Sendable ([UInt8]) -> Bool
    /// Whether the standard output is shown to a person.
    package var outputIsTerminal: Bool
    /// Whether what is written to the standard error may be coloured.
    package var colorsErrors: Bool

    /// - Parameter writeBytes: as text where nothing is given.
    package init(
        writeOutput: @escaping @Sendable (String) -> Bool, writeError: @escaping @Sendable (String) -> Void,
        writeBytes: (@Sendable ([UInt8]) -> Bool)? = nil, outputIsTerminal: Bool = false, colorsErrors: Bool = false
    ) {
        self.writeOutput = writeOutput
        self.writeError = writeError
        self.writeBytes = writeBytes ?? { writeOutput(String(decoding: $0, as: UTF8.self)) }
        self.outputIsTerminal = outputIsTerminal
        self.colorsErrors = colorsErrors
    }

    /// The process's standard output and error; with colours if that is a terminal and the environment allows them.
    package static var process: Console {
        Console(
            writeOutput: { write($0, to: 1) }, writeError: { _ = write($0, to: 2) },
            writeBytes: { bytes in unsafe bytes.withUnsafeBytes { unsafe writeAll($0, to: 1) == 0 } },
            outputIsTerminal: isatty(1) == 1,
            colorsErrors: isatty(2) == 1 && variable("NO_COLOR") == nil && variable("TERM") != "dumb")
    }

    private static func write(_ text: String, to descriptor: CInt) -> Bool {
        var text = text
        return text.withUTF8 { unsafe writeAll(UnsafeRawBufferPointer($0), to: descriptor) == 0 }
    }

    /// A variable of the process's environment; nil if it is unset or empty.
    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
