// Requests and responses as they pass between the host and a guest.

/// A request that a guest is to answer.
public struct IncomingHTTPRequest: Sendable {
    public var method: HTTPRequestMethod

    /// As in the request line, or the pseudo-fields of HTTP/2; nil where there is none.
    public var pathWithQuery: String?

    public var scheme: HTTPRequestScheme?

    /// The target's authority, or else the `host` field.
    public var authority: String?

    /// What a guest may not see (`host`, `connection` and such) is kept from it and may stand here.
    public var headers: HTTPMessageFields

    /// Nil if there is none. The host appends to it what arrives and finishes it.
    public var body: HTTPBody?

    public init(
        method: HTTPRequestMethod, scheme: HTTPRequestScheme?, authority: String?, pathWithQuery: String?,
        headers: HTTPMessageFields = HTTPMessageFields(), body: HTTPBody? = nil
    ) {
        self.method = method
        self.scheme = scheme
        self.authority = authority
        self.pathWithQuery = pathWithQuery
        self.headers = headers
        self.body = body
    }
}

/// A guest's answer.
public struct OutgoingHTTPResponse: Sendable {
    /// From 200 to 999.
    public let status: UInt16

    /// Free of the fields that concern the connection; `content-length` may be there, and then the body keeps to it.
    public let headers: HTTPMessageFields

    /// Nil if the guest has asked for none. The guest may still be writing to it; see `HTTPBody` for its end.
    public let body: HTTPBody?
}

/// A request that a guest makes, checked against what it may ask for.
public struct OutgoingHTTPRequest: Sendable {
    public let method: HTTPRequestMethod

    /// `http` or `https`.
    public let scheme: HTTPRequestScheme

    /// The host as the guest has written it, in lower case; an address of IPv6 without its brackets.
    public let host: String

    /// As given, or else the scheme's.
    public let port: UInt16

    /// What belongs into `host` or `:authority`.
    public let authority: String

    /// Begins with `/`, or is `*`; empty for `connect`.
    public let pathWithQuery: String

    /// Free of the fields that concern the connection.
    public let headers: HTTPMessageFields

    /// Nil if the guest has asked for none. The guest may still be writing to it, and may wait with that for the
    /// response.
    public let body: HTTPBody?

    public let options: HTTPRequestOptions

    /// What the policy says about the addresses that the host's name leads to; to be asked before each connection.
    public let permit: HTTPDestinationPermit

    /// A request as it comes of a guest's that was found to be in order. Nothing is checked here.
    public init(
        method: HTTPRequestMethod, scheme: HTTPRequestScheme, host: String, port: UInt16, authority: String,
        pathWithQuery: String, headers: HTTPMessageFields = HTTPMessageFields(), body: HTTPBody? = nil,
        options: HTTPRequestOptions = HTTPRequestOptions(), permit: HTTPDestinationPermit
    ) {
        self.method = method
        self.scheme = scheme
        self.host = host
        self.port = port
        self.authority = authority
        self.pathWithQuery = pathWithQuery
        self.headers = headers
        self.body = body
        self.options = options
        self.permit = permit
    }
}

/// `request-options`: how long a guest wants to wait, in nanoseconds; nil leaves it to the host.
public struct HTTPRequestOptions: Hashable, Sendable {
    /// For a connection.
    public var connectTimeout: UInt64?

    /// From the request until the response begins.
    public var firstByteTimeout: UInt64?

    /// Between one piece of the response's body and the next.
    public var betweenBytesTimeout: UInt64?

    public init(connectTimeout: UInt64? = nil, firstByteTimeout: UInt64? = nil, betweenBytesTimeout: UInt64? = nil) {
        self.connectTimeout = connectTimeout
        self.firstByteTimeout = firstByteTimeout
        self.betweenBytesTimeout = betweenBytesTimeout
    }
}

/// The answer to a guest's request.
public struct IncomingHTTPResponse: Sendable {
    public var status: UInt16

    /// What a guest may not see is kept from it and may stand here.
    public var headers: HTTPMessageFields

    /// Nil if there is none.
    public var body: HTTPBody?

    public init(status: UInt16, headers: HTTPMessageFields = HTTPMessageFields(), body: HTTPBody? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
