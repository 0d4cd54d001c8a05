// Resource types at run time: one for each definition in each instance, and one for each host resource in a store.

import Execution

/// Two handles are of the same type exactly if they carry the same `ResourceType` by identity.
final class ResourceType {
    /// Unique in the store; never 0.
    let number: UInt32
    /// The component instance that defines the type; nil for a host resource. The store owns it.
    unowned let instance: ComponentInstanceState?
    /// Of a component's resource: takes the representation.
    let destructor: Function?
    /// Of a host resource.
    let host: HostResource?
    /// What is to be done when a guest drops a handle of such a one.
    let drop: HostResource.Drop

    init(number: UInt32, instance: ComponentInstanceState, destructor: Function?) {
        self.number = number
        self.instance = instance
        self.destructor = destructor
        host = nil
        drop = { _, _ in }
    }

    init(number: UInt32, host: HostResource) {
        self.number = number
        instance = nil
        destructor = nil
        self.host = host
        drop = host.drop
    }

    /// What messages call it.
    var description: String { host.map { "host resource `\($0.name)`" } ?? "guest-defined resource" }
}
