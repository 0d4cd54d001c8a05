// The way from the command line to a command and back to an exit status. The argument parser reads options and writes
// help; what it throws becomes one of our own errors, so that all errors look alike.

import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The `apus` command.
public enum ApusTool {
    package static let version = "0.1.0"

    /// Carries out the process's command line and ends the process.
    public static func main() -> Never {
        // A closed standard output is an error for who writes to it, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let context = CommandContext(console: .process, ownsProcess: true)
        let status = run(CommandLine.arguments.dropFirst(), context)
        // Without ceremony: a guest that could not be stopped may still be running, and the system frees memory faster
        // than anybody else.
        _exit(status.rawValue)
    }

    /// Carries out a command line (without the program's name). Errors are written to the console.
    package static func run(_ arguments: some Collection<String>, _ context: CommandContext) -> ExitStatus {
        do throws(Diagnostic) {
            return try dispatch(Array(arguments), context)
        } catch {
            context.console.writeError(error.rendered(colored: context.console.colorsErrors))
            return error.status
        }
    }

    private static func dispatch(_ arguments: [String], _ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        guard let name = arguments.first else {
            context.console.writeError(RootCommand.helpMessage() + "\n")
            return .badCommandLine
        }
        var arguments = arguments
        if name == "run" {
            let separated = try RunArguments.separated(arguments.dropFirst())
            if let request = RunRequest(plain: separated) { return try request.execute(context) }
            arguments = ["run"] + separated
        } else if let action = plainAction(name, Array(arguments.dropFirst())) {
            return try action(context)
        } else if !name.hasPrefix("-"), !RootCommand.names.contains(name) {
            throw unknownCommand(name)
        }
        do {
            var command = try RootCommand.parseAsRoot(arguments)
            if let command = command as? any ApusCommand { return try command.execute(context) }
            // `help`, which answers by throwing the text.
            try command.run()
            return .success
        } catch let diagnostic as Diagnostic {
            throw diagnostic
        } catch {
            return try answer(error, to: name, context)
        }
    }

    /// What a command line without anything to explain asks for; nil for one that the argument parser has to read.
    private static func plainAction(
        _ name: String, _ arguments: [String]
    ) -> ((CommandContext) throws(Diagnostic) -> ExitStatus)? {
        switch name {
        case "validate": ValidateRequest(plain: arguments).map { $0.execute }
        case "wast": ScriptRequest(plain: arguments).map { $0.execute }
        case "parse": TranslationRequest(plain: arguments).map { $0.parse }
        case "wat": TranslationRequest(plain: arguments).map { $0.print }
        case "wit": InspectionRequest(plain: arguments).map { $0.printWIT }
        case "inspect": InspectionRequest(plain: arguments).map { $0.inspect }
        default: nil
        }
    }

    /// Prints what the parser throws to be printed, and makes an error of the rest.
    private static func answer(_ error: any Error, to command: String, _ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        let text = RootCommand.message(for: error)
        if RootCommand.exitCode(for: error) == .success {
            return context.console.writeOutput(text + "\n") ? .success : .failure
        }
        let lines = text.split(separator: "\n").map(String.init)
        var message = lines.first ?? "the command line cannot be read"
        if message.hasPrefix("Error: ") { message.removeFirst("Error: ".count) }
        if let first = message.first, first.isUppercase { message = first.lowercased() + message.dropFirst() }
        if message.hasSuffix(".") { message.removeLast() }
        throw Diagnostic(.badCommandLine, message, details: lines.dropFirst() + usage(of: command))
    }

    /// How a command is used, and where more is said about it.
    private static func usage(of command: String) -> [String] {
        guard let type = RootCommand.configuration.subcommands.first(where: { $0.configuration.commandName == command })
        else { return ["see 'apus help'"] }
        return ["usage: \(RootCommand.usageString(for: type))", "see 'apus help \(command)'"]
    }

    /// Whether both ways to read a command's arguments come to the same. For tests.
    package static func readsAlike(_ command: String, _ arguments: [String]) throws -> Bool {
        if command == "run" {
            let separated = try RunArguments.separated(arguments)
            let parsed = try RootCommand.parseAsRoot(["run"] + separated) as? RunCommand
            return parsed.map { $0.request == RunRequest(plain: separated) } ?? false
        }
        switch try RootCommand.parseAsRoot([command] + arguments) {
        case let parsed as ValidateCommand: return parsed.request == ValidateRequest(plain: arguments)
        case let parsed as WastCommand: return parsed.request == ScriptRequest(plain: arguments)
        case let parsed as ParseCommand: return parsed.request == TranslationRequest(plain: arguments)
        case let parsed as WatCommand: return parsed.request == TranslationRequest(plain: arguments)
        case let parsed as WITCommand: return parsed.request == InspectionRequest(plain: arguments)
        case let parsed as InspectCommand: return parsed.request == InspectionRequest(plain: arguments)
        default: return false
        }
    }

    private static func unknownCommand(_ name: String) -> Diagnostic {
        var details: [String] = []
        if name.hasSuffix(".wasm") || name.contains("/") {
            details.append("did you mean 'apus run \(name)'?")
        } else if let near = Suggestion.nearest(to: name, among: RootCommand.names) {
            details.append("did you mean 'apus \(near)'?")
        }
        details.append("the commands are \(RootCommand.names.joined(separator: ", ")); see 'apus help'")
        return Diagnostic(.badCommandLine, "unknown command '\(name)'", details: details)
    }
}
