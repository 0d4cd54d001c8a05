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
    /// Fibers that have ended, for guests to come.
    private var fibers: [Fiber] = []
    private var turns = CircularBuffer<GuestTask>()
    private var doorbell: Doorbell?
    /// How many guests have gone on at once since the last turns.
    private var resumptions = 0
    /// How many have begun at once for the connection that is heard.
    private var starts = 0
    /// What waits for its turn to begin, by connection, and the connections in turn.
    private var waitingStarts: [ObjectIdentifier: CircularBuffer<() -> Void>] = [:]
    private var waitingConnections = CircularBuffer<ObjectIdentifier>()
    /// How many have begun in the turn of the connection that is the first of them.
    private var startsInTurn = 0
    /// How many requests wait for their turn to begin.
    private(set) var waitingCount = 0
    /// Since when turns are due.
    private var dueSince: NIODeadline?
    /// How many guests are under way.
    private(set) var taskCount = 0

    private static let idleFibers = 64
    /// In bytes. Only what was touched takes memory.
    private static let stackSize = FiberStack.defaultByteCount
    private static let resumptionsAtOnce = 4
    private static let startsAtOnce = 8
    /// So many guests are under way before others begin only by turns: those that could go on should end first, and each
    /// holds an instance.
    private static let guestsAtOnce = 8
    /// So many connections may be overtaken by one that has nothing waiting. Where more of them wait, it is no single client
    /// that has asked for much, and everybody takes turns: else those that wait would do so as long as others come.
    private static let connectionsOvertaken = 8
    static let shortestTurn = TimeAmount.milliseconds(1)
    private static let longestTurn = TimeAmount.milliseconds(50)

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        doorbell = Doorbell(eventLoop) { self.takeTurns() }
    }

    deinit { YieldTicker.shared.remove(slot) }

    /// Runs `work` on a fiber, at once, until it waits, yields or returns. Throws if there is no room for a stack.
    func start(_ work: any GuestWork) throws(Trap) {
        eventLoop.assertInEventLoop()
        let task = GuestTask(work, on: self)
        let fiber: Fiber
        if let idle = fibers.popLast(), idle.restart() {
            fiber = idle
        } else {
            // A fiber begins when its task has been made the current one. Fibers run on no loop but this, while it is there.
            fiber = Fiber(on: try FiberStack(byteCount: Self.stackSize)) { [unowned(unsafe) self] in unsafe self.current?.run() }
        }
        taskCount += 1
        task.begin(fiber)
    }

    /// A task has ended, on this fiber.
    func end(_ fiber: Fiber) {
        taskCount -= 1
        if fibers.count < Self.idleFibers { fibers.append(fiber) }
    }

    // MARK: - Turns

    func enter(_ task: GuestTask) {
        eventLoop.assertInEventLoop()
        current = task
        if let handle = task.handle { slot.begin(handle) }
    }

    func leave(_ task: GuestTask) {
        eventLoop.assertInEventLoop()
        current = nil
        if task.handle != nil { slot.end() }
    }

    /// The running task's guest can be interrupted from now on.
    func announce(_ handle: InterruptHandle, of task: GuestTask) {
        eventLoop.assertInEventLoop()
        if current === task { slot.begin(handle) }
    }

    /// The task's fiber is resumed when it is its turn, and when connections have been looked after.
    func enqueue(_ task: GuestTask) {
        eventLoop.assertInEventLoop()
        turns.append(task)
        ring()
    }

    /// To be called when all was dealt with that one connection had to say.
    func connectionWasHeard() {
        eventLoop.assertInEventLoop()
        starts = 0
    }

    /// Whether a guest may be started for the connection at once, which counts as done then. If not, `begin` starts it in its
    /// turn: a client that sends hundreds of requests at once must not hold up all others.
    func mayBegin(for connection: ObjectIdentifier) -> Bool {
        eventLoop.assertInEventLoop()
        guard starts < Self.startsAtOnce, taskCount < Self.guestsAtOnce else { return false }
        if waitingCount > 0 {
            guard waitingConnections.count < Self.connectionsOvertaken, waitingStarts[connection] == nil else { return false }
        }
        starts += 1
        return true
    }

    /// Calls `body`, which is to start a guest, when it is the connection's turn.
    func begin(for connection: ObjectIdentifier, _ body: @escaping () -> Void) {
        eventLoop.assertInEventLoop()
        if waitingStarts[connection] == nil { waitingConnections.append(connection) }
        waitingStarts[connection, default: CircularBuffer()].append(body)
        waitingCount += 1
        ring()
    }

    private func ring() {
        if dueSince == nil { dueSince = .now() }
        doorbell?.ring()
    }

    /// Whether a guest that was waited for may go on before connections are looked at again. A few may, for that is quicker;
    /// but a guest that always finds something to go on with must not have the loop for itself.
    func mayResumeAtOnce() -> Bool {
        eventLoop.assertInEventLoop()
        guard resumptions < Self.resumptionsAtOnce else { return false }
        resumptions += 1
        // Whoever comes behind the last one is enqueued, and that ends the count.
        return true
    }

    private func takeTurns() {
        eventLoop.assertInEventLoop()
        resumptions = 0
        starts = 0
        // Those that are there now, and as long as they take next to no time; but where connections had much to say since turns
        // were due, guests have as long. If not, requests that are refused would hold up those that were admitted, and the more
        // so the more of them come. Requests begin first: most are small, and a guest that computes takes a whole slice of time.
        let began = NIODeadline.now()
        let turn = min(max(began - (dueSince ?? began), Self.shortestTurn), Self.longestTurn)
        var end = began + turn
        var now = began
        var hasBegun = false
        while !hasBegun || taskCount < Self.guestsAtOnce || turns.isEmpty, let body = nextStart() {
            hasBegun = true
            let before = now
            body()
            now = .now()
            if now - before > Self.shortestTurn { passTurn() }
            if now >= end { break }
        }
        end = NIODeadline.now() + turn
        for _ in 0..<turns.count {
            turns.popFirst()?.resume()
            if NIODeadline.now() >= end { break }
        }
        dueSince = nil
        if !turns.isEmpty || !waitingConnections.isEmpty { ring() }
    }

    /// What is to begin next, of the connection whose turn it is: several, for what is answered together is sent and read together.
    private func nextStart() -> (() -> Void)? {
        guard let connection = waitingConnections.first, let body = waitingStarts[connection]?.popFirst() else { return nil }
        waitingCount -= 1
        startsInTurn += 1
        if waitingStarts[connection]?.isEmpty ?? true {
            waitingStarts[connection] = nil
            waitingConnections.removeFirst()
            startsInTurn = 0
        } else if startsInTurn == Self.startsAtOnce {
            passTurn()
        }
        return body
    }

    /// It is the next connection's turn, if a connection has one that has begun.
    private func passTurn() {
        guard startsInTurn > 0, let connection = waitingConnections.popFirst() else { return }
        waitingConnections.append(connection)
        startsInTurn = 0
    }
}
