import Testing
import WasmBinary
import WasmText

@Suite("Numbers")
struct NumberTests {
    /// The bytes of the constant in a global of this type.
    private func constant(_ type: String, _ text: String) throws -> [UInt8] {
        let module = try decode(try encode("(global \(type) (\(type).const \(text)))"))
        let extent = try #require(module.globals.first?.initializer?.extent)
        return (extent.lowerBound + 1..<extent.upperBound - 1).map { module.source.bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }

    private func float(_ text: String) throws -> Float {
        let bytes = try constant("f32", text)
        return Float(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }

    private func double(_ text: String) throws -> Double {
        let bytes = try constant("f64", text)
        return Double(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }

    @Test("are read as written")
    func integers() throws {
        #expect(try constant("i32", "-1") == [0x7F])
        #expect(try constant("i32", "0xffff_ffff") == [0x7F])
        #expect(try constant("i32", "64") == [0xC0, 0x00])
        #expect(try constant("i64", "-0x8000000000000000") == [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F])
    }

    @Test("must fit their type", arguments: [
        "(i32.const 0x100000000)", "(i32.const -0x80000001)", "(i64.const 18446744073709551616)", "(f32.const 1e39)",
        "(f32.const 0x1p128)", "(f32.const 0x1.ffffffp127)", "(f64.const 1e309)", "(f64.const nan:0x0)", "(f32.const nan:0x800000)",
        "(v128.const i8x16 256 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)",
    ])
    func range(_ text: String) {
        #expect(refusal("(func (drop \(text)))").hasPrefix("constant out of range"))
    }

    @Test("are rounded to the nearest, ties to even")
    func rounding() throws {
        #expect(try float("0x1.000001p0") == 1)
        #expect(try float("0x1.0000010000000000000000001p0") == Float(1).nextUp)
        #expect(try float("0x1.000003p0") == Float(1).nextUp.nextUp)
        #expect(try float("0x1.fffffefffffffffffffp127") == Float.greatestFiniteMagnitude)
        #expect(try float("0x1p-149") == Float.leastNonzeroMagnitude)
        #expect(try float("0x1p-150") == 0)
        #expect(try float("0x1.1p-150") == Float.leastNonzeroMagnitude)
        #expect(try float("0x0.000001p-126") == 0x0.000002p-126 / 2)
        #expect(try float("-0x0p5").sign == .minus)
        #expect(try float("1.") == 1)
        #expect(try float("1.e1") == 10)
        #expect(try float("16777217") == 16777216)
        #expect(try double("0x1.00000000000008p0") == 1)
        #expect(try double("0x1.000000000000081p0") == 1.0.nextUp)
        #expect(try double("4.9406564584124654e-324") == Double.leastNonzeroMagnitude)
        #expect(try double("0x1" + String(repeating: "0", count: 1000) + "p-4000") == 1)
        #expect(try double("0x0." + String(repeating: "0", count: 1000) + "1p4004") == 1)
        #expect(try double("1e-999999999999999999999") == 0)
        #expect(try double("0x1p-999999999999999999999") == 0)
        #expect(try float("nan:0x200000").bitPattern == 0x7FA0_0000)
    }
}
