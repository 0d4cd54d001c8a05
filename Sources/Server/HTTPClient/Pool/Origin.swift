// What connections can be shared for: requests that would have led to the same connection.

import WASIHTTP

/// A scheme, a host and a port, and what the grant says of the addresses that the host leads to.
struct Origin: Hashable, Sendable {
    let scheme: HTTPRequestScheme
    let host: String
    let port: UInt16
    /// A connection was made under a permit, and is not for requests that have another.
    let permit: HTTPDestinationPermit

    init(_ request: OutgoingHTTPRequest) {
        scheme = request.scheme
        host = request.host
        port = request.port
        permit = request.permit
    }
}
