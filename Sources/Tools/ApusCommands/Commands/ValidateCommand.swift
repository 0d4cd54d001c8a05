// `apus validate FILE…`: says nothing about files that are valid, and why one is not.

import ArgumentParser
import ComponentBinary
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

    var request: ValidateRequest { ValidateRequest(files: files) }

    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        try request.execute(context)
    }
}

extension ValidateRequest {
    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        try GuestSession(endsAtInterrupt: context.ownsProcess).run { [files] control in
            var status = ExitStatus.success
            for path in files {
                do throws(Diagnostic) {
                    try Self.validate(try ProgramFile(try InputBytes(path: path)))
                } catch {
                    context.console.writeError(error.rendered(colored: context.console.colorsErrors))
                    status = error.status
                }
            }
            control.report(.exited(status))
        }
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
