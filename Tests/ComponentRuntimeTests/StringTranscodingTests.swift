// Strings from one component's memory into another's, for every pair of encodings.

import ComponentTypes
import Testing

private let encodings = ["utf8", "utf16", "latin1+utf16"]

@Suite(.needsWasmTools)
struct StringTranscodingTests {
    private func component(_ outer: String, _ inner: String) -> String {
        func options(_ encoding: String, _ instance: String) -> String {
            """
            string-encoding=\(encoding) (memory (core memory $\(instance) "mem")) (realloc (core func $\(instance) "realloc"))
            """
        }
        return """
            (component
              (component $C
                \(coreModule("""
                    (func (export "f") (param i32 i32) (result i32)
                      (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
                    """))
                (core instance $m (instantiate $M))
                (func (export "f") (param "s" string) (result string) (canon lift (core func $m "f") \(options(inner, "m"))))
              )
              (instance $c (instantiate $C))
              (alias export $c "f" (func $f))
              \(coreModule(""))
              (core instance $m (instantiate $M))
              (core func $f' (canon lower (func $f) \(options(outer, "m"))))
              (core module $Main
                (import "" "f" (func $f (param i32 i32 i32)))
                (func (export "run") (param i32 i32) (result i32)
                  (call $f (local.get 0) (local.get 1) (i32.const 32)) (i32.const 32)))
              (core instance $main (instantiate $Main (with "" (instance (export "f" (func $f'))))))
              (func (export "run") (param "s" string) (result string) (canon lift (core func $main "run") \(options(outer, "m"))))
            )
            """
    }

    private static let strings = [
        "", "a", "swift", "Größe", "ÿ", "Ā", "aĀ", "Größe ist Ā", "日本語", "𝄞", "a𝄞ÿ", "\u{0}", "\u{10FFFF}\u{D7FF}",
        String(repeating: "swift ", count: 500), String(repeating: "größer ", count: 500),
        String(repeating: "大きい", count: 500) + "x", String(repeating: "x", count: 1000) + "🦅",
    ]

    @Test(arguments: encodings, encodings)
    func stringsArrive(_ outer: String, _ inner: String) throws {
        let instance = try instantiate(component(outer, inner))
        for string in Self.strings {
            #expect(try instance.call("run", [.string(string)]) == .string(string))
        }
    }
}
