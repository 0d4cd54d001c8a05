// What is printed for those who ask.
import ApusCommands
import Testing

@Test(arguments: [
    (["--version"], "apus 0."),
    (["--help"], "SUBCOMMANDS"),
    (["help"], "SUBCOMMANDS"),
    (["help", "run"], "USAGE: apus run [<options>] <file> [<arguments> ...]"),
    (["run", "--help"], "--max-memory <bytes>"),
    (["run", "--help"], "--preload <name=file>"),
    (["run", "--help"], "--allow-http <host[:port]>"),
    (["help", "serve"], "--allow-http-all"),
    (["help", "validate"], "USAGE: apus validate"),
    (["help", "wit"], "--json"),
    (["help", "inspect"], "USAGE: apus inspect"),
    (["run", "--help"], "--invoke <call>"),
    (["help", "wast"], "--ignore-error-messages"),
    (["wast", "-h"], "USAGE: apus wast"),
    (["help", "parse"], "-o, --output <out>"),
    (["wat", "--help"], "-o, --output <out>"),
    (["completions", "bash"], "complete -"),
    (["completions", "bash"], "--ignore-error-messages"),
    (["completions", "zsh"], "#compdef apus"),
    (["completions", "fish"], "complete -c 'apus'"),
    (["--generate-completion-script", "bash"], "complete -"),
])
func help(_ arguments: [String], _ part: String) {
    let run = CommandRun(arguments)
    #expect(run.status == 0)
    #expect(run.output.contains(part))
    #expect(run.errors == "")
}

@Test
func errorsAreOneLineAndDetails() {
    let diagnostic = Diagnostic(.badFile, "a\nb\u{1B}[2J", details: ["c\nd", "e\u{202E}"])
    #expect(diagnostic.rendered(colored: false) == "error: a\\u{a}b\\u{1b}[2J\n  c\n  d\n  e\\u{202e}\n")
    #expect(diagnostic.rendered(colored: true).hasPrefix("\u{1B}[1;31merror:\u{1B}[0m a"))
}
