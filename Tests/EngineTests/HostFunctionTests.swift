// Calls out to the host and back into the guest.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Host functions")
struct HostFunctionTests {
    private struct Refusal: Error, Equatable {
        var reason: String
    }

    /// A guest whose host function is `body`.
    private func guest(
        limits: StoreLimits = StoreLimits(), _ body: @escaping HostFunctionBody
    ) throws -> (Guest, Instance) {
        var guest = try Guest(limits: limits)
        let type = FunctionType(parameters: [.i32], results: [.i32])
        let function = guest.store.makeFunction(name: "host.call", type: type, body: body)
        guest.linker.define(.function(function), module: "host", name: "call")
        let pair = guest.store.makeFunction(
            name: "host.pair", type: FunctionType(parameters: [.i32], results: [.i64, .i32])
        ) { call in
            let argument = call[0]
            call[0] = 1 << 40
            call[1] = argument
        }
        guest.linker.define(.function(pair), module: "host", name: "pair")
        return (guest, try guest.instantiate("host"))
    }

    private static func exported(_ name: String, _ call: borrowing HostCall) throws -> Function {
        guard case .function(let function) = call.caller?.export(name) else { throw Refusal(reason: "no \(name)") }
        return function
    }

    @Test("take arguments and give results")
    func values() throws {
        let (guest, instance) = try guest { $0[0] = $0[0] * 10 }
        #expect(try guest.call(instance, "outer", 4) == [41])
        #expect(try guest.call(instance, "tail", 4) == [40])
        #expect(try guest.call(instance, "swapped", 9) == [9, 1 << 40])
    }

    @Test("end the guest with their error")
    func errors() throws {
        let (guest, instance) = try guest { _ in throw Refusal(reason: "not today") }
        let trap = guest.trap(instance, "outer", 1)
        #expect(trap?.code == .host)
        #expect(trap?.rootCause as? Refusal == Refusal(reason: "not today"))
        #expect(trap?.backtrace.map(\.description) == ["guest!inner", "guest!outer"])
        #expect(guest.trap(instance, "tail", 1)?.code == .host)
        #expect(try guest.call(instance, "twice", 4) == [8])
    }

    @Test("keep a trap that they throw")
    func traps() throws {
        let (guest, instance) = try guest { _ in throw Trap(.interrupted, detail: "enough") }
        let trap = guest.trap(instance, "outer", 1)
        #expect(trap?.code == .interrupted)
        #expect(trap?.detail == "enough")
    }

    @Test("call back into the guest")
    func reentry() throws {
        let (guest, instance) = try guest { call in
            call[0] = try call.store.call(Self.exported("twice", call), [call[0] + 1])[0]
        }
        #expect(try guest.call(instance, "outer", 4) == [11])
    }

    @Test("nest as deep as the limit says, and no deeper")
    func nesting() throws {
        var limits = StoreLimits()
        limits.hostCallDepth = 100
        let (guest, instance) = try guest(limits: limits) { call in
            call[0] = call[0] == 0 ? 0 : try call.store.call(Self.exported("outer", call), [call[0] - 1])[0]
        }
        #expect(try guest.call(instance, "outer", 99) == [100])
        let trap = guest.trap(instance, "outer", 100)
        #expect(trap?.code == .stackExhausted)
        #expect(trap?.backtrace.count == 200)
        #expect(try guest.call(instance, "outer", 99) == [100])
    }

    @Test("that call back see a trap, and its frames stand above theirs")
    func nestedTraps() throws {
        let (guest, instance) = try guest { call in
            call[0] = try call.store.call(Self.exported("fail", call), [0])[0]
        }
        let trap = guest.trap(instance, "outer", 1)
        #expect(trap?.code == .unreachable)
        #expect(
            trap?.backtrace.map(\.description) == ["guest!failing", "guest!fail", "guest!inner", "guest!outer"])
    }

    @Test("may go on after a trap of the guest that they called")
    func survivedTraps() throws {
        let (guest, instance) = try guest { call in
            do {
                _ = try call.store.call(Self.exported("fail", call), [0])
            } catch let trap as Trap where trap.code == .unreachable {
                call[0] = 6
            }
        }
        #expect(try guest.call(instance, "outer", 1) == [7])
    }

    @Test("may grow the memory that their caller uses")
    func growth() throws {
        let (guest, instance) = try guest { call in
            _ = try call.store.call(Self.exported("grow", call), [0])
        }
        #expect(try guest.call(instance, "grown_by_host") == [3])
    }

    @Test("are not crossed by an exception")
    func exceptions() throws {
        let (guest, instance) = try guest { call in
            _ = try call.store.call(Self.exported("throw", call), [5])
        }
        #expect(guest.trap(instance, "outer", 1)?.code == .uncaughtException)
        // What went through the host is a trap, which nothing in the guest catches.
        #expect(guest.trap(instance, "catch_all", 1)?.code == .uncaughtException)
    }

    @Test("can be called by the host itself")
    func direct() throws {
        let (guest, _) = try guest { _ in }
        let type = FunctionType(parameters: [.i64], results: [.i64, .i64])
        let function = guest.store.makeFunction(name: "own", type: type) { call in
            #expect(call.caller == nil)
            call[1] = call[0] + 1
        }
        #expect(try guest.store.call(function, [7]) == [7, 8])
        #expect(throws: Trap.self) { try guest.store.call(function, []) }
    }
}
