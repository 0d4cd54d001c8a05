// Vectors in every place where a value can be: what the core suite's vector scripts, which are about arithmetic, leave out.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Vectors")
struct VectorTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var arguments: [UInt64]
        var results: [UInt64]
        var testDescription: String { "\(name) \(arguments)" }
    }

    private static func `case`(_ name: String, _ arguments: [UInt64], _ results: [UInt64]) -> Case {
        Case(name: name, arguments: arguments, results: results)
    }

    static let cases = [
        `case`("exchange", [1, 2, 3, 4, 5], [4, 5, 3, 1, 2]),
        `case`("shift", [1, 2, 3, 4, 5], [2, 3, 1, 4, 5]),
        `case`("first", [1, 2, 3, 4], [3, 4]),
        `case`("zero", [], [0, 0]),
        `case`("carry", [1, 20, 30], [4, 21, 31, 5]),
        `case`("carry", [0, 20, 30], [6, 20, 30, 7]),
        `case`("table", [0, 2, 3], [1, 0 &- 2, 0 &- 3]),
        `case`("table", [1, 2, 3], [1, 2, 3]),
        `case`("table", [9, 2, 3], [1, 0 &- 2, 0 &- 3]),
        `case`("chosen", [1, 2, 3], [2, 3, 1]),
        `case`("chosen", [0, 2, 3], [8, 9, 2]),
        `case`("loop", [5], [5, 110]),
        `case`("select", [1, 2, 3, 4, 5], [2, 3]),
        `case`("select", [0, 2, 3, 4, 5], [4, 5]),
        `case`("select_untyped", [1, 2, 3], [2, 3]),
        `case`("select_untyped", [0, 2, 3], [21, 22]),
        `case`("locals", [10, 50], [10, 50, 0, 80]),
        `case`("globals", [1, 2], [11, 12, 1, 2, 31, 32, 31, 32]),
        `case`("call", [1, 2], [3, 4, 1, 2]),
        `case`("indirect", [1, 2], [5, 6, 4, 1, 2]),
        `case`("host", [10, 20], [1, 13, 22, 5]),
        `case`("tail", [7, 1, 2], [9, 1, 2]),
        `case`("tail_indirect", [1, 2], [9, 0 &- 1, 0 &- 2]),
        `case`("count", [100_000, 5, 6], [100_005, 300_006]),
        `case`("depth", [100, 2, 3], [200, 301]),
        `case`("catch", [5, 6], [7, 1, 5, 6, 2]),
        `case`("rethrow", [5, 6], [1, 5, 6, 2]),
        `case`("memory", [16, 5, 6], [5, 6, 5, 6, 0 &- 5, 0 &- 6]),
        `case`("memory", [3, 5, 6], [5, 6, 5, 6, 0 &- 5, 0 &- 6]),
        `case`("lanes", [64], [0x0004_0000, 0x0403_0201_0000_0000]),
        `case`("beyond", [65_519], [0, 0]),
        `case`(
            "shuffle", [0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908, 0x1716_1514_1312_1110, 0x1F1E_1D1C_1B1A_1918],
            [0x0719_051B_031D_011F, 0x0F11_0D13_0B15_0917]),
    ]

    /// A store with the guest, whose imports the host gives.
    private func guest() throws -> (Guest, Instance) {
        var guest = try Guest()
        let type = FunctionType(parameters: [.i32, .v128, .i64], results: [.v128, .i32])
        let swap = guest.store.makeFunction(name: "host.swap", type: type) { call in
            let (number, low, high, wide) = (call[0], call[1], call[2], call[3])
            call[0] = low + wide
            call[1] = high + number
            call[2] = number + wide
        }
        guest.linker.define(.function(swap), module: "host", name: "swap")
        let one = Global(type: GlobalType(valueType: .v128, isMutable: false), value: 31, upper: 32)
        guest.linker.define(.global(one), module: "host", name: "one")
        return (guest, try guest.instantiate("vectors"))
    }

    @Test("are where they belong", arguments: cases)
    func placed(_ wanted: Case) throws {
        let (guest, instance) = try guest()
        guard case .function(let function) = instance.export(wanted.name) else {
            Issue.record("no function \(wanted.name)")
            return
        }
        #expect(try guest.store.call(function, wanted.arguments) == wanted.results)
    }

    @Test("are not read or written beyond a memory's end", arguments: [
        ("beyond", 65_520), ("beyond", 0xFFFF_FFFF), ("beyond_lane", 65_529), ("beyond_splat", 65_534),
    ] as [(String, UInt64)])
    func bounds(_ name: String, _ address: UInt64) throws {
        let (guest, instance) = try guest()
        #expect(guest.trap(instance, name, address)?.code == .memoryOutOfBounds)
    }
}
