// Reads the binary format (core specification, sections 5.1 and 5.2): fixed-width and LEB128 integers, names, extents.
//
// A reader walks one extent of a span and never looks past its end. Positions count from the start of the outermost
// file, so that an offset in an error needs no translation, whatever the nesting of section, module and component.

/// A place in outside bytes, and the end of what may be read there.
///
/// Borrows the bytes. Every method that reads throws `BinaryError` of kind `malformed` where the bytes end or do not
/// follow the grammar, and leaves the position unspecified then.
// Invariant: `0 <= position <= end <= span.byteCount`; the unchecked loads stand on it.
@safe @usableFromInline
package struct ByteReader: ~Escapable {
    @usableFromInline let span: RawSpan
    /// The offset of the next byte from the start of the outermost file.
    @usableFromInline package internal(set) var position: Int
    /// The offset of the first byte that may not be read.
    @usableFromInline package internal(set) var end: Int
    @usableFromInline let table: InstructionTable
    /// What to say when the bytes end too soon. It begins with "unexpected end".
    @usableFromInline package var endMessage: StaticString = "unexpected end"
    /// What to say when a length goes beyond the end.
    package var lengthMessage: StaticString = "length out of bounds"

    /// - Parameter extent: what may be read, in offsets into `span`; clamped to it.
    @_lifetime(copy span)
    package init(_ span: RawSpan, extent: ByteExtent) {
        self.span = span
        end = max(0, min(extent.upperBound, span.byteCount))
        position = max(0, min(extent.lowerBound, end))
        table = .shared
    }

    @inlinable package var isAtEnd: Bool { position >= end }

    /// The number of bytes left.
    @inlinable package var remaining: Int { end &- position }

    /// What is left, as an extent.
    package var remainingExtent: ByteExtent { position..<end }

    /// A reader of a part of the same bytes. Offsets outside of this reader's own extent are clamped to it.
    @_lifetime(copy self)
    package func reader(of extent: ByteExtent) -> ByteReader {
        var part = ByteReader(span, extent: max(0, min(extent.lowerBound, end))..<max(0, min(extent.upperBound, end)))
        part.endMessage = endMessage
        part.lengthMessage = lengthMessage
        return part
    }

    /// Moves to an offset inside of the extent, clamped to it.
    package mutating func seek(to offset: Int) {
        position = max(0, min(offset, end))
    }

    // MARK: - Bytes

    @inlinable
    package func peekByte() -> UInt8? {
        position < end ? unsafe span.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self) : nil
    }

    @inlinable @inline(__always)
    package mutating func readByte() throws(BinaryError) -> UInt8 {
        guard position < end else { throw unexpectedEnd() }
        let byte = unsafe span.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
        position &+= 1
        return byte
    }

    /// Moves `count` bytes on.
    @inlinable
    package mutating func skip(_ count: Int) throws(BinaryError) {
        guard count >= 0, count <= remaining else { throw unexpectedEnd() }
        position &+= count
    }

    /// Moves past `count` bytes and gives their extent.
    package mutating func readBytes(_ count: Int) throws(BinaryError) -> ByteExtent {
        guard count >= 0, count <= remaining else { throw unexpectedEnd() }
        defer { position += count }
        return position..<position + count
    }

    /// Four bytes, little endian.
    package mutating func readFixed32() throws(BinaryError) -> UInt32 {
        guard remaining >= 4 else { throw unexpectedEnd() }
        defer { position += 4 }
        return UInt32(littleEndian: unsafe span.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt32.self))
    }

    /// Eight bytes, little endian.
    package mutating func readFixed64() throws(BinaryError) -> UInt64 {
        guard remaining >= 8 else { throw unexpectedEnd() }
        defer { position += 8 }
        return UInt64(littleEndian: unsafe span.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self))
    }

    // MARK: - LEB128

    @inlinable @inline(__always)
    package mutating func readVarUInt32() throws(BinaryError) -> UInt32 {
        if position < end {
            let byte = unsafe span.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            if byte < 0x80 {
                position &+= 1
                return UInt32(byte)
            }
        }
        return UInt32(truncatingIfNeeded: try readLongInteger(bits: 32, isSigned: false))
    }

    @inlinable @inline(__always)
    package mutating func readVarInt32() throws(BinaryError) -> Int32 {
        if position < end {
            let byte = unsafe span.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            if byte < 0x80 {
                position &+= 1
                return Int32(truncatingIfNeeded: Int8(bitPattern: byte &<< 1) &>> 1)
            }
        }
        return Int32(truncatingIfNeeded: try readLongInteger(bits: 32, isSigned: true))
    }

    package mutating func readVarUInt64() throws(BinaryError) -> UInt64 {
        UInt64(bitPattern: try readLongInteger(bits: 64, isSigned: false))
    }

    /// A signed integer of 33 bits: what heap types and block types are written as.
    package mutating func readVarInt33() throws(BinaryError) -> Int64 {
        try readLongInteger(bits: 33, isSigned: true)
    }

    package mutating func readVarInt64() throws(BinaryError) -> Int64 {
        try readLongInteger(bits: 64, isSigned: true)
    }

    /// The whole rule (section 5.2.2): at most ⌈bits/7⌉ bytes, and the unused bits of the last are the sign.
    @usableFromInline @inline(never)
    mutating func readLongInteger(bits: UInt32, isSigned: Bool) throws(BinaryError) -> Int64 {
        if remaining >= 2 {
            // Two bytes, which every width can take.
            let pair = unsafe span.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt16.self).littleEndian
            if pair & 0x8080 == 0x0080 {
                position &+= 2
                let value = Int64(pair & 0x7F | (pair & 0x7F00) &>> 1)
                return isSigned ? (value &<< 50) &>> 50 : value
            }
        }
        var value: UInt64 = 0
        var shift: UInt32 = 0
        while true {
            let byte = try readByte()
            let payload = byte & 0x7F
            value |= UInt64(payload) &<< UInt64(shift)
            let left = bits - shift
            if left <= 7 {
                if isSigned {
                    let unused = Int8(bitPattern: payload &<< 1) >> Int8(left)
                    guard unused == 0 || unused == -1 else { throw malformed("integer too large", at: position - 1) }
                } else {
                    guard payload >> left == 0 else { throw malformed("integer too large", at: position - 1) }
                }
                guard byte < 0x80 else { throw malformed("integer representation too long", at: position - 1) }
            }
            shift += 7
            if byte < 0x80 {
                if isSigned, shift < 64, byte & 0x40 != 0 { value |= ~0 << UInt64(shift) }
                return Int64(bitPattern: value)
            }
        }
    }

    // MARK: - Names and counts

    /// A number of bytes, or of items that take a byte each at least. As the reference interpreter has it, a length is out
    /// of bounds where even the bytes that it is written in could not make up for what is missing.
    package mutating func readLength() throws(BinaryError) -> Int {
        let start = position
        let length = Int(try readVarUInt32())
        guard length <= end - start else { throw lengthOutOfBounds() }
        return length
    }

    /// A name: its length in bytes, then UTF-8.
    package mutating func readName() throws(BinaryError) -> String {
        let start = position
        let length = try readLength()
        guard length <= remaining else { throw unexpectedEnd() }
        let text = Span<UInt8>(_bytes: span.extracting(position..<position + length))
        position += length
        do {
            return String(copying: try UTF8Span(validating: text))
        } catch {
            throw malformed("malformed UTF-8 encoding", at: start)
        }
    }

    /// The number of a vector's items. Each takes a byte at least, so a count above the bytes left is an error here and
    /// an array of that many items is never reserved for it.
    ///
    /// - Parameters:
    ///   - limit: the most items that this implementation takes.
    ///   - items: what they are, in the plural, for the error.
    package mutating func readCount(limit: Int, of items: StaticString) throws(BinaryError) -> Int {
        let start = position
        let count = try readLength()
        guard count <= limit else {
            throw BinaryError(.limit, "too many \(items): \(count), and at most \(limit) are allowed", at: start)
        }
        return count
    }

    // MARK: - Errors

    @usableFromInline @inline(never)
    func unexpectedEnd() -> BinaryError {
        BinaryError(.malformed, String(describing: endMessage), at: end)
    }

    @inline(never)
    package func lengthOutOfBounds() -> BinaryError {
        BinaryError(.malformed, String(describing: lengthMessage), at: position)
    }

    @usableFromInline @inline(never)
    package func malformed(_ message: StaticString, at offset: Int) -> BinaryError {
        BinaryError(.malformed, String(describing: message), at: offset)
    }
}
