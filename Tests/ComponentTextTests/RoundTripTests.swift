import ComponentText
import Testing

@Suite("Component text there and back")
struct RoundTripTests {
    @Test("binaries print to text that makes the same binary", arguments: Suite.scripts)
    func suite(_ script: String) throws {
        // Binaries written by hand have things that no text stands for: empty sections, long numbers, names that are none.
        let isWrittenByHand = script.hasPrefix("binary/")
        for (line, bytes) in try Suite.components(of: script) {
            do {
                let text = try print(bytes)
                let first = try encode(text)
                if first != bytes, !isWrittenByHand { Issue.record("\(script):\(line) differs:\n\(text)\n\(try print(first))") }
                let second = try encode(try print(first))
                if first != second { Issue.record("\(script):\(line) is not stable:\n\(text)\n\(try print(second))") }
            } catch {
                if !isWrittenByHand { Issue.record("\(script):\(line): \(error)") }
            }
        }
    }

    @Test("names that are no identifiers, or not two of them, are kept")
    func names() throws {
        let bytes = try encode(
            "(component $\"a b\" (type $x u8) (type $y (@name \"x\") u8) (type (@name \"\") u8) (component $\"\\u{1F600}\"))")
        let text = try print(bytes)
        #expect(try encode(text) == bytes, "\(text)")
    }

    @Test("damaged components are printed or refused")
    func damage() throws {
        let bytes = try encode(
            """
            (component $C (core module $M (memory (export "m") 1) (func (export "f") (param i32 i32) (result i32) unreachable))
              (core instance $m (instantiate $M)) (type $R (resource (rep i32)))
              (import "i" (instance $i (export "t" (type $t (sub resource))) (export "f" (func (param "a" (borrow $t))))))
              (func $g (param "x" (list string)) (result (result u8 (error (tuple u8 (stream u8)))))
                (canon lift (core func $m "f") (memory (core memory $m "m")) string-encoding=utf16 async))
              (core func $l (canon lower (func $i "f"))) (component $N (import "x" (func)) (type (variant (case "a" u8))))
              (core type (module (import "a" "b" (table 1 funcref)) (export "c" (global (mut i32)))))
              (instance $n (instantiate $N (with "x" (func $g)))) (export "g" (func $g) (func (param "x" (list string)))))
            """)
        for position in bytes.indices {
            for flip: UInt8 in [0x01, 0x04, 0x40, 0x80, 0xFF] {
                var damaged = bytes
                damaged[position] ^= flip
                _ = try? print(damaged)
            }
            _ = try? print(Array(bytes[..<position]))
        }
    }
}
