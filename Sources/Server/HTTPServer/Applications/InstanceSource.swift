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

    /// Makes an instance that this source has made as good as new, if that can be done.
    func renew(_ instance: HTTPProxyInstance, waiter: any Waiter) -> Bool

    /// Lets go of memory whose contents can be had again at any time. Called now and then, from any thread.
    func trim()
}

extension InstanceSource {
    public func trim() {}
}

/// Instantiates the component anew where no instance can be renewed.
public struct FreshInstances: InstanceSource {
    private let component: LinkedComponent
    private let engine: Engine
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

    /// - Parameter component: by `HTTPProxyInstance.link`.
    public init(
        of component: LinkedComponent, engine: Engine, host: HostConfiguration, http: HTTPConfiguration,
        limits: StoreLimits
    ) {
        self.component = component
        self.engine = engine
        self.host = host
        self.http = http
        self.limits = limits
    }

    public func makeInstance(waiter: any Waiter, prepare: (Store) -> Void) throws -> HTTPProxyInstance {
        let store = try engine.makeStore(limits: limits)
        store.setComponentInstanceLimits(Self.componentLimits)
        grant(to: store, waiter)
        prepare(store)
        return try HTTPProxyInstance(component, in: store, isRenewable: true)
    }

    public func renew(_ instance: HTTPProxyInstance, waiter: any Waiter) -> Bool {
        guard instance.renew() else { return false }
        grant(to: instance.store, waiter)
        return true
    }

    public func trim() { component.forgetPages() }

    private func grant(to store: Store, _ waiter: any Waiter) {
        var host = host
        host.waiter = waiter
        store.setWASI(host)
        store.setHTTP(http)
    }
}
