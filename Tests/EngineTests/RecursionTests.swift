// Endless recursion is a trap, however it comes about, and the host is none the worse for it.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Recursion")
struct RecursionTests {
    @Test("without end traps", arguments: [("direct", []), ("mutual", [0]), ("indirect", [0]), ("large", [0])] as [(String, [UInt64])])
    func endless(_ name: String, _ arguments: [UInt64]) throws {
        var guest = try Guest()
        let instance = try guest.instantiate("recursion")
        for _ in 0..<3 {
            let trap = arguments.isEmpty ? guest.trap(instance, name) : guest.trap(instance, name, arguments[0])
            #expect(trap?.code == .stackExhausted)
            #expect(trap?.backtrace.isEmpty == false)
            #expect(try guest.call(instance, "add", 2, 3) == [5])
        }
    }

    @Test("goes as deep as the stack allows, and no deeper")
    func depth() throws {
        var limits = StoreLimits()
        limits.stackBytes = 1 << 20
        var small = try Guest(limits: limits)
        let instance = try small.instantiate("recursion")
        #expect(try small.call(instance, "depth", 1000) == [1000])
        #expect(small.trap(instance, "depth", 1_000_000)?.code == .stackExhausted)
        limits.stackBytes = 256 << 20
        var large = try Guest(limits: limits)
        let other = try large.instantiate("recursion")
        #expect(try large.call(other, "depth", 1_000_000) == [1_000_000])
    }

    @Test("through tail calls needs no stack", arguments: ["direct", "indirect"])
    func tailCalls(_ name: String) throws {
        var limits = StoreLimits()
        limits.stackBytes = 64 << 10
        var guest = try Guest(limits: limits)
        let instance = try guest.instantiate("tail")
        #expect(try guest.call(instance, name, 1_000_000, 0) == [500_000_500_000])
        #expect(try guest.call(instance, "uneven", 1_000_000) == [42])
    }
}
