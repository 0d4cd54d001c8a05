// `apus wast FILE…`: runs test scripts.

import ArgumentParser

struct WastCommand: ApusCommand {
    static let configuration = CommandConfiguration(
        commandName: "wast",
        abstract: "Runs WebAssembly test scripts.",
        discussion: """
            Prints a line for each script, what fell short under it, and totals. Of a directory all .wast files in and \
            beneath it are run. The exit status is 1 if anything fell short, and 3 if a file cannot be read.
            """)

    @Flag(
        name: .customLong("ignore-error-messages"),
        help: "Take a trap or an error for the expected one whatever it says.")
    var ignoresErrorMessages = false

    @Argument(help: "The scripts, and directories of scripts.", completion: .file(extensions: ["wast"]))
    var paths: [String]

    var request: ScriptRequest { ScriptRequest(paths: paths, ignoresErrorMessages: ignoresErrorMessages) }

    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        try request.execute(context)
    }
}
