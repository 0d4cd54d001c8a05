// One call into a guest, on a fiber of its event loop.
//
//     running ─ wait ──→ waiting ─ wake ──→ (resumption is due) ─→ running
//        └──── yield ──→ yielded ─ its turn ─────────────────────→ running
//        └──── returns → finished

import Execution
import NIOCore

/// What a task is for.
protocol GuestWork: AnyObject {
    /// Does it, on the task's fiber.
    func run(_ task: GuestTask)

    /// The fiber has been put aside, or has ended. Called on the loop's own stack.
    func paused(_ task: GuestTask)
}

/// A guest's call that may be put aside.
// Proof of Sendable: everything is read and written on `loop`'s thread only, but for `wake`, which goes there by itself.
final class GuestTask: @unchecked Sendable {
    enum State {
        case running
        case waiting
        case yielded
        case finished
    }

    let loop: GuestLoop
    private(set) var state = State.yielded
    /// Whether the guest was told to stop, so that it need not wait any more.
    private(set) var isInterrupted = false
    private var isResumptionDue = false
    /// Whether `paused` is under way, and whether what the fiber waits for has come in it.
    private var isPausing = false
    private var wasWokenInPause = false
    private var fiber: Fiber?

    /// How the guest is asked to stop or to yield; nil until there is a store.
    var handle: InterruptHandle? {
        didSet {
            guard let handle else { return }
            if isInterrupted { handle.interrupt() }
            loop.announce(handle, of: self)
        }
    }

    /// Until it is done.
    private var work: (any GuestWork)?

    init(_ work: any GuestWork, on loop: GuestLoop) {
        self.work = work
        self.loop = loop
    }

    /// On the fiber.
    func run() { work?.run(self) }

    func begin(_ fiber: Fiber) {
        loop.eventLoop.assertInEventLoop()
        self.fiber = fiber
        resume()
    }

    /// Runs the fiber until it waits, yields or has ended. On the loop's own stack only.
    ///
    /// A guest that wants to know that its answer was sent waits for what its own pause brings about. It goes on at once,
    /// for a while: where it let others begin first, each of those would hold an instance, and wait in its turn.
    func resume() {
        loop.eventLoop.assertInEventLoop()
        var end: NIODeadline?
        while true {
            runOnce()
            guard wasWokenInPause else { return }
            wasWokenInPause = false
            let now = NIODeadline.now()
            let limit = end ?? now + GuestLoop.shortestTurn
            end = limit
            guard now < limit else { return loop.enqueue(self) }
        }
    }

    private func runOnce() {
        guard let fiber, let work, state != .finished, state != .running else { return }
        isResumptionDue = false
        state = .running
        loop.enter(self)
        fiber.resume()
        loop.leave(self)
        if fiber.isFinished {
            state = .finished
            self.fiber = nil
            self.work = nil
            handle = nil
            loop.end(fiber)
        }
        isPausing = true
        work.paused(self)
        isPausing = false
    }

    // MARK: - On the fiber

    /// Puts the fiber aside until `wake`.
    func wait() {
        loop.eventLoop.assertInEventLoop()
        state = .waiting
        fiber?.suspend()
    }

    /// Puts the fiber aside until others have run.
    func yield() {
        loop.eventLoop.assertInEventLoop()
        guard state == .running else { return }
        state = .yielded
        loop.enqueue(self)
        fiber?.suspend()
    }

    // MARK: - From anywhere

    /// Resumes the fiber if it waits, soon and not now. From any thread.
    func wake() {
        if loop.eventLoop.inEventLoop {
            wakeOnLoop()
        } else {
            loop.eventLoop.execute { self.wakeOnLoop() }
        }
    }

    private func wakeOnLoop() {
        loop.eventLoop.assertInEventLoop()
        guard case .waiting = state, !isResumptionDue else { return }
        isResumptionDue = true
        if isPausing {
            wasWokenInPause = true
            return
        }
        guard loop.mayResumeAtOnce() else { return loop.enqueue(self) }
        loop.eventLoop.execute {
            if case .waiting = self.state { self.resume() }
        }
    }

    /// The same, on the loop only, and when connections have been looked after.
    func wakeInTurn() {
        loop.eventLoop.assertInEventLoop()
        guard case .waiting = state, !isResumptionDue else { return }
        isResumptionDue = true
        loop.enqueue(self)
    }

    /// Stops the guest: its code at the next loop head or call, its waits at once. On the loop only.
    func interrupt() {
        loop.eventLoop.assertInEventLoop()
        guard !isInterrupted, state != .finished else { return }
        isInterrupted = true
        handle?.interrupt()
        wakeOnLoop()
    }
}
