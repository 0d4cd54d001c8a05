// Calls that are put aside and resumed: what is on their stacks stays, and others run meanwhile.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Fibers")
struct FiberTests {
    @Test("take turns")
    func turns() throws {
        var trace: [String] = []
        var fibers: [Fiber] = []
        for name in ["a", "b", "c"] {
            var fiber: Fiber?
            let made = Fiber(on: try FiberStack()) {
                for round in 0..<3 {
                    trace.append("\(name)\(round)")
                    fiber?.suspend()
                }
            }
            fiber = made
            fibers.append(made)
        }
        while fibers.contains(where: { !$0.isFinished }) {
            for fiber in fibers { fiber.resume() }
        }
        #expect(trace == ["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"])
    }

    private final class Box {
        var values = [0]
    }

    private func modify(_ value: inout Int, _ during: () -> Void) {
        value += 1
        during()
    }

    @Test("leave accesses that are under way in any order")
    func accesses() throws {
        let boxes = (0..<4).map { _ in Box() }
        let outer = Box()
        var fibers: [Fiber] = []
        for box in boxes {
            var fiber: Fiber?
            let made = Fiber(on: try FiberStack()) {
                for _ in 0..<3 { modify(&box.values[0]) { fiber?.suspend() } }
            }
            fiber = made
            fibers.append(made)
        }
        // Each fiber is put aside within an access of its own; the order of leaving is not that of entering.
        for round in 0..<4 {
            let order = round % 2 == 0 ? fibers : fibers.reversed()
            for fiber in order { modify(&outer.values[0]) { fiber.resume() } }
        }
        #expect(!fibers.contains { !$0.isFinished })
        #expect(boxes.map(\.values) == [[3], [3], [3], [3]])
        #expect(outer.values == [16])
    }

    @Test("end when a fiber that ended is resumed again")
    func finished() throws {
        var count = 0
        let fiber = Fiber(on: try FiberStack()) { count += 1 }
        fiber.resume()
        fiber.resume()
        #expect(count == 1)
        #expect(fiber.isFinished)
    }

    @Test("hold a guest that is asked to let others run, and one that calls a host that waits")
    func guest() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("endless")
        guard case .function(let function) = instance.export("br_if") else { throw Trap(.host) }
        let store = guest.store
        let handle = store.interruptHandle
        var fiber: Fiber?
        var trap: Trap?
        var yields = 0
        store.yield = {
            yields += 1
            fiber?.suspend()
        }
        let made = Fiber(on: try FiberStack()) {
            do throws(Trap) { _ = try store.call(function, [1]) } catch { trap = error }
        }
        fiber = made
        for _ in 0..<10 {
            handle.requestYield()
            made.resume()
        }
        #expect(yields == 10)
        #expect(!made.isFinished)
        handle.interrupt()
        made.resume()
        #expect(made.isFinished)
        #expect(trap?.code == .interrupted)
    }

    @Test("lie on stacks that are used again")
    func reuse() throws {
        let stack = try FiberStack(byteCount: 1)
        for _ in 0..<1000 {
            var fiber: Fiber?
            let made = Fiber(on: stack) { fiber?.suspend() }
            fiber = made
            made.resume()
            made.resume()
            #expect(made.isFinished)
        }
    }
}
