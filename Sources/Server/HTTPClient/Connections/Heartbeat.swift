// Whether the other end of a connection is there still. One that has gone without a word, as a machine does that lost its
// power or a path its route, looks like one that takes its time; only an answer tells them apart (RFC 9113, section 6.7).
//
// It is asked when it was silent while a request waits, and together with a request that begins after a silence. While it
// answers and says nothing else it is asked less and less, for servers take many questions for an attack.

import NIOCore

/// When to ask, and when to give up.
struct Heartbeat {
    enum Step: Equatable {
        case wait(until: NIODeadline)
        case ask
        /// It was asked and has not answered.
        case giveUp
    }

    private let silence: TimeAmount
    private let answer: TimeAmount
    private var interval: TimeAmount
    private var lastHeard: NIODeadline
    private var askedAt: NIODeadline?

    /// What servers allow that count (gRPC's do) is one in five minutes.
    private static let longest = TimeAmount.seconds(310)

    /// - Parameters:
    ///   - silence: how long nothing may be heard before it is asked.
    ///   - answer: how long it has to answer.
    init(silence: TimeAmount, answer: TimeAmount, now: NIODeadline) {
        self.silence = silence
        self.answer = answer
        interval = silence
        lastHeard = now
    }

    /// It has said something by itself.
    mutating func heard(at now: NIODeadline) {
        lastHeard = now
        askedAt = nil
        interval = silence
    }

    /// It has answered, and nothing more.
    mutating func answered(at now: NIODeadline) {
        guard askedAt != nil else { return }
        lastHeard = now
        askedAt = nil
        interval = min(.nanoseconds(interval.nanoseconds * 6), max(Self.longest, silence))
    }

    mutating func asked(at now: NIODeadline) { askedAt = now }

    /// Whether there is reason to ask, for a request begins, or has not been answered.
    func asks(at now: NIODeadline) -> Bool {
        askedAt == nil && now - lastHeard > .nanoseconds(silence.nanoseconds / 10)
    }

    /// What to do while a request waits.
    func step(at now: NIODeadline) -> Step {
        if let askedAt {
            let deadline = askedAt + answer
            return now < deadline ? .wait(until: deadline) : .giveUp
        }
        let deadline = lastHeard + interval
        return now < deadline ? .wait(until: deadline) : .ask
    }
}
