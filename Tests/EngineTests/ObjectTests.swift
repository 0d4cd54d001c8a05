// Structures and arrays: what a collection keeps, what it frees, and what the host may pass.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Objects")
struct ObjectTests {
    /// A heap of 8 MiB, which every test here fills several times.
    private static func guest() throws -> Guest {
        var limits = StoreLimits()
        limits.heapBytes = 8 << 20
        return try Guest(limits: limits)
    }

    @Test("that nothing holds are freed")
    func garbage() throws {
        var guest = try Self.guest()
        let instance = try guest.instantiate("objects")
        #expect(try guest.call(instance, "garbage", 3_000_000) == [])
        #expect(try guest.call(instance, "arrays", 100, 1 << 20) == [])
        #expect(try guest.call(instance, "arrays", 10_000, 9000) == [])
        for size: UInt64 in [0, 1, 100, 1000, 5000, 8000, 100_000] {
            #expect(try guest.call(instance, "arrays", 3000, size) == [])
        }
    }

    @Test("that something holds are kept", arguments: [
        ("held_by_frame", 11), ("held_by_table", 8), ("held_by_segment", 77), ("held_by_exception", 9),
    ] as [(String, UInt64)])
    func kept(name: String, result: UInt64) throws {
        var guest = try Self.guest()
        let instance = try guest.instantiate("objects")
        #expect(try guest.call(instance, name) == [result])
        #expect(try guest.call(instance, name) == [result])
    }

    @Test("of one long list are marked without a deep stack")
    func list() throws {
        var guest = try Self.guest()
        let instance = try guest.instantiate("objects")
        _ = try guest.call(instance, "grow", 100_000)
        _ = try guest.call(instance, "garbage", 1_000_000)
        #expect(try guest.call(instance, "sum") == [100_000 * 100_001 / 2])
        _ = try guest.call(instance, "clear")
        _ = try guest.call(instance, "grow", 100_000)
        #expect(try guest.call(instance, "sum") == [100_000 * 100_001 / 2])
    }

    @Test("trap where there is no room, and then there is room again")
    func exhaustion() throws {
        var guest = try Self.guest()
        let instance = try guest.instantiate("objects")
        #expect(guest.trap(instance, "grow", 10_000_000)?.code == .resourceLimit)
        #expect(guest.trap(instance, "arrays", 1, 16 << 20)?.code == .resourceLimit)
        #expect(guest.trap(instance, "arrays", 1, UInt64(UInt32.max))?.code == .resourceLimit)
        _ = try guest.call(instance, "clear")
        _ = try guest.call(instance, "garbage", 1_000_000)
        _ = try guest.call(instance, "arrays", 10, 4 << 20)
    }

    @Test("lie where their subtypes look for them")
    func layout() throws {
        var guest = try Self.guest()
        let instance = try guest.instantiate("objects")
        #expect(try guest.call(instance, "packed") == [40 - 1 + 0x8000 + 2])
    }

    @Test("are told from other words that the host passes")
    func host() throws {
        var guest = try Self.guest()
        let instance = try guest.instantiate("objects")
        let reference = try #require(try guest.call(instance, "give").first)
        guest.store.pin(reference)
        _ = try guest.call(instance, "garbage", 1_000_000)
        #expect(try guest.call(instance, "take", reference) == [12])
        guest.store.unpin(reference)
        for word: UInt64 in [8, 16, reference + 8, reference + 16 << 20, Reference.i31(5), Reference.host(5), .max] {
            #expect(guest.trap(instance, "take", word)?.code == .host, "\(word)")
        }
        #expect(guest.trap(instance, "take", 0)?.code == .nullStructureReference)
        #expect(try guest.call(instance, "internalize", Reference.host(9)) == [Reference.host(9)])
        #expect(try guest.call(instance, "internalize", reference) == [reference])
        #expect(guest.trap(instance, "internalize", 1 << 40)?.code == .host)
    }
}
