import Testing
import WasmText

@Suite("Hostile text")
struct HostileTextTests {
    @Test("nests as deeply as it likes", arguments: [
        ("(func " + String(repeating: "(block ", count: 100_000) + String(repeating: ")", count: 100_000) + ")"),
        ("(func " + String(repeating: "block ", count: 100_000) + String(repeating: "end ", count: 100_000) + ")"),
        ("(func (result i32) " + String(repeating: "(i32.eqz ", count: 100_000) + "(i32.const 0)" + String(repeating: ")", count: 100_000) + ")"),
        ("(func " + String(repeating: "(if (i32.const 0) (then ", count: 50_000) + String(repeating: "))", count: 50_000) + ")"),
        String(repeating: "(;", count: 100_000) + String(repeating: ";)", count: 100_000),
        "(@a " + String(repeating: "(", count: 100_000) + String(repeating: ")", count: 100_000) + ")",
    ])
    func nesting(_ text: String) throws {
        _ = try encode(text)
    }

    @Test("may be left open", arguments: ["(", "(func (block ", "(@a (", "(module (func (if (then "])
    func unclosed(_ part: String) {
        #expect(throws: TextError.self) { try encode(String(repeating: part, count: 100_000)) }
    }

    @Test("deep blocks print and read back")
    func deepRoundTrip() throws {
        let text = "(func " + String(repeating: "block $a ", count: 50_000) + "br $a br 7" + String(repeating: " end", count: 50_000) + ")"
        let binary = try encode(text)
        #expect(try encode(try print(binary)) == binary)
    }

    @Test("branches to distant labels take no longer than to near ones")
    func manyLabels() throws {
        var text = "(func "
        for index in 0..<50_000 { text += "block $l\(index) " }
        for index in 0..<50_000 { text += "br $l\(index) " }
        text += String(repeating: "end ", count: 50_000) + ")"
        _ = try encode(text)
    }

    @Test("a great many functions with names of their own")
    func manyFunctions() throws {
        var text = "(func $first" + String(repeating: " (local $abcdefg i32)".replacing("abcdefg", with: "v"), count: 1)
        for index in 0..<20_000 { text += " (local $x\(index) i32)" }
        text += ")"
        for index in 0..<50_000 { text += "(func $f\(index) (local $x i32))" }
        _ = try encode(text)
    }

    @Test("damaged text is refused or read, and nothing else happens")
    func damage() throws {
        let texts = [
            """
            (module $m (type $t (func (param i32) (result i64))) (import "a" "b" (func $i (type $t)))
              (rec (type $r (sub (struct (field $a (mut i8)))) ) (type (array (ref null $r))))
              (table $tab 1 2 funcref) (memory i64 1 (pagesize 1)) (global $g (mut f32) (f32.const -0x1.8p-3))
              (func $f (export "f") (param $p i32) (result i64) (local $l v128)
                (local.set $l (v128.const f32x4 1 2 nan -inf))
                (block $b (br_table $b 0 1 (local.get $p)))
                (if (result i64) (i32.load8_u offset=3 align=1 (i32.const 1)) (then (i64.const 1)) (else unreachable)))
              (elem (table $tab) (offset i32.const 0) funcref (ref.func $f) (item ref.null func))
              (data (i64.const 0) "a\\00\\u{1F600}\\n") (@custom "x" (after data) "y") (tag $e (param i32)))
            """,
            """
            (assert_return (invoke "a" (f32.const nan:0x1) (ref.null func)) (v128.const f64x2 nan:canonical 1) (either (ref.func) (i32.const 1)))
            (module definition $x quote "(func)") (module instance $y $x) (register "z" $y)
            (assert_malformed (module quote "(") "unexpected token") (assert_trap (get $y "q") "x")
            """,
        ]
        var generator = Generator(state: 7)
        let fragments = ["(", ")", "\"", ";)", "(;", "$", "(@", "\\", "0x", "\u{0}", "type", "ref", "end", "(then", "\n", "e", "_"]
        for text in texts {
            let bytes = Array(text.utf8)
            for _ in 0..<4_000 {
                var damaged = bytes
                for _ in 0...Int(generator.next() % 3) {
                    let position = Int(generator.next() % UInt64(damaged.count))
                    switch generator.next() % 4 {
                    case 0: damaged[position] ^= 1 << UInt8(generator.next() % 8)
                    case 1: damaged.remove(at: position)
                    case 2: damaged.insert(contentsOf: fragments[Int(generator.next() % UInt64(fragments.count))].utf8, at: position)
                    default:
                        let end = min(damaged.count, position + Int(generator.next() % 40))
                        damaged.insert(contentsOf: Array(damaged[position..<end]), at: position)
                    }
                }
                do {
                    _ = try TextModule.encode(damaged)
                } catch { _ = error.description }
                do {
                    _ = try Script.parse(damaged)
                } catch { _ = error.description }
            }
        }
    }

    /// A small generator, the same at every run.
    private struct Generator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
