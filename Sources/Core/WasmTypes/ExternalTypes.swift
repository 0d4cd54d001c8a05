// Types of what a module imports and exports (core specification, sections 2.3.9 to 2.3.16).

/// The parameters and results of a function.
public struct FunctionType: Hashable, Sendable {
    public var parameters: [ValueType]
    public var results: [ValueType]

    public init(parameters: [ValueType], results: [ValueType]) {
        self.parameters = parameters
        self.results = results
    }
}

/// The size bounds of a memory (in pages) or a table (in elements).
public struct Limits: Hashable, Sendable {
    public var minimum: UInt64
    public var maximum: UInt64?

    public init(minimum: UInt64, maximum: UInt64? = nil) {
        self.minimum = minimum
        self.maximum = maximum
    }
}

/// The width of the addresses of a memory or a table.
public enum AddressType: Hashable, Sendable {
    case i32
    case i64

    /// The type of an address operand.
    public var valueType: ValueType {
        switch self {
        case .i32: .i32
        case .i64: .i64
        }
    }
}

public struct MemoryType: Hashable, Sendable {
    /// In pages of `pageSize` bytes.
    public var limits: Limits
    public var addressType: AddressType
    public var isShared: Bool
    /// The binary logarithm of the page size: 16, unless the custom-page-sizes proposal says 0.
    public var pageSizeLog2: UInt8

    public init(limits: Limits, addressType: AddressType = .i32, isShared: Bool = false, pageSizeLog2: UInt8 = 16) {
        self.limits = limits
        self.addressType = addressType
        self.isShared = isShared
        self.pageSizeLog2 = pageSizeLog2
    }
}

public struct TableType: Hashable, Sendable {
    public var elementType: ValueType
    /// In elements.
    public var limits: Limits
    public var addressType: AddressType

    public init(elementType: ValueType, limits: Limits, addressType: AddressType = .i32) {
        self.elementType = elementType
        self.limits = limits
        self.addressType = addressType
    }
}

public struct GlobalType: Hashable, Sendable {
    public var valueType: ValueType
    public var isMutable: Bool

    public init(valueType: ValueType, isMutable: Bool) {
        self.valueType = valueType
        self.isMutable = isMutable
    }
}

/// The type of an exception tag: a function type without results.
public struct TagType: Hashable, Sendable {
    public var type: TypeIndex

    public init(type: TypeIndex) {
        self.type = type
    }
}
