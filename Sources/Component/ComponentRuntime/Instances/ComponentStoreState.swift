// What the component instances of one store share.

import WasmTypes
import ComponentTypes
public import Execution

/// Limits on what component instances can make the host spend, beside the core ones in `StoreLimits`.
public struct ComponentInstanceLimits: Hashable, Sendable {
    /// Handles in one component instance.
    public var handles = 1_000_000
    /// Component instances in the store.
    public var instances = 10_000
    /// Bytes of Swift values that one call may make out of a guest's arguments. What a host function reads in place,
    /// such as `GuestBytes`, does not count.
    public var bytesPerCall = 256 << 20

    public init() {}
}

/// The component model's part of a store. Dies with it.
final class ComponentStoreState {
    unowned let store: Store
    let limits: ComponentInstanceLimits
    var instances: [ComponentInstanceState] = []
    /// Freed with this.
    let objects: HostObjectTable
    private var resourceTypes: [ResourceType] = []
    private var hostTypes: [ObjectIdentifier: ResourceType] = [:]
    /// The host's own state, found by its class. Freed with this.
    let hostStates = HostStateTable()

    private init(store: Store, limits: ComponentInstanceLimits) {
        self.store = store
        self.limits = limits
        objects = HostObjectTable(limit: limits.handles)
    }

    deinit {
        objects.free()
        hostStates.free()
    }

    /// The store's state, made when first asked for.
    static func of(_ store: Store, limits: ComponentInstanceLimits = ComponentInstanceLimits()) -> ComponentStoreState {
        if let state = store.attachment as? ComponentStoreState { return state }
        let state = ComponentStoreState(store: store, limits: limits)
        store.attachment = state
        return state
    }

    func adopt(_ instance: ComponentInstanceState) throws(Trap) {
        guard instances.count < limits.instances else {
            throw Trap(.resourceLimit, detail: "more than \(limits.instances) component instances in one store")
        }
        instances.append(instance)
    }

    private var nextResourceNumber: UInt32 { UInt32(truncatingIfNeeded: resourceTypes.count + 1) }

    func makeResourceType(of instance: ComponentInstanceState, destructor: Function?) -> ResourceType {
        let type = ResourceType(number: nextResourceNumber, instance: instance, destructor: destructor)
        resourceTypes.append(type)
        return type
    }

    func resourceType(for resource: HostResource) -> ResourceType {
        if let type = hostTypes[resource.identity] { return type }
        let type = ResourceType(number: nextResourceNumber, host: resource)
        resourceTypes.append(type)
        hostTypes[resource.identity] = type
        return type
    }

    /// The type with this number, which must have been given out.
    func resourceType(numbered number: UInt32) -> ResourceType? {
        number > 0 && Int(number) <= resourceTypes.count ? resourceTypes[Int(number) - 1] : nil
    }

}

extension Store {
    /// Gives host functions an object of the store's own; they ask for it by its class with `HostContext.state(_:)`.
    /// One object of a class: a second takes the place of the first.
    public func setHostState<State: AnyObject>(_ state: State) {
        ComponentStoreState.of(self).hostStates[ObjectIdentifier(State.self)] = state
    }

    /// The object of a class that `setHostState` gave; nil if none was given.
    public func hostState<State: AnyObject>(_ type: State.Type) -> State? {
        ComponentStoreState.of(self).hostStates[ObjectIdentifier(type)] as? State
    }

    /// Sets the limits on component instances. Must come before anything else that concerns components in this store;
    /// returns whether it did.
    @discardableResult
    public func setComponentInstanceLimits(_ limits: ComponentInstanceLimits) -> Bool {
        guard attachment == nil else { return false }
        _ = ComponentStoreState.of(self, limits: limits)
        return true
    }
}
