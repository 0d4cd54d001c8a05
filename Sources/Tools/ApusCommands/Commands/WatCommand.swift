// `apus wat FILE [-o OUT]`: binary to text.

import ArgumentParser

struct WatCommand: ApusCommand {
    static let configuration = CommandConfiguration(
        commandName: "wat",
        abstract: "Prints a WebAssembly binary as text.",
        discussion: """
            Names of the name section become identifiers, and 'apus parse' makes the same binary of the text again. \
            A file that is text already is printed in the same form.
            """)

    @Option(
        name: [.customLong("output"), .customShort("o")], parsing: .unconditional,
        help: ArgumentHelp("The file to write; the standard output by default.", valueName: "out"), completion: .file())
    var output: String?

    @Argument(
        help: "The binary; '-', the default, is the standard input.", completion: .file(extensions: ["wasm", "wat"]))
    var file: String?

    var request: TranslationRequest { TranslationRequest(input: file, output: output) }

    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        try request.print(context)
    }
}

extension TranslationRequest {
    /// Binary to text.
    func print(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        let file = try ProgramFile(try InputBytes(path: input))
        return try OutputFile(path: output).write(text: try ProgramText.text(of: file), context.console)
    }
}
