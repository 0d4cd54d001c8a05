// Where a response ends: of HTTP/1.1 as its head says (RFC 9112, section 6.3), of HTTP/2 at a frame that its head must agree
// with (RFC 9113, section 8.1.1). If two readers of the head could come to different ends, it is no response.

import NIOHTTP1
import WASIHTTP

/// The length of a response's body.
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
        let length = try Self.length(lengths.first.map { Array($0.utf8) })
        let isBodiless = Self.isBodiless(UInt16(clamping: status), method)
        hasBody = !isBodiless && length != 0
        self.length = isBodiless ? nil : length
        isEndedByClose = !isBodiless && length == nil && codings.isEmpty
    }

    /// - Parameter isEnded: whether nothing follows the head.
    init(
        http2 status: UInt16, _ fields: HTTPMessageFields, isEnded: Bool, of method: HTTPRequestMethod
    ) throws(HTTPErrorCode) {
        let lengths = fields["content-length"]
        guard lengths.count <= 1 else { throw .httpProtocolError }
        let length = try Self.length(lengths.first)
        let isBodiless = Self.isBodiless(status, method)
        // A body that was announced and does not come is one that fails.
        hasBody = !isBodiless && (!isEnded || length ?? 0 > 0)
        self.length = isBodiless ? nil : length
        isEndedByClose = false
    }

    /// Whether a response says the length of a body that it has not.
    private static func isBodiless(_ status: UInt16, _ method: HTTPRequestMethod) -> Bool {
        method == .head || status == 204 || status == 304
    }

    private static func length(_ text: [UInt8]?) throws(HTTPErrorCode) -> UInt64? {
        guard let text else { return nil }
        guard let length = FieldSyntax.contentLength(text) else { throw .httpProtocolError }
        return length
    }
}
