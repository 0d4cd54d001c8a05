// Running programs: components of the world `wasi:cli/command`, which import what they need of WASI 0.2 and export
// `wasi:cli/run`; and core modules, which import WASI 0.1 and export `_start`.
//
//     let command = try WASICommand(contentsOf: "hello.wasm")
//     var host = HostConfiguration()
//     host.arguments = ["hello.wasm", "world"]
//     host.inheritStandardStreams()
//     try host.grant(DirectoryGrant(hostPath: "data", guestPath: "/data", rights: .readOnly))
//     let status = try command.run(host)

import ComponentBinary
public import ComponentRuntime
import ComponentTypes
public import Execution
public import InternalUtilities
public import WASIHTTP
public import WASIHost
import WASIPreview2
public import WasmBinary
public import WasmEngine

/// A program, ready to be run any number of times, by any thread, each time as a guest of its own.
public struct WASICommand: Sendable {
    /// The interface whose `run` is called, in the newest version that is known; the version rule finds older ones.
    public static let runInterface = "wasi:cli/run@\(WASIInterfaces.version)"

    /// What is run.
    public enum Program: Sendable {
        case component(LinkedComponent)
        case module(ModuleProgram)
    }

    public let program: Program
    private let engine: Engine

    /// A core module, and those that it is linked with. Checks that it exports an entry. Nothing of it runs.
    public init(_ program: ModuleProgram, engine: Engine) throws(WASICommandError) {
        self.program = .module(program)
        self.engine = engine
        let exports = program.module.exports
        let isEntry = { (export: Export) in
            guard case .function = export.index else { return false }
            return export.name == "_start" || export.name.isEmpty
        }
        guard exports.contains(where: isEntry) else { throw .noEntry(exports: exports.map(\.name)) }
    }

    /// Checks that a component is a program, and that all that it imports is provided. Nothing of it runs.
    ///
    /// - Parameters:
    ///   - engine: the one that compiled the component.
    ///   - interfaces: what the program may import beside WASI 0.2 with `wasi:http`.
    public init(
        _ component: CompiledComponent, engine: Engine, interfaces: [HostInterface] = []
    ) throws(WASICommandError) {
        self.engine = engine
        var linker = ComponentLinker.wasiCommand(for: component)
        if !interfaces.isEmpty { linker.define(interfaces) }
        try Self.checkRun(component)
        do {
            program = .component(try linker.link(component))
        } catch {
            throw .instantiation(error)
        }
    }

    /// Maps, decodes and checks a file: a component or a core module, as its first bytes say.
    public init(
        contentsOf path: String, engine: Engine = Engine(), interfaces: [HostInterface] = []
    ) throws(WASICommandError) {
        let source: ByteSource
        do {
            source = try ByteSource(mapping: path)
        } catch {
            throw .unreadable(error)
        }
        switch Component.layer(of: source) {
        case .component:
            let component: CompiledComponent
            do {
                component = try engine.compile(component: source)
            } catch {
                throw .invalid(error)
            }
            try self.init(component, engine: engine, interfaces: interfaces)
        default:
            let module: Module
            do {
                module = try engine.compile(source)
            } catch {
                throw .invalid(error)
            }
            try self.init(ModuleProgram(module, engine: engine), engine: engine)
        }
    }

    /// Runs the program to its end as a new guest, on this thread.
    ///
    /// The thread needs a stack of some size where guests and host call each other in turn; see
    /// `StoreLimits.hostCallDepth`.
    ///
    /// - Parameters:
    ///   - host: all that the program gets.
    ///   - http: what a component gets of HTTP; by default it may make no requests.
    ///   - limits: what it may make the host spend; the engine's by default.
    /// - Returns: its exit status.
    public func run(
        _ host: HostConfiguration, http: HTTPConfiguration = HTTPConfiguration(), limits: StoreLimits? = nil
    ) throws(WASICommandError) -> UInt8 {
        try run(in: makeStore(host, http: http, limits: limits))
    }

    /// Makes a store for one run. Its `interruptHandle` stops the program's code from another thread; what it waits for
    /// is interrupted by the configuration's waiter.
    public func makeStore(
        _ host: HostConfiguration, http: HTTPConfiguration = HTTPConfiguration(), limits: StoreLimits? = nil
    ) throws(WASICommandError) -> Store {
        do {
            let store = try engine.makeStore(limits: limits)
            switch program {
            case .component:
                store.setWASI(host)
                store.setHTTP(http)
            case .module: store.setHostState(ModuleHost(configuration: host))
            }
            return store
        } catch {
            throw .trap(error)
        }
    }

    /// What a program of core modules gets, kept with its store until it is run.
    private final class ModuleHost {
        let configuration: HostConfiguration

        init(configuration: HostConfiguration) {
            self.configuration = configuration
        }
    }

