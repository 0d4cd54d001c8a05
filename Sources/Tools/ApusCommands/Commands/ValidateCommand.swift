// `apus validate FILE…`: says nothing about files that are valid, and why one is not.

import ArgumentParser
import ComponentBinary
import InternalUtilities
import WasmBinary
import WasmEngine

struct ValidateCommand: ApusCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks components and core modules without running them.",
        discussion: "Prints nothing about a file that is valid. The exit status is 3 if one is not.")

    @Argument(
        help: "The components and core modules, as binaries or text; '-' is the standard input.",
        completion: .file(extensions: ["wasm", "wat"]))
    var files: [String]

    @Flag(name: .customLong("json"), help: "Print a verdict for each file, as JSON, and nothing else.")
    var isJSON = false

    var request: ValidateRequest { ValidateRequest(files: files, isJSON: isJSON) }

    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        try request.execute(context)
    }
}

extension ValidateRequest {
    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        try GuestSession(endsAtInterrupt: context.ownsProcess).run { [files, isJSON] control in
            var status = ExitStatus.success
            var verdicts: [JSONValue] = []
            for path in files {
                do throws(Diagnostic) {
                    let file = try ProgramFile(try InputBytes(path: path))
                    try Self.validate(file)
                    verdicts.append(Self.verdict(path, kind: file.kind))
                } catch {
                    if !isJSON { context.console.writeError(error.rendered(colored: context.console.colorsErrors)) }
                    verdicts.append(Self.verdict(path, error))
                    status = error.status
                }
            }
            if isJSON, !context.console.writeOutput(JSONValue.array(verdicts).text + "\n") { status = .failure }
            control.report(.exited(status))
        }
    }

    private static func verdict(_ path: String, kind: ProgramFile.Kind) -> JSONValue {
        .object([
            .init("file", .string(path)), .init("valid", .bool(true)),
            .init("kind", .string(kind == .component ? "component" : "module")),
        ])
    }

    private static func verdict(_ path: String, _ error: Diagnostic) -> JSONValue {
        var members: [JSONValue.Member] = [.init("message", .string(error.message))]
        switch error.place {
        case .offset(let offset): members.append(.init("offset", .number(offset)))
        case .line(let line, let column): members += [.init("line", .number(line)), .init("column", .number(column))]
        case nil: break
        }
        members.append(.init("details", .strings(error.details)))
        return .object([.init("file", .string(path)), .init("valid", .bool(false)), .init("error", .object(members))])
    }

    private static func validate(_ file: ProgramFile) throws(Diagnostic) {
        do throws(BinaryError) {
            switch file.kind {
            case .coreModule: _ = try Engine().compile(file.source)
            case .component: _ = try Component.decode(source: file.source, threads: Engine.processorCount)
            }
        } catch {
            throw Diagnostic.invalid(file, error)
        }
    }
}
