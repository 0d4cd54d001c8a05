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
        a.matches(b, resources: ==)
    }

    /// Whether the types have one structure. Bounded as `==` is.
    ///
    /// - Parameters:
    ///   - mapsAreLists: whether a map is the same as the list of tuples that it is passed as.
    ///   - resources: whether two resources are the same.
    package func matches(
        _ other: ComponentValueType, mapsAreLists: Bool = false, resources: (ResourceTypeID, ResourceTypeID) -> Bool
    ) -> Bool {
        if let node, node === other.node, summary.traits.isDisjoint(with: .containsResource) { return true }
        func matches(_ a: ComponentValueType?, _ b: ComponentValueType?) -> Bool {
            switch (a, b) {
            case (nil, nil): true
            case (let a?, let b?): a.matches(b, mapsAreLists: mapsAreLists, resources: resources)
            default: false
            }
        }
        switch (self, other) {
        case (.bool, .bool), (.s8, .s8), (.u8, .u8), (.s16, .s16), (.u16, .u16), (.s32, .s32), (.u32, .u32),
            (.s64, .s64), (.u64, .u64), (.f32, .f32), (.f64, .f64), (.char, .char), (.string, .string),
            (.errorContext, .errorContext):
            return true
        case (.record(let a), .record(let b)):
            return a.fields.count == b.fields.count
                && zip(a.fields, b.fields).allSatisfy { $0.name == $1.name && matches($0.type, $1.type) }
        case (.variant(let a), .variant(let b)):
            return a.cases.count == b.cases.count
                && zip(a.cases, b.cases).allSatisfy { $0.name == $1.name && matches($0.type, $1.type) }
        case (.list(let a), .list(let b)): return (mapsAreLists || a.isMap == b.isMap) && matches(a.element, b.element)
        case (.fixedLengthList(let a), .fixedLengthList(let b)):
            return a.length == b.length && matches(a.element, b.element)
        case (.stream(let a), .stream(let b)), (.future(let a), .future(let b)): return matches(a.element, b.element)
        case (.tuple(let a), .tuple(let b)):
            return a.elements.count == b.elements.count && zip(a.elements, b.elements).allSatisfy { matches($0, $1) }
        case (.flags(let a), .flags(let b)): return a.labels == b.labels
        case (.enumeration(let a), .enumeration(let b)): return a.labels == b.labels
        case (.option(let a), .option(let b)): return matches(a.payload, b.payload)
        case (.result(let a), .result(let b)): return matches(a.success, b.success) && matches(a.failure, b.failure)
        case (.own(let a), .own(let b)), (.borrow(let a), .borrow(let b)): return resources(a, b)
        default: return false
        }
    }
}
