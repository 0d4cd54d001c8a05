// `apus inspect FILE [--json] [-o OUT]`: what is in a file.

import ArgumentParser
import ComponentBinary
import Execution
import InternalUtilities
import WasmBinary
import WasmEngine

struct InspectCommand: ApusCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows what is in a component or core module: imports, exports, modules, sizes, producers.")

    @Flag(name: .customLong("json"), help: "Print JSON instead.")
    var isJSON = false

    @Option(
        name: [.customLong("output"), .customShort("o")], parsing: .unconditional,
        help: ArgumentHelp("The file to write; the standard output by default.", valueName: "out"), completion: .file())
    var output: String?

    @Argument(
        help: "The component or core module, as binary or text; '-' is the standard input.",
        completion: .file(extensions: ["wasm", "wat"]))
    var file: String

    var request: InspectionRequest { InspectionRequest(input: file, output: output, isJSON: isJSON) }

    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        try request.inspect(context)
    }
}

extension InspectionRequest {
    func inspect(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        let file = try ProgramFile(try InputBytes(path: input))
        let inspection: Inspection
        do throws(BinaryError) {
            switch file.kind {
            case .coreModule: inspection = Inspection(module: try Engine().compile(file.source).binary, of: file)
            case .component:
                inspection = Inspection(
                    component: try Component.decode(source: file.source, threads: Engine.processorCount), of: file)
            }
        } catch {
            throw Diagnostic.invalid(file, error)
        }
        let text = isJSON ? inspection.json.text + "\n" : inspection.text
        return try OutputFile(path: output).write(text: Array(text.utf8), context.console)
    }
}
