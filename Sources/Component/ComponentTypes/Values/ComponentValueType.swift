// Value types of the component model, resolved: no indices, only nodes (Explainer.md, "Fundamental value types").
//
// A compound type is an immutable node that carries its layout. Types are compared by structure; the identity of a node
// matters only to the rule that records, variants, enumerations and flags must be named where they cross a component's
// border, for which an import or export of a type makes a new node.

/// The type of a value that components exchange.
public enum ComponentValueType: Sendable {
    case bool
    case s8
    case u8
    case s16
    case u16
    case s32
    case u32
    case s64
    case u64
    case f32
    case f64
    case char
    case string
    case record(RecordType)
    case variant(VariantType)
    case list(ListType)
    case fixedLengthList(FixedLengthListType)
    case tuple(TupleType)
    case flags(FlagsType)
    case enumeration(EnumType)
    case option(OptionType)
    case result(ResultType)
    case own(ResourceTypeID)
    case borrow(ResourceTypeID)
    case stream(StreamType)
    case future(StreamType)
    case errorContext

    public var layout: Layout {
        switch self {
        case .bool, .s8, .u8: .byte
        case .s16, .u16: .half
        case .s32, .u32, .char, .own, .borrow, .stream, .future, .errorContext: .word
        case .s64, .u64: .double
        case .f32: .float32
        case .f64: .float64
        case .string, .list: .pointerAndLength
        case .fixedLengthList(let type): type.layout
        case .record(let type): type.layout
        case .variant(let type): type.layout
        case .tuple(let type): type.layout
        case .flags(let type): type.layout
        case .enumeration(let type): type.layout
        case .option(let type): type.layout
        case .result(let type): type.layout
        }
    }

    public var summary: TypeSummary {
        switch self {
        case .bool, .s8, .u8, .s16, .u16, .s32, .u32, .s64, .u64, .f32, .f64, .char: TypeSummary()
        case .string: TypeSummary(traits: .containsPointer)
        case .own: TypeSummary(traits: .containsOwn)
        case .borrow: TypeSummary(traits: .containsBorrow)
        case .record(let type): type.summary
        case .variant(let type): type.summary
        case .list(let type): type.summary
        case .fixedLengthList(let type): type.summary
        case .stream(let type), .future(let type): type.summary
        case .errorContext: TypeSummary(traits: .containsAsync)
        case .tuple(let type): type.summary
        case .flags(let type): type.summary
        case .enumeration(let type): type.summary
        case .option(let type): type.summary
        case .result(let type): type.summary
        }
    }

    /// The node of a compound type; nil for primitive and handle types.
    package var node: AnyObject? {
        switch self {
        case .bool, .s8, .u8, .s16, .u16, .s32, .u32, .s64, .u64, .f32, .f64, .char, .string, .own, .borrow,
            .errorContext:
            nil
        case .record(let type): type
        case .variant(let type): type
        case .list(let type): type
        case .fixedLengthList(let type): type
        case .stream(let type), .future(let type): type
        case .tuple(let type): type
        case .flags(let type): type
        case .enumeration(let type): type
        case .option(let type): type
        case .result(let type): type
        }
    }

    /// The same type under a new name, for an import or export of it.
    package func renamed() -> ComponentValueType {
        switch self {
        case .record(let type): .record(type.renamed())
        case .variant(let type): .variant(type.renamed())
        case .flags(let type): .flags(type.renamed())
        case .enumeration(let type): .enumeration(type.renamed())
        default: self
        }
    }

    /// The types that this type is made of, in order; a case without a payload has none.
    package var parts: [ComponentValueType] {
        switch self {
        case .bool, .s8, .u8, .s16, .u16, .s32, .u32, .s64, .u64, .f32, .f64, .char, .string, .own, .borrow, .flags,
            .enumeration, .errorContext:
            []
        case .record(let type): type.fields.map(\.type)
        case .variant(let type): type.cases.compactMap(\.type)
        case .list(let type): [type.element]
        case .fixedLengthList(let type): [type.element]
        case .stream(let type), .future(let type): [type.element].compactMap { $0 }
        case .tuple(let type): type.elements
        case .option(let type): [type.payload]
        case .result(let type): [type.success, type.failure].compactMap { $0 }
        }
    }
}

extension ComponentValueType: Equatable {
    /// By structure. Bounded by `TypeSummary.maximumNodeCount` steps.
    public static func == (a: ComponentValueType, b: ComponentValueType) -> Bool {
        switch (a, b) {
        case (.bool, .bool), (.s8, .s8), (.u8, .u8), (.s16, .s16), (.u16, .u16), (.s32, .s32), (.u32, .u32),
            (.s64, .s64), (.u64, .u64), (.f32, .f32), (.f64, .f64), (.char, .char), (.string, .string),
            (.errorContext, .errorContext):
            true
        case (.record(let a), .record(let b)): a === b || a.fields == b.fields
        case (.variant(let a), .variant(let b)): a === b || a.cases == b.cases
        case (.list(let a), .list(let b)): a === b || (a.isMap == b.isMap && a.element == b.element)
        case (.fixedLengthList(let a), .fixedLengthList(let b)):
            a === b || (a.length == b.length && a.element == b.element)
        case (.stream(let a), .stream(let b)), (.future(let a), .future(let b)): a === b || a.element == b.element
        case (.tuple(let a), .tuple(let b)): a === b || a.elements == b.elements
        case (.flags(let a), .flags(let b)): a === b || a.labels == b.labels
        case (.enumeration(let a), .enumeration(let b)): a === b || a.labels == b.labels
        case (.option(let a), .option(let b)): a === b || a.payload == b.payload
        case (.result(let a), .result(let b)): a === b || (a.success == b.success && a.failure == b.failure)
        case (.own(let a), .own(let b)): a == b
        case (.borrow(let a), .borrow(let b)): a == b
        default: false
        }
    }
}
