// Types of what components and instances import and export (Explainer.md, "Type Definitions").
//
// A component type is ∀ imports ∃ exports: the resources that its imports and exports bring in are variables, listed in
// the type that binds them with the place where each comes in. Instantiating, importing or exporting replaces them.

import InternalUtilities

/// Anything that the type index space of a component can hold.
public enum ComponentDefinedType: Sendable {
    case value(ComponentValueType)
    case resource(ResourceTypeID)
    case function(ComponentFunctionType)
    case component(ComponentType)
    case instance(ComponentInstanceType)
}

/// The type of an import or export.
public enum ComponentExternType: Sendable {
    case coreModule(CoreModuleType)
    case function(ComponentFunctionType)
    /// A type equal to this one. A resource that is new here is listed by the type around it.
    case type(ComponentDefinedType)
    case component(ComponentType)
    case instance(ComponentInstanceType)
}

/// A named import or export.
public struct ComponentExternDeclaration: Sendable {
    public let name: ExternalName
    public let type: ComponentExternType

    public init(name: ExternalName, type: ComponentExternType) {
        self.name = name
        self.type = type
    }
}

/// A resource that a type binds, and where it comes in.
public struct BoundResource: Hashable, Sendable {
    public let id: ResourceTypeID
    /// The name of an import or export, followed by names of exports of the instances within.
    public let path: [String]

    public init(id: ResourceTypeID, path: [String]) {
        self.id = id
        self.path = path
    }
}

/// Named imports or exports in order, found by name.
public struct ComponentExternList: Sendable {
    public let declarations: [ComponentExternDeclaration]
    private let positions: [ExactString: Int]

    public init(_ declarations: [ComponentExternDeclaration]) {
        self.declarations = declarations
        var positions: [ExactString: Int] = [:]
        positions.reserveCapacity(declarations.count)
        for position in declarations.indices.reversed() { positions[ExactString(declarations[position].name.text)] = position }
        self.positions = positions
    }

    /// By equality of the bytes.
    public subscript(name: String) -> ComponentExternType? {
        positions[ExactString(name)].map { declarations[$0].type }
    }
}

/// What an instance offers.
public final class ComponentInstanceType: Sendable {
    public let exports: ComponentExternList
    /// The resources that each instance of this type brings forth, as variables. Empty for the type of an instance that
    /// exists: there they belong to whoever holds it.
    public let resources: [BoundResource]
    /// Every resource that is exported, with the last path at which it is.
    public let exportedResources: [BoundResource]
    public let summary: TypeSummary

    /// - Parameter resources: must be among the resources that `exports` name.
    public init(
        exports: [ComponentExternDeclaration], resources: Set<ResourceTypeID> = []
    ) throws(ComponentTypeError) {
        self.exports = ComponentExternList(exports)
        summary = try TypeSummary(combining: exports.lazy.map(\.type.summary))
        exportedResources = Self.exportedResources(of: exports)
        self.resources = resources.isEmpty ? [] : exportedResources.filter { resources.contains($0.id) }
    }

    private static func exportedResources(of exports: [ComponentExternDeclaration]) -> [BoundResource] {
        var positions: [ResourceTypeID: Int] = [:]
        var found: [BoundResource] = []
        func add(_ resource: BoundResource) {
            if let position = positions[resource.id] {
                found[position] = resource
            } else {
                positions[resource.id] = found.count
                found.append(resource)
            }
        }
        for export in exports {
            switch export.type {
            case .type(.resource(let id)):
                add(BoundResource(id: id, path: [export.name.text]))
            case .instance(let instance):
                for inner in instance.exportedResources {
                    add(BoundResource(id: inner.id, path: [export.name.text] + inner.path))
                }
            default: break
            }
        }
        return found
    }
}

/// What a component asks for and what its instances offer.
public final class ComponentType: Sendable {
    public let imports: ComponentExternList
    public let exports: ComponentExternList
    /// The resources that whoever instantiates it supplies.
    public let importedResources: [BoundResource]
    /// The resources that each of its instances brings forth.
    public let exportedResources: [BoundResource]
    public let summary: TypeSummary

    public init(
        imports: [ComponentExternDeclaration], exports: [ComponentExternDeclaration],
        importedResources: [BoundResource], exportedResources: [BoundResource]
    ) throws(ComponentTypeError) {
        self.imports = ComponentExternList(imports)
        self.exports = ComponentExternList(exports)
        self.importedResources = importedResources
        self.exportedResources = exportedResources
        var summary = try TypeSummary(combining: imports.lazy.map(\.type.summary))
        for export in exports { try summary.add(export.type.summary) }
        self.summary = summary
    }
}

extension ComponentDefinedType {
    public var summary: TypeSummary {
        switch self {
        case .value(let type): type.summary
        case .resource: TypeSummary(traits: .containsOwn)
        case .function(let type): type.summary
        case .component(let type): type.summary
        case .instance(let type): type.summary
        }
    }
}

extension ComponentExternType {
    public var summary: TypeSummary {
        switch self {
        case .coreModule: TypeSummary()
        case .function(let type): type.summary
        case .type(let type): type.summary
        case .component(let type): type.summary
        case .instance(let type): type.summary
        }
    }

    /// The name of the item's sort, as errors say it.
    public var sortName: String {
        switch self {
        case .coreModule: "module"
        case .function: "func"
        case .type: "type"
        case .component: "component"
        case .instance: "instance"
        }
    }
}
