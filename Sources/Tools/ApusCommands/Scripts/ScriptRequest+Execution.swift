// Carrying out `apus wast`: each script in an engine of its own, the scripts on all cores, what came of them in order.

import InternalUtilities
import Synchronization
import WASTRunner
import WasmEngine
import WasmText

extension ScriptRequest {
    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        let files = try ScriptFiles.find(paths)
        let threads = min(files.count, Engine.processorCount)
        let printer = ScriptPrinter(files, context.console)
        let counter = Parallel.Counter(count: files.count)
        Parallel.run(threads: threads) { [comparesMessages = !ignoresErrorMessages] in
            while let index = counter.take() {
                let outcome = ScriptResult.run(files[index], comparesMessages: comparesMessages, isAlone: threads == 1)
                if !printer.add(outcome, at: index) { counter.stop() }
            }
        }
        return printer.finish()
    }
}

/// What came of one file.
enum ScriptResult: Sendable {
    case report(ScriptReport)
    /// The file is no script that could be read.
    case unreadable(Diagnostic)

    /// Runs the script in a file.
    ///
    /// - Parameter isAlone: whether no other script runs, so that a large module may be validated on all cores.
    static func run(_ path: String, comparesMessages: Bool, isAlone: Bool) -> ScriptResult {
        do throws(Diagnostic) {
            let input = try InputBytes(path: path)
            let text = try input.text()
            if TextModule.isBinary(text) {
                throw Diagnostic(
                    .badFile, "\(input.name) is a WebAssembly binary, not a script", details: ["'apus wat' prints it as text"])
            }
            var configuration = EngineConfiguration()
            if !isAlone { configuration.validationThreads = 1 }
            return .report(ScriptRunner.run(text, on: Engine(configuration: configuration), comparesMessages: comparesMessages))
        } catch {
            return .unreadable(error)
        }
    }
}
