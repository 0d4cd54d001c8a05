// `apus completions SHELL`: the script that a shell reads to complete this command's arguments.

import ArgumentParser

struct CompletionsCommand: ApusCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Prints the completions for a shell.",
        discussion: "For bash: apus completions bash > ~/.local/share/bash-completion/completions/apus")

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var completionShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        let script = RootCommand.completionScript(for: shell.completionShell)
        return context.console.writeOutput(script + "\n") ? .success : .failure
    }
}
