// How many frames a client may send that ask for no answer and have no limit in the library: WINDOW_UPDATE, GOAWAY, and those
// of types that nobody knows. They cost nearly nothing, but more than it takes to send them.

/// The account of one connection. What the server has sent earns a client the right to say that it has read it.
struct FrameBudget {
    private var allowance = 1000

    /// A request may be worth more room on its stream.
    mutating func earn(streams count: Int) { allowance += 20 * count }

    /// Part of a response was sent: room is given back on the stream and the connection, by some clients in small steps.
    mutating func earn(bytes count: Int) { allowance += 4 + count >> 9 }

    /// Answers whether there was room for one more.
    mutating func take() -> Bool {
        allowance -= 1
        return allowance >= 0
    }
}
