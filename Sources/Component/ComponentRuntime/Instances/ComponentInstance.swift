// An instance of a component, as the host holds it.

import ComponentTypes
public import Execution

/// An item that an instance exports, for passing to another component of the same store.
public struct ComponentExport {
    let item: InstanceItem
    /// Keeps what the item lives in.
    let store: Store
}

/// An instance of a component. Belongs to the thread that uses its store, which it keeps alive.
public final class ComponentInstance {
    public let component: CompiledComponent
    public let store: Store
    let exports: InstanceExports
    let state: ComponentInstanceState
    private let versionedNames: VersionedNames

    /// Instantiates a component.
    ///
    /// - Parameters:
    ///   - arguments: what is supplied for each import, by the import's name; checked already.
    ///   - exportNames: the names of the component's exports.
    init(
        _ component: CompiledComponent, arguments: [String: InstanceItem], exportNames: VersionedNames,
        in store: ComponentStoreState
    ) throws(ComponentInstantiationError) {
        self.component = component
        self.store = store.store
        (exports, state) = try ComponentInstantiator.instantiate(
            ComponentClosure(component, modules: [], components: []), arguments: arguments, parent: nil, in: store,
            place: "component")
        versionedNames = exportNames
    }

    /// The names of what the component exports, in order.
    public var exportNames: [String] { exports.names }

    /// Why the instance cannot be called any more; nil if it can.
    public var fault: Trap? { state.fault }

    /// The export that serves a name by the version rule: of this name, or else the highest version on its track.
    public func export(_ name: String) -> ComponentExport? {
        item(name).map { ComponentExport(item: $0, store: store) }
    }

    /// Everything that the component exports, by name: for `ComponentLinker.instantiate(_:in:instances:)`.
    public var allExports: [String: ComponentExport] {
        exports.items.mapValues { ComponentExport(item: $0, store: store) }
    }

    /// All exports as one instance, for a component that imports such a one.
    public var asExport: ComponentExport { ComponentExport(item: .instance(exports), store: store) }

    private func item(_ name: String) -> InstanceItem? {
        versionedNames.match(name).flatMap { exports[exports.names[$0]] }
    }

    /// Finds a function.
    ///
    /// - Parameters:
    ///   - name: the function's.
    ///   - interface: the exported interface that it stands in, found by the version rule; nil for a function that the
    ///     component exports by itself.
    func function(_ name: String, in interface: String?) throws(ComponentCallError) -> ComponentFunction {
        let found: InstanceItem?
        if let interface {
            guard let item = item(interface) else { throw .missingInterface(interface, exported: exportNames) }
            guard case .instance(let instance) = item else { throw .missingInterface(interface, exported: exportNames) }
            found = instance[name]
        } else {
            found = exports[name]
        }
        guard case .function(let function)? = found else { throw .missingFunction(name, interface: interface) }
        return function
    }
}

/// Why a function of a component could not be called.
public enum ComponentCallError: Error {
    case missingInterface(String, exported: [String])
    case missingFunction(String, interface: String?)
    /// The function's type is not what the caller's Swift types or values stand for.
    case incompatibleType(function: String, expected: String, found: String)
    /// The function is one of the host's own, passed through.
    case isHostFunction(String)
    case trap(Trap)
}

extension ComponentCallError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingInterface(let name, let exported):
            let list = exported.isEmpty ? "nothing" : exported.joined(separator: ", ")
            return "the component does not export `\(name)`; it exports \(list)"
        case .missingFunction(let name, let interface):
            return "the component does not export the function `\(name)`" + (interface.map { " in `\($0)`" } ?? "")
        case .incompatibleType(let function, let expected, let found):
            return "the function `\(function)` is \(found), and is called as \(expected)"
        case .isHostFunction(let name): return "the function `\(name)` is the host's own"
        case .trap(let trap): return "\(trap)"
        }
    }
}
