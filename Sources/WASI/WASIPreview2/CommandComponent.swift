// Running a component of the world `wasi:cli/command`, such as a program that a toolchain has built.
//
//     let component = try engine.compile(component: ByteSource(mapping: "hello.wasm"))
//     let exit = try CommandComponent(component).run(in: engine.makeStore(), as: configuration)

public import ComponentRuntime
public import Execution
public import WASIHost

/// A component whose imports are all served, and that can be run any number of times, each in a store of its own.
public struct CommandComponent: Sendable {
    public let component: CompiledComponent
    private let linker: ComponentLinker

    /// Serves a component's imports.
    ///
    /// Throws `ComponentInstantiationError` if one is missing or of another type.
    ///
    /// - Parameter linker: what the host offers; one that offers more than WASI starts as a copy of `.wasiCommand`.
    public init(
        _ component: CompiledComponent, linker: ComponentLinker = .wasiCommand
    ) throws(ComponentInstantiationError) {
        try linker.check(component)
        self.component = component
        self.linker = linker
    }

    /// Instantiates the component and calls its `wasi:cli/run`.
    ///
    /// Throws the `Trap` that ended the guest, `ComponentInstantiationError`, or `ComponentCallError` if there is no
    /// `wasi:cli/run` to call. A guest that left by `exit` has not failed, whatever its status.
    ///
    /// - Parameters:
    ///   - store: one that no command has run in yet.
    ///   - host: what the guest is given.
    /// - Returns: the status that the guest gave; of one that returned from `run`, 0, or 1 if it returned an error.
    public func run(in store: Store, as host: HostConfiguration) throws -> GuestExit {
        store.setWASI(host)
        do {
            let instance = try linker.instantiate(component, in: store)
            let run = try instance.function(
                "run", in: "wasi:cli/run@\(WASIInterfaces.version)", as: (() -> Result<Nothing, Nothing>).self)
            return GuestExit(try run())
        } catch {
            if let exit = GuestExit(of: error) { return exit }
            throw error
        }
    }
}

extension ComponentLinker {
    /// One that offers all that the world `wasi:cli/command` imports.
    public static let wasiCommand: ComponentLinker = {
        var linker = ComponentLinker()
        linker.define(WASIInterfaces.command)
        return linker
    }()
}

extension GuestExit {
    /// What the result of `run` says.
    fileprivate init(_ result: Result<Nothing, Nothing>) {
        switch result {
        case .success: self.init(code: 0)
        case .failure: self.init(code: 1)
        }
    }

    /// The guest's exit, if that is what `error` comes from: a trap, or an instantiation that ended by one.
    public init?(of error: any Error) {
        let trap: Trap? =
            switch error {
            case let trap as Trap: trap
            case let error as ComponentInstantiationError: error.trap
            case ComponentCallError.trap(let trap): trap
            default: nil
            }
        guard let exit = trap?.rootCause as? GuestExit else { return nil }
        self = exit
    }
}
