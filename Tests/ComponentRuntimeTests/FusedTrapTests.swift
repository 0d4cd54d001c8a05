// What one component does wrong when it calls another, and the trap it gets.

import ComponentRuntime
import ComponentTypes
import Execution
import Testing

/// Arguments that are no value of the type, passed by one component to another.
struct BadArgument: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var type: String
    var core = "i32 i32"
    /// What is done before the call.
    var preparation = ""
    var arguments: String
    var callerEncoding = "utf8"
    var calleeEncoding = "utf8"
    /// Of the callee.
    var realloc = "(i32.const 4096)"
    var message: String

    private static func bytes(_ value: String) -> String { "(i32.store (i32.const 64) (i32.const \(value)))" }

    static let all: [BadArgument] = [
        BadArgument(
            testDescription: "string beyond the memory", type: "string", arguments: "(i32.const 65535) (i32.const 2)",
            message: "string content out-of-bounds"),
        BadArgument(
            testDescription: "string of 2^31 utf-16 units", type: "string", arguments: "(i32.const 0) (i32.const 0x80000000)",
            callerEncoding: "utf16", message: "string content out-of-bounds"),
        BadArgument(
            testDescription: "tagged string of 2^31 - 1 units", type: "string",
            arguments: "(i32.const 0) (i32.const 0xFFFFFFFF)", callerEncoding: "latin1+utf16",
            message: "string content out-of-bounds"),
        BadArgument(
            testDescription: "list beyond the memory", type: "(list u64)", arguments: "(i32.const 65528) (i32.const 2)",
            message: "list content out-of-bounds"),
        BadArgument(
            testDescription: "list whose size overflows", type: "(list u64)", arguments: "(i32.const 0) (i32.const 0x20000001)",
            message: "list content out-of-bounds"),
        BadArgument(
            testDescription: "unaligned list", type: "(list u64)", arguments: "(i32.const 4) (i32.const 1)",
            message: "unaligned pointer"),
        BadArgument(
            testDescription: "char", type: "char", core: "i32", arguments: "(i32.const 0xDFFF)",
            message: "invalid `char` bit pattern"),
        BadArgument(
            testDescription: "char in a list", type: "(list char)", preparation: bytes("0x110000"),
            arguments: "(i32.const 64) (i32.const 1)", message: "invalid `char` bit pattern"),
        BadArgument(
            testDescription: "discriminant", type: "(option u32)", arguments: "(i32.const 2) (i32.const 0)",
            message: "invalid variant discriminant"),
        BadArgument(
            testDescription: "discriminant in a list", type: "(list (option u32))", preparation: bytes("2"),
            arguments: "(i32.const 64) (i32.const 1)", message: "invalid variant discriminant"),
        BadArgument(
            testDescription: "realloc beyond the memory", type: "string", arguments: "(i32.const 0) (i32.const 8)",
            realloc: "(i32.const -4)", message: "list content out-of-bounds"),
        BadArgument(
            testDescription: "unaligned realloc", type: "(list u32)", arguments: "(i32.const 0) (i32.const 2)",
            realloc: "(i32.const 3)", message: "unaligned pointer"),
        BadArgument(
            testDescription: "realloc that traps", type: "string", arguments: "(i32.const 0) (i32.const 8)",
            realloc: "unreachable", message: "unreachable"),
    ]

    /// Bytes that are no string, for every pair of encodings.
    static let strings: [BadArgument] = {
        let encodings = ["utf8", "utf16", "latin1+utf16"]
        // Encoding, bytes at 64, the tag of the length, length.
        let bad: [(String, [String], String)] = [
            ("utf8", ["0xFF"], "1"), ("utf8", ["0x80C3", "0xEDA0"], "4"), ("utf8", ["0x61E2"], "2"),
            ("utf16", ["0xD800"], "1"), ("utf16", ["0xDC000061"], "2"), ("utf16", ["0xD800D800"], "2"),
            ("latin1+utf16", ["0xD800"], "0x80000001"), ("latin1+utf16", ["0x0061DC00"], "0x80000002"),
        ]
        return bad.flatMap { caller, words, length in
            encodings.map { callee in
                BadArgument(
                    testDescription: "\(words) in \(caller) to \(callee)", type: "string",
                    preparation: words.enumerated()
                        .map { "(i32.store (i32.const \(64 + 2 * $0.offset)) (i32.const \($0.element)))" }.joined(),
                    arguments: "(i32.const 64) (i32.const \(length))", callerEncoding: caller, calleeEncoding: callee,
                    message: "in")
            }
        }
    }()
}

