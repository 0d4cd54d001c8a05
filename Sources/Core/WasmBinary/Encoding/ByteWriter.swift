// Writes the binary format (core specification, sections 5.1 and 5.2): the counterpart of `ByteReader`. Integers take the
// shortest form, so that equal contents are equal bytes.

package import WasmTypes

/// Bytes in the making.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package var count: Int { bytes.count }
    package var isEmpty: Bool { bytes.isEmpty }

    // MARK: - Bytes

    package mutating func write(_ byte: UInt8) {
        bytes.append(byte)
    }

    package mutating func write(_ other: ByteWriter) {
        bytes.append(contentsOf: other.bytes)
    }

    package mutating func write(contentsOf other: some Collection<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// Takes back everything after the first `count` bytes.
    package mutating func truncate(to count: Int) {
        if count < bytes.count { bytes.removeLast(bytes.count - max(0, count)) }
    }

    /// Takes the bytes from `start` on out of the writer and appends them to `other`.
    package mutating func move(from start: Int, to other: inout ByteWriter) {
        guard start < bytes.count else { return }
        other.bytes.append(contentsOf: bytes[max(0, start)...])
        truncate(to: start)
    }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Four bytes, little endian.
    package mutating func writeFixed32(_ value: UInt32) {
        for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    /// Eight bytes, little endian.
    package mutating func writeFixed64(_ value: UInt64) {
        writeFixed32(UInt32(truncatingIfNeeded: value))
        writeFixed32(UInt32(truncatingIfNeeded: value >> 32))
    }

    // MARK: - LEB128

    package mutating func writeVarUInt32(_ value: UInt32) {
        if value < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value))
        } else {
            writeVarUInt64(UInt64(value))
        }
    }

    package mutating func writeVarUInt64(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    /// A signed integer of any width up to 64 bits; the shortest form is the same for all that can hold it.
    package mutating func writeVarInt64(_ value: Int64) {
        var value = value
        while value < -0x40 || value > 0x3F {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value) & 0x7F)
    }

    // MARK: - Names and parts

    /// A name, or any other vector of bytes: the length, then the bytes.
    package mutating func writeVector(_ contents: some Collection<UInt8>) {
        writeVarUInt32(UInt32(truncatingIfNeeded: contents.count))
        bytes.append(contentsOf: contents)
    }

    package mutating func writeName(_ name: String) {
        writeVector(name.utf8)
    }

    /// The length of what `contents` holds, then that.
    package mutating func writeSized(_ contents: ByteWriter) {
        writeVector(contents.bytes)
    }

    package mutating func write(_ index: some ModuleIndex) {
        writeVarUInt32(index.rawValue)
    }
}
