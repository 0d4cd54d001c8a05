// The index spaces of a component that a core module does not have (Explainer.md, "Index Spaces"). The core sorts use
// the index types of `WasmTypes`: a component's core functions are `FunctionIndex`, its memories `MemoryIndex`.

public import WasmTypes

/// A core module of a component.
public struct CoreModuleIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A core instance of a component.
public struct CoreInstanceIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A component function, as opposed to a core one.
public struct ComponentFunctionIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct ComponentIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct ComponentInstanceIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A place in the table of an instance's run-time resource types; see `Component.resources`.
public struct ResourceSlot: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}
