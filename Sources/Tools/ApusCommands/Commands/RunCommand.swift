// `apus run [options] FILE [ARGS…]`.

import ArgumentParser
import WASIHost

struct RunCommand: ApusCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a component's wasi:cli/run, or a core module's _start.",
        usage: "apus run [<options>] <file> [<arguments> ...]",
        discussion: """
            What stands behind the file is passed to the guest as it is. A guest is given no directory and no variable, \
            and may make no request, unless an option grants it. The exit status is the guest's; 134 after a trap, 124 after the time limit, \
            130 after Ctrl-C, 2 for a command line and 3 for a file that cannot be used.
            """)

    @OptionGroup var grants: GrantOptions

    @OptionGroup var http: HTTPGrantOptions

    @Option(
        name: .customLong("argv0"), parsing: .unconditional,
        help: ArgumentHelp("The program's name that the guest sees; the file's name by default.", valueName: "name"))
    var programName: String?

    @Option(
        name: .customLong("cwd"), parsing: .unconditional,
        help: ArgumentHelp("The directory that the guest starts in, one of its own paths.", valueName: "path"))
    var initialDirectory: String?

    @Option(
        name: .customLong("invoke"), parsing: .unconditional,
        help: ArgumentHelp(
            "Call an exported function and print its result: 'name(1, \"two\")' for a component, or a name with the arguments behind the file.",
            valueName: "call"))
    var function: String?

    @Option(
        name: .customLong("preload"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Link a core module, whose exports a core module's imports from NAME are. May be repeated; each may import those before it.",
            valueName: "name=file"),
        completion: .file(extensions: ["wasm"]), transform: { try PreloadOption.parse($0) })
    var preloads: [PreloadOption] = []

    @Option(
        name: .customLong("max-memory"), parsing: .unconditional,
        help: ArgumentHelp("How large each memory of the guest may become: bytes, or with K, M or G.", valueName: "bytes"),
        transform: { try ByteSize.parse($0) })
    var memoryLimit: UInt64?

    @Option(
        name: .customLong("max-stack"), parsing: .unconditional,
        help: ArgumentHelp("How large the guest's stack is: bytes, or with K, M or G.", valueName: "bytes"),
        transform: { try ByteSize.parse($0) })
    var stackLimit: UInt64?

    @Option(
        name: .customLong("timeout"), parsing: .unconditional,
        help: ArgumentHelp("End the guest after a time: seconds, or with ms, s, m or h.", valueName: "time"),
        transform: { try TimeLimit.parse($0) })
    var timeLimit: Duration?

    @Argument(help: "The component or core module.", completion: .file(extensions: ["wasm"]))
    var file: String

    @Argument(parsing: .captureForPassthrough, help: "The guest's arguments.")
    var arguments: [String] = []

    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        try request.execute(context)
    }

    var request: RunRequest {
        var request = RunRequest()
        request.directories = grants.directories
        request.environment = grants.environment
        request.inheritsEnvironment = grants.inheritsEnvironment
        request.http = http.grant
        request.programName = programName
        request.initialDirectory = initialDirectory
        request.function = function
        request.preloads = preloads
        request.memoryLimit = memoryLimit
        request.stackLimit = stackLimit
        request.timeLimit = timeLimit
        request.file = file
        request.arguments = arguments
        return request
    }
}
