// How requests are carried out: time, connections, TLS, proxies.

public import WASIHTTP

/// The settings of a client. A new configuration suits a guest that is granted something, on a machine without proxies.
public struct HTTPClientConfiguration: Sendable {
    public var limits = HTTPClientLimits()

    public var proxies = ProxySettings()

    public var tls = HTTPClientTLS()

    /// Told of each request whose host was granted but led only to addresses that the grant does not reach.
    public var onProhibitedAddress: (@Sendable (_ host: String, _ address: NetworkAddress) -> Void)?

    public init() {}
}

/// What a client spends, and how long it waits where a guest does not say.
public struct HTTPClientLimits: Sendable, Hashable {
    /// For a name's addresses, a connection and what is agreed on it.
    public var connectTime = Duration.seconds(30)

    /// From the last part of the request that was sent until the response begins.
    public var firstByteTime = Duration.seconds(600)

    /// Between one piece of the response's body and the next, where the guest takes them.
    public var betweenBytesTime = Duration.seconds(600)

    /// Until the other end takes more of the request.
    public var writeTime = Duration.seconds(60)

    /// How long a connection without a request is kept.
    public var idleTime = Duration.seconds(60)

    /// Connections to one host and port, on one event loop. Requests beyond it wait for one of them.
    public var connectionsPerHost = 64

    /// All connections on one event loop. Beyond it requests fail with `connection-limit-reached`.
    public var connections = 1024

    /// Bytes of all fields of a response, and of its trailers.
    public var headerBytes = 128 << 10

    /// Fields of a response, those of its trailers included.
    public var headerCount = 256

    /// Requests on one connection of HTTP/2 at the same time, where the server allows as many.
    public var streamsPerConnection = 100

    public init() {}
}
