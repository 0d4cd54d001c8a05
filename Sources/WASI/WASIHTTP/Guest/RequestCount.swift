// How many requests of one guest are under way: connections and bytes that are kept for it. Handles are another matter. Some
// languages never drop those of a request that is over, and must be able to make more of them all the same.

/// Counts the requests of a guest. Used by the thread that runs its store.
final class RequestCount {
    private let limit: Int
    private var tickets: [RequestTicket] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// One more request; nil beyond the limit.
    func begin() -> RequestTicket? {
        if tickets.count >= limit { tickets.removeAll(where: \.isOver) }
        guard tickets.count < limit else { return nil }
        let ticket = RequestTicket()
        tickets.append(ticket)
        return ticket
    }
}

/// A request under way.
final class RequestTicket {
    private enum State {
        /// For the head of the response, or for the guest to take it.
        case waiting
        case receiving(HTTPBody)
        case over
    }

    private var state = State.waiting

    var isOver: Bool {
        switch state {
        case .waiting: false
        case .receiving(let body): body.isSpent
        case .over: true
        }
    }

    /// The guest has the response's head. From now on its body says when the request is over.
    func answered(_ body: HTTPBody?) {
        state = body.map { .receiving($0) } ?? .over
    }

    /// There will be no response, or nobody takes it. Of one that was taken its body says more.
    func end() {
        if case .waiting = state { state = .over }
    }
}