@Suite(.needsWasmTools)
struct FusedTrapTests {
    private func component(_ bad: BadArgument) -> String {
        """
        (component
          (component $C
            (core module $M
              (memory (export "mem") 1)
              (func (export "realloc") (param i32 i32 i32 i32) (result i32) \(bad.realloc))
              (func (export "f") (param \(bad.core))))
            (core instance $m (instantiate $M))
            (type $t \(bad.type))
            (func (export "f") (param "x" $t) (canon lift (core func $m "f") string-encoding=\(bad.calleeEncoding)
              (memory (core memory $m "mem")) (realloc (core func $m "realloc"))))
          )
          (instance $c (instantiate $C))
          (core module $Memory (memory (export "mem") 1))
          (core instance $memory (instantiate $Memory))
          (core func $f (canon lower (func $c "f") string-encoding=\(bad.callerEncoding)
            (memory (core memory $memory "mem"))))
          (core module $Main
            (import "" "mem" (memory 1))
            (import "" "f" (func $f (param \(bad.core))))
            (func (export "run") \(bad.preparation) (call $f \(bad.arguments)))
            (func (export "idle")))
          (core instance $main (instantiate $Main (with "" (instance
            (export "mem" (memory $memory "mem")) (export "f" (func $f))))))
          (func (export "run") (canon lift (core func $main "run")))
          (func (export "idle") (canon lift (core func $main "idle"))))
        """
    }

    @Test(arguments: BadArgument.all + BadArgument.strings)
    func badArguments(_ bad: BadArgument) throws {
        let instance = try instantiate(component(bad))
        try instance.call("idle")
        let text = errorText { try instance.call("run") }
        #expect(text?.hasPrefix(bad.message) == true, "\(text ?? "no trap")")
        // Whoever calls later is told what happened first.
        #expect(
            errorText { try instance.call("idle") }?
                .hasPrefix("cannot enter component instance: it has trapped before: \(bad.message)") == true)
    }

    /// An allocator that grows the memory: what was checked before stays valid, and the new room counts.
    @Test func allocatorsThatGrowTheMemory() throws {
        let instance = try instantiate(
            """
            (component
              (component $C
                (core module $M
                  (memory (export "mem") 1)
                  (func (export "realloc") (param i32 i32 i32 i32) (result i32)
                    (i32.mul (memory.grow (i32.const 3)) (i32.const 65536)))
                  (func (export "sum") (param i32 i32) (result i32) (local $sum i32)
                    (loop $l
                      (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get 0))))
                      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                      (br_if $l (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
                    (local.get $sum)))
                (core instance $m (instantiate $M))
                (func (export "sum") (param "x" (list u8)) (result u32) (canon lift (core func $m "sum")
                  (memory (core memory $m "mem")) (realloc (core func $m "realloc")))))
              (instance $c (instantiate $C))
              (core module $Memory (memory (export "mem") 3))
              (core instance $memory (instantiate $Memory))
              (core func $sum (canon lower (func $c "sum") (memory (core memory $memory "mem"))))
              (core module $Main
                (import "" "mem" (memory 1))
                (import "" "sum" (func $sum (param i32 i32) (result i32)))
                (func (export "run") (result i32)
                  (memory.fill (i32.const 0) (i32.const 2) (i32.const 196608))
                  (i32.add (call $sum (i32.const 0) (i32.const 196608)) (call $sum (i32.const 1) (i32.const 196607)))))
              (core instance $main (instantiate $Main (with "" (instance
                (export "mem" (memory $memory "mem")) (export "sum" (func $sum))))))
              (func (export "run") (result u32) (canon lift (core func $main "run"))))
            """)
        #expect(try instance.call("run") == .u32(2 * 196608 + 2 * 196607))
    }

    /// Lists that all point to the same bytes: a call may copy only so much.
    @Test func copiesAreBounded() throws {
        var bad = BadArgument(
            testDescription: "", type: "(list (list (list u8)))", arguments: "(i32.const 0) (i32.const 8000)",
            message: "")
        // Every list is the one of the first 8,000 pairs of (0, 8000).
        bad.preparation = """
            (local $i i32)
            (loop $l
              (i32.store offset=4 (i32.mul (local.get $i) (i32.const 8)) (i32.const 8000))
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (br_if $l (i32.lt_u (local.get $i) (i32.const 8000))))
            """
        bad.realloc = "(i32.const 0)"
        let instance = try instantiate(component(bad))
        let text = errorText { try instance.call("run") }
        #expect(text?.contains("more bytes than a call may") == true, "\(text ?? "no trap")")
    }
}
