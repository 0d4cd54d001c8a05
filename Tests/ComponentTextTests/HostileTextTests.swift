import ComponentText
import Testing
import WasmText

@Suite("Hostile component text")
struct HostileTextTests {
    @Test("damaged texts end in a component or an error")
    func damage() {
        let text = """
            (component $C (@custom "a" "b") (core module $M (memory (export "m") 1) (func $f (export "f") (param i32)))
              (core instance $m (instantiate $M (with "" (instance (export "f" (func $m "f"))))))
              (core rec (type $a (func)) (type $b (sub $a (struct (field i8))))) (core type $T (module (alias outer $C $a (type))))
              (type $t (record (field "a" (list (option u8) 4)) (field "b" (result string (error (own $R))))))
              (import "i" (implements "a:b/c") (instance $i (export "t" (type $t (sub resource))) (export "f" (func async))))
              (alias export $i "f" (func $f)) (alias core export $m "m" (core memory $mem)) (alias outer $C 0 (type))
              (func $g (export "g") (param "x" $t) (canon lift (core func $m "f") (memory $mem) (realloc (core func $f)) async))
              (core func $l (canon lower (func $i "f") string-encoding=latin1+utf16)) (canon stream.read $t async (core func))
              (canon waitable-set.wait cancellable (memory $mem) (core func)) (start $f (value 0) (result (value $v)))
              (component $N (import "x" (func (type $t)))) (instance $n (instantiate $N (with "x" (func $g))))
              (export $e "e" (func $g) (func (param "x" u8))))
            (component instance $x $C) (assert_return (invoke "f" (record.const (field "a" (list.const (u8.const 1))))) (f32.const 1))
            """
        var generator = Generator(state: 11)
        let fragments = ["(", ")", "\"", "$", "(@", "\\", "0x", "type", "core", "instance", "alias", "(export \"a\")", "99999999999"]
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
                _ = try TextComponent.encode(damaged)
            } catch { _ = error.description }
            do {
                _ = try Script.parse(damaged, components: ScriptComponents.self)
            } catch { _ = error.description }
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
