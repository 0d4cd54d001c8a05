// Waiting and notifying in a store of one thread: nobody is there to be woken, and nobody wakes.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Waits", .serialized)
struct WaitingTests {
    @Test("end by another value, or by the time")
    func outcomes() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("waiting")
        #expect(try guest.call(instance, "wait32", 0, 1, .max) == [1])
        #expect(try guest.call(instance, "wait64", 0, 1, .max) == [1])
        #expect(try guest.call(instance, "wait32", 0, 0, 1000) == [2])
        #expect(try guest.call(instance, "wait64", 0, 0, 0) == [2])
        #expect(try guest.call(instance, "notify", 0) == [0])
        #expect(try guest.call(instance, "notify_on_own") == [0])
    }

    @Test("trap where they could not end, or have no place")
    func refused() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("waiting")
        #expect(guest.trap(instance, "wait32", 0, 0, .max)?.code == .host)
        #expect(guest.trap(instance, "wait32", 2, 0, 0)?.code == .unalignedAtomic)
        #expect(guest.trap(instance, "wait64", 4, 0, 0)?.code == .unalignedAtomic)
        #expect(guest.trap(instance, "wait32", 65_536, 0, 0)?.code == .memoryOutOfBounds)
        #expect(guest.trap(instance, "wait64", 65_528, 0, 0)?.code == .memoryOutOfBounds)
        #expect(guest.trap(instance, "notify", 1)?.code == .unalignedAtomic)
        #expect(guest.trap(instance, "notify", 65_536)?.code == .memoryOutOfBounds)
        #expect(guest.trap(instance, "wait_on_own")?.code == .expectedSharedMemory)
    }

    @Test("are interrupted")
    func interrupted() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("waiting")
        guest.store.interruptHandle.interrupt(after: 50)
        #expect(guest.trap(instance, "wait32", 0, 0, 60_000_000_000)?.code == .interrupted)
    }
}
