// How requests are carried out: time, connections, TLS, proxies.

public import WASIHTTP

/// The settings of a client. A new configuration suits a guest that is granted something, on a machine without proxies.
public struct HTTPClientConfiguration: Sendable {
    public var limits = HTTPClientLimits()

    public var proxies = ProxySettings()

    public var tls = HTTPClientTLS()

    /// Hosts that speak HTTP/2 in the clear, and are known to (RFC 9113, section 3.3): requests of `http` to them are made
    /// by HTTP/2 without being asked whether they do.
    public var priorKnowledge = HTTPDestinations.none

    /// Where requests are counted; nil for nowhere. Clients may share it.
    public var metrics: HTTPClientMetrics?

    /// Told of each request whose host was granted but led only to addresses that the grant does not reach.
    public var onProhibitedAddress: (@Sendable (_ host: String, _ address: NetworkAddress) -> Void)?

    public init() {}

    /// Whether connections to an origin begin with HTTP/2, without TLS.
    func speaksPlainHTTP2(_ origin: Origin) -> Bool {
        origin.scheme == .http && priorKnowledge.permit(host: origin.host, port: origin.port) != nil
    }
}

/// What a client spends, and how long it waits where a guest does not say.
public struct HTTPClientLimits: Sendable, Hashable {
    /// For a name's addresses, a connection and what is agreed on it.
    public var connectTime = Duration.seconds(30)

    /// From the last part of the request that was sent until the response begins.
    public var firstByteTime = Duration.seconds(600)

    /// Between one piece of the response's body and the next, where the guest takes them.
    public var betweenBytesTime = Duration.seconds(600)

    /// For a response as a whole, from when its request was begun until its last byte. Nil, as it is at first, for as long
    /// as it takes.
    public var responseTime: Duration?

    /// Until the other end takes more of the request.
    public var writeTime = Duration.seconds(60)

    /// How long a connection without a request is kept.
    public var idleTime = Duration.seconds(60)

    /// How long a connection of HTTP/2 may be silent while a request waits, before the other end is asked whether it is
    /// there still.
    public var silenceTime = Duration.seconds(10)

    /// How long it has to say so. A connection whose other end does not is given up.
    public var pingTime = Duration.seconds(5)

    /// Connections to one host and port, on one event loop. Requests beyond it wait for one of them.
    public var connectionsPerHost = 64

    /// All connections on one event loop. Beyond it requests fail with `connection-limit-reached`.
    public var connections = 1024

    /// Bytes of the URI of a request.
    public var uriBytes = 64 << 10

    /// Bytes of all fields of a request, and of its trailers, each field counted with 32 more. A server of HTTP/2 that wants
    /// fewer is given no more than it wants.
    public var requestHeaderBytes = 128 << 10

    /// Bytes of all fields of a response, and of its trailers.
    public var headerBytes = 128 << 10

    /// Bytes of one field, in either direction: its name and its value.
    public var fieldBytes = 64 << 10

    /// Fields of a response, those of its trailers included.
    public var headerCount = 256

    /// Requests on one connection of HTTP/2 at the same time, where the server allows as many.
    public var streamsPerConnection = 100

    public init() {}
}
