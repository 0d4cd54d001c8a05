// What a request of HTTP/2 must be like (RFC 9113, section 8.3), beyond what the library asks for. A fault here ends the
// request's stream, and the connection goes on.

import NIOHPACK
import NIOHTTP2
import WASIHTTP

extension RequestHead {
    /// Makes a request of a header block.
    init(http2 block: HPACKHeaders, endsStream: Bool) throws(Refusal) {
        var pseudo: [String: String] = [:]
        var list: [HTTPMessageField] = []
        var cookies: [String] = []
        var length: UInt64?
        var host: String?
        list.reserveCapacity(block.count)
        for (name, value, _) in block {
            if name.utf8.first == UInt8(ascii: ":") {
                guard pseudo.updateValue(value, forKey: name) == nil else { throw Refusal(400, "two of \(name)") }
                continue
            }
            guard FieldSyntax.isToken(name.utf8), FieldSyntax.isValue(value.utf8) else { throw Refusal(400, "field") }
            switch name {
            case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade":
                throw Refusal(400, "field \(name)")
            case "te" where value.lowercased() != "trailers": throw Refusal(400, "field te")
            case "cookie":
                // Split for the sake of compression (section 8.2.3).
                cookies.append(value)
                continue
            case "host":
                guard host == nil else { throw Refusal(400, "more than one host field") }
                host = value
            case "content-length":
                guard length == nil, let number = FieldSyntax.contentLength(value.utf8) else {
                    throw Refusal(400, "content-length")
                }
                length = number
            default: break
            }
            list.append(HTTPMessageField(name, value))
        }
        if !cookies.isEmpty { list.append(HTTPMessageField("cookie", cookies.joined(separator: "; "))) }
        guard let method = pseudo[":method"].flatMap({ HTTPRequestMethod(name: $0) }) else { throw Refusal(400, "method") }
        guard method != .connect else { throw Refusal(501, "connect") }
        guard let path = pseudo[":path"], path.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") }),
            path.hasPrefix("/") || (path == "*" && method == .options)
        else { throw Refusal(400, "path") }
        guard let scheme = pseudo[":scheme"].flatMap({ HTTPRequestScheme(name: $0) }) else { throw Refusal(400, "scheme") }
        let authority = pseudo[":authority"]
        if let authority, let host, authority.lowercased() != host.lowercased() { throw Refusal(400, "host and authority differ") }
        if let named = authority ?? host, !Self.isAuthority(named) { throw Refusal(400, "authority") }
        if endsStream, let length, length > 0 { throw Refusal(400, "content-length") }
        self.init(
            version: .http2, method: method, scheme: scheme, authority: authority ?? host, target: path,
            fields: HTTPMessageFields(list), contentLength: length, hasBody: !endsStream)
        if let expectation = list.first(where: { $0.name == "expect" })?.text {
            guard expectation.lowercased() == "100-continue" else {
                throw Refusal(417, "expectation", closesConnection: false)
            }
            expectsContinue = hasBody
        }
    }
}
