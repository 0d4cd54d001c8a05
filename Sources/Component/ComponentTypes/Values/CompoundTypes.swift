// The nodes of compound value types. Each computes its layout once, when it is made.

/// Named values side by side.
public final class RecordType: Sendable {
    public struct Field: Equatable, Sendable {
        public let name: String
        public let type: ComponentValueType

        public init(name: String, type: ComponentValueType) {
            self.name = name
            self.type = type
        }
    }

    public let fields: [Field]
    /// Where each field begins, in bytes from the start of the record.
    public let fieldOffsets: [Int]
    public let layout: Layout
    public let summary: TypeSummary

    public init(fields: [Field]) throws(ComponentTypeError) {
        guard !fields.isEmpty else { throw .empty }
        self.fields = fields
        (layout, fieldOffsets) = Layout.record(fields.lazy.map(\.type.layout))
        summary = try TypeSummary(traits: .containsNameable, combining: fields.lazy.map(\.type.summary))
        try layout.checkSize()
    }

    /// The same type as a node of its own; see the head of `ComponentValueType.swift`.
    private init(copying other: RecordType) {
        fields = other.fields
        fieldOffsets = other.fieldOffsets
        layout = other.layout
        summary = other.summary
    }

    package func renamed() -> RecordType { RecordType(copying: self) }
}

/// One of several named cases, each with or without a payload.
public final class VariantType: Sendable {
    public struct Case: Equatable, Sendable {
        public let name: String
        public let type: ComponentValueType?

        public init(name: String, type: ComponentValueType?) {
            self.name = name
            self.type = type
        }
    }

    public let cases: [Case]
    /// In bytes: 1, 2 or 4.
    public let discriminantSize: Int
    /// Where the payload begins, in bytes from the start of the variant; the same for all cases.
    public let payloadOffset: Int
    public let layout: Layout
    public let summary: TypeSummary

    public init(cases: [Case]) throws(ComponentTypeError) {
        guard !cases.isEmpty else { throw .empty }
        self.cases = cases
        discriminantSize = Layout.discriminantSize(caseCount: cases.count)
        (layout, payloadOffset) = Layout.variant(
            caseCount: cases.count, payloads: cases.lazy.compactMap(\.type).map(\.layout))
        summary = try TypeSummary(
            traits: .containsNameable, combining: cases.lazy.compactMap(\.type).map(\.summary))
        try layout.checkSize()
    }

    /// The same type as a node of its own; see the head of `ComponentValueType.swift`.
    private init(copying other: VariantType) {
        cases = other.cases
        discriminantSize = other.discriminantSize
        payloadOffset = other.payloadOffset
        layout = other.layout
        summary = other.summary
    }

    package func renamed() -> VariantType { VariantType(copying: self) }
}

/// Any number of values of one type.
public final class ListType: Sendable {
    public let element: ComponentValueType
    /// Whether this is a map: its elements are tuples of a key and a value, and it is passed as the list of them.
    public let isMap: Bool
    public let summary: TypeSummary

    public convenience init(element: ComponentValueType) throws(ComponentTypeError) {
        try self.init(element: element, isMap: false)
    }

    /// A map.
    public convenience init(key: ComponentValueType, value: ComponentValueType) throws(ComponentTypeError) {
        try self.init(element: .tuple(TupleType(elements: [key, value])), isMap: true)
    }

    package init(element: ComponentValueType, isMap: Bool) throws(ComponentTypeError) {
        self.element = element
        self.isMap = isMap
        summary = try TypeSummary(traits: .containsPointer, combining: CollectionOfOne(element.summary))
    }

    public var layout: Layout { .pointerAndLength }
}

/// Values side by side, told apart by position.
public final class TupleType: Sendable {
    public let elements: [ComponentValueType]
    /// Where each element begins, in bytes from the start of the tuple.
    public let elementOffsets: [Int]
    public let layout: Layout
    public let summary: TypeSummary

    public init(elements: [ComponentValueType]) throws(ComponentTypeError) {
        guard !elements.isEmpty else { throw .empty }
        self.elements = elements
        (layout, elementOffsets) = Layout.record(elements.lazy.map(\.layout))
        summary = try TypeSummary(combining: elements.lazy.map(\.summary))
        try layout.checkSize()
    }
}

/// Named bits. The first label is the least significant bit.
public final class FlagsType: Sendable {
    public let labels: [String]
    public let layout: Layout

    public init(labels: [String]) throws(ComponentTypeError) {
        guard !labels.isEmpty else { throw .empty }
        guard labels.count <= CanonicalABI.maximumFlagCount else { throw .tooManyFlags }
        self.labels = labels
        layout = Layout.flags(count: labels.count)
    }

    public var summary: TypeSummary { TypeSummary(traits: .containsNameable) }

    /// The same type as a node of its own; see the head of `ComponentValueType.swift`.
    private init(copying other: FlagsType) {
        labels = other.labels
        layout = other.layout
    }

    package func renamed() -> FlagsType { FlagsType(copying: self) }
}

/// One of several names.
public final class EnumType: Sendable {
    public let labels: [String]
    /// In bytes: 1, 2 or 4.
    public let discriminantSize: Int
    public let layout: Layout

    public init(labels: [String]) throws(ComponentTypeError) {
        guard !labels.isEmpty else { throw .empty }
        self.labels = labels
        discriminantSize = Layout.discriminantSize(caseCount: labels.count)
        layout = Layout.variant(caseCount: labels.count, payloads: EmptyCollection()).layout
    }

    public var summary: TypeSummary { TypeSummary(traits: .containsNameable) }

    /// The same type as a node of its own; see the head of `ComponentValueType.swift`.
    private init(copying other: EnumType) {
        labels = other.labels
        discriminantSize = other.discriminantSize
        layout = other.layout
    }

    package func renamed() -> EnumType { EnumType(copying: self) }
}

/// A value or none. The discriminant is one byte: 0 for none, 1 for some.
public final class OptionType: Sendable {
    public let payload: ComponentValueType
    /// Where the payload begins, in bytes from the start.
    public let payloadOffset: Int
    public let layout: Layout
    public let summary: TypeSummary

    public init(payload: ComponentValueType) throws(ComponentTypeError) {
        self.payload = payload
        (layout, payloadOffset) = Layout.variant(caseCount: 2, payloads: CollectionOfOne(payload.layout))
        summary = try TypeSummary(combining: CollectionOfOne(payload.summary))
        try layout.checkSize()
    }
}

/// A success or a failure, each with or without a payload. The discriminant is one byte: 0 for success, 1 for failure.
public final class ResultType: Sendable {
    public let success: ComponentValueType?
    public let failure: ComponentValueType?
    /// Where the payload begins, in bytes from the start; the same for both cases.
    public let payloadOffset: Int
    public let layout: Layout
    public let summary: TypeSummary

    public init(success: ComponentValueType?, failure: ComponentValueType?) throws(ComponentTypeError) {
        self.success = success
        self.failure = failure
        let payloads = [success, failure].compactMap { $0 }
        (layout, payloadOffset) = Layout.variant(caseCount: 2, payloads: payloads.map(\.layout))
        summary = try TypeSummary(combining: payloads.map(\.summary))
        try layout.checkSize()
    }
}

extension Layout {
    /// Holds a value type against the limit on the size of values.
    func checkSize() throws(ComponentTypeError) {
        guard size64 < CanonicalABI.valueSizeBound else { throw .valueTooLarge }
    }
}
