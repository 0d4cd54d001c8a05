// What the core modules of one store have of the host. WASI 0.1 knows no resources: a guest has numbers, and the table
// behind them is the store's.

import WasmBinary
import WasmTypes
public import Execution
public import WASIHost
public import WasmEngine

/// The state of WASI 0.1 for the modules of one store. All modules of a store that import WASI share it: it is one
/// program. Used by the thread that runs the store, and not to be shared between stores.
public final class WASIModuleState {
    /// What the guest was given.
    public let configuration: HostConfiguration

    var files: FileTable

    /// The instance that called last, and its memory; nearly always the next call is from the same.
    private var lastCaller: UInt = 0
    private var lastMemory: GuestMemory?

    /// Throws the system's code if there are more directories granted than a guest may hold open.
    public init(_ configuration: HostConfiguration) throws(HostError) {
        self.configuration = configuration
        files = try FileTable(configuration)
    }

    var waiter: any Waiter { configuration.waiter }

    /// The memory that a call's addresses are of: what the calling instance exports as `memory`.
    func memory(of call: borrowing HostCall) throws(Trap) -> GuestMemory {
        guard let address = call.callerAddress else {
            throw Trap(.host, detail: "a function of WASI was called by no instance")
        }
        if address == lastCaller, let lastMemory { return lastMemory }
        guard case .memory(let memory)? = call.caller?.export("memory") else {
            throw Trap(.host, detail: "a module that calls WASI must export its memory as 'memory'")
        }
        let found = GuestMemory(memory)
        (lastCaller, lastMemory) = (address, found)
        return found
    }
}

extension Linker {
    /// Provides what `module` imports of WASI 0.1, under the names `wasi_snapshot_preview1` and `wasi_unstable`.
    ///
    /// Only what the module imports is made. An import of theirs that does not exist is left out, so that linking says
    /// what is missing.
    public mutating func defineWASI(_ state: WASIModuleState, for module: Module, in store: Store) {
        for item in module.imports {
            guard let version = Version(rawValue: item.module), let function = version.function(named: item.name)
            else { continue }
            define(.function(function.made(in: store, for: version, state)), module: item.module, name: item.name)
        }
    }
}
