// The nodes of compound value types. Each computes its layout once, when it is made.

package import WasmTypes

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
    /// Where each field begins.
    package let offsets: PartOffsets
    public let layout: Layout
    public let summary: TypeSummary

    public init(fields: [Field]) throws(ComponentTypeError) {
        guard !fields.isEmpty else { throw .empty }
        self.fields = fields
        (layout, offsets) = Layout.record(fields.lazy.map(\.type.layout))
        summary = try TypeSummary(traits: .containsNameable, combining: fields.lazy.map(\.type.summary))
        try layout.checkSize()
    }

    /// The same type as a node of its own; see the head of `ComponentValueType.swift`.
    private init(copying other: RecordType) {
        fields = other.fields
        offsets = other.offsets
        layout = other.layout
        summary = other.summary
    }

    /// Where each field begins with 32-bit addresses, in bytes from the start of the record.
    public var fieldOffsets: [Int] { offsets.narrow }

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
    /// Where the payload begins; the same for all cases.
    private let offset: (narrow: Int, wide: Int)
    public let layout: Layout
    public let summary: TypeSummary

    public init(cases: [Case]) throws(ComponentTypeError) {
        guard !cases.isEmpty else { throw .empty }
        self.cases = cases
        discriminantSize = Layout.discriminantSize(caseCount: cases.count)
        (layout, offset) = Layout.variant(
            caseCount: cases.count, payloads: cases.lazy.compactMap(\.type).map(\.layout))
        summary = try TypeSummary(
            traits: .containsNameable, combining: cases.lazy.compactMap(\.type).map(\.summary))
        try layout.checkSize()
    }

    /// The same type as a node of its own; see the head of `ComponentValueType.swift`.
    private init(copying other: VariantType) {
        cases = other.cases
        discriminantSize = other.discriminantSize
        offset = other.offset
        layout = other.layout
        summary = other.summary
    }

    /// Where the payload begins with 32-bit addresses, in bytes from the start; the same for all cases.
    public var payloadOffset: Int { offset.narrow }

    package func payloadOffset(_ addressType: AddressType) -> Int { addressType == .i32 ? offset.narrow : offset.wide }

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
        try self.init(element: .tuple(TupleType(pairOf: key, value)), isMap: true)
    }

    package init(element: ComponentValueType, isMap: Bool) throws(ComponentTypeError) {
        self.element = element
        self.isMap = isMap
        summary = try TypeSummary(traits: .containsPointer, combining: CollectionOfOne(element.summary))
    }

    public var layout: Layout { .pointerAndLength }
}

/// A number of values of one type that is part of the type. They lie side by side, as in a tuple.
public final class FixedLengthListType: Sendable {
    public let element: ComponentValueType
    /// At least 1.
    public let length: UInt32
    public let layout: Layout
    public let summary: TypeSummary

    public init(element: ComponentValueType, length: UInt32) throws(ComponentTypeError) {
        guard length > 0 else { throw .empty }
        let (size, overflow) = element.layout.size64.multipliedReportingOverflow(by: Int(length))
        guard !overflow, size < CanonicalABI.valueSizeBound else { throw .valueTooLarge }
        self.element = element
        self.length = length
        layout = Layout.elements(element.layout, count: Int(length))
        summary = try TypeSummary(combining: CollectionOfOne(element.summary))
    }
}

/// The readable end of a stream, or of a future, of values of one type, or of none. Passed as a handle.
public final class StreamType: Sendable {
    public let element: ComponentValueType?
    public let summary: TypeSummary

    public init(element: ComponentValueType?) throws(ComponentTypeError) {
        self.element = element
        var summary = try TypeSummary(combining: [element?.summary].compactMap { $0 })
        // What the values need in order to be passed, the handle does not need.
        summary.traits.remove(.containsPointer)
        summary.traits.insert(.containsAsync)
        self.summary = summary
    }
}

/// Values side by side, told apart by position.
public final class TupleType: Sendable {
    public let elements: [ComponentValueType]
    /// Where each element begins.
    package let offsets: PartOffsets
    public let layout: Layout
    public let summary: TypeSummary

    public init(elements: [ComponentValueType]) throws(ComponentTypeError) {
        guard !elements.isEmpty else { throw .empty }
        self.elements = elements
        (layout, offsets) = Layout.record(elements.lazy.map(\.layout))
        summary = try TypeSummary(combining: elements.lazy.map(\.summary))
        try layout.checkSize()
    }

    /// The pairs that a map consists of. The bound on the size of values concerns types, of which this is none.
    fileprivate init(pairOf key: ComponentValueType, _ value: ComponentValueType) throws(ComponentTypeError) {
        elements = [key, value]
        (layout, offsets) = Layout.record(elements.lazy.map(\.layout))
        summary = try TypeSummary(combining: elements.lazy.map(\.summary))
    }

    /// Where each element begins with 32-bit addresses, in bytes from the start of the tuple.
    public var elementOffsets: [Int] { offsets.narrow }
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
        layout = Layout.variant(caseCount: labels.count, payloads: EmptyCollection<Layout>()).layout
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
    private let offset: (narrow: Int, wide: Int)
    public let layout: Layout
    public let summary: TypeSummary

    public init(payload: ComponentValueType) throws(ComponentTypeError) {
        self.payload = payload
        (layout, offset) = Layout.variant(caseCount: 2, payloads: CollectionOfOne(payload.layout))
        summary = try TypeSummary(combining: CollectionOfOne(payload.summary))
        try layout.checkSize()
    }

    /// Where the payload begins with 32-bit addresses, in bytes from the start; the same for all cases.
    public var payloadOffset: Int { offset.narrow }

    package func payloadOffset(_ addressType: AddressType) -> Int { addressType == .i32 ? offset.narrow : offset.wide }
}

/// A success or a failure, each with or without a payload. The discriminant is one byte: 0 for success, 1 for failure.
public final class ResultType: Sendable {
    public let success: ComponentValueType?
    public let failure: ComponentValueType?
    private let offset: (narrow: Int, wide: Int)
    public let layout: Layout
    public let summary: TypeSummary

    public init(success: ComponentValueType?, failure: ComponentValueType?) throws(ComponentTypeError) {
        self.success = success
        self.failure = failure
        let payloads = [success, failure].compactMap { $0 }
        (layout, offset) = Layout.variant(caseCount: 2, payloads: payloads.map(\.layout))
        summary = try TypeSummary(combining: payloads.map(\.summary))
        try layout.checkSize()
    }

    /// Where the payload begins with 32-bit addresses, in bytes from the start; the same for all cases.
    public var payloadOffset: Int { offset.narrow }

    package func payloadOffset(_ addressType: AddressType) -> Int { addressType == .i32 ? offset.narrow : offset.wide }
}

extension Layout {
    /// Holds a value type against the limit on the size of values.
    func checkSize() throws(ComponentTypeError) {
        guard size64 < CanonicalABI.valueSizeBound else { throw .valueTooLarge }
    }
}
