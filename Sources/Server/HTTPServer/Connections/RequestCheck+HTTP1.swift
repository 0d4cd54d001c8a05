// What a request of HTTP/1 must be like (RFC 9112), beyond what the parser asks for. Whatever two implementations could
// understand in two ways is refused: a request that a proxy in front has understood as one must not be two here.

import NIOCore
import NIOHTTP1
import WASIHTTP

extension RequestHead {
    /// Makes a request of what the parser has found.
    init(http1 head: HTTPRequestHead, scheme connectionScheme: RequestScheme) throws(Refusal) {
        guard head.version == .http1_1 || head.version == .http1_0 else {
            throw Refusal(505, "version \(head.version.major).\(head.version.minor)")
        }
        let isOld = head.version == .http1_0
        guard let method = HTTPRequestMethod(head.method) else { throw Refusal(400, "method") }
        var list: [HTTPMessageField] = []
        list.reserveCapacity(head.headers.count)
        var scan = FramingScan()
        for (name, received) in head.headers {
            guard FieldSyntax.isToken(name) else { throw Refusal(400, "field name") }
            guard let value = FieldSyntax.value(received) else { throw Refusal(400, "value of field \(name)") }
            let field = HTTPMessageField(name: name, value: value)
            try scan.look(at: field)
            list.append(field)
        }
        guard scan.hostCount <= 1 else { throw Refusal(400, "more than one host field") }
        guard isOld || scan.hostCount == 1 else { throw Refusal(400, "no host field") }
        if let host = scan.host, !host.isEmpty, !Self.isAuthority(host) { throw Refusal(400, "host field") }
        if scan.isChunked {
            guard scan.lengthCount == 0 else { throw Refusal(400, "both content-length and transfer-encoding") }
            guard !isOld else { throw Refusal(400, "transfer-encoding in HTTP/1.0") }
        }
        self.init(
            version: isOld ? .http10 : .http11, method: method, scheme: connectionScheme == .https ? .https : .http,
            authority: scan.host, target: nil, fields: HTTPMessageFields(list), contentLength: scan.length,
            hasBody: scan.isChunked || (scan.length ?? 0) > 0)
        try setTarget(head.uri)
        if let expectation = scan.expectation, !isOld {
            guard expectation.lowercased() == "100-continue" else {
                throw Refusal(417, "expectation", closesConnection: false)
            }
            expectsContinue = hasBody
        }
    }

    /// What came behind the last chunk. Nothing in there is obeyed; a guest sees it as it came.
    static func trailers(http1 fields: HTTPHeaders) throws(Refusal) -> HTTPMessageFields {
        var list: [HTTPMessageField] = []
        for (name, received) in fields {
            guard FieldSyntax.isToken(name), let value = FieldSyntax.value(received) else { throw Refusal(400, "trailer") }
            list.append(HTTPMessageField(name: name, value: value))
        }
        return HTTPMessageFields(list)
    }

    /// The four forms of a target (RFC 9112, section 3.2).
    private mutating func setTarget(_ text: String) throws(Refusal) {
        if method == .connect { throw Refusal(501, "connect") }
        guard let first = text.utf8.first, FieldSyntax.isTarget(text.utf8) else { throw Refusal(400, "target") }
        if first == UInt8(ascii: "/") {
            target = text
        } else if text == "*" {
            guard method == .options else { throw Refusal(400, "target *") }
            target = text
        } else {
            // The absolute form, whose authority goes before the host field's.
            guard let colon = text.range(of: "://"), let named = HTTPRequestScheme(name: text[..<colon.lowerBound]),
                named == .http || named == .https
            else { throw Refusal(400, "target") }
            let rest = text[colon.upperBound...]
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            guard Self.isAuthority(String(rest[..<end])) else { throw Refusal(400, "target's authority") }
            authority = String(rest[..<end])
            let path = String(rest[end...])
            target = path.hasPrefix("/") ? path : "/" + path
        }
    }

    /// A host, and perhaps a port. No user information: nobody sends it to a server in good faith.
    static func isAuthority(_ text: String) -> Bool {
        if URISyntax.isPlainAuthority(text) { return true }
        guard let authority = URISyntax.authority(text) else { return false }
        return authority.userInformation == nil
    }
}

extension HTTPRequestMethod {
    /// Most requests are of few methods, which need no comparing of names.
    fileprivate init?(_ method: HTTPMethod) {
        switch method {
        case .GET: self = .get
        case .POST: self = .post
        case .HEAD: self = .head
        default: self.init(name: method.rawValue)
        }
    }
}

extension String {
    /// The first place of `text`.
    fileprivate func range(of text: String) -> Range<Index>? {
        var position = startIndex
        while position < endIndex {
            if self[position...].hasPrefix(text) { return position..<index(position, offsetBy: text.count) }
            position = index(after: position)
        }
        return nil
    }
}

/// The fields that say where a request ends, and the others that this server itself obeys.
private struct FramingScan {
    var hostCount = 0
    var host: String?
    var lengthCount = 0
    var length: UInt64?
    var isChunked = false
    var expectation: String?

    mutating func look(at field: HTTPMessageField) throws(Refusal) {
        let name = field.name
        // By length first: most fields are none of these.
        switch name.utf8.count {
        case 4 where FieldSyntax.isSame(name, "host"):
            hostCount += 1
            host = field.text
        case 6 where FieldSyntax.isSame(name, "expect"): expectation = field.text
        case 14 where FieldSyntax.isSame(name, "content-length"):
            lengthCount += 1
            guard lengthCount == 1, let length = FieldSyntax.contentLength(field.value) else {
                throw Refusal(400, "content-length")
            }
            self.length = length
        case 17 where FieldSyntax.isSame(name, "transfer-encoding"):
            guard !isChunked, field.text.lowercased() == "chunked" else {
                throw Refusal(isChunked ? 400 : 501, "transfer-encoding")
            }
            isChunked = true
        default: break
        }
    }
}
