// Where a response of HTTP/1.1 ends (RFC 9112, section 6.3). If two readers of its head could come to different ends, it is
// no response.

import NIOHTTP1
import WASIHTTP

/// The length of a response's body, as its head says.
struct ResponseFraming {
    /// Nil if the end is marked, or if there is no body.
    let length: UInt64?
    let hasBody: Bool
    /// Whether the body ends where the connection does.
    let isEndedByClose: Bool

    init(_ head: HTTPResponseHead, of method: HTTPRequestMethod) throws(HTTPErrorCode) {
        let status = head.status.code
        if status == 101 { throw .httpUpgradeFailed }
        guard status >= 200, status <= 999, head.version.major == 1 else { throw .httpProtocolError }
        let lengths = head.headers["content-length"]
        let codings = head.headers["transfer-encoding"]
        guard lengths.count <= 1, lengths.isEmpty || codings.isEmpty else { throw .httpProtocolError }
        if !codings.isEmpty {
            guard head.version.minor >= 1 else { throw .httpProtocolError }
            guard codings.count == 1, codings[0].lowercased() == "chunked" else {
                throw .httpResponseTransferCoding(codings.joined(separator: ", "))
            }
        }
        var length: UInt64?
        if let text = lengths.first {
            guard let value = FieldSyntax.contentLength(Array(text.utf8)) else { throw .httpProtocolError }
            length = value
        }
        let isBodiless = method == .head || status == 204 || status == 304
        hasBody = !isBodiless && length != 0
        self.length = isBodiless ? nil : length
        isEndedByClose = !isBodiless && length == nil && codings.isEmpty
    }
}
