// A component whose imports have been found and compared, once for all its instances: nothing is looked up by name or
// version when one is made.

import ComponentBinary
import ComponentTypes
import InternalUtilities
public import Execution

/// A component together with what the host gives it. Immutable and shared; whoever instantiates it decides on a store.
public struct LinkedComponent: Sendable {
    public let component: CompiledComponent
    private let imports: [(name: String, item: SuppliedItem)]
    private let exportNames: VersionedNames
    /// What the memories of its instances are like when they are new.
    package let snapshots = SharedSnapshots()

    init(_ component: CompiledComponent, imports: [(name: String, item: SuppliedItem)]) {
        self.component = component
        self.imports = imports
        exportNames = VersionedNames(component.binary.exports.map(\.name.text))
    }

    /// Takes the component's file out of the process's memory map as far as it can be read again: the parts that are needed
    /// come back by themselves.
    package func forgetPages() { component.binary.source.forgetPages() }

    /// Makes an instance of the component, with all the instances in it.
    public func instantiate(in store: Store) throws(ComponentInstantiationError) -> ComponentInstance {
        let state = ComponentStoreState.of(store)
        var arguments: [String: InstanceItem] = [:]
        arguments.reserveCapacity(imports.count)
        for (name, item) in imports { arguments[name] = item.bound(in: state) }
        return try ComponentInstance(component, arguments: arguments, exportNames: exportNames, in: state)
    }
}

/// What the host supplies for an import, before there is a store.
enum SuppliedItem: Sendable {
    /// `name` is the function's, with its interface.
    case function(HostFunction, name: String)
    case resource(HostResource)
    case type
    case instance([(name: String, item: SuppliedItem)])

    /// The item as the instances of one store know it.
    func bound(in state: ComponentStoreState) -> InstanceItem {
        switch self {
        case .function(let function, let name): .function(.host(function, name: name))
        case .resource(let resource): .resource(state.resourceType(for: resource))
        case .type: .type
        case .instance(let items): .instance(InstanceExports(items.map { ($0.name, $0.item.bound(in: state)) }))
        }
    }
}
