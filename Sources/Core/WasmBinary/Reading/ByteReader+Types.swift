// Reads types and the immediates of instructions (core specification, sections 5.3 and 5.4).

public import WasmTypes

/// The type of a block, loop, if or try, as it is written.
package enum BlockType: Hashable, Sendable {
    case empty
    /// No parameters and one result.
    case value(ValueType)
    case type(TypeIndex)
}

/// The immediate of a load or store.
@usableFromInline
package struct MemoryArgument: Hashable, Sendable {
    /// The binary logarithm of the alignment that the program promises.
    @usableFromInline package var alignment: UInt32
    @usableFromInline package var memory: MemoryIndex
    /// In bytes, added to the address operand without wrapping.
    @usableFromInline package var offset: UInt64

    @inlinable package init(alignment: UInt32, memory: MemoryIndex, offset: UInt64) {
        self.alignment = alignment
        self.memory = memory
        self.offset = offset
    }
}

extension ByteReader {
    @inlinable
    package mutating func readValueType() throws(BinaryError) -> ValueType {
        if position < end {
            let byte = unsafe span.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            if byte >= 0x7B, byte < 0x80 {
                position &+= 1
                return ValueType(word: UInt32(byte))
            }
        }
        return try readReferenceType()
    }

    /// A reference type, abbreviated or spelled out.
    @usableFromInline
    package mutating func readReferenceType() throws(BinaryError) -> ValueType {
        let start = position
        let byte = try readByte()
        switch byte {
        case 0x63: return .reference(try readHeapType(), nullable: true)
        case 0x64: return .reference(try readHeapType(), nullable: false)
        default:
            guard let heapType = HeapType(code: byte) else {
                if byte >= 0x80 { throw malformed("integer representation too long", at: start) }
                throw malformed("malformed reference type", at: start)
            }
            return .reference(heapType, nullable: true)
        }
    }

    package mutating func readHeapType() throws(BinaryError) -> HeapType {
        let start = position
        let value = try readVarInt33()
        if value >= 0 {
            guard value <= Int64(ValueType.greatestTypeIndex) else { throw malformed("unknown type", at: start) }
            return .defined(TypeIndex(UInt32(value)))
        }
        guard value >= -0x40, let heapType = HeapType(code: UInt8(truncatingIfNeeded: value) & 0x7F) else {
            throw malformed("malformed heap type", at: start)
        }
        return heapType
    }

    package mutating func readBlockType() throws(BinaryError) -> BlockType {
        let start = position
        guard let byte = peekByte() else { throw unexpectedEnd() }
        if byte == 0x40 {
            position += 1
            return .empty
        }
        if byte & 0xC0 == 0x40 { return .value(try readValueType()) }
        let index = try readVarInt33()
        guard index >= 0 else { throw malformed("malformed block type", at: start) }
        return .type(TypeIndex(UInt32(truncatingIfNeeded: index)))
    }

    @inlinable @inline(__always)
    package mutating func readMemoryArgument() throws(BinaryError) -> MemoryArgument {
        if remaining >= 2 {
            // The common form: two bytes, of memory 0.
            let alignment = unsafe span.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            let offset = unsafe span.unsafeLoad(fromUncheckedByteOffset: position &+ 1, as: UInt8.self)
            if alignment < 0x40, offset < 0x80 {
                position &+= 2
                return MemoryArgument(alignment: UInt32(alignment), memory: MemoryIndex(0), offset: UInt64(offset))
            }
        }
        return try readLongMemoryArgument()
    }

    @usableFromInline @inline(never)
    mutating func readLongMemoryArgument() throws(BinaryError) -> MemoryArgument {
        let start = position
        let flags = try readVarUInt32()
        guard flags < 0x80 else { throw malformed("malformed memop flags", at: start) }
        let memory = flags & 0x40 == 0 ? 0 : try readVarUInt32()
        return MemoryArgument(alignment: flags & 0x3F, memory: MemoryIndex(memory), offset: try readVarUInt64())
    }
}
