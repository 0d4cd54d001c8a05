// What a request of HTTP/2 must be like (RFC 9113, sections 8.2 and 8.3). What makes it malformed ends its stream; what is only
// refused is answered. The connection goes on. The library could look for most of this too; it would take longer than all of
// the request's way through it otherwise, and would look at responses as well.

import NIOHPACK
import WASIHTTP

/// Why a request of HTTP/2 does not reach a guest.
enum HTTP2RequestFault: Error {
    /// It is no request (RFC 9113, section 8.1.1).
    case malformed(String)
    case refused(Refusal)

    fileprivate static func refused(_ status: UInt16, _ reason: String) -> HTTP2RequestFault {
        .refused(Refusal(status, reason, closesConnection: status != 417))
    }
}

extension RequestHead {
    /// Makes a request of a header block.
    init(http2 block: HPACKHeaders, endsStream: Bool, mostFields: Int) throws(HTTP2RequestFault) {
        var pseudo = PseudoFields()
        var list: [HTTPMessageField] = []
        var others = OtherFields()
        var isBehindFields = false
        list.reserveCapacity(block.count)
        for (name, value, _) in block {
            if name.utf8.first == UInt8(ascii: ":") {
                guard !isBehindFields else { throw .malformed("\(name) behind a field") }
                try pseudo.take(name, value)
                continue
            }
            isBehindFields = true
            try FieldSyntax.checkHTTP2(name, value)
            if try others.keeps(name, value) { list.append(HTTPMessageField(name, value)) }
        }
        guard list.count + others.cookies.count <= mostFields else { throw .refused(431, "more than \(mostFields) fields") }
        if !others.cookies.isEmpty { list.append(HTTPMessageField("cookie", others.cookies.joined(separator: "; "))) }
        let (method, scheme, path) = try pseudo.checked()
        let authority = pseudo.authority
        if let authority, let host = others.host, !FieldSyntax.isSame(authority, host) {
            throw .refused(400, "host and authority differ")
        }
        if let named = authority ?? others.host, !Self.isAuthority(named) { throw .refused(400, "authority") }
        if endsStream, let length = others.length, length > 0 { throw .malformed("less than was announced") }
        self.init(
            version: .http2, method: method, scheme: scheme, authority: authority ?? others.host, target: path,
            fields: HTTPMessageFields(list), contentLength: others.length, hasBody: !endsStream)
        if let expectation = others.expectation {
            guard expectation.lowercased() == "100-continue" else { throw .refused(417, "expectation") }
            expectsContinue = hasBody
        }
    }

    /// What came behind the body. Nothing in there is obeyed.
    static func trailers(http2 block: HPACKHeaders) throws(HTTP2RequestFault) -> HTTPMessageFields {
        var list: [HTTPMessageField] = []
        for (name, value, _) in block {
            try FieldSyntax.checkHTTP2(name, value)
            guard !FieldSyntax.belongsToConnection(name) else { throw .malformed("field \(name)") }
            list.append(HTTPMessageField(name, value))
        }
        return HTTPMessageFields(list)
    }
}

/// What stands where HTTP/1 has the request line (section 8.3.1).
private struct PseudoFields {
    var method: String?
    var scheme: String?
    var path: String?
    var authority: String?

    mutating func take(_ name: String, _ value: String) throws(HTTP2RequestFault) {
        guard value.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { throw .malformed("value of \(name)") }
        switch name.utf8.count {
        case 5 where name == ":path": try Self.set(&path, name, value)
        case 7 where name == ":method": try Self.set(&method, name, value)
        case 7 where name == ":scheme": try Self.set(&scheme, name, value)
        case 10 where name == ":authority": try Self.set(&authority, name, value)
        default: throw .malformed("pseudo-field \(name)")
        }
    }

    private static func set(_ field: inout String?, _ name: String, _ value: String) throws(HTTP2RequestFault) {
        guard field == nil else { throw .malformed("two of \(name)") }
        field = value
    }

    func checked() throws(HTTP2RequestFault) -> (HTTPRequestMethod, HTTPRequestScheme, String) {
        guard let method else { throw .malformed("no :method") }
        if method == "CONNECT" {
            guard scheme == nil, path == nil, authority != nil else { throw .malformed("connect") }
            throw .refused(501, "connect")
        }
        guard let scheme, let path, !path.isEmpty else { throw .malformed(scheme == nil ? "no :scheme" : "no :path") }
        guard let known = HTTPRequestMethod(http2: method) else { throw .refused(400, "method") }
        guard !path.utf8.contains(UInt8(ascii: "#")),
            path.utf8.first == UInt8(ascii: "/") || (path == "*" && known == .options)
        else { throw .refused(400, "path") }
        let kind: HTTPRequestScheme? = scheme == "http" ? .http : scheme == "https" ? .https : HTTPRequestScheme(name: scheme)
        guard let kind else { throw .refused(400, "scheme") }
        return (known, kind, path)
    }
}

/// The fields that this server itself obeys, and those that must not be there.
private struct OtherFields {
    var host: String?
    var length: UInt64?
    var expectation: String?
    /// Split for the sake of compression (section 8.2.3).
    var cookies: [String] = []

    /// Answers whether the field is one of the request's.
    mutating func keeps(_ name: String, _ value: String) throws(HTTP2RequestFault) -> Bool {
        // By length first: most fields are none of these.
        switch name.utf8.count {
        case 2 where name == "te": guard value == "trailers" else { throw .malformed("field te") }
        case 4 where name == "host":
            guard host == nil else { throw .refused(400, "more than one host field") }
            host = value
        case 6 where name == "cookie":
            cookies.append(value)
            return false
        case 6 where name == "expect": expectation = expectation ?? value
        case 14 where name == "content-length":
            guard let number = FieldSyntax.contentLength(value.utf8), number == length ?? number else {
                throw .malformed("field content-length")
            }
            guard length == nil else { throw .refused(400, "more than one content-length field") }
            length = number
        case 7, 10, 16, 17: guard !FieldSyntax.belongsToConnection(name) else { throw .malformed("field \(name)") }
        default: break
        }
        return true
    }
}

extension FieldSyntax {
    /// A field as HTTP/2 has it (section 8.2.1).
    fileprivate static func checkHTTP2(_ name: String, _ value: String) throws(HTTP2RequestFault) {
        guard isToken(name), name.utf8.allSatisfy({ $0 < UInt8(ascii: "A") || $0 > UInt8(ascii: "Z") }) else {
            throw .malformed("name of a field")
        }
        guard !isValue(value.utf8) else { return }
        guard value.utf8.allSatisfy({ $0 != 0 && $0 != 0x0A && $0 != 0x0D }) else { throw .malformed("value of field \(name)") }
        throw .refused(400, "value of field \(name)")
    }

    /// Whether a field says how the connection is used, which frames do here (section 8.2.2).
    fileprivate static func belongsToConnection(_ name: String) -> Bool {
        switch name {
        case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade": true
        default: false
        }
    }
}

extension HTTPRequestMethod {
    /// Most requests are of few methods, which need no search.
    fileprivate init?(http2 name: String) {
        switch name {
        case "GET": self = .get
        case "POST": self = .post
        case "HEAD": self = .head
        default: self.init(name: name)
        }
    }
}
