import ComponentText
import Testing
import WasmText

@Suite("Component text")
struct ComponentParserTests {
    /// Texts that stand for the same binary: an abbreviation, and what it abbreviates.
    static let abbreviations: [(String, String)] = [
        // Types in types are definitions of their own before it.
        ("(component (type (record (field \"a\" (list u8)))))",
         "(component (type (list u8)) (type (record (field \"a\" 0))))"),
        ("(component (import \"f\" (func (param \"a\" (option string)) (result (tuple u8 u8)))))",
         """
         (component (type (option string)) (type (tuple u8 u8)) (type (func (param "a" 0) (result 1)))
           (import "f" (func (type 2))))
         """),
        // Aliases stand before what needs them, in the order in which it names them.
        ("""
         (component (import "i" (instance (export "f" (func)) (export "j" (instance (export "g" (func))))))
           (core func (canon lower (func 0 "j" "g"))) (core func (canon lower (func 0 "f"))))
         """,
         """
         (component (import "i" (instance (export "f" (func)) (export "j" (instance (export "g" (func))))))
           (alias export 0 "j" (instance)) (alias export 1 "g" (func)) (core func (canon lower (func 0)))
           (alias export 0 "f" (func)) (core func (canon lower (func 1))))
         """),
        // Inline instances stand before the instance that they are arguments of.
        ("""
         (component (core module) (core instance (instantiate 0)) (core module (import "a" "f" (func)))
           (core instance (instantiate 1 (with "a" (instance (export "f" (func 0 "f")))))))
         """,
         """
         (component (core module) (core instance (instantiate 0)) (core module (import "a" "f" (func)))
           (alias core export 0 "f" (core func)) (core instance (export "f" (func 0)))
           (core instance (instantiate 1 (with "a" (instance 1)))))
         """),
        // Inline imports and exports.
        ("(component (func (export \"a\") (export \"b\") (import \"c\")) (type (export \"t\") u8))",
         """
         (component (type (func)) (import "c" (func (type 0))) (type u8) (export "a" (func 0)) (export "b" (func 0))
           (export "t" (type 1)))
         """),
        ("(component (core module (import \"m\") (export \"f\" (func (param i32)))))",
         "(component (core type (module (type (func (param i32))) (export \"f\" (func (type 0))))) (import \"m\" (core module (type 0))))"),
        ("(component (instance (import \"i\") (export \"t\" (type (sub resource)))))",
         "(component (type (instance (export \"t\" (type (sub resource))))) (import \"i\" (instance (type 0))))"),
        // Functions the one way round and the other.
        ("(component (core module) (core instance (instantiate 0)) (func (canon lift (core func 0 \"f\"))))",
         """
         (component (core module) (core instance (instantiate 0)) (type (func)) (alias core export 0 "f" (core func))
           (canon lift (core func 0) (func (type 0))))
         """),
        ("(component (core func (canon backpressure.inc)) (core func (canon thread.yield cancellable)))",
         "(component (canon backpressure.inc (core func)) (canon thread.yield cancellable (core func)))"),
        // References to core items as they were written once.
        ("(component (core module) (core instance (instantiate 0)) (core func (alias core export 0 \"f\")) (type (resource (rep i32) (dtor (func 0)))))",
         "(component (core module) (core instance (instantiate 0)) (alias core export 0 \"f\" (core func)) (type (resource (rep i32) (dtor (core func 0)))))"),
    ]

    @Test("abbreviations", arguments: abbreviations)
    func abbreviation(_ short: String, _ long: String) throws {
        let (short, long) = (try encode(short), try encode(long))
        if short != long { Issue.record("\(try print(short))\(try print(long))") }
    }

