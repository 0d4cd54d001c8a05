// LEB128 by its rule: at most ⌈bits/7⌉ bytes, and the unused bits of the last are the sign.

import InternalUtilities
import Testing
import WasmBinary

@Suite struct IntegerTests {
    private static let tooLong = "integer representation too long"
    private static let tooLarge = "integer too large"
    private static let end = "unexpected end"

    /// What reading gave: a value, or the error's message.
    private static func outcome<Value: CustomStringConvertible>(
        _ bytes: [UInt8], _ read: (inout ByteReader) throws(BinaryError) -> Value
    ) -> String {
        let source = ByteSource(bytes)
        var reader = ByteReader(source.bytes, extent: 0..<bytes.count)
        do throws(BinaryError) {
            let value = try read(&reader)
            return reader.isAtEnd ? value.description : "\(value) and \(reader.remaining) bytes"
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        ([0x00], "0"), ([0x7F], "127"), ([0x80, 0x01], "128"), ([0xFF, 0x7F], "16383"), ([0x80, 0x80, 0x01], "16384"),
        ([0xE5, 0x8E, 0x26], "624485"), ([0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "4294967295"),
        ([0x80, 0x80, 0x80, 0x80, 0x00], "0"), ([0x80, 0x00], "0"),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0x1F], tooLarge), ([0x80, 0x80, 0x80, 0x80, 0x10], tooLarge),
        ([0x80, 0x80, 0x80, 0x80, 0x80, 0x00], tooLong), ([0x83, 0x80, 0x80, 0x80, 0x80, 0x00], tooLong),
        ([], end), ([0x80], end), ([0x80, 0x80, 0x80, 0x80], end),
    ] as [([UInt8], String)]) func unsigned32(bytes: [UInt8], expected: String) {
        #expect(Self.outcome(bytes) { reader throws(BinaryError) in try reader.readVarUInt32() } == expected)
    }

    @Test(arguments: [
        ([0x00], "0"), ([0x3F], "63"), ([0x40], "-64"), ([0x7F], "-1"), ([0x80, 0x01], "128"), ([0x80, 0x7F], "-128"),
        ([0xFF, 0x00], "127"), ([0xC0, 0xBB, 0x78], "-123456"), ([0x80, 0x80, 0x80, 0x80, 0x78], "-2147483648"),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0x07], "2147483647"), ([0xFF, 0xFF, 0xFF, 0xFF, 0x7F], "-1"),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0x0F], tooLarge), ([0x80, 0x80, 0x80, 0x80, 0x70], tooLarge),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0x4F], tooLarge), ([0x80, 0x80, 0x80, 0x80, 0x80, 0x00], tooLong), ([0xFF], end),
    ] as [([UInt8], String)]) func signed32(bytes: [UInt8], expected: String) {
        #expect(Self.outcome(bytes) { reader throws(BinaryError) in try reader.readVarInt32() } == expected)
    }

    @Test(arguments: [
        ([0x40], "-64"), ([0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "4294967295"), ([0x80, 0x80, 0x80, 0x80, 0x70], "-4294967296"),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0x1F], tooLarge), ([0x80, 0x80, 0x80, 0x80, 0x80, 0x00], tooLong),
    ] as [([UInt8], String)]) func signed33(bytes: [UInt8], expected: String) {
        #expect(Self.outcome(bytes) { reader throws(BinaryError) in try reader.readVarInt33() } == expected)
    }

    @Test(arguments: [
        ([0x7F], "-1"), ([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F], "-9223372036854775808"),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00], "9223372036854775807"),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], tooLarge),
        ([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7E], tooLarge),
        ([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], tooLong),
    ] as [([UInt8], String)]) func signed64(bytes: [UInt8], expected: String) {
        #expect(Self.outcome(bytes) { reader throws(BinaryError) in try reader.readVarInt64() } == expected)
    }

    @Test(arguments: [
        ([0x05], "5"), ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "18446744073709551615"),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], tooLarge),
        ([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], tooLong),
    ] as [([UInt8], String)]) func unsigned64(bytes: [UInt8], expected: String) {
        #expect(Self.outcome(bytes) { reader throws(BinaryError) in try reader.readVarUInt64() } == expected)
    }

    @Test func everySignedValueOfTwoBytes() {
        for value in -8192..<8192 {
            let bytes = [UInt8(value & 0x7F | 0x80), UInt8(value >> 7 & 0x7F)]
            #expect(Self.outcome(bytes) { reader throws(BinaryError) in try reader.readVarInt32() } == "\(value)")
            #expect(Self.outcome(bytes) { reader throws(BinaryError) in try reader.readVarInt64() } == "\(value)")
        }
    }

    @Test(arguments: [
        ([0x03, 0x61, 0x62, 0x63], "abc"), ([0x00], ""), ([0x02, 0xC3, 0xA9], "é"), ([0x02, 0x61], "unexpected end"), ([0x03, 0x61], "length out of bounds"),
        ([0x01, 0x80], "malformed UTF-8 encoding"), ([0x03, 0xED, 0xA0, 0x80], "malformed UTF-8 encoding"),
        ([0x02, 0xC0, 0x80], "malformed UTF-8 encoding"), ([0x04, 0xF4, 0x90, 0x80, 0x80], "malformed UTF-8 encoding"),
    ] as [([UInt8], String)]) func names(bytes: [UInt8], expected: String) {
        #expect(Self.outcome(bytes) { reader throws(BinaryError) in try reader.readName() } == expected)
    }

    @Test func aReaderStaysInItsExtent() throws {
        let source = ByteSource([1, 2, 3, 4])
        var reader = ByteReader(source.bytes, extent: 1..<3)
        let first = try reader.readByte()
        #expect(first == 2)
        let position = reader.position
        #expect(position == 2)
        let second = try reader.readByte()
        #expect(second == 3)
        let isAtEnd = reader.isAtEnd
        #expect(isAtEnd)
        #expect(throws: BinaryError(.malformed, "unexpected end", at: 3)) { () throws in
            var reader = ByteReader(source.bytes, extent: 3..<3)
            _ = try reader.readByte()
        }
        let clamped = ByteReader(source.bytes, extent: 2..<99)
        let remaining = clamped.remaining
        #expect(remaining == 2)
    }
}
