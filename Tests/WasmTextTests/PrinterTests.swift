import Testing
import WasmBinary
import WasmText

@Suite("The printer")
struct PrinterTests {
    @Test("prints what one would write")
    func form() throws {
        let text = """
            (module $m
              (type $t (;0;) (func (param i32) (result i32)))
              (import "a" "b c\\u{7f}é" (func $i (;0;) (type $t) (param i32) (result i32)))
              (table (;0;) 1 funcref)
              (memory $mem (;0;) i64 1 2)
              (global (;0;) (mut f32) f32.const -0.5)
              (export "f" (func $"f f"))
              (elem (;0;) (i32.const 0) func $i $"f f")
              (func $"f f" (;1;) (type $t) (param $x i32) (result i32)
                (local $y i64) (local i32 i32)
                local.get $x
                if $l (result i32)
                  local.get 2
                  br $l
                else
                  i64.const -5
                  i32.load offset=4 align=1
                end
                call_indirect (type $t) (param i32) (result i32)
              )
              (data $d (;0;) (i64.const 0) "a\\00\\ff\\"")
              (@custom "x" (after data) "y")
            )

            """
        let binary = try encode(text)
        let printed = try print(binary)
        #expect(printed == text)
        #expect(try encode(printed) == binary)
    }

    @Test("tells equal names apart and keeps them")
    func names() throws {
        let text = """
            (module (func $a (@name "x")) (func $b (@name "x")) (func (@name "")) (func $"x#1")
              (func (param $p (@name "q") i32) (local $q i32) block $l block $l br 1 br 0 end end))
            """
        let binary = try encode(text)
        let printed = try print(binary)
        #expect(printed.contains("(func $x (;0;)"))
        #expect(printed.contains("(@name \"x\")"))
        #expect(try encode(printed) == binary)
    }

    @Test("prints every number so that it reads back", arguments: [
        "f32.const nan", "f32.const -nan:0x1", "f64.const inf", "f64.const -inf", "f32.const 1e-45", "f64.const -0",
        "f64.const 1.7976931348623157e308", "f32.const 0.1", "f64.const 4.9e-324", "i64.const -9223372036854775808",
        "v128.const f32x4 nan -0 1 inf", "f64.const 1e100", "f32.const 16777216",
    ])
    func numbers(_ text: String) throws {
        let binary = try encode("(func \(text) drop)")
        #expect(try encode(try print(binary)) == binary)
    }

    @Test("refuses bodies that do not decode")
    func damage() throws {
        var binary = try encode("(func nop)")
        let position = try #require(binary.lastIndex(of: 0x01))
        binary[position] = 0xFF
        #expect(throws: BinaryError.self) { try print(binary) }
    }
}
