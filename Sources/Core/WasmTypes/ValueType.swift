// Value types of WebAssembly (core specification 3.0, section 2.3 "Types").
//
// A value type is one 32-bit word, so that the validator's operand stack is a flat array of words and a comparison is
// one instruction. References carry their heap type in the upper bits:
//
//     bits 0…7    the binary code of a number or vector type, or `referenceCode` for a reference
//     bit  8      nullable (references only)
//     bit  9      the heap type is a type index (otherwise an abstract heap type)
//     bits 10…31  the abstract heap type's binary code, or the type index

/// A heap type: what a reference may point to.
public enum HeapType: Hashable, Sendable {
    case function
    case external
    case exception
    case any
    case eq
    case i31
    case structure
    case array
    case none
    case noFunction
    case noExternal
    case noException
    /// A type defined by the module; the index is into the module's types (or, once canonicalised, the engine's).
    case defined(TypeIndex)
}

/// A number, vector or reference type.
public struct ValueType: Hashable, Sendable {
    /// The packed word; see the head of this file.
    public let word: UInt32

    @inlinable
    package init(word: UInt32) {
        self.word = word
    }

    // Computed, so that they are constants in other modules too.
    @inlinable static var referenceCode: UInt32 { 0x01 }
    @inlinable static var nullableBit: UInt32 { 1 << 8 }
    @inlinable static var definedBit: UInt32 { 1 << 9 }
    @inlinable static var heapShift: UInt32 { 10 }

    @inlinable public static var i32: ValueType { ValueType(word: 0x7F) }
    @inlinable public static var i64: ValueType { ValueType(word: 0x7E) }
    @inlinable public static var f32: ValueType { ValueType(word: 0x7D) }
    @inlinable public static var f64: ValueType { ValueType(word: 0x7C) }
    @inlinable public static var v128: ValueType { ValueType(word: 0x7B) }
    /// `(ref null func)`
    @inlinable public static var funcref: ValueType { ValueType(word: referenceCode | nullableBit | 0x70 << heapShift) }
    /// `(ref null extern)`
    @inlinable public static var externref: ValueType { ValueType(word: referenceCode | nullableBit | 0x6F << heapShift) }
    /// `(ref null exn)`
    @inlinable public static var exnref: ValueType { ValueType(word: referenceCode | nullableBit | 0x69 << heapShift) }

    /// The largest type index that a reference can name; the decoder's limit on types is below it.
    @inlinable public static var greatestTypeIndex: UInt32 { (1 << 22) - 1 }

    public static func reference(_ heapType: HeapType, nullable: Bool) -> ValueType {
        var word = referenceCode | (nullable ? nullableBit : 0)
        switch heapType {
        case .defined(let index):
            word |= definedBit | ((index.rawValue & greatestTypeIndex) << heapShift)
        default:
            word |= UInt32(heapType.code) << heapShift
        }
        return ValueType(word: word)
    }

    @inlinable public var isReference: Bool { word & 0xFF == Self.referenceCode }
    @inlinable public var isVector: Bool { self == .v128 }
    @inlinable public var isNumeric: Bool { !isReference && !isVector }
    @inlinable public var isNullable: Bool { isReference && word & Self.nullableBit != 0 }
    /// Whether a local of this type has a default value: everything but a non-nullable reference.
    @inlinable public var isDefaultable: Bool { !isReference || isNullable }

    /// The heap type of a reference; nil for a number or vector.
    public var heapType: HeapType? {
        guard isReference else { return nil }
        let payload = word >> Self.heapShift
        if word & Self.definedBit != 0 { return .defined(TypeIndex(payload)) }
        return HeapType(code: UInt8(truncatingIfNeeded: payload))
    }
}

extension HeapType {
    /// The abstract heap type's code in the binary format; 0 for a defined type, which has none.
    public var code: UInt8 {
        switch self {
        case .noException: 0x74
        case .noFunction: 0x73
        case .noExternal: 0x72
        case .none: 0x71
        case .function: 0x70
        case .external: 0x6F
        case .any: 0x6E
        case .eq: 0x6D
        case .i31: 0x6C
        case .structure: 0x6B
        case .array: 0x6A
        case .exception: 0x69
        case .defined: 0
        }
    }

    /// The abstract heap type with this code in the binary format; nil if there is none.
    public init?(code: UInt8) {
        switch code {
        case 0x74: self = .noException
        case 0x73: self = .noFunction
        case 0x72: self = .noExternal
        case 0x71: self = .none
        case 0x70: self = .function
        case 0x6F: self = .external
        case 0x6E: self = .any
        case 0x6D: self = .eq
        case 0x6C: self = .i31
        case 0x6B: self = .structure
        case 0x6A: self = .array
        case 0x69: self = .exception
        default: return nil
        }
    }
}

extension HeapType: CustomStringConvertible {
    /// The text format's name.
    public var description: String {
        switch self {
        case .function: "func"
        case .external: "extern"
        case .exception: "exn"
        case .any: "any"
        case .eq: "eq"
        case .i31: "i31"
        case .structure: "struct"
        case .array: "array"
        case .none: "none"
        case .noFunction: "nofunc"
        case .noExternal: "noextern"
        case .noException: "noexn"
        case .defined(let index): "\(index.rawValue)"
        }
    }
}

extension ValueType: CustomStringConvertible {
    /// The text format's name, abbreviated where the format has an abbreviation.
    public var description: String {
        switch self {
        case .i32: return "i32"
        case .i64: return "i64"
        case .f32: return "f32"
        case .f64: return "f64"
        case .v128: return "v128"
        default:
            guard let heapType else { return "<unknown>" }
            if case .defined = heapType {} else if isNullable {
                switch heapType {
                case .none: return "nullref"
                case .noFunction, .noExternal, .noException:
                    return "null" + String(heapType.description.dropFirst(2)) + "ref"
                default: return "\(heapType)ref"
                }
            }
            return isNullable ? "(ref null \(heapType))" : "(ref \(heapType))"
        }
    }
}
