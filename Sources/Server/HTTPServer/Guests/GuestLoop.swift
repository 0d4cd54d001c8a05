// What guests share on one event loop: stacks, and turns. On a fiber nothing is done to a channel: a guest's call leaves
// notes, and `GuestTask.onPause` acts on them on the loop's own stack.

import Execution
import NIOCore
import WasmTypes

/// Runs guests on an event loop.
// Proof of Sendable: used on the event loop's thread only.
final class GuestLoop: @unchecked Sendable {
    let eventLoop: any EventLoop
    /// The guest whose fiber runs now.
    private(set) var current: GuestTask?
    private let slot = YieldTicker.shared.makeSlot()
    private var stacks: [FiberStack] = []
    private var turns = CircularBuffer<GuestTask>()
    private var isTurnScheduled = false
    /// How many guests are under way.
    private(set) var taskCount = 0

    /// Stacks kept for guests to come.
    private static let idleStacks = 64
    /// In bytes. Only what was touched takes memory.
    private static let stackSize = FiberStack.defaultByteCount

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    deinit { YieldTicker.shared.remove(slot) }

    /// Runs `body` on a fiber, at once, until it waits, yields or returns. Throws if there is no room for a stack.
    ///
    /// - Parameter onPause: called on the loop's stack each time that the fiber was put aside, and when it has ended.
    func start(_ body: @escaping (GuestTask) -> Void, onPause: @escaping (GuestTask) -> Void) throws(Trap) {
        let stack: FiberStack
        if let idle = stacks.popLast() {
            stack = idle
        } else {
            stack = try FiberStack(byteCount: Self.stackSize)
        }
        let task = GuestTask(on: self)
        taskCount += 1
        task.onPause = { [unowned task] in
            if case .finished = task.state { self.end(stack) }
            onPause(task)
        }
        task.begin(Fiber(on: stack) { [unowned task] in body(task) })
    }

    private func end(_ stack: FiberStack) {
        taskCount -= 1
        if stacks.count < Self.idleStacks { stacks.append(stack) }
    }

    // MARK: - Turns

    func enter(_ task: GuestTask) {
        current = task
        if let handle = task.handle { slot.begin(handle) }
    }

    func leave(_ task: GuestTask) {
        current = nil
        if task.handle != nil { slot.end() }
    }

    /// The running task's guest can be interrupted from now on.
    func announce(_ handle: InterruptHandle, of task: GuestTask) {
        if current === task { slot.begin(handle) }
    }

    /// A guest that yields gets its next turn when connections have been looked after: the event loop would run tasks
    /// for ever before it looks at a connection, so the next turn is a timer's.
    func enqueue(_ task: GuestTask) {
        turns.append(task)
        scheduleTurn()
    }

    private func scheduleTurn() {
        guard !isTurnScheduled else { return }
        isTurnScheduled = true
        eventLoop.scheduleTask(in: .microseconds(30)) {
            self.isTurnScheduled = false
            guard let task = self.turns.popFirst() else { return }
            if !self.turns.isEmpty { self.scheduleTurn() }
            task.resume()
        }
    }
}
