// What a trap says, and what it leaves alone.

import Execution
import Testing
import WasmEngine
import WasmTypes

@Suite("Traps")
struct TrapTests {
    @Test("show the guest's frames by name")
    func backtrace() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("names")
        let trap = guest.trap(instance, "first")
        #expect(trap?.code == .unreachable)
        #expect(trap?.backtrace.map(\.description) == ["library!third", "library!second", "library!<wasm function 2>"]
            || trap?.backtrace.map(\.description) == ["library!third", "library!second", "library!first"])
    }

    @Test("leave their own store and others usable")
    func harmless() throws {
        var first = try Guest()
        var second = try Guest()
        let failing = try first.instantiate("names")
        let working = try second.instantiate("names")
        for _ in 0..<100 {
            #expect(first.trap(failing, "divide", 1, 0)?.code == .integerDivisionByZero)
            #expect(first.trap(failing, "divide", 1 << 31, 0xFFFF_FFFF)?.code == .integerOverflow)
            #expect(try second.call(working, "divide", 9, 3) == [3])
            #expect(try first.call(failing, "divide", 8, 2) == [4])
        }
    }

    @Test("in a start function prevent the instance")
    func start() throws {
        var guest = try Guest()
        #expect {
            try guest.instantiate("start_traps")
        } throws: { error in
            guard case .trap(let trap) = error as? InstantiationError else { return false }
            return trap.code == .unreachable && trap.backtrace.map(\.description) == ["start!main"]
        }
    }

    @Test("name what an import lacks")
    func imports() throws {
        var guest = try Guest()
        #expect {
            try guest.instantiate("private_memory")
        } throws: { error in
            "\(error)".contains("grow.load")
        }
    }
}

@Suite("Exceptions")
struct ExceptionTests {
    @Test("are caught across frames")
    func acrossFrames() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("exceptions")
        #expect(try guest.call(instance, "across_frames", 5, 0) == [5])
        #expect(try guest.call(instance, "across_frames", 6, 1000) == [6])
        #expect(try guest.call(instance, "pair") == [4, 5])
        #expect(try guest.call(instance, "kept", 20) == [20 + 7 + 100 + 8])
        #expect(try guest.call(instance, "many", 10_000) == [10_000])
    }

    @Test("are caught by the handlers of the legacy instructions")
    func legacy() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("legacy_exceptions")
        #expect(try guest.call(instance, "rethrow", 5) == [10])
        #expect(try guest.call(instance, "results", 0) == [1001, 2])
        #expect(try guest.call(instance, "results", 9) == [1009, 7])
        #expect(try guest.call(instance, "delegated", 5) == [105])
        #expect(try guest.call(instance, "to_caller", 6) == [6])
        #expect(try guest.call(instance, "branch", 7) == [8])
        #expect(try guest.call(instance, "branch", 0) == [50])
    }

    @Test("leave nothing behind that was thrown again and caught")
    func cleanups() throws {
        var limits = StoreLimits()
        limits.exceptions = 20
        var guest = try Guest(limits: limits)
        let instance = try guest.instantiate("legacy_exceptions")
        #expect(try guest.call(instance, "cleanups", 10_000) == [10_000])
    }

    @Test("are thrown again by reference")
    func rethrown() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("exceptions")
        #expect(try guest.call(instance, "rethrow", 5) == [1005])
        #expect(guest.trap(instance, "rethrow_null")?.code == .nullExceptionReference)
    }

    @Test("that nobody catches are traps")
    func uncaught() throws {
        var guest = try Guest()
        let instance = try guest.instantiate("exceptions")
        let trap = guest.trap(instance, "uncaught")
        #expect(trap?.code == .uncaughtException)
        #expect(trap?.backtrace.first?.name == "throw")
    }
}
