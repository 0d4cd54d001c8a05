// What a component instance in the making works with: items of the component index spaces at run time.

import ComponentTypes
import Execution

/// An item that is imported, exported or passed to a component.
enum InstanceItem {
    case coreModule(Module)
    case function(ComponentFunction)
    case component(ComponentClosure)
    case instance(InstanceExports)
    case resource(ResourceType)
    /// A type of any other kind, of which nothing is left at run time.
    case type

    /// The name of the item's sort, as errors say it.
    var sortName: String {
        switch self {
        case .coreModule: "module"
        case .function: "func"
        case .component: "component"
        case .instance: "instance"
        case .resource, .type: "type"
        }
    }
}

/// A component together with what it takes from the ones around it.
final class ComponentClosure {
    let component: CompiledComponent
    let modules: [Module]
    let components: [ComponentClosure]

    init(_ component: CompiledComponent, modules: [Module], components: [ComponentClosure]) {
        self.component = component
        self.modules = modules
        self.components = components
    }
}

/// What an instance exports.
final class InstanceExports {
    let items: [String: InstanceItem]
    /// In the order of the instance's type.
    let names: [String]

    init(_ items: [(name: String, item: InstanceItem)]) {
        names = items.map(\.name)
        self.items = Dictionary(items.map { ($0.name, $0.item) }, uniquingKeysWith: { first, _ in first })
    }

    subscript(name: String) -> InstanceItem? { items[name] }

    /// The resource type at the end of a path of names.
    func resource(at path: some Collection<String>) -> ResourceType? {
        guard let first = path.first, let item = items[first] else { return nil }
        return item.resource(at: path.dropFirst())
    }
}

extension InstanceItem {
    /// The resource type that the item is, or that a path of names leads to in it.
    func resource(at path: some Collection<String>) -> ResourceType? {
        switch self {
        case .resource(let type): path.isEmpty ? type : nil
        case .instance(let exports): exports.resource(at: path)
        default: nil
        }
    }
}

/// What a core instance exports.
enum CoreExports {
    case instance(Instance)
    case items([String: ExternalValue])

    subscript(name: String) -> ExternalValue? {
        switch self {
        case .instance(let instance): instance.export(name)
        case .items(let items): items[name]
        }
    }
}
