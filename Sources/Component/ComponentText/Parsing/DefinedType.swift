// Value types while they are being read: what stands in them is written already or is a reference that is not resolved yet.

import WasmText

/// A value type where it is used.
enum ValueTypeUse {
    /// By its code.
    case primitive(UInt8)
    case reference(Token)
    case index(UInt32)
}

/// A value type where it is defined.
enum DefinedType {
    case primitive(UInt8)
    case record([(name: String, type: ValueTypeUse)])
    case variant([(name: String, type: ValueTypeUse?)])
    case list(ValueTypeUse)
    case fixedLengthList(ValueTypeUse, UInt32)
    case map(ValueTypeUse, ValueTypeUse)
    case tuple([ValueTypeUse])
    case flags([String])
    case enumeration([String])
    case option(ValueTypeUse)
    case result(ValueTypeUse?, ValueTypeUse?)
    case own(Token)
    case borrow(Token)
    case stream(ValueTypeUse?)
    case future(ValueTypeUse?)
}

/// A function type where it is defined.
struct FunctionTypeText {
    var isAsync = false
    var parameters: [(name: String, type: ValueTypeUse)] = []
    var result: ValueTypeUse?
}

extension Keyword {
    /// The code of the primitive value type of this name.
    var primitiveCode: UInt8? {
        switch self {
        case .bool: 0x7F
        case .s8: 0x7E
        case .u8: 0x7D
        case .s16: 0x7C
        case .u16: 0x7B
        case .s32: 0x7A
        case .u32: 0x79
        case .s64: 0x78
        case .u64: 0x77
        case .f32, .float32: 0x76
        case .f64, .float64: 0x75
        case .char: 0x74
        case .string: 0x73
        case .errorContext: 0x64
        default: nil
        }
    }

    /// Whether a group of this keyword is a value type.
    var beginsValueType: Bool {
        switch self {
        case .record, .variant, .list, .map, .tuple, .flags, .enum, .option, .result, .own, .borrow, .stream, .future: true
        default: false
        }
    }
}
