// What another thread may ask of a running guest. The guest looks at one word at loop heads and calls, so asking is a
// store to memory, and not being asked costs next to nothing.

import CApus
import WasmTypes

extension Store {
    /// A handle with which any thread can stop this store's guest. It keeps the guest's stack alive, not the store.
    public var interruptHandle: InterruptHandle { unsafe InterruptHandle(stack: stack) }

    /// Does what the guest was asked for. Answers 0 if it goes on, or a trap code.
    func meetInterrupt() -> UInt32 {
        let activation = unsafe stack.activation
        if unsafe apus_interrupt(activation) & APUS_INTERRUPT_YIELD.rawValue != 0 {
            unsafe apus_clear_interrupt(activation, APUS_INTERRUPT_YIELD.rawValue)
            yield?()
        }
        // Who let others run may have been asked to stop meanwhile.
        let isStopped = unsafe apus_interrupt(activation) & APUS_INTERRUPT_STOP.rawValue != 0
        return isStopped ? UInt32(TrapCode.interrupted.rawValue) : 0
    }

    /// To be called now and then by what takes long on behalf of a guest: lets others run if the guest was asked to. Throws if
    /// it is to stop.
    package func passInterrupt() throws(Trap) {
        if unsafe apus_interrupt(stack.activation) != 0, meetInterrupt() != 0 { throw Trap(.interrupted) }
    }

    /// The same for what cannot be left half done: a guest that is to stop does so later.
    func letOthersRun() {
        let activation = unsafe stack.activation
        guard unsafe apus_interrupt(activation) & APUS_INTERRUPT_YIELD.rawValue != 0 else { return }
        unsafe apus_clear_interrupt(activation, APUS_INTERRUPT_YIELD.rawValue)
        yield?()
    }

    /// How many bytes are written at once between two calls of `passInterrupt`, and how many values.
    package static let bytesAtOnce = 1 << 20
    static let valuesAtOnce: UInt64 = 1 << 16
}

/// Stops a guest from another thread, or has it let others run.
// Proof of Sendable: the only accesses are atomic ones to the activation's interrupt word, and the stack that holds the
// activation is kept alive.
public struct InterruptHandle: @unchecked Sendable {
    let stack: GuestStack

    /// The guest traps with `.interrupted` at its next loop head or call.
    public func interrupt() {
        unsafe apus_request_interrupt(stack.activation, APUS_INTERRUPT_STOP.rawValue)
    }

    /// Takes an interrupt back that no guest has met yet.
    public func clear() {
        unsafe apus_clear_interrupt(stack.activation, APUS_INTERRUPT_STOP.rawValue)
    }

    /// The guest calls its store's `yield` at its next loop head or call, and goes on after that.
    package func requestYield() {
        unsafe apus_request_interrupt(stack.activation, APUS_INTERRUPT_YIELD.rawValue)
    }
}
