// A component, decoded and validated into a plan for instantiating it.
//
// An instance in the making has an array for each index space: core modules, core instances, core functions, tables,
// memories, globals and tags; functions, components and instances; and the table of its run-time resource types, which
// has a place for each of `Component.resources`. To instantiate, take the arguments by name (`type.imports` lists the
// names and the types) and carry out `steps` in order. A step appends what it makes to the array of its sort, or fills
// a place in the resource table; it refers only to what earlier steps have made. All indices were validated: one that
// is out of range is a defect of the validator, not of the component. After the last step the instance's exports are
// the items of `exports`.
//
// Types. Types have no index space at run time. The value types in a step's function type refer to resources by
// `ResourceTypeID`, which are static; `slot(of:)` says which place of the instance's resource table stands for one.
// Two static identities may come to stand for one run-time resource type (a parent can supply one resource for two
// imports); the run-time type decides whether handles match. Imports bring resource types in, directly or as exports
// of instances, and so do child instances and exports; the `resources` of those steps say which, by path.
//
// Closures. A component that stands within another can use modules and components of the ones around it. At the step
// `defineComponent` of the outer component, those are collected from the outer instance's arrays, or from what the outer
// component has itself captured, and kept together with the inner component. A component value is that pair.

package import InternalUtilities
public import ComponentTypes
public import WasmBinary

/// An immutable component. Its nested modules and components are found in it, ready to be instantiated.
public final class Component: Sendable {
    /// A module of an enclosing component.
    public enum ModuleCapture: Hashable, Sendable {
        /// Of the component directly around this one.
        case outer(CoreModuleIndex)
        /// One that the component around this one captures itself.
        case captured(position: Int)
    }

    /// A component of an enclosing component.
    public enum ComponentCapture: Hashable, Sendable {
        case outer(ComponentIndex)
        case captured(position: Int)
    }

    public struct Export: Sendable {
        public let name: ExternalName
        public let item: ComponentItem
        /// As seen from inside the component.
        public let type: ComponentExternType
    }

    public struct CustomSection: Sendable {
        public let name: String
        /// The contents, without the name, in the source.
        public let bytes: ByteExtent
    }

    /// Owns the bytes of the modules.
    package let source: ByteSource
    /// This component's own bytes in the source.
    package let extent: ByteExtent

    /// What the component asks for and what its instances offer, as seen from outside.
    public let type: ComponentType
    public let steps: [InstantiationStep]
    /// In order. `exports` of an instance; refer to it after the last step.
    public let exports: [Export]

    /// The core modules that stand in this component, not in components within it.
    public let modules: [BinaryModule]
    /// The components that stand in this component.
    public let components: [Component]
    public let capturedModules: [ModuleCapture]
    public let capturedComponents: [ComponentCapture]

    /// The static resource types that the functions of this component speak of; a position is a `ResourceSlot`.
    public let resources: [ResourceTypeID]
    private let slots: [ResourceTypeID: ResourceSlot]

    public let customSections: [CustomSection]

    /// The place in an instance's resource table that stands for a static resource type of this component's steps.
    public func slot(of resource: ResourceTypeID) -> ResourceSlot? {
        slots[resource]
    }

    package init(
        source: ByteSource, extent: ByteExtent, type: ComponentType, steps: [InstantiationStep], exports: [Export],
        modules: [BinaryModule], components: [Component], capturedModules: [ModuleCapture],
        capturedComponents: [ComponentCapture], resources: [ResourceTypeID], customSections: [CustomSection]
    ) {
        self.source = source
        self.extent = extent
        self.type = type
        self.steps = steps
        self.exports = exports
        self.modules = modules
        self.components = components
        self.capturedModules = capturedModules
        self.capturedComponents = capturedComponents
        self.resources = resources
        self.customSections = customSections
        slots = Dictionary(
            resources.enumerated().map { ($0.element, ResourceSlot(UInt32($0.offset))) },
            uniquingKeysWith: { first, _ in first })
    }
}
