// One step of instantiating a component. `Component.swift` says how to walk them.

public import ComponentTypes
public import WasmTypes

/// An item of a core instance.
public enum CoreItem: Hashable, Sendable {
    case function(FunctionIndex)
    case table(TableIndex)
    case memory(MemoryIndex)
    case global(GlobalIndex)
    case tag(TagIndex)
}

/// The sorts of items that core instances export.
public enum CoreSort: Hashable, Sendable {
    case function
    case table
    case memory
    case global
    case tag
}

/// An item that is passed to a component, or exported by an instance.
public enum ComponentItem: Hashable, Sendable {
    case coreModule(CoreModuleIndex)
    case function(ComponentFunctionIndex)
    case component(ComponentIndex)
    case instance(ComponentInstanceIndex)
    /// A resource type.
    case resource(ResourceSlot)
    /// A type of any other kind, of which nothing is left at run time.
    case type
}

/// The sorts of items that component instances export.
public enum ComponentSort: Hashable, Sendable {
    case coreModule
    case function
    case type
    case component
    case instance
}

/// An argument or export and its name.
public struct NamedItem<Item: Hashable & Sendable>: Hashable, Sendable {
    public let name: String
    public let item: Item

    public init(name: String, item: Item) {
        self.name = name
        self.item = item
    }
}

/// Says which run-time resource type goes into a slot: the one found in an item by following a path.
public struct ResourceBinding: Hashable, Sendable {
    public let slot: ResourceSlot
    /// Names of exports of the item, which is an instance, and of the instances within it; empty if the item is itself
    /// the resource type.
    public let path: [String]

    public init(slot: ResourceSlot, path: [String]) {
        self.slot = slot
        self.path = path
    }
}

public enum InstantiationStep: Sendable {
    // MARK: Core definitions

    /// Appends `Component.modules[position]` to the core modules.
    case defineModule(position: Int)
    /// Instantiates a core module and appends the core instance. An import `(module, name)` is the export `name` of the
    /// argument named `module`. Runs guest code if the module has a start function.
    case instantiateModule(CoreModuleIndex, arguments: [NamedItem<CoreInstanceIndex>])
    /// Appends a core instance that exports these items.
    case makeCoreInstance([NamedItem<CoreItem>])
    /// Appends the export of a core instance to the index space of its sort.
    case aliasCoreExport(CoreInstanceIndex, name: String, sort: CoreSort)

    // MARK: Component definitions

    /// Appends `Component.components[position]`, together with what it captures, to the components.
    case defineComponent(position: Int)
    /// Instantiates a component and appends the instance. Arguments that the component does not import are ignored. The
    /// bindings look into the new instance.
    case instantiateComponent(ComponentIndex, arguments: [NamedItem<ComponentItem>], resources: [ResourceBinding])
    /// Appends an instance that exports these items.
    case makeInstance([NamedItem<ComponentItem>])
    /// Appends the export of an instance to the index space of its sort; nothing for the sort `type`.
    case aliasExport(ComponentInstanceIndex, name: String, sort: ComponentSort)
    /// Appends `Component.capturedModules[position]`, as it was when this component was defined.
    case captureModule(position: Int)
    /// Appends `Component.capturedComponents[position]`, as it was when this component was defined.
    case captureComponent(position: Int)
    /// Appends a module or component of this very component once more.
    case repeatModule(CoreModuleIndex)
    case repeatComponent(ComponentIndex)

    // MARK: Imports and exports

    /// Appends what is supplied for `Component.type.imports.declarations[position]` to the index space of its sort. The
    /// bindings look into it.
    case importItem(position: Int, resources: [ResourceBinding])
    /// Appends the item that `Component.exports[position]` names to the index space of its sort once more. The bindings
    /// look into it: an export under a type of its own can have new names for its resources.
    case exportItem(position: Int, resources: [ResourceBinding])

    // MARK: Canonical definitions

    /// Puts a new resource type of this instance into a slot. The destructor has type `[i32] -> []`.
    case defineResource(ResourceSlot, destructor: FunctionIndex?)
    /// Appends a function that calls a core function, whose type is `type.coreType(.lift, …)` for the options.
    case lift(FunctionIndex, type: ComponentFunctionType, options: CanonicalOptions)
    /// Appends a core function, of type `type.coreType(.lower, …)` for the options, that calls a function.
    case lower(ComponentFunctionIndex, type: ComponentFunctionType, options: CanonicalOptions)
    /// Appends a core function `[i32] -> [i32]`.
    case resourceNew(ResourceSlot)
    /// Appends a core function `[i32] -> []`.
    case resourceDrop(ResourceSlot)
    /// Appends a core function `[i32] -> [i32]`.
    case resourceRepresentation(ResourceSlot)
    /// Appends a core function of this type.
    case builtIn(CanonicalBuiltIn, type: FunctionType)
}
