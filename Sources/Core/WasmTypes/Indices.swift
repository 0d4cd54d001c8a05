// The index spaces of a module (core specification, section 2.5.1), one type each, so that a function index cannot be
// used where a table index is meant.

/// An index into one index space.
public protocol ModuleIndex: Hashable, Sendable, CustomStringConvertible {
    var rawValue: UInt32 { get }
    init(_ rawValue: UInt32)
}

extension ModuleIndex {
    public var description: String { "\(rawValue)" }

    /// The index as an array subscript. Not checked: the array's own bounds are.
    @inlinable public var position: Int { Int(rawValue) }
}

public struct TypeIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct FunctionIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct TableIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct MemoryIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct GlobalIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct TagIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct ElementIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct DataIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct LocalIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

public struct LabelIndex: ModuleIndex {
    public let rawValue: UInt32
    @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}
