// One event loop of a server: its guests, its connections and their clocks. Nothing here is shared with another loop.
//
// Time limits are many and mostly kept, so none of them is a timer: everything that has one is looked at ten times a
// second, while there is anything.

import Execution
import NIOCore
import WASIHTTP

/// Something that a time limit may end.
protocol Watched: AnyObject {
    /// Where the loop has it, while it is watched; the loop's own to change.
    var watchPlace: Int? { get set }

    func look(at now: NIODeadline)
}

/// A connection that deals with what it has read when all of them have read.
protocol TurnTaker: AnyObject {
    /// Deals with what was read.
    func takeTurn()

    /// Sends what there is of responses.
    func endTurn()
}

/// What connections hear when the server's time is up: nothing that is not complete may look as if it were.
struct CutEvent {}

/// The state of one event loop.
// Proof of Sendable: `eventLoop` is; everything else is used on the event loop's thread only, but for the initializer.
final class ServerLoop: @unchecked Sendable {
    private(set) var core: ServerCore
    let eventLoop: any EventLoop
    let guests: GuestLoop
    let allocator = ByteBufferAllocator()
    private var watched: [any Watched] = []
    private var connections: [ObjectIdentifier: any Channel] = [:]
    private var speeches: [ConnectionProtocol: Int] = [:]
    private var instances = InstanceCache()
    private var isLooking = false
    private var date = HTTPDate(0)
    private var spare: ByteBuffer?
    /// Connections that have read something, and those of them that have dealt with it.
    private var heard: [any TurnTaker] = []
    private var answered: [any TurnTaker] = []
    /// Whether connections take turns now, and since when none has sent what it has.
    private var isInTurns = false
    private var turnStart = NIODeadline.now()
    private var isEndScheduled = false

    private var courtesy = ProcessorCourtesy()

    private static let spareCapacity = 4 << 10

    private static let interval = TimeAmount.milliseconds(100)

    init(_ eventLoop: any EventLoop, _ core: ServerCore) {
        self.eventLoop = eventLoop
        self.core = core
        guests = GuestLoop(eventLoop)
    }

    /// Serves with other limits from now on.
    func change(_ core: ServerCore) {
        eventLoop.assertInEventLoop()
        self.core = core
    }

    // MARK: - Time

    func watch(_ object: any Watched) {
        eventLoop.assertInEventLoop()
        guard object.watchPlace == nil else { return }
        object.watchPlace = watched.count
        watched.append(object)
        scheduleLook()
    }

    func unwatch(_ object: any Watched) {
        eventLoop.assertInEventLoop()
        guard let place = object.watchPlace else { return }
        object.watchPlace = nil
        // The last one takes its place.
        guard let last = watched.popLast(), place < watched.count else { return }
        last.watchPlace = place
        watched[place] = last
    }

    private func scheduleLook() {
        guard !isLooking else { return }
        isLooking = true
        eventLoop.scheduleTask(in: Self.interval) { self.look() }
    }

    private func look() {
        eventLoop.assertInEventLoop()
        isLooking = false
        let now = NIODeadline.now()
        // Those that are there now: what one of them does may end others.
        for object in Array(watched) where object.watchPlace != nil { object.look(at: now) }
        instances.trim(at: now)
        if !watched.isEmpty || !instances.isEmpty { scheduleLook() }
    }

    /// The value of `date`, made once a second.
    func dateText() -> String {
        eventLoop.assertInEventLoop()
        let last = date
        let current = last.current
        date = current
        return current.text
    }

    // MARK: - Buffers

    /// An empty buffer for what is copied out of it before long.
    func takeBuffer(capacity: Int) -> ByteBuffer {
        guard capacity <= Self.spareCapacity, var buffer = spare else { return allocator.buffer(capacity: capacity) }
        spare = nil
        buffer.clear()
        return buffer
    }

    /// Keeps a buffer for the next one who wants one, if it is small.
    func giveBack(_ buffer: ByteBuffer) {
        if buffer.capacity <= Self.spareCapacity { spare = buffer }
    }

    // MARK: - Connections

    var connectionCount: Int {
        eventLoop.assertInEventLoop()
        return connections.count
    }

    func connectionOpened(_ channel: any Channel) {
        eventLoop.assertInEventLoop()
        connections[ObjectIdentifier(channel)] = channel
        speeches[.none, default: 0] += 1
    }

    func connectionSpeaks(_ speech: ConnectionProtocol, insteadOf former: ConnectionProtocol) {
        eventLoop.assertInEventLoop()
        speeches[former, default: 0] -= 1
        speeches[speech, default: 0] += 1
    }

