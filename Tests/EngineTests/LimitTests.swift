// Limits of stores, and growing up to them.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Limits")
struct LimitTests {
    private let failed = UInt64(UInt32.max)

    @Test("hold a memory to its store's bytes")
    func memory() throws {
        var limits = StoreLimits()
        limits.memoryBytes = 3 * 65536
        var guest = try Guest(limits: limits)
        let instance = try guest.instantiate("grow")
        #expect(try guest.call(instance, "grow", 1) == [1])
        #expect(try guest.call(instance, "grow", 2) == [failed])
        #expect(try guest.call(instance, "grow", 1) == [2])
        #expect(try guest.call(instance, "grow", 0) == [3])
        #expect(try guest.call(instance, "grow", failed) == [failed])
        #expect(try guest.call(instance, "load", 3 * 65536 - 1) == [0])
        #expect(guest.trap(instance, "load", 3 * 65536)?.code == .memoryOutOfBounds)
    }

    @Test("hold a memory to its declared maximum")
    func declaredMaximum() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("grow")
        #expect(try guest.call(instance, "grow", 10) == [failed])
        #expect(try guest.call(instance, "grow", 9) == [1])
        #expect(try guest.call(instance, "grow", 1) == [failed])
        #expect(try guest.call(instance, "grow_table", 9) == [1])
        #expect(try guest.call(instance, "grow_table", 1) == [failed])
    }

    @Test("refuse a memory that is too large from the start")
    func largeMinimum() throws {
        var limits = StoreLimits()
        limits.memoryBytes = 65535
        var guest = try Guest(limits: limits)
        #expect(throws: InstantiationError.self) { try guest.instantiate("grow") }
    }

    @Test("hold a table to its store's elements")
    func table() throws {
        var limits = StoreLimits()
        limits.tableElements = 4
        var guest = try Guest(limits: limits)
        let instance = try guest.instantiate("grow")
        #expect(try guest.call(instance, "grow_table", 3) == [1])
        #expect(try guest.call(instance, "grow_table", 1) == [failed])
        #expect(try guest.call(instance, "grow_table", failed) == [failed])
    }

    @Test("count instances, memories and tables")
    func counts() throws {
        for path in [\StoreLimits.instances, \StoreLimits.memories, \StoreLimits.tables] {
            var limits = StoreLimits()
            limits[keyPath: path] = 2
            var guest = try Guest(limits: limits)
            try guest.instantiate("grow")
            try guest.instantiate("grow")
            #expect {
                try guest.instantiate("grow")
            } throws: { error in
                guard case .trap(let trap) = error as? InstantiationError else { return false }
                return trap.code == .resourceLimit
            }
        }
    }

    @Test("let memory that a callee grew be used at once")
    func grownInCallee() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("grow")
        #expect(try guest.call(instance, "grow_in_callee") == [77])
        #expect(try guest.call(instance, "size") == [3])
    }

    @Test("end a guest that holds too many exceptions")
    func exceptions() throws {
        var limits = StoreLimits()
        limits.exceptions = 10
        var guest = try Guest(limits: limits)
        let instance = try guest.instantiate("exceptions")
        #expect(try guest.call(instance, "held", 10) == [10])
        #expect(guest.trap(instance, "held", 1)?.code == .resourceLimit)
        #expect(try guest.call(instance, "thrown_again", 10) == [1])
        #expect(try guest.call(instance, "many", 1000) == [1000])
    }

    @Test("let a guest throw and drop more exceptions than may be alive")
    func droppedExceptions() throws {
        var limits = StoreLimits()
        limits.exceptions = 20
        var guest = try Guest(limits: limits)
        let instance = try guest.instantiate("exceptions")
        #expect(try guest.call(instance, "held", 5) == [5])
        #expect(try guest.call(instance, "dropped", 10_000) == [10_000])
        #expect(try guest.call(instance, "thrown_again", 5) == [1])
    }
}
