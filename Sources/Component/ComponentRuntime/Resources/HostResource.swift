// Resources that the host implements: a Swift class each.

import ComponentTypes
import Synchronization

/// A host resource: its Swift class, and what is to be done when a guest drops its handle.
package struct HostResource: Sendable {
    /// The name in its interface.
    let name: String
    let interface: String
    let identity: ObjectIdentifier
    let drop: (@Sendable (AnyObject, inout HostContext) throws -> Void)?
}

/// Static resource types for Swift classes, so that types of host functions can be written as component types.
///
/// One class is one resource type, under whatever names and versions it is offered.
enum HostResourceTypes {
    private struct State {
        var types: [ObjectIdentifier: ResourceTypeID] = [:]
        var classes: [ResourceTypeID: any AnyObject.Type] = [:]
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

    /// For messages. Finding out a name takes the system long, so it is not done before one is wanted.
    static func className(of id: ResourceTypeID) -> String? {
        state.withLock { $0.classes[id].map { String(describing: $0) } }
    }
}
