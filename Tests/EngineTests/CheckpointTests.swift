// Stores that are made what they were: nothing that a guest can look at tells of what came between.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Checkpoints")
struct CheckpointTests {
    private let shared = SharedSnapshots()

    @Test("put back all that a guest can change, any number of times")
    func restoring() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("past")
        let checkpoint = try #require(guest.store.makeCheckpoint(shared))
        let before = try guest.call(instance, "look")
        for _ in 0..<3 {
            _ = try guest.call(instance, "change")
            #expect(zip(before, try guest.call(instance, "look")).allSatisfy { $0 != $1 })
            #expect(guest.trap(instance, "reach") != nil)
            #expect(guest.store.restore(checkpoint))
            #expect(try guest.call(instance, "look") == before)
            #expect(try guest.call(instance, "reach") == [0, 0, 2])
            #expect(guest.store.restore(checkpoint))
            #expect(try guest.call(instance, "look") == before)
        }
    }

    @Test("hold for memories of any size, whether their pages are given back meanwhile or not", arguments: ["memory", "wide"])
    func large(_ name: String) throws {
        var guest = try Guest()
        let instance = try guest.instantiate("bulk")
        let (fill, copy) = name == "wide" ? ("fill_wide", "copy_wide") : ("fill", "copy")
        func bytes() throws -> [UInt8] {
            guard case .memory(let memory) = instance.export(name) else { throw Trap(.host) }
            return unsafe memory.bytes(at: 0, count: UInt64(memory.byteCount)).map { unsafe Array($0) } ?? []
        }
        _ = try guest.call(instance, fill, 100, 1, 3_000_000)
        _ = try guest.call(instance, fill, 4_000_001, 2, 5)
        let before = try bytes()
        let checkpoint = try #require(guest.store.makeCheckpoint(shared))
        #expect(try bytes() == before)
        for rests in [false, true, false, true, true] {
            // Pages that were written to, those next to each other and those that are not.
            for page in stride(from: UInt64(0), to: 700, by: 3) { _ = try guest.call(instance, fill, page << 12, 7, 1) }
            _ = try guest.call(instance, fill, 50_000, 8, 20_000)
            _ = try guest.call(instance, copy, 4_100_000, 90, 50_000)
            #expect(try bytes() != before)
            #expect(guest.store.restore(checkpoint))
            if rests { guest.store.rest(checkpoint) }
            #expect(try bytes() == before)
        }
    }

    @Test("are shared by stores that are alike, and change none of them")
    func sharing() throws {
        var guests: [(guest: Guest, instance: Instance, checkpoint: StoreCheckpoint)] = []
        for _ in 0..<3 {
            var guest = try Guest()
            let instance = try guest.instantiate("past")
            guests.append((guest, instance, try #require(guest.store.makeCheckpoint(shared))))
        }
        let before = try guests[0].guest.call(guests[0].instance, "look")
        for index in guests.indices {
            let (guest, instance, checkpoint) = guests[index]
            _ = try guest.call(instance, "change")
            for other in guests[(index + 1)...] { #expect(try other.guest.call(other.instance, "look") == before) }
            #expect(guest.store.restore(checkpoint))
        }
        for (guest, instance, _) in guests { #expect(try guest.call(instance, "look") == before) }
    }

    @Test("of stores that are not alike are not mixed up")
    func apart() throws {
        var first = try Guest()
        let instance = try first.instantiate("past")
        _ = try #require(first.store.makeCheckpoint(shared))
        var second = try Guest()
        let changed = try second.instantiate("past")
        _ = try second.call(changed, "change")
        // Its exceptions are none of a checkpoint's.
        #expect(second.store.makeCheckpoint(shared) == nil)
        var third = try Guest()
        let grown = try third.instantiate("grow")
        _ = try third.call(grown, "store", 8, 1)
        let checkpoint = try #require(third.store.makeCheckpoint(shared))
        _ = try third.call(grown, "store", 8, 2)
        #expect(third.store.restore(checkpoint))
        #expect(try third.call(grown, "load", 8) == [1])
        #expect(try first.call(instance, "look").first == 1)
    }

    @Test("are not to be had of what the host has a part in")
    func hostCalls() throws {
        var guest = try Guest()
        let function = guest.store.makeFunction(
            name: "host.call", type: FunctionType(parameters: [.i32], results: [.i32])
        ) { $0[0] = 1 }
        let pair = guest.store.makeFunction(
            name: "host.pair", type: FunctionType(parameters: [.i32], results: [.i64, .i32])
        ) { $0[0] = 1 }
        guest.linker.define(.function(function), module: "host", name: "call")
        guest.linker.define(.function(pair), module: "host", name: "pair")
        let instance = try guest.instantiate("host")
        let checkpoint = try #require(guest.store.makeCheckpoint(shared))
        _ = try guest.call(instance, "outer", 1)
        #expect(guest.store.makeCheckpoint(shared) == nil)
        // What came after the checkpoint does not matter to it.
        #expect(guest.store.restore(checkpoint))
    }

    @Test("are not to be had of a store with objects")
    func objects() throws {
        var guest = try Guest()
        try guest.instantiate("objects")
        #expect(guest.store.makeCheckpoint(shared) == nil)
    }

    @Test("do not bring back a store whose references the host keeps")
    func pinned() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("past")
        let checkpoint = try #require(guest.store.makeCheckpoint(shared))
        _ = try guest.call(instance, "look")
        guest.store.pin(0)
        #expect(!guest.store.restore(checkpoint))
        guest.store.unpin(0)
        #expect(guest.store.restore(checkpoint))
    }
}
