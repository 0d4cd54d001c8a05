// How a server is to be run.

/// Addresses, limits and what is written down of each request.
public struct ServerConfiguration: Sendable {
    /// Where requests come to; at least one.
    public var addresses: [ListenAddress] = [.internet(host: "127.0.0.1", port: 8080)]

    /// Where metrics and health are asked for; nil for nowhere.
    public var administration: ListenAddress?

    /// The certificate and key that connections are encrypted with; nil for connections in the clear.
    public var tls: TLSFiles?

    public var limits = ServerLimits()

    public var accessLog = AccessLogFormat.off

    /// How many event loops there are, each a thread; nil for as many as processors.
    public var loops: Int?

    public init() {}
}

/// The files that TLS needs, in PEM. They are read again when the server is asked to.
public struct TLSFiles: Hashable, Sendable {
    /// The server's certificate, and those that lead to the one that clients trust.
    public var certificates: String
    public var key: String

    public init(certificates: String, key: String) {
        self.certificates = certificates
        self.key = key
    }
}

/// How requests are written down.
public enum AccessLogFormat: String, CaseIterable, Hashable, Sendable {
    case off
    /// The combined format of web servers, with the time that the answer took behind it.
    case common
    /// One object a line.
    case json
}
