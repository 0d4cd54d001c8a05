// Instances that call each other, with memories of their own and with shared ones.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Instances")
struct InstanceTests {
    @Test("each use their own memory in calls between them")
    func ownMemories() throws {
        var guest = try Guest()
        try guest.instantiate("grow")
        let instance = try guest.instantiate("private_memory")
        #expect(try guest.call(instance, "apart") == [12])
        #expect(try guest.call(instance, "after_tail") == [12])
        #expect(guest.trap(instance, "bounds")?.code == .memoryOutOfBounds)
    }

    @Test("see a shared memory grow")
    func sharedMemory() throws {
        var guest = try Guest()
        try guest.instantiate("grow")
        let instance = try guest.instantiate("two_memories")
        #expect(try guest.call(instance, "apart") == [112])
        #expect(try guest.call(instance, "grown") == [5])
        #expect(try guest.call(instance, "tail", 8) == [1])
    }

    @Test("of one module do not share state")
    func separateState() throws {
        var guest = try Guest()
        let first = try guest.instantiate("grow")
        let second = try guest.instantiate("grow")
        _ = try guest.call(first, "store", 0, 9)
        #expect(try guest.call(first, "load", 0) == [9])
        #expect(try guest.call(second, "load", 0) == [0])
    }

    @Test("return several values by every way")
    func values() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("values")
        #expect(try guest.call(instance, "return_if", 1, 8, 3) == [8, 3])
        #expect(try guest.call(instance, "return_if", 0, 8, 3) == [5, 5])
        #expect(try guest.call(instance, "return_table", 0, 8, 3) == [8, 9])
        #expect(try guest.call(instance, "return_table", 1, 8, 3) == [8, 3])
        #expect(try guest.call(instance, "return_table", 7, 8, 3) == [8, 3])
        #expect(try guest.call(instance, "return_two_ways", 0, 8, 3) == [8, 3])
        #expect(try guest.call(instance, "return_two_ways", 1, 8, 3) == [8, 9])
        #expect(try guest.call(instance, "return_two_ways", 2, 8, 3) == [11, 9])
        #expect(try guest.call(instance, "swap", 1, 2) == [2, 1])
        #expect(try guest.call(instance, "if", 1, 8, 3) == [11, 1])
        #expect(try guest.call(instance, "if", 0, 8, 3) == [5, 2])
        #expect(try guest.call(instance, "rotate", 1) == [2, 3, 1])
        #expect(try guest.call(instance, "rotate", 3) == [1, 2, 3])
        #expect(try guest.call(instance, "tee_swap", 4, 7) == [47])
    }

    @Test("of one module run on many threads while it is translated")
    func translationRace() async throws {
        for _ in 0..<20 {
            let engine = Engine()
            let module = try Guests.module("many_functions", engine: engine)
            try await withThrowingTaskGroup(of: UInt64.self) { group in
                for thread in 0..<8 {
                    group.addTask {
                        let store = try engine.makeStore()
                        let instance = try Linker().instantiate(module, in: store)
                        var sum: UInt64 = 0
                        for start in stride(from: thread % 3, to: 400, by: 57) {
                            guard case .function(let function) = instance.export("f\(start)") else { throw Trap(.host) }
                            sum += try store.call(function, [UInt64(start)])[0]
                        }
                        return sum
                    }
                }
                for try await sum in group { #expect(sum > 0) }
            }
            let store = try engine.makeStore()
            let instance = try Linker().instantiate(module, in: store)
            guard case .function(let function) = instance.export("f0") else { throw Trap(.host) }
            #expect(try store.call(function, [1]) == [1 + (0..<399).reduce(0, +)])
        }
    }
}
