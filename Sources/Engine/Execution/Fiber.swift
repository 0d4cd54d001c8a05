// Host code on a stack of its own, so that a guest's call may wait without holding its thread: the call is put aside in
// the middle, its frames stay where they are, and the thread does something else until the call is resumed.
//
// Swift code does not notice: what it has on the stack stays there. A fiber is always resumed on the thread that it began
// on, because what belongs to a thread (its variables, the runtime's list of accesses under way, whose nodes lie on the
// stacks) belongs to what runs on it.

import CApus
import WasmTypes

/// A call that can be put aside. Used by one thread only, from its beginning to its end.
@safe package final class Fiber {
    /// What a switch changes lies outside the object: an access to a stored property would itself be under way in a switch.
    @safe private struct State {
        /// Where the fiber was put aside, while it is.
        var suspended: UnsafeMutableRawPointer?
        /// Where its resumer waits, while the fiber runs.
        var resumer: UnsafeMutableRawPointer?
    }

    private let state: UnsafeMutablePointer<State>
    private let stack: FiberStack
    private let body: () -> Void
    private var hasEnded = false

    /// Whether `body` has returned.
    package var isFinished: Bool { hasEnded }

    /// A fiber that will run `body`, from the first `resume` on.
    package init(on stack: FiberStack, body: @escaping () -> Void) {
        self.stack = stack
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State())
        self.body = body
        prepare()
    }

    /// Makes a fiber that has ended one that will run `body` again; of another nothing is changed, and the answer is false.
    package func restart() -> Bool {
        guard hasEnded else { return false }
        prepare()
        return true
    }

    private func prepare() {
        hasEnded = false
        unsafe state.pointee = State()
        unsafe state.pointee.suspended = apus_fiber_prepare(
            stack.top, { unsafe Fiber.start($0) }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// A fiber that was begun must have ended before it is dropped: what its frames own would never be released.
    deinit { unsafe state.deallocate() }

    /// Runs the fiber until it suspends itself or ends. A fiber that runs or has ended is left alone.
    package func resume() {
        let state = unsafe self.state
        guard let target = unsafe state.pointee.suspended else { return }
        unsafe state.pointee.suspended = nil
        unsafe apus_fiber_switch(&state.pointee.resumer, target)
    }

    /// Puts the running fiber aside; to be called on it only. Returns when it is resumed.
    package func suspend() {
        let state = unsafe self.state
        guard let target = unsafe state.pointee.resumer else { return }
        unsafe state.pointee.resumer = nil
        unsafe apus_fiber_switch(&state.pointee.suspended, target)
    }

    private static func start(_ argument: UnsafeMutableRawPointer?) {
        if let argument = unsafe argument {
            // Whoever resumes the fiber holds it. The last frame never returns, so nothing may be owned by it.
            unsafe Unmanaged<Fiber>.fromOpaque(argument)._withUnsafeGuaranteedRef { fiber in
                fiber.run()
                fiber.leave()
            }
        }
    }

    private func run() {
        body()
        hasEnded = true
    }

    private func leave() {
        var nowhere: UnsafeMutableRawPointer?
        if let target = unsafe state.pointee.resumer { unsafe apus_fiber_switch(&nowhere, target) }
    }
}
