// Running a component: its `wasi:cli/run`, with what the command line grants.

import Apus
import ComponentRuntime
import Execution
import WASIHTTP
import WASIHost
import WasmEngine

/// A component that is ready to be run.
struct ComponentGuest: Sendable {
    let file: ProgramFile
    let host: HostConfiguration
    let http: HTTPConfiguration
    let limits: StoreLimits

    /// Loads and runs the component, and reports how it ended.
    func run(_ control: GuestControl) {
        do throws(Diagnostic) {
            let engine = Engine()
            let component = try file.compileComponent(with: engine)
            do throws(WASICommandError) {
                let command = try WASICommand(component, engine: engine)
                let store = try command.makeStore(host.interruptible(by: control), http: http, limits: limits)
                control.onStop(store.interruptHandle.interrupt)
                control.report(.exited(ExitStatus(rawValue: Int32(try command.run(in: store)))))
            } catch {
                throw Diagnostic.command(file, error)
            }
        } catch {
            control.report(.failed(error))
        }
    }
}
