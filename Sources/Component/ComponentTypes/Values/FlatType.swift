// Core types that values are flattened to (CanonicalABI.md, "Flattening").

public import WasmTypes

/// The type of one core value that a component value, or a part of it, is passed as.
public enum FlatType: UInt8, Hashable, Sendable {
    case i32
    case i64
    case f32
    case f64

    /// The smallest type that can carry either of two, for the payloads of different cases of a variant.
    public func joined(with other: FlatType) -> FlatType {
        if self == other { return self }
        switch (self, other) {
        case (.i32, .f32), (.f32, .i32): return .i32
        default: return .i64
        }
    }

    public var valueType: ValueType {
        switch self {
        case .i32: .i32
        case .i64: .i64
        case .f32: .f32
        case .f64: .f64
        }
    }
}

/// The limits of the canonical ABI on what is passed outside linear memory.
public enum CanonicalABI {
    /// Beyond this many flat parameters they are passed in linear memory.
    public static let maximumFlatParameters = 16
    /// Beyond this many flat results they are passed in linear memory.
    public static let maximumFlatResults = 1
    /// The size in bytes, with 64-bit addresses, that every value type stays below.
    public static let valueSizeBound = 1 << 28
    /// Beyond this many flat parameters an async call passes them in linear memory.
    public static let maximumFlatAsyncParameters = 4
    /// The size in bytes that all parameters of a function together stay below. The specification has no such bound; here
    /// it keeps every offset in 32 bits.
    public static let parameterSizeBound = 1 << 31
    /// The length in bytes that a string or list in linear memory may not exceed.
    public static let maximumStringByteLength = (1 << 28) - 1
    public static let maximumFlagCount = 32
}
