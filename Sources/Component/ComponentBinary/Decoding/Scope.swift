// The index spaces of one component, component type or instance type in the making (Explainer.md, "Index Spaces").

import ComponentTypes
import InternalUtilities
import WasmBinary
import WasmTypes

/// A core type.
enum CoreTypeDefinition {
    case function(FunctionType)
    /// A structure or an array.
    case aggregate
    case module(CoreModuleType)
}

/// What a core instance exports.
enum CoreInstanceExports {
    /// The exports of a module.
    case module(CoreModuleType)
    case items([ExactString: CoreExternType])

    subscript(name: String) -> CoreExternType? {
        switch self {
        case .module(let type): type.export(named: name)
        case .items(let items): items[ExactString(name)]
        }
    }
}

/// A thing with index spaces that definitions and outer aliases refer to.
final class Scope {
    enum Kind {
        case component
        case componentType
        case instanceType
    }

    let kind: Kind

    // Core index spaces.
    var coreFunctions: [FunctionType] = []
    var coreTables: [TableType] = []
    var coreMemories: [MemoryType] = []
    var coreGlobals: [GlobalType] = []
    var coreTags: [FunctionType] = []
    var coreTypes: [CoreTypeDefinition] = []
    var coreModules: [CoreModuleType] = []
    var coreInstances: [CoreInstanceExports] = []
    /// Of what type all of the component's `context.get` and `context.set` are; nil before the first.
    var contextType: AddressType?

    // Component index spaces.
    var functions: [ComponentFunctionType] = []
    var types: [ComponentDefinedType] = []
    var components: [ComponentType] = []
    var instances: [ComponentInstanceType] = []

    var imports: [ComponentExternDeclaration] = []
    var exports: [ComponentExternDeclaration] = []
    var importNames = ExternNames(kind: .import)
    var exportNames = ExternNames(kind: .export)

    /// Resources that come in through imports.
    var importedResources: [BoundResource] = []
    /// Resources that are brought forth here, in order: by definition, by instances, and by exports in types.
    var definedResources: [ResourceTypeID] = []
    /// Those of `definedResources` that are defined here, whose representation is known.
    var localResources: Set<ResourceTypeID> = []
    /// The last path at which each resource is exported.
    var exportPaths: [ResourceTypeID: [String]] = [:]

    /// Types with a name that an import may speak of.
    var importedTypes: Set<TypeName> = []
    /// Types with a name that an export may speak of.
    var exportedTypes: Set<TypeName> = []

    // What becomes of a component; empty for a type.
    var steps: [InstantiationStep] = []
    var plannedExports: [Component.Export] = []
    var modules: [BinaryModule] = []
    var nestedComponents: [Component] = []
    var capturedModules: [Component.ModuleCapture] = []
    var capturedComponents: [Component.ComponentCapture] = []
    var modulePositions: [Component.ModuleCapture: Int] = [:]
    var componentPositions: [Component.ComponentCapture: Int] = [:]
    var resourceSlots: [ResourceTypeID: ResourceSlot] = [:]
    var resources: [ResourceTypeID] = []
    var customSections: [Component.CustomSection] = []

    init(_ kind: Kind) {
        self.kind = kind
    }

    /// The place of a resource in an instance's table; a new one for a resource that has none yet.
    func slot(of resource: ResourceTypeID) -> ResourceSlot {
        if let slot = resourceSlots[resource] { return slot }
        let slot = ResourceSlot(UInt32(resources.count))
        resources.append(resource)
        resourceSlots[resource] = slot
        return slot
    }

    func bindings(for resources: [BoundResource]) -> [ResourceBinding] {
        resources.map { ResourceBinding(slot: slot(of: $0.id), path: $0.path) }
    }
}
