// Calling one function of a component: `--invoke`. The component gets what it would get from `run`, and its result is
// printed in WAVE notation.

import Apus
import ComponentBinary
import ComponentRuntime
import ComponentTypes
import Execution
import WASIHTTP
import WASIHost
import WASIPreview2
import WAVE
import WasmEngine

/// A component, one of whose functions is to be called.
struct ComponentInvocation: Sendable {
    let file: ProgramFile
    let host: HostConfiguration
    let http: HTTPConfiguration
    let limits: StoreLimits
    /// The call, or the function's name.
    let text: String
    /// For a name alone.
    let words: [String]
    let console: Console

    /// Loads the component and calls the function, and reports how that ended.
    func run(_ control: GuestControl) {
        do throws(Diagnostic) {
            let engine = Engine()
            let component = try file.compileComponent(with: engine)
            let functions = ExportedFunctions(of: component.binary.type)
            let call = InvocationText(text)
            let function = try functions.function(call.name, in: file)
            let arguments = try call.arguments(for: function, signature: functions.signature(of: function), words)
            let store = try makeStore(engine, control)
            let result = try self.call(function, arguments, of: component, in: store)
            control.report(.exited(result))
        } catch {
            control.report(.failed(error))
        }
    }

    private func makeStore(_ engine: Engine, _ control: GuestControl) throws(Diagnostic) -> Store {
        do {
            let store = try engine.makeStore(limits: limits)
            store.setWASI(host.interruptible(by: control))
            store.setHTTP(http)
            control.onStop(store.interruptHandle.interrupt)
            return store
        } catch {
            throw Diagnostic.trap(error)
        }
    }

    private func call(
        _ function: ExportedFunction, _ arguments: [ComponentValue], of component: CompiledComponent, in store: Store
    ) throws(Diagnostic) -> ExitStatus {
        let instance: ComponentInstance
        do {
            instance = try ComponentLinker.wasiCommand(for: component).instantiate(component, in: store)
        } catch {
            if let trap = error.trap, GuestExit(of: trap) != nil { return try ended(by: trap) }
            throw Diagnostic.command(file, .instantiation(error))
        }
        do {
            let result = try instance.call(function.name, in: function.interface, arguments)
            return console.writeOutput((result?.waveText ?? "()") + "\n") ? .success : .failure
        } catch .trap(let trap) {
            return try ended(by: trap)
        } catch {
            throw Diagnostic(.badFile, "--invoke \(function.text): \(error)")
        }
    }

    /// A guest that leaves by `wasi:cli/exit` ends with its status.
    private func ended(by trap: Trap) throws(Diagnostic) -> ExitStatus {
        guard let exit = GuestExit(of: trap) else { throw Diagnostic.trap(trap) }
        return ExitStatus(rawValue: Int32(exit.code))
    }
}
