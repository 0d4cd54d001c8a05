// Size, alignment and flattening of value types (CanonicalABI.md, "Alignment", "Element Size", "Flattening"). All
// arithmetic of the canonical ABI stands in this file; whoever lifts or lowers reads its results off the types.
//
// A component chooses a memory of 32-bit or of 64-bit addresses for each function, and every type that contains a string
// or a list lies differently in the two. So a layout has two shapes; most types have the same one twice.

public import WasmTypes

/// How a value lies in linear memory, and as which core values it is passed outside it.
public struct Layout: Hashable, Sendable {
    /// A layout for one width of addresses.
    public struct Shape: Hashable, Sendable {
        /// In bytes; padded to the alignment.
        public var size: Int
        /// In bytes, a power of two; at most 8.
        public var alignment: Int
        /// The flat types; empty if there are more than `CanonicalABI.maximumFlatParameters`, as such a value is never
        /// passed flat.
        public var flat: [FlatType]
    }

    /// With 32-bit addresses.
    public let narrow: Shape
    /// With 64-bit addresses, where that makes a difference.
    private let differentWide: Shape?
    /// The number of flat types, even where `flat` does not list them; the same for both widths.
    public let flatCount: Int

    /// With 64-bit addresses.
    public var wide: Shape { differentWide ?? narrow }

    public subscript(addressType: AddressType) -> Shape {
        addressType == .i32 ? narrow : wide
    }

    /// With 32-bit addresses, as are the following.
    public var size: Int { narrow.size }
    public var alignment: Int { narrow.alignment }
    public var flat: [FlatType] { narrow.flat }

    package var size64: Int { wide.size }
    package var alignment64: Int { wide.alignment }

    /// Whether the two shapes differ.
    var dependsOnAddresses: Bool { differentWide != nil }

    init(_ narrow: Shape, wide: Shape? = nil, flatCount: Int) {
        self.narrow = narrow
        differentWide = wide
        self.flatCount = flatCount
    }

    /// A value that is passed as one core value.
    init(size: Int, flat: FlatType) {
        self.init(Shape(size: size, alignment: size, flat: [flat]), flatCount: 1)
    }

    /// `offset` raised to the next multiple of `alignment`, a power of two.
    @inlinable
    public static func align(_ offset: Int, to alignment: Int) -> Int {
        (offset + alignment - 1) & ~(alignment - 1)
    }
}

/// Where the parts of an aggregate begin, in bytes from its start.
public struct PartOffsets: Hashable, Sendable {
    /// With 32-bit addresses.
    public let narrow: [Int]
    /// With 64-bit addresses.
    public let wide: [Int]

    public subscript(addressType: AddressType) -> [Int] {
        addressType == .i32 ? narrow : wide
    }
}

extension Layout {
    static let byte = Layout(size: 1, flat: .i32)
    static let half = Layout(size: 2, flat: .i32)
    static let word = Layout(size: 4, flat: .i32)
    static let double = Layout(size: 8, flat: .i64)
    static let float32 = Layout(size: 4, flat: .f32)
    static let float64 = Layout(size: 8, flat: .f64)
    /// A string or list: its address and its length.
    static let pointerAndLength = Layout(
        Shape(size: 8, alignment: 4, flat: [.i32, .i32]), wide: Shape(size: 16, alignment: 8, flat: [.i64, .i64]),
        flatCount: 2)

    /// Fields one after another, with the offset of each.
    static func record(_ fields: some Collection<Layout>) -> (layout: Layout, offsets: PartOffsets) {
        var flatCount = 0
        var dependsOnAddresses = false
        for field in fields {
            flatCount = saturatingSum(flatCount, field.flatCount)
            if field.dependsOnAddresses { dependsOnAddresses = true }
        }
        let isFlat = flatCount <= CanonicalABI.maximumFlatParameters
        let (narrow, offsets) = Shape.record(fields.lazy.map(\.narrow), isFlat: isFlat)
        guard dependsOnAddresses else {
            return (Layout(narrow, flatCount: flatCount), PartOffsets(narrow: offsets, wide: offsets))
        }
        let (wide, wideOffsets) = Shape.record(fields.lazy.map(\.wide), isFlat: isFlat)
        return (Layout(narrow, wide: wide, flatCount: flatCount), PartOffsets(narrow: offsets, wide: wideOffsets))
    }

