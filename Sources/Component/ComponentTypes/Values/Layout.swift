// Size, alignment and flattening of value types (CanonicalABI.md, "Alignment", "Element Size", "Flattening"). All
// arithmetic of the canonical ABI stands in this file; whoever lifts or lowers reads its results off the types.

/// How a value lies in linear memory, and as which core values it is passed outside it.
public struct Layout: Hashable, Sendable {
    /// In bytes, with 32-bit addresses; padded to the alignment.
    public var size: Int
    /// In bytes, a power of two; at most 8.
    public var alignment: Int
    /// The number of flat types, even where `flat` does not list them.
    public var flatCount: Int
    /// The flat types; empty if there are more than `CanonicalABI.maximumFlatParameters`, as such a value is never
    /// passed flat.
    public var flat: [FlatType]

    /// Size and alignment with 64-bit addresses, by which the limit on the size of values is defined.
    package var size64: Int
    package var alignment64: Int

    /// A value that is passed as one core value.
    init(size: Int, flat: FlatType) {
        self.init(size: size, alignment: size, flat: [flat], size64: size, alignment64: size)
    }

    init(size: Int, alignment: Int, flat: [FlatType], size64: Int, alignment64: Int) {
        self.size = size
        self.alignment = alignment
        self.flatCount = flat.count
        self.flat = flat
        self.size64 = size64
        self.alignment64 = alignment64
    }

    /// `offset` raised to the next multiple of `alignment`, a power of two.
    @inlinable
    public static func align(_ offset: Int, to alignment: Int) -> Int {
        (offset + alignment - 1) & ~(alignment - 1)
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
    static let pointerAndLength = Layout(size: 8, alignment: 4, flat: [.i32, .i32], size64: 16, alignment64: 8)

    /// Fields one after another, with the offset of each.
    static func record(_ fields: some Sequence<Layout>) -> (layout: Layout, offsets: [Int]) {
        var layout = Layout(size: 0, alignment: 1, flat: [], size64: 0, alignment64: 1)
        var offsets: [Int] = []
        for field in fields {
            let offset = align(layout.size, to: field.alignment)
            offsets.append(offset)
            layout.size = offset + field.size
            layout.alignment = max(layout.alignment, field.alignment)
            layout.size64 = align(layout.size64, to: field.alignment64) + field.size64
            layout.alignment64 = max(layout.alignment64, field.alignment64)
            layout.flatCount = saturatingSum(layout.flatCount, field.flatCount)
            if layout.flatCount <= CanonicalABI.maximumFlatParameters { layout.flat += field.flat } else { layout.flat = [] }
        }
        layout.size = align(layout.size, to: layout.alignment)
        layout.size64 = align(layout.size64, to: layout.alignment64)
        return (layout, offsets)
    }

    /// A discriminant and room for the greatest payload, with the payload's offset.
    static func variant(caseCount: Int, payloads: some Sequence<Layout>) -> (layout: Layout, payloadOffset: Int) {
        let discriminantSize = discriminantSize(caseCount: caseCount)
        var payload = Layout(size: 0, alignment: 1, flat: [], size64: 0, alignment64: 1)
        var flat: [FlatType] = []
        for other in payloads {
            payload.size = max(payload.size, other.size)
            payload.alignment = max(payload.alignment, other.alignment)
            payload.size64 = max(payload.size64, other.size64)
            payload.alignment64 = max(payload.alignment64, other.alignment64)
            payload.flatCount = max(payload.flatCount, other.flatCount)
            for (position, type) in other.flat.enumerated() {
                if position < flat.count { flat[position] = flat[position].joined(with: type) } else { flat.append(type) }
            }
        }
        let offset = align(discriminantSize, to: payload.alignment)
        let alignment = max(discriminantSize, payload.alignment)
        let alignment64 = max(discriminantSize, payload.alignment64)
        var layout = Layout(
            size: align(offset + payload.size, to: alignment), alignment: alignment, flat: [.i32] + flat,
            size64: align(align(discriminantSize, to: payload.alignment64) + payload.size64, to: alignment64),
            alignment64: alignment64)
        layout.flatCount = saturatingSum(payload.flatCount, 1)
        if layout.flatCount > CanonicalABI.maximumFlatParameters { layout.flat = [] }
        return (layout, offset)
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
