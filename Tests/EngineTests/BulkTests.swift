// Instructions that touch much memory go in pieces: between two of them others may run, or the guest is stopped.

import Execution
import InternalUtilities
import Testing
import WasmEngine
import WasmTypes

@Suite("Bulk operations")
struct BulkTests {
    private static let piece: UInt64 = 1 << 20

    /// A guest that is asked to let others run whenever it looks, and how often it did.
    private final class Pauses {
        let guest: Guest
        let instance: Instance
        private(set) var count = 0
        /// With which pause the guest is to be stopped.
        var last = Int.max

        init(_ guest: Guest, _ instance: Instance) {
            self.guest = guest
            self.instance = instance
            let handle = guest.store.interruptHandle
            guest.store.yield = { [unowned self] in
                count += 1
                if count >= last { handle.interrupt() } else { handle.requestYield() }
            }
        }

        /// How often others could run during a call, and what it returned.
        func during(_ name: String, _ arguments: UInt64...) throws -> (pauses: Int, results: [UInt64]) {
            guard case .function(let function) = instance.export(name) else { throw Trap(.host, detail: name) }
            count = 0
            guest.store.interruptHandle.requestYield()
            let results = try guest.store.call(function, arguments)
            guest.store.interruptHandle.clear()
            return (count, results)
        }

        func trap(_ name: String, _ arguments: UInt64...) throws -> Trap? {
            guard case .function(let function) = instance.export(name) else { throw Trap(.host, detail: name) }
            count = 0
            guest.store.interruptHandle.requestYield()
            defer { guest.store.interruptHandle.clear() }
            do throws(Trap) {
                _ = try guest.store.call(function, arguments)
                return nil
            } catch {
                return error
            }
        }

        func bytes(_ name: String) throws -> [UInt8] {
            guard case .memory(let memory) = instance.export(name) else { throw Trap(.host, detail: name) }
            return unsafe memory.bytes(at: 0, count: UInt64(memory.byteCount)).map { unsafe Array($0) } ?? []
        }

        func write(_ bytes: [UInt8], to name: String) throws {
            guard case .memory(let memory) = instance.export(name) else { throw Trap(.host, detail: name) }
            unsafe memory.bytes(at: 0, count: UInt64(bytes.count))?.copyBytes(from: bytes)
        }
    }

    private func bulk() throws -> Pauses {
        var guest = try Guest()
        return Pauses(guest, try guest.instantiate("bulk"))
    }

