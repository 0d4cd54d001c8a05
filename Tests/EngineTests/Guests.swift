// The guests of the tests: binaries beside their text in `Guests/`, whose script `build` makes the one of the other.

import Dispatch
import Execution
import Foundation
import InternalUtilities
import Testing
import WasmEngine
import WasmTypes

enum Guests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Guests")

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent("\(name).wasm")))
    }

    static func module(_ name: String, engine: Engine) throws -> Module {
        try engine.compile(ByteSource(try bytes(name)))
    }
}

/// One store with instances in it.
struct Guest {
    let engine: Engine
    let store: Store
    var linker = Linker()

    init(limits: StoreLimits = StoreLimits(), engine: Engine = Engine()) throws {
        self.engine = engine
        store = try engine.makeStore(limits: limits)
    }

    /// Instantiates a guest, whose exports the next ones can import under its file's name.
    @discardableResult
    mutating func instantiate(_ name: String) throws -> Instance {
        let instance = try linker.instantiate(try Guests.module(name, engine: engine), in: store)
        linker.define(instance, module: name)
        return instance
    }

    func call(_ instance: Instance, _ name: String, _ arguments: UInt64...) throws -> [UInt64] {
        guard case .function(let function) = instance.export(name) else {
            throw Trap(.host, detail: "no function \(name)")
        }
        return try store.call(function, arguments)
    }

    /// The trap that a call ends in.
    func trap(_ instance: Instance, _ name: String, _ arguments: UInt64...) -> Trap? {
        guard case .function(let function) = instance.export(name) else { return nil }
        do throws(Trap) {
            _ = try store.call(function, arguments)
            return nil
        } catch {
            return error
        }
    }
}

extension InterruptHandle {
    /// A thread of its own: the tests themselves hold all those of the shared queues.
    private static let clock = DispatchQueue(label: "interrupts")

    /// Interrupts after a time, unless the item that is returned is cancelled before.
    @discardableResult
    func interrupt(after milliseconds: Int) -> DispatchWorkItem {
        let item = DispatchWorkItem { interrupt() }
        Self.clock.asyncAfter(deadline: .now() + .milliseconds(milliseconds), execute: item)
        return item
    }
}
