// `apus parse FILE [-o OUT]`: text to binary.

import ArgumentParser
import InternalUtilities

struct ParseCommand: ApusCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse",
        abstract: "Makes a binary of WebAssembly text.",
        discussion: """
            Identifiers are kept in the binary's name section. The text is read, not validated: 'apus validate' does that. \
            A file that is a binary already is written as it is.
            """)

    @Option(
        name: [.customLong("output"), .customShort("o")], parsing: .unconditional,
        help: ArgumentHelp("The file to write; the standard output by default.", valueName: "out"), completion: .file())
    var output: String?

    @Argument(
        help: "The text; '-', the default, is the standard input.", completion: .file(extensions: ["wat", "wasm"]))
    var file: String?

    var request: TranslationRequest { TranslationRequest(input: file, output: output) }

    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        try request.parse(context)
    }
}

extension TranslationRequest {
    /// Text to binary.
    func parse(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        let file = try ProgramFile(try InputBytes(path: input))
        return try OutputFile(path: output).write(binary: file.source.array, context.console)
    }
}
