// A value type as lifting and lowering see it: kind, size, offsets, and nothing to look up.
//
// Component value types are trees of reference-counted objects with names. Walking them at each call would retain and
// release every node, so each function type is compiled once into nodes of plain numbers (`ABIProgram.swift`), and a
// call walks those. All sizes and offsets are read off the layouts that `ComponentTypes` computes.

/// A compiled value type. A plain number to copy; valid while the function it belongs to exists.
@safe @frozen public struct ABIType {
    @usableFromInline let node: UnsafePointer<ABINode>

    @inlinable
    init(_ node: UnsafePointer<ABINode>) {
        unsafe self.node = node
    }

    /// In bytes in linear memory, padded to the alignment.
    @inlinable public var byteCount: Int { unsafe Int(node.pointee.byteCount) }
    @inlinable public var alignment: Int { unsafe Int(node.pointee.alignment) }
    /// How many core values it is passed as.
    @inlinable public var flatCount: Int { unsafe Int(node.pointee.flatCount) }

    @inlinable var kind: ABINode.Kind { unsafe node.pointee.kind }
    @inlinable var memberCount: Int { unsafe Int(node.pointee.memberCount) }

    /// The member at a position: a field, the payload of a case, the element of a list. nil for a case without payload
    /// and where the type has no such member, which a checked type never asks for.
    @inlinable
    func member(_ position: Int) -> ABIType? {
        guard position >= 0, unsafe position < node.pointee.memberCount else { return nil }
        return unsafe node.pointee.members[position].type.map { unsafe ABIType($0) }
    }
}

/// The numbers behind an `ABIType`.
@safe @frozen @usableFromInline struct ABINode {
    @frozen @usableFromInline enum Kind: UInt8 {
        case bool, s8, u8, s16, u16, s32, u32, s64, u64, f32, f64, char, string
        /// Record or tuple: members are the fields.
        case record
        /// Variant, enumeration, option or result: members are the cases.
        case variant
        /// The only member is the element.
        case list
        /// The only member is the element; see `length`.
        case fixedLengthList
        case flags
        case own, borrow
        /// A stream, a future or an error context, which nothing can pass yet.
        case async
    }

    @usableFromInline var kind: Kind
    /// Of a variant, in bytes: 1, 2 or 4.
    @usableFromInline var discriminantByteCount: UInt8
    /// Any bytes are a value, all of them count, and a copy of the bytes is a copy of the value.
    @usableFromInline var isPlain: Bool
    @usableFromInline var alignment: UInt32
    @usableFromInline var byteCount: UInt32
    @usableFromInline var flatCount: UInt32
    /// Of a variant: where all cases' payloads begin.
    @usableFromInline var payloadOffset: UInt32
    @usableFromInline var memberCount: UInt32
    /// Of a fixed-length list: how many elements it has.
    @usableFromInline var length: UInt32
    /// Of a handle: which of its instance's resource types; see `ComponentInstanceState.resourceTypes`.
    @usableFromInline var resource: UInt32
    /// Of flags: a mask of those that exist.
    @usableFromInline var flagMask: UInt32
    @usableFromInline var members: UnsafePointer<ABIMember>
    /// Of a record, or the element of a list: what copying it takes, see `CopySteps.swift`.
    @usableFromInline var steps: UnsafePointer<CopyStep>
    @usableFromInline var stepCount: UInt32
}

@safe @frozen @usableFromInline struct ABIMember {
    @usableFromInline var type: UnsafePointer<ABINode>?
    /// In bytes from the start of the aggregate in linear memory.
    @usableFromInline var offset: UInt32
    /// In core values from the start of the aggregate, where that is passed flat.
    @usableFromInline var flatOffset: UInt32
}

/// Where a value is read from or written to: core values one after another, or an address in linear memory.
///
/// Whoever makes a place in memory has checked that the whole value lies inside the memory, which never shrinks.
@safe @frozen public struct ABIPlace {
    @usableFromInline let slots: UnsafeMutablePointer<UInt64>?
    @usableFromInline let address: Int

    @inlinable
    init(flat slots: UnsafeMutablePointer<UInt64>) {
        unsafe self.slots = slots
        address = 0
    }

    @inlinable
    init(address: Int) {
        unsafe slots = nil
        self.address = address
    }

    /// The place of a record's field.
    @inlinable
    func field(_ position: Int, of type: ABIType) -> ABIPlace {
        unsafe advanced(
            flat: Int(type.node.pointee.members[position].flatOffset),
            bytes: Int(type.node.pointee.members[position].offset))
    }

    /// The place of a variant's payload.
    @inlinable
    func payload(of type: ABIType) -> ABIPlace {
        unsafe advanced(flat: 1, bytes: Int(type.node.pointee.payloadOffset))
    }

    /// The place of a fixed-length list's element.
    func element(_ position: Int, of type: ABIType) -> ABIPlace {
        advanced(flat: position * type.flatCount, bytes: position * type.byteCount)
    }

    @inlinable
    func advanced(flat: Int, bytes: Int) -> ABIPlace {
        if let slots = unsafe slots { unsafe ABIPlace(flat: slots + flat) } else { ABIPlace(address: address + bytes) }
    }
}