    @Test("identifiers of outer scopes become aliases")
    func outerIdentifiers() throws {
        let text = try print(
            try encode("(component $A (type $t u8) (component $B (type (list $t)) (type (option $t))) (type (component (alias outer $A $t (type)))))"))
        #expect(
            text == """
                (component $A
                  (type $t (;0;) u8)
                  (component $B (;0;)
                    (alias outer 1 0 (type (;0;)))
                    (type (;1;) (list 0))
                    (alias outer 1 0 (type (;2;)))
                    (type (;3;) (option 2))
                  )
                  (type (;1;) (component
                    (alias outer 1 0 (type (;0;)))
                  ))
                )

                """)
    }

    static let binaries: [(String, String)] = [
        ("(component)", "00 61 73 6d 0d 00 01 00"),
        ("(component (type (list u8 3)))", "00 61 73 6d 0d 00 01 00 07 04 01 67 7d 03"),
        ("(component (type (map string u8)))", "00 61 73 6d 0d 00 01 00 07 04 01 63 73 7d"),
        ("(component (type (func async (result error-context))))", "00 61 73 6d 0d 00 01 00 07 05 01 43 00 00 64"),
        ("(component (import \"a\" (implements \"b:c/d\") (external-id \"e\") (instance)))",
         "00 61 73 6d 0d 00 01 00 07 03 01 42 00 0a 11 01 02 01 61 02 00 05 62 3a 63 2f 64 02 01 65 05 00"),
        ("(component (core type (sub (func))))", "00 61 73 6d 0d 00 01 00 03 07 01 00 50 00 60 00 00"),
        ("(component (canon context.get i32 1 (core func)) (canon task.return (result u8) (core func)))",
         "00 61 73 6d 0d 00 01 00 08 08 02 0a 7f 01 09 00 7d 00"),
        ("(component (@custom \"a\" \"\\00b\") (type u8))", "00 61 73 6d 0d 00 01 00 00 04 01 61 00 62 07 02 01 7d"),
        ("(component binary \"\\00asm\" \"\\0d\\00\\01\\00\")", "00 61 73 6d 0d 00 01 00"),
        ("(component quote \"(type u8)\")", "00 61 73 6d 0d 00 01 00 07 02 01 7d"),
        ("(module)", "00 61 73 6d 01 00 00 00"),
    ]

    @Test("binaries", arguments: binaries)
    func binary(_ text: String, _ bytes: String) throws {
        #expect(try encode(text).hexadecimal == bytes)
    }

    static let refusals: [(String, String)] = [
        ("(component (type $t u8) (type $t u8))", "duplicate type identifier: $t"),
        ("(component (export \"a\" (func $f)))", "unknown func: failed to find name `$f`"),
        ("(component (import \"f\" (func $f)) (component (export \"f\" (func $f))))",
         "outer item `f` is not a module, type, or component"),
        ("(component (alias outer $A 0 (type)))", "outer component `A` not found"),
        ("(component (alias outer 7 $t (type)))", "outer count of 7 is too large"),
        ("(component (func))", "unexpected token ), expected (canon"),
        ("(component (typ u8))", "unknown operator typ"),
        ("(component (type u8)", "unexpected token: the text ends here, expected )"),
        ("(component) (component)", "unexpected token ("),
        ("(component (canon frob (core func)))", "unexpected token frob, expected a canonical definition"),
        ("(component (core module (func (call $f))))", "unknown function $f"),
    ]

    @Test("refusals", arguments: refusals)
    func refused(_ text: String, _ message: String) {
        #expect(refusal(text) == message)
    }

    @Test("depth is limited")
    func depth() {
        let levels = 100_000
        // What stands before the levels, what opens each, what the innermost holds, and what closes each.
        let nestings = [
            ("(component ", "(component ", "", ")"),
            ("(component (type ", "(list ", "u8", ")"),
            ("(component (type ", "(component (type ", "u8", "))"),
            ("(component (import \"a\" ", "(instance (export \"a\" ", "(func)", "))"),
        ]
        for (head, opening, innermost, closing) in nestings {
            let tail = String(repeating: ")", count: head.split(separator: "(").count)
            let text =
                head + String(repeating: opening, count: levels) + innermost + String(repeating: closing, count: levels) + tail
            #expect(refusal(text) == "nested too deeply: at most 100 levels are allowed")
        }
    }
}
