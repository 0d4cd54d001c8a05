// What the other ends of connections, and all guests together, can make the server spend. What one guest can is said by
// `StoreLimits`, `HostLimits` and `HTTPLimits`.

/// The limits of a server. Every one has a default that suits a service behind a load balancer.
public struct ServerLimits: Hashable, Sendable {
    /// Connections open at the same time; more are closed as they come.
    public var connections = 10_000

    /// Requests that guests are at work on at the same time; more are answered with 503.
    public var concurrentRequests = 1_000

    /// Requests of one event loop that wait for their turn, because many have come at once; more are answered with 503. They hold
    /// no instance.
    var waitingRequests: Int { max(1000, 4 * min(concurrentRequests, 1 << 20)) }

    /// Bytes of all fields of a request together, and of its first line by itself; more is answered with 431, or 414.
    public var headerBytes = 64 << 10

    /// Fields of a request, those of its trailers included; more is answered with 431.
    public var headerCount = 128

    /// Bytes of a request's body; more is answered with 413. Bodies are passed on as they come, so a large one takes no
    /// more memory than a small one, unless the guest keeps it.
    public var bodyBytes: UInt64 = 4 << 30

    /// Time from a request's head until its guest has ended. A guest that needs longer is stopped, and the request
    /// answered with 504 if the response has not begun.
    public var requestTime = Duration.seconds(60)

    /// Time that a connection may be open without a request.
    public var idleTime = Duration.seconds(60)

    /// Time that the head of a request may take to arrive, a handshake included; more is answered with 408.
    public var headerTime = Duration.seconds(10)

    /// Bytes a second at which the body of a request must come on average, where the guest takes it.
    public var bodyRate = 240

    /// Time for which `bodyRate` is not asked for.
    public var bodyGrace = Duration.seconds(5)

    /// Time that the other end may take to make room for more of a response.
    public var writeTime = Duration.seconds(30)

    /// Time that a client of HTTP/2 may be silent before it is asked whether it is there still (PING).
    public var silenceTime = Duration.seconds(120)

    /// Time that it may take to answer that; its connection is ended otherwise.
    public var pingTime = Duration.seconds(20)

    /// Streams of one HTTP/2 connection at the same time.
    public var streamsPerConnection = 128

    /// Time that requests under way are given when the server is asked to end.
    public var drainTime = Duration.seconds(30)

    /// How often a guest that computes lets others run.
    public static let timeSlice = Duration.milliseconds(5)

    public init() {}
}
