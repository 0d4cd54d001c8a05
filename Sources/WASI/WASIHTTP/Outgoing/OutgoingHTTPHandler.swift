// Who carries out the requests that guests make: the seam between `wasi:http/outgoing-handler` and a client.

/// A client, as guests use it. What comes to it has been checked: scheme, authority, path and fields, and whether the guest
/// may ask that host at all.
public protocol OutgoingHTTPHandler: Sendable {
    /// Starts a request, without waiting. The answer, or why there is none, comes by the future.
    ///
    /// Redirects are not followed, they are an answer like others. Before it connects to an address that a name led to,
    /// the client asks `request.permit`. It reads `request.body` as the server lets it, and cancels it when it needs no
    /// more of it. When the future is cancelled the request is to be ended.
    func send(_ request: OutgoingHTTPRequest) -> FutureHTTPResponse
}
