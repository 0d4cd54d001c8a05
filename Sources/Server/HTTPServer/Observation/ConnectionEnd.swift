// Why connections were ended that their clients would have kept: what an operator looks at when the server seems to be under
// attack, or a balancer to be set up badly.

/// The end of a connection, as it is counted.
struct ConnectionEnd: Hashable {
    enum Reason: String {
        /// More of something than anybody needs.
        case flood
        /// Against the rules of the protocol.
        case malformed
        /// What comes first, a head or a frame was begun, or should have been, and did not come in time.
        case slowHead = "slow-head"
        /// The body of a request did not come in time.
        case slowBody = "slow-body"
        /// The response was not read in time.
        case slowReader = "slow-reader"
        /// There was no further request.
        case idle
    }

    let speech: ConnectionProtocol
    let reason: Reason

    init(_ speech: ConnectionProtocol, _ reason: Reason) {
        self.speech = speech
        self.reason = reason
    }

    /// Those that there are. In HTTP/2 a body or a response that is slow ends its stream only.
    static let allCases: [ConnectionEnd] =
        [ConnectionEnd(.none, .slowHead)]
        + [Reason.malformed, .slowHead, .slowBody, .slowReader, .idle].map { ConnectionEnd(.http1, $0) }
        + [Reason.flood, .malformed, .slowHead, .idle].map { ConnectionEnd(.http2, $0) }
}
