// What a guest does wrong, and the trap it gets.

import ComponentRuntime
import ComponentTypes
import Execution
import Testing

/// A core function's results that are no value of the type.
struct BadResult: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var type: String
    /// Returns a core value, or the address of the result.
    var body: String
    var coreResult = "i32"
    var encoding = "utf8"
    var message: String

    static let all: [BadResult] = [
        BadResult(testDescription: "surrogate", type: "char", body: "(i32.const 0xD800)", message: "invalid `char` bit pattern"),
        BadResult(testDescription: "beyond Unicode", type: "char", body: "(i32.const 0x110000)", message: "invalid `char` bit pattern"),
        BadResult(
            testDescription: "discriminant", type: "(option u32)",
            body: "(i32.store8 (i32.const 16) (i32.const 2)) (i32.const 16)", message: "invalid variant discriminant"),
        BadResult(
            testDescription: "unaligned result", type: "(tuple u32 u32)", body: "(i32.const 18)", message: "unaligned pointer"),
        BadResult(
            testDescription: "result beyond the memory", type: "(tuple u32 u32)", body: "(i32.const 131068)",
            message: "pointer out of bounds of memory"),
        BadResult(
            testDescription: "string beyond the memory", type: "string",
            body: pair("131071", "2"), message: "string pointer/length out of bounds of memory"),
        BadResult(
            testDescription: "long string", type: "string", body: pair("0", "0x10000000"),
            message: "string pointer/length out of bounds of memory"),
        BadResult(
            testDescription: "length wraps", type: "string", body: pair("0", "0x80000000"), encoding: "utf16",
            message: "string pointer/length out of bounds of memory"),
        BadResult(
            testDescription: "unaligned utf-16", type: "string", body: pair("65", "1"), encoding: "utf16",
            message: "unaligned pointer"),
        BadResult(
            testDescription: "unaligned latin-1", type: "string", body: pair("65", "1"), encoding: "latin1+utf16",
            message: "unaligned pointer"),
        BadResult(
            testDescription: "utf-8 continuation", type: "string",
            body: "(i32.store8 (i32.const 64) (i32.const 0x80))" + pair("64", "1"), message: "invalid utf-8 byte sequence from index 0"),
        BadResult(
            testDescription: "overlong utf-8", type: "string",
            body: "(i32.store16 (i32.const 64) (i32.const 0x80C0))" + pair("64", "2"), message: "invalid utf-8"),
        BadResult(
            testDescription: "incomplete utf-8", type: "string",
            body: "(i32.store16 (i32.const 64) (i32.const 0xC361))" + pair("64", "2"),
            message: "incomplete utf-8 byte sequence from index 1"),
        BadResult(
            testDescription: "lone surrogate", type: "string",
            body: "(i32.store16 (i32.const 64) (i32.const 0xDC00))" + pair("64", "1"), encoding: "utf16",
            message: "invalid utf-16"),
        BadResult(
            testDescription: "list beyond the memory", type: "(list u32)", body: pair("131068", "2"),
            message: "list content out-of-bounds"),
        BadResult(
            testDescription: "list length wraps", type: "(list u64)", body: pair("0", "0x20000001"),
            message: "list content out-of-bounds"),
        BadResult(
            testDescription: "unaligned list", type: "(list u64)", body: pair("4", "1"), message: "unaligned pointer"),
        BadResult(
            testDescription: "char in a list", type: "(list char)",
            body: "(i32.store (i32.const 64) (i32.const -1))" + pair("64", "1"), message: "invalid `char` bit pattern"),
    ]

    private static func pair(_ pointer: String, _ length: String) -> String {
        "(i32.store (i32.const 16) (i32.const \(pointer))) (i32.store (i32.const 20) (i32.const \(length))) (i32.const 16)"
    }
}

@Suite(.needsWasmTools)
struct TrapTests {
    @Test(arguments: BadResult.all)
    func badResults(_ bad: BadResult) throws {
        let instance = try instantiate(
            """
            (component
              \(coreModule("(func (export \"f\") (result \(bad.coreResult)) \(bad.body))"))
              (core instance $m (instantiate $M))
              (type $t \(bad.type))
              (func (export "f") (result $t) (canon lift (core func $m "f") string-encoding=\(bad.encoding)
                (memory (core memory $m "mem")) (realloc (core func $m "realloc")))))
            """)
        let text = errorText { try instance.call("f") }
        #expect(text?.hasPrefix(bad.message) == true, "\(text ?? "no trap")")
    }

