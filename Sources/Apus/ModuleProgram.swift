// Core modules as a program: one that imports WASI 0.1, or nothing, and others that are linked to it under names.
//
//     let engine = Engine()
//     let program = ModuleProgram(try engine.compile(ByteSource(mapping: "tool.wasm")), engine: engine)
//     let store = try program.makeStore()
//     let instance = try program.instantiate(in: store, host: host)

public import Execution
import InternalUtilities
public import WASIHost
import WASIPreview1
import WasmBinary
public import WasmEngine
import WasmTypes

/// A core module, and those that are linked to it, ready to be instantiated any number of times.
public struct ModuleProgram: Sendable {
    /// A module that is instantiated before the program's own, for what it exports.
    public struct Preload: Sendable {
        /// The module name that its exports are imported under.
        public var name: String
        public var module: Module

        public init(name: String, module: Module) {
            self.name = name
            self.module = module
        }
    }

    public let module: Module

    /// In the order of their instantiation. Each may import those before it, and WASI.
    public var preloads: [Preload]

    private let engine: Engine

    /// - Parameter engine: the one that compiled the modules.
    public init(_ module: Module, engine: Engine, preloads: [Preload] = []) {
        self.module = module
        self.engine = engine
        self.preloads = preloads
    }

    /// Whether any of the modules imports WASI 0.1.
    public var importsWASI: Bool {
        (preloads.map(\.module) + [module]).contains { module in
            module.imports.contains { WASIModuleNames.contains($0.module) }
        }
    }

    /// Makes a store for one run.
    public func makeStore(limits: StoreLimits? = nil) throws(Trap) -> Store {
        try engine.makeStore(limits: limits)
    }

    /// Instantiates all modules, and calls what they export as `_initialize`: code of the guest runs. A guest that
    /// leaves by `proc_exit` while it does is a trap with a `GuestExit` as its cause.
    ///
    /// - Parameter host: all that the program gets.
    public func instantiate(in store: Store, host: HostConfiguration) throws(WASICommandError) -> Instance {
        let state: WASIModuleState
        do throws(HostError) {
            state = try WASIModuleState(host)
        } catch {
            throw .host(error)
        }
        return try instantiate(in: store, state: state)
    }

    func instantiate(in store: Store, state: WASIModuleState) throws(WASICommandError) -> Instance {
        var linker = Linker()
        for preload in preloads { linker.defineWASI(state, for: preload.module, in: store) }
        linker.defineWASI(state, for: module, in: store)
        for preload in preloads {
            let instance = try instantiate(preload.module, preload.name, in: store, linker)
            linker.define(instance, module: preload.name)
        }
        return try instantiate(module, nil, in: store, linker)
    }

    private func instantiate(
        _ module: Module, _ name: String?, in store: Store, _ linker: Linker
    ) throws(WASICommandError) -> Instance {
        let instance: Instance
        do throws(InstantiationError) {
            instance = try linker.instantiate(module, in: store)
        } catch {
            throw .module(name: name, error)
        }
        if case .function(let initialize)? = instance.export("_initialize"), initialize.type.parameters.isEmpty {
            do throws(Trap) {
                _ = try store.call(initialize, [])
            } catch {
                throw .trap(error)
            }
        }
        return instance
    }

    /// The function that is the program: what an instance of the module exports as `_start`, or, as Wasmtime has it, by
    /// the empty name; nil if it exports neither.
    public func entry(of instance: Instance) -> Function? {
        for name in ["_start", ""] {
            if case .function(let entry)? = instance.export(name), entry.type.parameters.isEmpty { return entry }
        }
        return nil
    }
}
