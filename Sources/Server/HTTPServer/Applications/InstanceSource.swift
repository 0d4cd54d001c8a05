// Where instances come from.

public import ComponentRuntime
public import Execution
public import WASIHTTP
public import WASIHost
import WASIPreview2
public import WasmEngine

/// Makes the instances that answer requests. Shared by all event loops.
public protocol InstanceSource: Sendable {
    /// Makes an instance that no other request has seen. Runs on a guest's fiber, and what the component does while it is
    /// instantiated is a guest's doing like its answers.
    ///
    /// - Parameters:
    ///   - waiter: how the guest waits.
    ///   - prepare: to be called with the store before anything of the guest runs in it.
    func makeInstance(waiter: any Waiter, prepare: (Store) -> Void) throws -> HTTPProxyInstance
}

/// Instantiates the component anew each time.
public struct FreshInstances: InstanceSource {
    private let component: CompiledComponent
    private let engine: Engine
    private let linker: ComponentLinker
    private let host: HostConfiguration
    private let http: HTTPConfiguration
    private let limits: StoreLimits

    /// What one program may make the host keep is too much for each of many requests: a handle costs about 100 bytes.
    private static let componentLimits: ComponentInstanceLimits = {
        var limits = ComponentInstanceLimits()
        limits.handles = 1 << 16
        limits.instances = 1000
        limits.bytesPerCall = 32 << 20
        return limits
    }()

    /// - Parameter linker: must serve all that the component imports (`HTTPProxyInstance.check`).
    public init(
        of component: CompiledComponent, engine: Engine, linker: ComponentLinker, host: HostConfiguration,
        http: HTTPConfiguration, limits: StoreLimits
    ) {
        self.component = component
        self.engine = engine
        self.linker = linker
        self.host = host
        self.http = http
        self.limits = limits
    }

    public func makeInstance(waiter: any Waiter, prepare: (Store) -> Void) throws -> HTTPProxyInstance {
        let store = try engine.makeStore(limits: limits)
        store.setComponentInstanceLimits(Self.componentLimits)
        var host = host
        host.waiter = waiter
        store.setWASI(host)
        store.setHTTP(http)
        prepare(store)
        return try HTTPProxyInstance(component, linker: linker, in: store)
    }
}
