// Resources that the host implements: a Swift class each.

import ComponentTypes
import Synchronization

/// A host resource: its Swift class, and what is to be done when a guest drops its handle.
package struct HostResource: Sendable {
    typealias Drop = @Sendable (AnyObject, inout HostContext) throws -> Void

    /// The name in its interface.
    let name: String
    let interface: String
    let identity: ObjectIdentifier
    let drop: Drop
}

/// Static resource types for Swift classes, so that types of host functions can be written as component types.
///
/// One class is one resource type, under whatever names and versions it is offered.
enum HostResourceTypes {
    private struct State {
        var types: [ObjectIdentifier: ResourceTypeID] = [:]
        var classes: [ResourceTypeID: any AnyObject.Type] = [:]
        /// The names under which interfaces offer the classes; the first one counts.
        var names: [ResourceTypeID: String] = [:]
    }

    private static let state = Mutex(State())

    static func type(for resource: any AnyObject.Type) -> ResourceTypeID {
        let identity = ObjectIdentifier(resource)
        return state.withLock { state in
            if let id = state.types[identity] { return id }
            let id = ResourceTypeID.fresh()
            state.types[identity] = id
            state.classes[id] = resource
            return id
        }
    }

    /// The class that a static resource type stands for; nil if it is a component's.
    static func identity(of id: ResourceTypeID) -> ObjectIdentifier? {
        state.withLock { $0.classes[id].map { ObjectIdentifier($0) } }
    }

    /// Says under which name an interface offers a class.
    static func setName(_ name: String, of id: ResourceTypeID) {
        state.withLock { state in
            if state.names[id] == nil { state.names[id] = name }
        }
    }

    /// What messages call the resource: its name in an interface, or else that of its class. Finding out the latter takes
    /// the system long, so it is not done before it is wanted.
    static func name(of id: ResourceTypeID) -> String? {
        state.withLock { state in state.names[id] ?? state.classes[id].map { String(describing: $0) } }
    }
}
