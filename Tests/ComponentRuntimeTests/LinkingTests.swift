// Who serves an import, and what is said where nobody does.

import ComponentRuntime
import ComponentTypes
import Testing

private func host(_ version: String, _ functions: String...) -> ComponentLinker {
    var interface = HostInterface("test:host/clock", version: version)
    for function in functions {
        interface.define(HostFunction(function) { (_: inout HostContext) -> UInt64 in 1 })
    }
    var linker = ComponentLinker()
    linker.define(interface)
    return linker
}

private func guest(_ version: String, result: String = "u64") -> String {
    """
    (component
      (import "test:host/clock@\(version)" (instance $i (export "now" (func (result \(result)))))))
    """
}

@Suite(.needsWasmTools)
struct LinkingTests {
    @Test(arguments: [
        ("0.2.12", "0.2.0", true), ("0.2.0", "0.2.12", true), ("0.2.3", "0.2.3", true), ("0.3.0", "0.2.0", false),
        ("1.4.0", "1.0.0", true), ("1.0.0", "2.0.0", false), ("0.0.1", "0.0.2", false), ("0.2.0-rc", "0.2.0", false),
    ])
    func versions(_ offered: String, _ wanted: String, _ serves: Bool) throws {
        let component = try compile(guest(wanted))
        let linker = host(offered, "now")
        #expect((errorText { try linker.check(component) } == nil) == serves)
        #expect((errorText { _ = try linker.instantiate(component, in: try engine.makeStore()) } == nil) == serves)
    }

    @Test func aMissingInterfaceIsNamedWithTheNearestVersion() throws {
        let text = errorText { _ = try instantiate(guest("3.0.0"), host("1.0.0", "now")) }
        #expect(text?.contains("`test:host/clock@3.0.0`") == true)
        #expect(text?.contains("`test:host/clock@1.0.0`") == true)
    }

    @Test func aMissingFunctionIsNamed() throws {
        let text = errorText { _ = try instantiate(guest("1.1.0"), host("1.0.0", "then")) }
        #expect(text?.contains("`now`") == true)
        #expect(text?.contains("func() -> u64") == true)
        #expect(text?.contains("`test:host/clock@1.0.0`") == true)
    }

    @Test func aFunctionOfAnotherTypeIsNamedWithBothTypes() throws {
        let text = errorText { _ = try instantiate(guest("1.0.0", result: "string"), host("1.0.0", "now")) }
        #expect(text?.contains("func() -> string") == true)
        #expect(text?.contains("func() -> u64") == true)
    }

    @Test func exportsAreFoundByVersionAndType() throws {
        let instance = try instantiate(
            """
            (component
              (core module $M (func (export "f") (result i32) (i32.const 4)))
              (core instance $m (instantiate $M))
              (func $f (result u32) (canon lift (core func $m "f")))
              (instance $i (export "f" (func $f)))
              (export "test:guest/api@0.2.5" (instance $i)))
            """)
        #expect(try instance.call("f", in: "test:guest/api@0.2.0") == .u32(4))
        #expect(try instance.function("f", in: "test:guest/api@0.2", as: (() -> UInt32).self)() == 4)
        #expect(errorText { _ = try instance.function("f", in: "test:guest/api@0.2.0", as: (() -> String).self) } != nil)
        #expect(errorText { try instance.call("g", in: "test:guest/api@0.2.0") } != nil)
        #expect(errorText { try instance.call("f", in: "test:guest/api@1.0.0") }?.contains("test:guest/api@0.2.5") == true)
        #expect(errorText { try instance.call("f", in: "test:guest/api@0.2.0", [.u32(1)]) } != nil)
    }

    @Test func anotherInstanceServes() throws {
        let provider = try instantiate(
            """
            (component
              (core module $M (func (export "now") (result i64) (i64.const 77)))
              (core instance $m (instantiate $M))
              (func $now (result u64) (canon lift (core func $m "now")))
              (instance $i (export "now" (func $now)))
              (export "test:host/clock@1.0.0" (instance $i)))
            """)
        let consumer = try ComponentLinker().instantiate(
            try compile(
                """
                (component
                  (import "test:host/clock@1.0.0" (instance $i (export "now" (func (result u64)))))
                  (alias export $i "now" (func $now))
                  (core func $now' (canon lower (func $now)))
                  (core module $M (import "" "now" (func $now (result i64))) (func (export "run") (result i64) (call $now)))
                  (core instance $m (instantiate $M (with "" (instance (export "now" (func $now'))))))
                  (func (export "run") (result u64) (canon lift (core func $m "run"))))
                """), in: provider.store, instances: provider.allExports)
        #expect(try consumer.call("run") == .u64(77))
        #expect(
            errorText {
                _ = try ComponentLinker().instantiate(
                    try compile(guest("1.0.0", result: "string")), in: provider.store, instances: provider.allExports)
            }?.contains("func() -> string") == true)
    }
}