    private static let pattern: [UInt8] = (0..<64 << 16).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 11) }

    /// The pattern at the start of a memory of so many bytes.
    private func grown(to count: Int) -> [UInt8] {
        Self.pattern + [UInt8](repeating: 0, count: count - Self.pattern.count)
    }

    @Test("on a memory let others run", arguments: ["", "_wide"])
    func fill(_ suffix: String) throws {
        let guest = try bulk()
        let memory = suffix.isEmpty ? "memory" : "wide"
        try guest.write(Self.pattern, to: memory)
        let (pauses, _) = try guest.during("fill\(suffix)", 5, 0x1AB, 3 * Self.piece + 17)
        #expect(pauses >= 3)
        var expected = try grown(to: guest.bytes(memory).count)
        for index in 5..<5 + 3 * Int(Self.piece) + 17 { expected[index] = 0xAB }
        #expect(try guest.bytes(memory) == expected)
    }

    @Test(
        "copy in the right direction",
        arguments: [(5, 9), (9, 5), (0, Int(piece) + 3), (Int(piece) + 3, 0), (2, 2)], ["", "_wide"])
    func copy(_ places: (to: Int, from: Int), _ suffix: String) throws {
        let guest = try bulk()
        let memory = suffix.isEmpty ? "memory" : "wide"
        try guest.write(Self.pattern, to: memory)
        let count = 2 * Int(Self.piece) + 1234
        let (pauses, _) = try guest.during("copy\(suffix)", UInt64(places.to), UInt64(places.from), UInt64(count))
        #expect(pauses >= 2)
        var expected = try grown(to: guest.bytes(memory).count)
        expected.replaceSubrange(places.to..<places.to + count, with: Self.pattern[places.from..<places.from + count])
        #expect(try guest.bytes(memory) == expected)
    }

    @Test("copy from one memory to another")
    func copyAcross() throws {
        let guest = try bulk()
        try guest.write(Self.pattern, to: "memory")
        #expect(try guest.during("copy_to_wide", 0, 0, UInt64(Self.pattern.count)).pauses >= 3)
        #expect(try guest.bytes("wide") == Self.pattern)
    }

    @Test("check bounds before anything is written")
    func bounds() throws {
        let guest = try bulk()
        try guest.write(Self.pattern, to: "memory")
        let count = UInt64(try guest.bytes("memory").count)
        let before = try guest.bytes("memory")
        #expect(try guest.trap("fill", 1, 0, count)?.code == .memoryOutOfBounds)
        #expect(try guest.trap("copy", 1, 0, count)?.code == .memoryOutOfBounds)
        #expect(try guest.trap("copy", 0, 1, count)?.code == .memoryOutOfBounds)
        #expect(try guest.trap("fill_wide", 1, 0, .max)?.code == .memoryOutOfBounds)
        #expect(try guest.bytes("memory") == before)
    }

    @Test("stop in the middle when the guest is stopped")
    func stopping() throws {
        let guest = try bulk()
        guest.last = 3
        let calls: [(String, [UInt64])] = [
            ("fill", [0, 1, 4 << 20]), ("copy", [0, 9, 4_000_000]), ("copy", [9, 0, 4_000_000]),
            ("table_grow", [0, 1_000_000]), ("new_bytes", [1, 8 << 20]), ("new_words", [1, 1 << 20]),
            ("new_zeros", [1, 1 << 20]), ("new_references", [1, 1 << 20]),
        ]
        for (name, arguments) in calls {
            let trap = arguments.count == 2
                ? try guest.trap(name, arguments[0], arguments[1]) : try guest.trap(name, arguments[0], arguments[1], arguments[2])
            #expect(trap?.code == .interrupted, "\(name)")
            #expect(guest.count == 3, "\(name)")
        }
        // The last bytes were not written, and what was begun is no object that anybody could find.
        #expect(try guest.bytes("memory").last == 0)
        guest.last = .max
        #expect(try guest.during("collect", 3000).results == [64])
        #expect(try guest.during("new_words", 9, 1 << 20).results == [9])
    }

    @Test("on tables let others run")
    func tables() throws {
        let guest = try bulk()
        let (a, b) = (Reference.host(1), Reference.host(2))
        let grown = try guest.during("table_grow", a, 400_000)
        #expect(grown.results == [0] && grown.pauses >= 3)
        #expect(try guest.during("table_fill", 300_000, b, 100_000).pauses >= 1)
        #expect(try guest.during("table_fill", 0, b, 10).results == [])
        // Upwards over itself.
        #expect(try guest.during("table_copy", 5, 0, 399_995).pauses >= 3)
        for (index, value) in [(0, b), (14, b), (15, a), (300_004, a), (300_005, b), (399_999, b)] {
            #expect(try guest.during("table_get", UInt64(index)).results == [value])
        }
        #expect(try guest.trap("table_fill", 300_001, a, 100_000)?.code == .tableOutOfBounds)
        #expect(try guest.during("table_grow", a, 600_000).results == [400_000])
        #expect(try guest.during("table_get", 399_999).results == [b])
        #expect(try guest.during("table_get", 999_999).results == [a])
    }

    @Test("on arrays let others run")
    func arrays() throws {
        let guest = try bulk()
        #expect(try guest.during("new_bytes", 7, 3 << 20).results == [7])
        #expect(guest.count >= 2)
        #expect(try guest.during("new_vectors", 8, 1 << 18).results == [8])
        #expect(guest.count >= 3)
        #expect(try guest.during("new_zeros", 8, 1 << 19).results == [0])
        #expect(guest.count >= 3)
        #expect(try guest.during("new_references", 8, 1 << 19).results == [8])
        #expect(guest.count >= 3)
        #expect(try guest.during("new_words", 10, 1 << 20).results == [10])
        #expect(guest.count >= 7)
        #expect(try guest.during("fill_words", 1, 11, 1 << 19).pauses >= 3)
        #expect(try guest.during("copy_words", 3, 0, 1 << 19).pauses >= 3)
        for (index, value) in [(0, 10), (1, 11), (2, 11), (3, 10), (4, 11), (524_290, 11), (524_291, 10), (1_048_575, 10)] {
            #expect(try guest.during("word", UInt64(index)).results == [UInt64(value)])
        }
    }

    @Test("let others run in the middle of a collection")
    func collection() throws {
        let guest = try bulk()
        #expect(try guest.during("collect", 1).pauses <= 8)
        // Loop heads, and more.
        #expect(try guest.during("collect", 20_000).pauses > 20_020)
    }

    @Test("from a data segment go in pieces")
    func segment() throws {
        let size = 3 << 20
        let guest = try Guest()
        let module = try guest.engine.compile(ByteSource(Self.moduleWithData(Array(Self.pattern.prefix(size)))))
        let instance = try guest.linker.instantiate(module, in: guest.store)
        let pauses = Pauses(guest, instance)
        #expect(try pauses.during("init", 1, 2, UInt64(size - 2)).pauses >= 2)
        #expect(try pauses.bytes("memory").dropFirst().prefix(size - 2) == Self.pattern[2..<size])
        #expect(try pauses.trap("init", 0, 1, UInt64(size))?.code == .memoryOutOfBounds)
        pauses.last = 2
        #expect(try pauses.trap("init", 0, 0, UInt64(size))?.code == .interrupted)
    }

    /// A module with one passive segment, and `init` as `memory.init` of it.
    private static func moduleWithData(_ data: [UInt8]) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] {
            var rest = value
            var bytes: [UInt8] = []
            repeat {
                bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
                rest >>= 7
            } while rest > 0
            return bytes
        }
        func section(_ id: UInt8, _ content: [UInt8]) -> [UInt8] { [id] + number(content.count) + content }
        let body: [UInt8] = [0, 0x20, 0, 0x20, 1, 0x20, 2, 0xFC, 8, 0, 0, 0x0B]
        return [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
            + section(1, [1, 0x60, 3, 0x7F, 0x7F, 0x7F, 0])
            + section(3, [1, 0]) + section(5, [1, 0, 64])
            + section(7, [2, 4] + Array("init".utf8) + [0, 0, 6] + Array("memory".utf8) + [2, 0])
            + section(12, [1]) + section(10, [1] + number(body.count) + body)
            + section(11, [1, 1] + number(data.count) + data)
    }
}
