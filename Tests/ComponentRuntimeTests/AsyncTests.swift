// Async components as far as they run: what need not wait, and what says that it cannot wait yet.

import ComponentRuntime
import ComponentTypes
import Testing

@Suite(.needsWasmTools)
struct AsyncTests {
    /// An async function of one component, called by another.
    private func component(_ body: String, _ lift: String, lower: String = "async (memory (core memory $memory \"mem\"))") -> String {
        let isAsync = lower.hasPrefix("async")
        return """
            (component
              (component $C
                (core func $return (canon task.return (result u32)))
                (core func $wait (canon waitable-set.new))
                (core module $M
                  (import "" "return" (func $return (param i32)))
                  (import "" "wait" (func $wait (result i32)))
                  (global $calls (mut i32) (i32.const 0))
                  \(body))
                (core instance $m (instantiate $M (with "" (instance
                  (export "return" (func $return)) (export "wait" (func $wait))))))
                (func (export "f") async (param "x" u32) (result u32) (canon lift (core func $m "f") \(lift))))
              (instance $c (instantiate $C))
              (core module $Memory (memory (export "mem") 1))
              (core instance $memory (instantiate $Memory))
              (core func $f (canon lower (func $c "f") \(lower)))
              (core module $Main
                (import "" "mem" (memory 1))
                (import "" "f" (func $f (param i32 \(isAsync ? "i32" : "")) (result i32)))
                (func (export "run") (param i32) (result i32)
                  \(isAsync ? """
                    (if (i32.ne (call $f (local.get 0) (i32.const 16)) (i32.const 2)) (then unreachable))
                    (i32.load (i32.const 16))
                    """ : "(call $f (local.get 0))")))
              (core instance $main (instantiate $Main (with "" (instance
                (export "mem" (memory $memory "mem")) (export "f" (func $f))))))
              (func (export "run") (param "x" u32) (result u32) (canon lift (core func $main "run"))))
            """
    }

    private let stackful = "(func (export \"f\") (param i32) (call $return (i32.add (local.get 0) (i32.const 1))))"

    @Test func tasksThatReturnAtOnce() throws {
        #expect(try instantiate(component(stackful, "async")).call("run", [.u32(41)]) == .u32(42))
        #expect(try instantiate(component(stackful, "async", lower: "")).call("run", [.u32(41)]) == .u32(42))
    }

    @Test func callbacksThatYield() throws {
        let body = """
            (func (export "f") (param i32) (result i32)
              (call $return (i32.mul (local.get 0) (i32.const 2))) (i32.const 1 (; yield ;)))
            (func (export "cb") (param i32 i32 i32) (result i32)
              (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
              (i32.lt_u (global.get $calls) (i32.const 3)))
            """
        let instance = try instantiate(component(body, "async (callback (core func $m \"cb\"))"))
        #expect(try instance.call("run", [.u32(21)]) == .u32(42))
    }

    @Test(arguments: [
        ("", "async-lifted export failed to produce a result"),
        ("(call $return (i32.const 1)) (call $return (i32.const 1))", "`task.return` called more than once for current task"),
        ("(drop (call $wait))", "async components are not supported yet: `waitable-set.new`"),
    ])
    func tasksThatDoWrong(_ body: String, _ message: String) throws {
        let instance = try instantiate(component("(func (export \"f\") (param i32) \(body))", "async"))
        let text = errorText { try instance.call("run", [.u32(1)]) }
        #expect(text?.hasPrefix(message) == true, "\(text ?? "no trap")")
    }

    @Test func tasksThatWait() throws {
        let body = """
            (func (export "f") (param i32) (result i32) (i32.const 0x12 (; wait ;)))
            (func (export "cb") (param i32 i32 i32) (result i32) unreachable)
            """
        let instance = try instantiate(component(body, "async (callback (core func $m \"cb\"))"))
        #expect(
            errorText { try instance.call("run", [.u32(1)]) }?
                .hasPrefix("async components are not supported yet: a task that waits") == true)
    }

    /// Each call has a storage of its own, which its post-return function sees.
    @Test func contextsOfCalls() throws {
        let instance = try instantiate(
            """
            (component
              (core func $get (canon context.get i32 0))
              (core func $set (canon context.set i32 0))
              (core module $M
                (import "" "get" (func $get (result i32)))
                (import "" "set" (func $set (param i32)))
                (global $seen (mut i32) (i32.const 0))
                (func (export "f") (result i32) (call $get) (call $set (i32.const 42)))
                (func (export "post") (param i32) (global.set $seen (call $get)))
                (func (export "seen") (result i32) (global.get $seen)))
              (core instance $m (instantiate $M (with "" (instance (export "get" (func $get)) (export "set" (func $set))))))
              (func (export "f") (result u32) (canon lift (core func $m "f") (post-return (core func $m "post"))))
              (func (export "seen") (result u32) (canon lift (core func $m "seen"))))
            """)
        #expect(try instance.call("f") == .u32(0))
        #expect(try instance.call("f") == .u32(0))
        #expect(try instance.call("seen") == .u32(42))
    }
}