    @Test(arguments: [
        ("i32.const -1", "realloc return: beyond end of memory"), ("i32.const 3", "realloc return: result not aligned"),
        ("i32.const 131069", "realloc return: result not aligned"), ("unreachable", "unreachable"),
    ])
    func badAllocators(_ body: String, _ message: String) throws {
        let instance = try instantiate(
            """
            (component
              (core module $M
                (memory (export "mem") 2)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) \(body))
                (func (export "strings") (param i32 i32))
                (func (export "numbers") (param i32 i32)))
              (core instance $m (instantiate $M))
              (func (export "strings") (param "s" string) (canon lift (core func $m "strings")
                (memory (core memory $m "mem")) (realloc (core func $m "realloc"))))
              (func (export "numbers") (param "s" (list u32)) (canon lift (core func $m "numbers")
                (memory (core memory $m "mem")) (realloc (core func $m "realloc")))))
            """)
        if message.contains("beyond") {
            #expect(errorText { try instance.call("strings", [.string("abc")]) }?.hasPrefix(message) == true)
        } else {
            #expect(errorText { try instance.call("numbers", [.list([.u32(1)])]) }?.hasPrefix(message) == true)
        }
    }

    @Test func anInstanceThatTrappedSaysSo() throws {
        let instance = try instantiate(
            """
            (component
              (core module $M (func (export "bad") unreachable) (func (export "good")))
              (core instance $m (instantiate $M))
              (func (export "bad") (canon lift (core func $m "bad")))
              (func (export "good") (canon lift (core func $m "good"))))
            """)
        try instance.call("good")
        #expect(instance.fault == nil)
        let trap = try #require(trap { try instance.call("bad") })
        #expect(trap.code == .unreachable)
        #expect(trap.backtrace.map(\.name) == ["bad"])
        #expect(
            errorText { try instance.call("good") }
                == "cannot enter component instance: it has trapped before: unreachable")
        #expect(instance.fault?.code == .unreachable)
    }

    @Test func reentranceTraps() throws {
        final class Holder: @unchecked Sendable { var instance: ComponentInstance? }
        let holder = Holder()
        var linker = ComponentLinker()
        linker.define(HostFunction("echo") { (_: inout HostContext, value: UInt32) throws -> UInt32 in
            if value == 1 { _ = try holder.instance?.call("run", [.u32(0)]) }
            return value
        })
        let instance = try instantiate(try echoComponent([.u32], .u32), linker)
        holder.instance = instance
        #expect(try instance.call("run", [.u32(0)]) == .u32(0))
        #expect(errorText { try instance.call("run", [.u32(1)]) }?.contains("cannot enter component instance") == true)
        holder.instance = nil
    }

    @Test func errorsOfTheHostAreTheTrapsCause() throws {
        struct Exit: Error, Equatable { var code: Int }
        var linker = ComponentLinker()
        linker.define(HostFunction("echo") { (_: inout HostContext, value: UInt32) throws -> UInt32 in
            throw Exit(code: Int(value))
        })
        let instance = try instantiate(try echoComponent([.u32], .u32), linker)
        let trap = try #require(trap { try instance.call("run", [.u32(7)]) })
        #expect(trap.rootCause as? Exit == Exit(code: 7))
    }

    @Test func callsOutOfAllocatorsAndPostReturnTrap() throws {
        var linker = ComponentLinker()
        linker.define(HostFunction("f") { (_: inout HostContext) in Nothing() })
        let text = { (place: String) in
            """
            (component
              (import "f" (func $f))
              (core func $f' (canon lower (func $f)))
              (core module $M
                (import "" "f" (func $f))
                (memory (export "mem") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) \(place == "realloc" ? "(call $f)" : "") (i32.const 64))
                (func (export "g") (param i32 i32))
                (func (export "post") \(place == "post" ? "(call $f)" : "")))
              (core instance $m (instantiate $M (with "" (instance (export "f" (func $f'))))))
              (func (export "g") (param "s" string) (canon lift (core func $m "g")
                (memory (core memory $m "mem")) (realloc (core func $m "realloc")) (post-return (core func $m "post")))))
            """
        }
        for place in ["realloc", "post"] {
            let instance = try instantiate(text(place), linker)
            #expect(
                errorText { try instance.call("g", [.string("s")]) }?.hasPrefix("cannot leave component instance") == true)
        }
        try instantiate(text("nowhere"), linker).call("g", [.string("s")])
    }
}
