// `apus` itself: the commands by name.

import ArgumentParser

/// A command that says how it ended instead of printing and exiting by itself.
protocol ApusCommand: ParsableCommand {
    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus
}

/// What a command is run with beside its arguments.
package struct CommandContext: Sendable {
    package var console: Console
    /// Whether the command is the process: it may change how signals are taken.
    package var ownsProcess: Bool

    package init(console: Console, ownsProcess: Bool) {
        self.console = console
        self.ownsProcess = ownsProcess
    }
}

struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apus",
        abstract: "Runs WebAssembly components.",
        version: "apus \(ApusTool.version)",
        subcommands: [
            RunCommand.self, ServeCommand.self, ValidateCommand.self, InspectCommand.self, WITCommand.self,
            WastCommand.self, ParseCommand.self, WatCommand.self, CompletionsCommand.self,
        ])

    static let names = ["run", "serve", "validate", "inspect", "wit", "wast", "parse", "wat", "completions", "help"]
}
