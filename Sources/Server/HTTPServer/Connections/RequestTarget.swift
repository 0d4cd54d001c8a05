// The target of a request of HTTP/1, and who may be an authority.

import WASIHTTP

extension RequestHead {
    /// The four forms of a target (RFC 9112, section 3.2).
    mutating func setTarget(_ text: String) throws(Refusal) {
        if method == .connect { throw Refusal(501, "connect") }
        guard let first = text.utf8.first else { throw Refusal(400, "target") }
        if first == UInt8(ascii: "/") {
            target = text
        } else if text == "*" {
            guard method == .options else { throw Refusal(400, "target *") }
            target = text
        } else {
            // The absolute form, whose authority goes before the host field's.
            guard let separator = text.firstRange(of: "://"),
                let named = HTTPRequestScheme(name: text[..<separator.lowerBound]), named == .http || named == .https
            else { throw Refusal(400, "target") }
            let rest = text[separator.upperBound...]
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