    /// Runs the program in a store made by `makeStore`, to its end. Returns its exit status.
    public func run(in store: Store) throws(WASICommandError) -> UInt8 {
        do throws(WASICommandError) {
            switch program {
            case .component(let component): return try call(component, in: store)
            case .module(let program): return try call(program, in: store)
            }
        } catch {
            // Leaving by `wasi:cli/exit` or `proc_exit` ends the guest as a trap does, with the status as its cause.
            if let exit = GuestExit(of: error.trap) { return exit.code }
            throw error
        }
    }

    private func call(_ program: ModuleProgram, in store: Store) throws(WASICommandError) -> UInt8 {
        let host = store.hostState(ModuleHost.self)?.configuration ?? HostConfiguration()
        let instance = try program.instantiate(in: store, host: host)
        guard let entry = program.entry(of: instance) else {
            throw .noEntry(exports: program.module.exports.map(\.name))
        }
        do throws(Trap) {
            _ = try store.call(entry, [])
            return 0
        } catch {
            throw .trap(error)
        }
    }

    private func call(_ component: LinkedComponent, in store: Store) throws(WASICommandError) -> UInt8 {
        let instance: ComponentInstance
        do {
            instance = try component.instantiate(in: store)
        } catch {
            throw .instantiation(error)
        }
        let run: TypedFunction<Result<Nothing, Nothing>>
        do {
            run = try instance.function("run", in: Self.runInterface, as: (() -> Result<Nothing, Nothing>).self)
        } catch {
            throw .incompatibleRun(interface: Self.runInterface, found: "\(error)")
        }
        do {
            return switch try run() {
            case .success: 0
            case .failure: 1
            }
        } catch {
            throw .trap(error)
        }
    }

    /// Looks for `run` among the exports.
    private static func checkRun(_ component: CompiledComponent) throws(WASICommandError) {
        let exports = component.binary.type.exports
        let names = exports.declarations.map(\.name.text)
        guard let position = VersionedNames(names).match(runInterface) else { throw .notACommand(exports: names) }
        let name = names[position]
        guard case .instance(let interface) = exports.declarations[position].type, let run = interface.exports["run"] else {
            throw .incompatibleRun(interface: name, found: "nothing of that name")
        }
        if case .function(let type) = run, type.parameters.isEmpty, case .result(let result)? = type.result,
            result.success == nil, result.failure == nil
        {
            return
        }
        throw .incompatibleRun(interface: name, found: TypeDescription(exports.declarations).text(of: run))
    }
}

extension ComponentLinker {
    /// One that offers a program WASI 0.2, and `wasi:http` if it imports any of that: most do not, and declaring it takes
    /// time.
    package static func wasiCommand(for component: CompiledComponent) -> ComponentLinker {
        let imports = component.binary.type.imports.declarations
        return imports.contains { $0.name.text.hasPrefix("wasi:http/") } ? .wasiCommandWithHTTP() : .wasiCommand
    }
}

/// Why a program was not run, or did not come to its end.
public enum WASICommandError: Error {
    case unreadable(ByteSource.OpenError)
    case invalid(BinaryError)
    /// The component does not export `wasi:cli/run`, but these.
    case notACommand(exports: [String])
    /// What the component exports as `run` is not `func() -> result`.
    case incompatibleRun(interface: String, found: String)
    case instantiation(ComponentInstantiationError)
    /// The core module exports no `_start`, but these.
    case noEntry(exports: [String])
    /// A core module was not linked or instantiated: the program's own, or one that was preloaded under this name.
    case module(name: String?, InstantiationError)
    /// The program could not be given all that it was granted.
    case host(HostError)
    case trap(Trap)

    /// The trap, where one is the reason.
    public var trap: Trap? {
        switch self {
        case .trap(let trap): trap
        case .instantiation(let error): error.trap
        case .module(_, .trap(let trap)): trap
        default: nil
        }
    }
}

extension WASICommandError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let error): return "cannot open \(error.path)"
        case .invalid(let error): return "\(error)"
        case .notACommand(let exports):
            return "the component does not export wasi:cli/run; it exports "
                + (exports.isEmpty ? "nothing" : exports.joined(separator: ", "))
        case .incompatibleRun(let interface, let found):
            return "`run` of `\(interface)` is expected to be func() -> result, and is \(found)"
        case .instantiation(let error): return "\(error)"
        case .noEntry(let exports):
            return "the module does not export _start; it exports "
                + (exports.isEmpty ? "nothing" : exports.joined(separator: ", "))
        case .module(nil, let error): return "\(error)"
        case .module(let name?, let error): return "\(name): \(error)"
        case .host(let error): return "\(error)"
        case .trap(let trap): return "\(trap)"
        }
    }
}
