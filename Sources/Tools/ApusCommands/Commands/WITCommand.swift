// `apus wit FILE [--json] [-o OUT]`: the world of a component.

import ArgumentParser
import ComponentBinary
import InternalUtilities
import WIT
import WasmBinary
import WasmEngine

struct WITCommand: ApusCommand {
    static let configuration = CommandConfiguration(
        commandName: "wit",
        abstract: "Prints a component's world, or the packages that a binary encodes, as WIT text.")

    @Flag(name: .customLong("json"), help: "Print JSON instead: arrays of worlds, interfaces, types and packages.")
    var isJSON = false

    @Option(
        name: [.customLong("output"), .customShort("o")], parsing: .unconditional,
        help: ArgumentHelp("The file to write; the standard output by default.", valueName: "out"), completion: .file())
    var output: String?

    @Argument(
        help: "The component, as binary or text; '-' is the standard input.",
        completion: .file(extensions: ["wasm", "wat"]))
    var file: String

    var request: InspectionRequest { InspectionRequest(input: file, output: output, isJSON: isJSON) }

    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        try request.printWIT(context)
    }
}

extension InspectionRequest {
    func printWIT(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        let file = try ProgramFile(try InputBytes(path: input))
        guard file.kind == .component else {
            throw Diagnostic(
                .badFile, "\(file.path) is a core module, and WIT describes components",
                details: ["'apus inspect' shows what a core module imports and exports"])
        }
        let text = try Self.text(of: file, asJSON: isJSON)
        return try OutputFile(path: output).write(text: Array(text.utf8), context.console)
    }

    private static func text(of file: ProgramFile, asJSON: Bool) throws(Diagnostic) -> String {
        do throws(BinaryError) {
            _ = try Component.decode(source: file.source, threads: Engine.processorCount)
        } catch {
            // What is not supported can be shown all the same, if its types can be read.
            guard error.kind == .unsupported else { throw Diagnostic.invalid(file, error) }
        }
        do throws(WITDecodingError) {
            let document = try WITDocument(component: file.source)
            if asJSON { return document.json.text + "\n" }
            do {
                return try document.text()
            } catch {
                throw WITDecodingError.notRepresentable(error)
            }
        } catch {
            switch error {
            case .binary(let error): throw Diagnostic.invalid(file, error)
            case .notRepresentable(let error):
                throw Diagnostic(.badFile, "\(file.path) cannot be shown as WIT: \(error.message)")
            }
        }
    }
}
