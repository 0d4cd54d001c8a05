// Another thread stops a guest that would run for ever, whatever its loop is made of.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Interrupts", .serialized)
struct InterruptTests {
    static let loops: [(String, [UInt64])] = [
        ("br", []), ("br_if", [1]), ("br_if_compared", [5]), ("br_if_wide", [1 << 40]), ("br_if_float", [(1.5).bitPattern]),
        ("br_if_not_float", [(1.5).bitPattern]), ("br_if_value", [1]), ("br_if_moved", [1]), ("br_table", [0]),
        ("br_table_value", [0]), ("inner", [0]), ("inner", [1]), ("tail", []), ("calls", []), ("tail_indirect", []),
        ("throwing", []), ("recursion", [0]),
    ]

    @Test("stop an endless guest", arguments: loops)
    func endless(_ name: String, _ arguments: [UInt64]) throws {
        var guest = try Guest()
        let instance = try guest.instantiate("endless")
        let handle = guest.store.interruptHandle
        handle.interrupt(after: 50)
        let trap = arguments.isEmpty ? guest.trap(instance, name) : guest.trap(instance, name, arguments[0])
        #expect(trap?.code == .interrupted)
        handle.clear()
        // The store is as good as before.
        guard case .function(let function) = instance.export("br_if") else { throw Trap(.host) }
        #expect(try guest.store.call(function, [0]) == [])
    }

    @Test("outlive their store")
    func lateInterrupt() throws {
        var guest: Guest? = try Guest()
        let handle = try #require(guest?.store.interruptHandle)
        guest = nil
        handle.interrupt()
    }
}