    /// A discriminant and room for the greatest payload, with the payload's offset for either width of addresses.
    static func variant(
        caseCount: Int, payloads: some Collection<Layout>
    ) -> (layout: Layout, payloadOffset: (narrow: Int, wide: Int)) {
        let discriminantSize = discriminantSize(caseCount: caseCount)
        let flatCount = saturatingSum(payloads.reduce(0) { max($0, $1.flatCount) }, 1)
        let isFlat = flatCount <= CanonicalABI.maximumFlatParameters
        let (narrow, offset) = Shape.variant(discriminantSize, payloads.lazy.map(\.narrow), isFlat: isFlat)
        guard payloads.contains(where: \.dependsOnAddresses) else {
            return (Layout(narrow, flatCount: flatCount), (offset, offset))
        }
        let (wide, wideOffset) = Shape.variant(discriminantSize, payloads.lazy.map(\.wide), isFlat: isFlat)
        return (Layout(narrow, wide: wide, flatCount: flatCount), (offset, wideOffset))
    }

    /// A number of elements side by side. The caller has seen to it that the size is no overflow.
    static func elements(_ element: Layout, count: Int) -> Layout {
        let (flatCount, overflow) = element.flatCount.multipliedReportingOverflow(by: count)
        let isFlat = !overflow && flatCount <= CanonicalABI.maximumFlatParameters
        func repeated(_ shape: Shape) -> Shape {
            Shape(
                size: shape.size * count, alignment: shape.alignment,
                flat: isFlat ? Array(repeatElement(shape.flat, count: count).joined()) : [])
        }
        return Layout(
            repeated(element.narrow), wide: element.dependsOnAddresses ? repeated(element.wide) : nil,
            flatCount: overflow ? .max : flatCount)
    }

    /// A bit for each label.
    static func flags(count: Int) -> Layout {
        count <= 8 ? byte : count <= 16 ? half : word
    }

    /// The size in bytes of the number that tells a variant's cases apart.
    static func discriminantSize(caseCount: Int) -> Int {
        caseCount <= 1 << 8 ? 1 : caseCount <= 1 << 16 ? 2 : 4
    }

    private static func saturatingSum(_ a: Int, _ b: Int) -> Int {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}

extension Layout.Shape {
    fileprivate static func record(_ fields: some Sequence<Self>, isFlat: Bool) -> (shape: Self, offsets: [Int]) {
        var shape = Self(size: 0, alignment: 1, flat: [])
        var offsets: [Int] = []
        for field in fields {
            let offset = Layout.align(shape.size, to: field.alignment)
            offsets.append(offset)
            shape.size = offset + field.size
            shape.alignment = max(shape.alignment, field.alignment)
            if isFlat { shape.flat += field.flat }
        }
        shape.size = Layout.align(shape.size, to: shape.alignment)
        return (shape, offsets)
    }

    fileprivate static func variant(
        _ discriminantSize: Int, _ payloads: some Sequence<Self>, isFlat: Bool
    ) -> (shape: Self, payloadOffset: Int) {
        var payload = Self(size: 0, alignment: 1, flat: [])
        for other in payloads {
            payload.size = max(payload.size, other.size)
            payload.alignment = max(payload.alignment, other.alignment)
            guard isFlat else { continue }
            for (position, type) in other.flat.enumerated() {
                if position < payload.flat.count {
                    payload.flat[position] = payload.flat[position].joined(with: type)
                } else {
                    payload.flat.append(type)
                }
            }
        }
        let offset = Layout.align(discriminantSize, to: payload.alignment)
        let alignment = max(discriminantSize, payload.alignment)
        return (
            Self(
                size: Layout.align(offset + payload.size, to: alignment), alignment: alignment,
                flat: isFlat ? [.i32] + payload.flat : []),
            offset
        )
    }
}
