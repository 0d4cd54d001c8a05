// What a connection waits for the other end to do, and until when.

import NIOCore

/// The time limits of one connection. At most one for what comes and one for what goes.
struct ConnectionClock {
    enum Wait {
        /// The next request, on a connection that is free.
        case request
        /// The rest of a head.
        case head
        /// More of a body.
        case body
        /// The rest of a body that nobody wants.
        case rest
        /// Room for more of a response.
        case room
    }

    private var inbound: (wait: Wait, deadline: NIODeadline)?
    private var room: NIODeadline?
    private var nanosecondsPerByte: Int64 = 0

    mutating func awaitHead(_ deadline: NIODeadline) { inbound = (.head, deadline) }

    mutating func awaitRequest(_ deadline: NIODeadline) { inbound = (.request, deadline) }

    mutating func awaitRest(_ deadline: NIODeadline) { inbound = (.rest, deadline) }

    /// Whether the other end has until some time to send something.
    var awaitsAnything: Bool { inbound != nil }

    var awaitsRequest: Bool { inbound?.wait == .request }

    /// The body may take the time of grace, and for each byte as long as the lowest rate allows.
    mutating func awaitBody(_ now: NIODeadline, _ core: ServerCore) {
        nanosecondsPerByte = core.limits.bodyRate > 0 ? 1_000_000_000 / Int64(core.limits.bodyRate) : 0
        inbound = core.limits.bodyRate > 0 ? (.body, now + core.times.bodyGrace) : nil
    }

    /// - Parameter isHeld: whether the other end is not read at the moment, so that it cannot be late.
    mutating func receivedBody(_ count: Int, at now: NIODeadline, isHeld: Bool, _ core: ServerCore) {
        // Who had to wait for a leave may send without it, and has as much time from then on.
        if inbound == nil, !isHeld { awaitBody(now, core) }
        guard case (.body, let deadline)? = inbound else { return }
        // Who was quick has not earned the right to stop for an hour.
        let credit = min(Int64(count) * nanosecondsPerByte, 60_000_000_000)
        inbound = (.body, min(deadline + .nanoseconds(credit), now + .seconds(60)))
    }

    /// Nothing is waited for from the other end.
    mutating func stop() { inbound = nil }

    mutating func awaitRoom(_ deadline: NIODeadline) { room = deadline }

    mutating func wrote() { room = nil }

    /// What should have come by now.
    func expired(at now: NIODeadline) -> Wait? {
        if let room, now >= room { return .room }
        if let inbound, now >= inbound.deadline { return inbound.wait }
        return nil
    }
}
