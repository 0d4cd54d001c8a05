// What a guest gets of HTTP.

/// What one guest, or each of many, gets of HTTP. A new configuration lets a guest answer requests and make none.
public struct HTTPConfiguration: Sendable {
    /// Whom the guest may make requests to. Nobody by default.
    public var destinations = HTTPDestinations.none

    /// Who carries out those requests. Without one they fail with `HTTP-request-denied`, granted or not.
    public var outgoing: (any OutgoingHTTPHandler)?

    /// Told of each request to a host and port that `destinations` does not grant. It runs on the guest's thread or fiber,
    /// and a guest can have it run as often as it likes.
    public var onDenial: (@Sendable (_ host: String, _ port: UInt16) -> Void)?

    public var limits = HTTPLimits()

    public init() {}
}

/// What a guest can make the host keep for it.
public struct HTTPLimits: Sendable, Hashable {
    /// How large one list of fields may get, in bytes; each field counts for 32 more than its name and value. Beyond it
    /// the guest traps, for WIT 0.2 has no error for it. 128 KiB.
    public var fieldsSize = 128 << 10

    /// How large all lists of fields of a guest may get, those included that have come and that it holds. Beyond it the guest
    /// traps. 4 MiB.
    public var totalFieldsSize = 4 << 20

    /// How many bytes of a body that a guest writes may wait for whoever sends them. 64 KiB.
    public var bodyCapacity = HTTPBody.defaultCapacity

    /// How many requests and responses of its own making a guest may have at the same time, those included of which only
    /// the body is left. Beyond it the guest traps. 256.
    public var outgoingMessages = 256

    /// How many requests may be under way at the same time, from `handle` until the response has been read or let go of.
    /// Beyond it requests fail with `connection-limit-reached`. 64.
    public var requestsUnderWay = 64

    public init() {}
}

/// Functions of `wasi:http` that are unstable in WIT, and are not offered unless they are asked for.
public struct HTTPFeatures: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// `informational-outbound-responses`: `response-outparam.send-informational`, for responses of status 1xx.
    public static let informationalOutboundResponses = HTTPFeatures(rawValue: 1)
}
