// Whether the client of an HTTP/2 connection is there still (RFC 9113, section 6.7). One that was not heard of for long is asked.

import NIOCore

/// When to ask, and when to give up. Looked at now and then; to hear something costs next to nothing.
struct ConnectionPulse {
    enum Step {
        case none
        case ask
        /// Once.
        case giveUp
    }

    private var wasHeard = false
    private var quietSince: NIODeadline
    private var asked: NIODeadline?
    private var hasGivenUp = false

    init(_ now: NIODeadline) {
        quietSince = now
    }

    /// Something came.
    mutating func heard() { wasHeard = true }

    /// What to do now.
    mutating func step(at now: NIODeadline, _ times: ServerTimes) -> Step {
        if wasHeard {
            wasHeard = false
            quietSince = now
            asked = nil
        }
        if let asked {
            guard now - asked >= times.ping, !hasGivenUp else { return .none }
            hasGivenUp = true
            return .giveUp
        }
        guard now - quietSince >= times.silence else { return .none }
        asked = now
        return .ask
    }
}
