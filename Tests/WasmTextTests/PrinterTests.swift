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

    @Test("keeps names that are empty, of everything that can have one")
    func emptyNames() throws {
        let text = """
            (module (@name "") (type (@name "") (func (param i32))) (import "a" "b" (func (@name "") (param (@name "") i32)))
              (table (@name "") 1 funcref) (memory (@name "") 1) (global (@name "") i32 (i32.const 0)) (tag (@name ""))
              (func (@name "") (param (@name "") i32) (local (@name "") i32) (local i64)
                block (@name "") end (if (@name "") (i32.const 0) (then)))
              (elem (@name "") func) (data (@name "") ""))
            """
        let binary = try encode(text)
        #expect(NameMaps(of: try decode(binary)).labels[1].associations.map(\.name) == ["", ""])
        #expect(try encode(try print(binary)) == binary)
    }

    @Test("damaged binaries are refused or printed, and nothing else happens")
    func damagedBinaries() throws {
        let binary = try encode(
            """
            (module $m (type $t (func (param i32) (result i64))) (import "a" "b" (func $i (type $t)))
              (table $tab 1 2 funcref) (memory i64 1 (pagesize 1)) (global $g (mut f32) (f32.const -0x1.8p-3)) (tag $e (param i32))
              (func $f (export "f") (param $p i32) (result i64) (local $l v128)
                (local.set $l (v128.const f32x4 1 2 nan -inf))
                (block $b (br_table $b 0 1 (local.get $p)))
                (block $c (try_table $d (catch $e $c) (catch_all $c)))
                (if (result i64) (i32.load8_u offset=3 align=1 (i64.const 1)) (then (i64.const 1)) (else unreachable)))
              (elem (table $tab) (offset i32.const 0) funcref (ref.func $f) (item ref.null func))
              (data (i64.const 0) "a\\00\\n") (@custom "x" (after data) "y"))
            """)
        var state: UInt64 = 1
        for _ in 0..<20_000 {
            var damaged = binary
            for _ in 0...1 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                damaged[Int(state >> 33) % damaged.count] ^= 1 << UInt8(state >> 60 & 7)
            }
            guard let text = try? print(damaged) else { continue }
            _ = try? encode(text)
        }
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
