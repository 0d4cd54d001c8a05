// Values at run time whose type the program does not know: for calls from a command line, tests, and embedders that
// have no Swift types for an interface.

/// A resource that a handle in a dynamic value stands for. Compared by identity.
public protocol ComponentResource: AnyObject, Sendable {}

/// A value of any component value type.
public indirect enum ComponentValue: Sendable {
    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: ComponentValue

        public init(name: String, value: ComponentValue) {
            self.name = name
            self.value = value
        }
    }

    case bool(Bool)
    case s8(Int8)
    case u8(UInt8)
    case s16(Int16)
    case u16(UInt16)
    case s32(Int32)
    case u32(UInt32)
    case s64(Int64)
    case u64(UInt64)
    case f32(Float)
    case f64(Double)
    case char(Unicode.Scalar)
    case string(String)
    /// Fields in the order of the type.
    case record([Field])
    case variant(String, ComponentValue?)
    case list([ComponentValue])
    case tuple([ComponentValue])
    /// The names of the flags that are set, in the order of the type.
    case flags([String])
    case enumeration(String)
    case option(ComponentValue?)
    case success(ComponentValue?)
    case failure(ComponentValue?)
    case own(any ComponentResource)
    case borrow(any ComponentResource)
}

extension ComponentValue: Hashable {
    /// By content; floating-point numbers by their bits, so that a NaN equals itself; resources by identity.
    public static func == (a: ComponentValue, b: ComponentValue) -> Bool {
        switch (a, b) {
        case (.bool(let a), .bool(let b)): a == b
        case (.s8(let a), .s8(let b)): a == b
        case (.u8(let a), .u8(let b)): a == b
        case (.s16(let a), .s16(let b)): a == b
        case (.u16(let a), .u16(let b)): a == b
        case (.s32(let a), .s32(let b)): a == b
        case (.u32(let a), .u32(let b)): a == b
        case (.s64(let a), .s64(let b)): a == b
        case (.u64(let a), .u64(let b)): a == b
        case (.f32(let a), .f32(let b)): a.bitPattern == b.bitPattern
        case (.f64(let a), .f64(let b)): a.bitPattern == b.bitPattern
        case (.char(let a), .char(let b)): a == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.record(let a), .record(let b)): a == b
        case (.variant(let a, let x), .variant(let b, let y)): a == b && x == y
        case (.list(let a), .list(let b)): a == b
        case (.tuple(let a), .tuple(let b)): a == b
        case (.flags(let a), .flags(let b)): a == b
        case (.enumeration(let a), .enumeration(let b)): a == b
        case (.option(let a), .option(let b)): a == b
        case (.success(let a), .success(let b)): a == b
        case (.failure(let a), .failure(let b)): a == b
        case (.own(let a), .own(let b)): a === b
        case (.borrow(let a), .borrow(let b)): a === b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let value): hasher.combine(value)
        case .s8(let value): hasher.combine(value)
        case .u8(let value): hasher.combine(value)
        case .s16(let value): hasher.combine(value)
        case .u16(let value): hasher.combine(value)
        case .s32(let value): hasher.combine(value)
        case .u32(let value): hasher.combine(value)
        case .s64(let value): hasher.combine(value)
        case .u64(let value): hasher.combine(value)
        case .f32(let value): hasher.combine(value.bitPattern)
        case .f64(let value): hasher.combine(value.bitPattern)
        case .char(let value): hasher.combine(value)
        case .string(let value):
            for byte in value.utf8 { hasher.combine(byte) }
        case .record(let fields): hasher.combine(fields)
        case .variant(let name, let payload):
            hasher.combine(name)
            hasher.combine(payload)
        case .list(let values), .tuple(let values): hasher.combine(values)
        case .flags(let names): hasher.combine(names)
        case .enumeration(let name): hasher.combine(name)
        case .option(let value), .success(let value), .failure(let value): hasher.combine(value)
        case .own(let resource), .borrow(let resource): hasher.combine(ObjectIdentifier(resource))
        }
    }
}
