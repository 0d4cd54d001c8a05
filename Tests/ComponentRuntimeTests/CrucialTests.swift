// The ways of a call, tested without any tool at hand: numbers, strings, handles, a trap.

import ComponentRuntime
import ComponentTypes
import Execution
import InternalUtilities
import Testing

private final class Thing {}

@Suite struct CrucialTests {
    private func instantiate(_ binary: BinaryComponent, _ linker: ComponentLinker) throws -> ComponentInstance {
        try linker.instantiate(try engine.compile(component: binary.source), in: try engine.makeStore())
    }

    @Test func numbersAndTraps() throws {
        var linker = ComponentLinker()
        linker.define(HostFunction("add") { (_: inout HostContext, a: UInt32, b: UInt32) in a &+ b })
        let instance = try instantiate(.adder, linker)
        #expect(try instance.call("twice", [.u32(21)]) == .u32(42))
        #expect(try instance.function("twice", as: ((UInt32) -> UInt32).self)(.max) == .max - 1)
        #expect(trap { try instance.call("fail") }?.code == .unreachable)
        #expect(trap { try instance.call("twice", [.u32(1)]) }?.description.contains("trapped before: unreachable") == true)
    }

    @Test func strings() throws {
        var linker = ComponentLinker()
        linker.define(HostFunction("join") { (_: inout HostContext, a: String, b: String) in a + b })
        let instance = try instantiate(.strings, linker)
        #expect(try instance.call("double", [.string("größe 🦅 ")]) == .string("größe 🦅 größe 🦅 "))
    }

    @Test func handles() throws {
        final class Record: @unchecked Sendable { var drops = 0 }
        let record = Record()
        var things = HostInterface("test:host/things", version: "1.3.0")
        things.resource("thing", of: Thing.self) { _, _ in record.drops += 1 }
        things.function("make") { (_: inout HostContext) in Owned(Thing()) }
        things.function("look") { (_: inout HostContext, _: Borrowed<Thing>) in UInt32(7) }
        var linker = ComponentLinker()
        linker.define(things)
        let instance = try instantiate(.handles, linker)
        #expect(try instance.call("run") == .u32(7))
        #expect(record.drops == 1)
        #expect(errorText { try instance.call("use-after-drop") } == "unknown handle index 1")
        #expect(record.drops == 2)
    }

    @Test func importsAreChecked() throws {
        var linker = ComponentLinker()
        #expect(errorText { _ = try instantiate(.adder, linker) }?.contains("`add`") == true)
        linker.define(HostFunction("add") { (_: inout HostContext, a: UInt32, b: UInt64) in a })
        #expect(errorText { _ = try instantiate(.adder, linker) }?.contains("func(u32, u64) -> u32") == true)
    }

    /// A component damaged at random is refused, or does what it does; the host goes on.
    @Test func damagedComponentsHarmNobody() throws {
        var generator = SeededGenerator(state: 0x5EED)
        var linker = ComponentLinker()
        linker.define(HostFunction("add") { (_: inout HostContext, a: UInt32, b: UInt32) in a &+ b })
        linker.define(HostFunction("join") { (_: inout HostContext, a: String, b: String) in a + b })
        for binary in [BinaryComponent.adder, .strings] {
            let source = binary.source
            let bytes = (0..<source.count).map { source.bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
            for _ in 0..<2000 {
                var damaged = bytes
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    damaged[Int.random(in: 8..<damaged.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                }
                guard let component = try? engine.compile(component: ByteSource(damaged)) else { continue }
                var limits = StoreLimits()
                limits.memoryBytes = 16 << 20
                let store = try engine.makeStore(limits: limits)
                guard let instance = try? linker.instantiate(component, in: store) else { continue }
                for name in instance.exportNames {
                    _ = try? instance.call(name, [.u32(5)])
                    _ = try? instance.call(name, [.string("swift")])
                }
            }
        }
    }
}

/// The same numbers in every run.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
