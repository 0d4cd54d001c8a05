// What an embedder does with nothing but `import Apus`.
import Apus
import Foundation
import Testing

private let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "ApusCommandsTests/Fixtures").path

@Test(arguments: [(1, 0), (2, 1), (3, 42)] as [(Int, UInt8)])
func runsAProgram(argumentCount: Int, status: UInt8) throws {
    let command = try WASICommand(contentsOf: fixtures + "/command.wasm")
    var host = HostConfiguration()
    host.arguments = Array(repeating: "x", count: argumentCount)
    #expect(try command.run(host) == status)
    // As often as wanted, each time as a new guest.
    #expect(try command.run(host) == status)
}

@Test(arguments: [(1, 1), (3, 3)] as [(Int, UInt8)])
func runsACoreModule(argumentCount: Int, status: UInt8) throws {
    let command = try WASICommand(contentsOf: fixtures + "/wasi1.wasm")
    var host = HostConfiguration()
    host.arguments = Array(repeating: "x", count: argumentCount)
    #expect(try command.run(host) == status)
    #expect(try command.run(host) == status)
}

@Test
func coreModulesTrap() throws {
    let command = try WASICommand(contentsOf: fixtures + "/wasi1.wasm")
    var host = HostConfiguration()
    host.arguments = ["1", "2", "3", "4"]
    do {
        _ = try command.run(host)
        Issue.record("no trap")
    } catch {
        #expect(error.trap?.code == .unreachable)
        #expect(error.trap?.backtrace.map(\.name) == ["start"])
    }
}

/// Is interrupted whenever somebody waits.
private final class InterruptedWaiter: Waiter {
    private let waiter: PollWaiter

    init(waiter: PollWaiter) {
        self.waiter = waiter
    }

    func wait(for pollables: [Pollable]) throws(WaitInterrupted) -> [Int] {
        Thread.detachNewThread { [waiter] in waiter.interrupt() }
        return try waiter.wait(for: pollables)
    }
}

@Test
func waitsOfCoreModulesAreInterrupted() throws {
    let command = try WASICommand(contentsOf: fixtures + "/wasi1.wasm")
    var host = HostConfiguration()
    host.arguments = ["1", "2", "3", "4", "5"]
    host.waiter = InterruptedWaiter(waiter: try PollWaiter())
    do {
        _ = try command.run(host)
        Issue.record("no trap")
    } catch {
        #expect(error.trap?.rootCause is WaitInterrupted)
    }
}

@Test
func modulesAreLinked() throws {
    let engine = Engine()
    let module = try engine.compile(ByteSource(mapping: fixtures + "/numbers.wasm"))
    let program = ModuleProgram(module, engine: engine, preloads: [.init(name: "other", module: module)])
    let instance = try program.instantiate(in: program.makeStore(), host: HostConfiguration())
    #expect(instance.export("add") != nil)
    #expect(program.entry(of: instance) == nil)
    #expect(throws: WASICommandError.self) { try WASICommand(program, engine: engine) }
}

@Test
func trapsNameTheGuestsFunctions() throws {
    let command = try WASICommand(contentsOf: fixtures + "/command.wasm")
    var host = HostConfiguration()
    host.arguments = ["1", "2", "3", "4"]
    do {
        _ = try command.run(host)
        Issue.record("no trap")
    } catch {
        guard case .trap(let trap) = error else { throw error }
        #expect(trap.code == .unreachable)
        #expect(trap.backtrace.map(\.name) == ["fail", "run"])
    }
}

@Test
func programsAreInterrupted() throws {
    let command = try WASICommand(contentsOf: fixtures + "/command.wasm")
    var host = HostConfiguration()
    host.arguments = ["1", "2", "3", "4", "5"]
    let store = try command.makeStore(host)
    let handle = store.interruptHandle
    Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.05)
        handle.interrupt()
    }
    do {
        _ = try command.run(in: store)
        Issue.record("no trap")
    } catch {
        #expect(error.trap?.code == .interrupted)
    }
}

@Test
func callsAFunction() throws {
    let engine = Engine()
    let component = try engine.compile(component: ByteSource(mapping: fixtures + "/greeter.wasm"))
    let instance = try ComponentLinker().instantiate(component, in: engine.makeStore())
    let number = try instance.function("lucky-number", as: (() -> UInt32).self)
    #expect(try number() == 7)
}

@Test
func refusals() throws {
    #expect(throws: WASICommandError.self) { try WASICommand(contentsOf: fixtures + "/absent.wasm") }
    #expect(throws: WASICommandError.self) { try WASICommand(contentsOf: fixtures + "/invalid-component.wasm") }
    do {
        _ = try WASICommand(contentsOf: fixtures + "/greeter.wasm")
        Issue.record("no error")
    } catch {
        guard case .notACommand(exports: ["lucky-number"]) = error else { throw error }
    }
}
