// Where the command's own options end and the guest's arguments begin.
//
// Everything behind FILE is the guest's, whatever it looks like. A parser that knows only option names cannot keep that
// promise for `apus run tool.wasm --help`, so a `--` is set before FILE, which every parser respects; and an option that
// is not known is answered here, with more than "unknown option" where another runtime's users might have it in their
// fingers.

enum RunArguments {
    /// The options that take a value, in the next argument or after `=`.
    static let valueOptions = [
        "--dir", "--env", "--argv0", "--cwd", "--invoke", "--preload", "--max-memory", "--max-stack", "--timeout",
        "--allow-http", "--http-prior-knowledge", "--ca", "--client-cert", "--client-key",
    ]
    static let flags = ["--inherit-env", "--allow-http-all", "--help", "-h", "--version", "-help", "--help-hidden"]

    /// The arguments of `run` with a `--` before FILE.
    static func separated(_ arguments: some Collection<String>) throws(Diagnostic) -> [String] {
        var options: [String] = []
        var rest = Array(arguments)[...]
        while let argument = rest.first {
            if argument == "--" { return options + rest }
            guard argument.hasPrefix("-"), argument != "-" else { return options + ["--"] + rest }
            rest.removeFirst()
            options.append(argument)
            let name = String(argument.prefix { $0 != "=" })
            if valueOptions.contains(name) {
                if name == argument, let value = rest.popFirst() { options.append(value) }
            } else if !flags.contains(name) {
                throw ForeignOption.diagnostic(for: argument, name: name)
            }
        }
        return options
    }
}
