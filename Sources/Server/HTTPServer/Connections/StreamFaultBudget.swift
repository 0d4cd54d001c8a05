// How many requests of one connection may be malformed. Each costs a stream, and a frame to reset it.

import NIOCore

/// The account of one connection.
struct StreamFaultBudget {
    private var times = CircularBuffer<NIODeadline>()
    private var count = 0

    private static let window = TimeAmount.seconds(30)
    private static let inWindow = 200
    /// In all the life of a connection, which may be that of a balancer.
    private static let inAll = 10_000

    /// Answers whether there was room for one more.
    mutating func take(at now: NIODeadline) -> Bool {
        while let first = times.first, now - first > Self.window { times.removeFirst() }
        times.append(now)
        count += 1
        return times.count <= Self.inWindow && count <= Self.inAll
    }
}