    func connectionClosed(_ channel: any Channel, _ speech: ConnectionProtocol) {
        eventLoop.assertInEventLoop()
        connections[ObjectIdentifier(channel)] = nil
        speeches[speech, default: 0] -= 1
    }

    /// Has idle connections closed now, and the others as soon as they are free.
    func drain() {
        eventLoop.assertInEventLoop()
        for channel in connections.values { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    func closeAll() {
        eventLoop.assertInEventLoop()
        for channel in Array(connections.values) {
            channel.pipeline.fireUserInboundEventTriggered(CutEvent())
            channel.close(promise: nil)
        }
    }

    // MARK: - Turns of connections

    /// Has a connection deal with what was read when all was read that had come, on this connection and others, and has all
    /// responses sent after that: a client that is woken for one response, and sleeps, and is woken for the next costs both
    /// sides more than all the rest. And code runs faster that has just run for another connection.
    func takesTurn(_ connection: any TurnTaker) {
        eventLoop.assertInEventLoop()
        if heard.isEmpty { eventLoop.execute { self.takeTurns() } }
        heard.append(connection)
    }

    private func takeTurns() {
        var connections: [any TurnTaker] = []
        swap(&connections, &heard)
        isInTurns = true
        turnStart = .now()
        for connection in connections {
            connection.takeTurn()
            answered.append(connection)
            passTime()
        }
        isInTurns = false
        endTurns()
        // Where there was one only, the loop is about to wait anyway.
        if connections.count > 1 { courtesy.giveWay() }
        connections.removeAll(keepingCapacity: true)
        if heard.isEmpty { swap(&connections, &heard) }
    }

    /// A connection has responses to send, whether it is its turn or not: they are sent together with those of others.
    func owesResponses(_ connection: any TurnTaker) {
        eventLoop.assertInEventLoop()
        answered.append(connection)
        guard !isInTurns, !isEndScheduled else { return }
        isEndScheduled = true
        turnStart = .now()
        eventLoop.execute {
            self.isEndScheduled = false
            self.endTurns()
        }
    }

    /// Where guests take their time, what was answered is not held back.
    func passTime() {
        eventLoop.assertInEventLoop()
        if answered.isEmpty { return }
        let now = NIODeadline.now()
        guard now - turnStart > GuestLoop.shortestTurn else { return }
        endTurns()
        turnStart = now
    }

    /// Has what there is of responses sent. To be called too when a guest has taken its time, which is not to be added to
    /// that of others.
    func endTurns() {
        guard !answered.isEmpty else { return }
        var connections: [any TurnTaker] = []
        swap(&connections, &answered)
        for connection in connections { connection.endTurn() }
        connections.removeAll(keepingCapacity: true)
        if answered.isEmpty { swap(&connections, &answered) }
    }

    // MARK: - Guests

    /// Calls `body` with an instance that is free, or a new one. On a guest's fiber.
    func withInstance(
        of application: Application, for task: GuestTask, _ body: (HTTPProxyInstance) throws(Trap) -> Void
    ) throws {
        eventLoop.assertInEventLoop()
        let instance: GuestInstance
        if let idle = instances.take(application) {
            instance = idle
            idle.handle.clear()
            idle.waiter.task = task
            task.handle = idle.handle
        } else {
            let waiter = FiberWaiter()
            waiter.task = task
            let started = NIODeadline.now()
            var handle: InterruptHandle?
            let proxy = try application.source.makeInstance(waiter: waiter) { store in
                store.yield = { [unowned waiter] in waiter.yield() }
                handle = store.interruptHandle
                task.handle = handle
            }
            core.metrics.countInstance(NIODeadline.now() - started)
            instance = GuestInstance(proxy, waiter: waiter, handle: handle ?? proxy.store.interruptHandle)
        }
        defer { instance.waiter.task = nil }
        try body(instance.proxy)
        instances.put(instance, of: application)
    }

    /// What is told of this loop in the metrics.
    var gauges: LoopGauges {
        eventLoop.assertInEventLoop()
        return LoopGauges(
            connections: speeches, guests: guests.taskCount, waitingRequests: guests.waitingCount,
            idleInstances: instances.idleCounts, renewals: instances.renewals)
    }

    /// To be called when a guest's response has been sent.
    func renewInstances() {
        eventLoop.assertInEventLoop()
        instances.renewUsed()
        // That took a while, and so did the guest.
        if !isInTurns { passTime() }
    }
}
