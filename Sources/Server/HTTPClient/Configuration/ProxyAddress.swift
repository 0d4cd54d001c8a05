// A proxy, as people write it: `http://user:password@host:port`, `socks5://host:port`.

/// Where a proxy is, how it is spoken to, and what it is told of who asks.
public struct ProxyAddress: Hashable, Sendable {
    /// How a proxy is spoken to.
    public enum Kind: String, Hashable, Sendable {
        case http
        /// HTTP, encrypted on the way to the proxy.
        case https
        /// SOCKS (RFC 1928), which is given addresses.
        case socks5
        /// SOCKS, which is given names to look up.
        case socks5h
    }

    public let kind: Kind

    /// A name or an address; one of IPv6 without brackets.
    public let host: String
    public let port: UInt16
    /// The value of `proxy-authorization`; nil for none.
    let authorization: String?

    /// Reads `[KIND://][USER[:PASSWORD]@]HOST[:PORT][/]`; nil for anything else, and for a user of SOCKS, where there are none
    /// here. Without a kind it is HTTP. Without a port it is the kind's: 80, 443 or 1080; and 1080 without a kind.
    public init?(_ text: String) {
        var rest = text[...]
        var kind = Kind.http
        var port: UInt16 = 1080
        if let end = rest.firstRange(of: "://") {
            guard let given = Kind(rawValue: rest[..<end.lowerBound].lowercased()) else { return nil }
            kind = given
            rest = rest[end.upperBound...]
            switch kind {
            case .http: port = 80
            case .https: port = 443
            case .socks5, .socks5h: break
            }
        }
        if rest.last == "/" { rest = rest.dropLast() }
        var user: [UInt8]?
        if let at = rest.lastIndex(of: "@") {
            user = Self.decoded(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        } else {
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            host = String(rest[..<end]).lowercased()
            rest = rest[end...]
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }) else { return nil }
        if rest.first == ":" {
            guard let given = UInt16(rest.dropFirst()), given > 0 else { return nil }
            port = given
        } else if !rest.isEmpty {
            return nil
        }
        if user != nil, kind == .socks5 || kind == .socks5h { return nil }
        self.kind = kind
        self.port = port
        authorization = user.map { "Basic " + Base64.text(of: $0) }
    }

    /// With the bytes that stand as `%XX`.
    private static func decoded(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

/// RFC 4648, section 4.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(of bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let group = rest.prefix(3)
            rest = rest.dropFirst(3)
            let first = group.startIndex
            let value =
                UInt32(group[first]) << 16 | (group.count > 1 ? UInt32(group[first + 1]) << 8 : 0)
                | (group.count > 2 ? UInt32(group[first + 2]) : 0)
            for index in 0..<4 {
                text.append(index <= group.count ? digits[Int(value >> (18 - 6 * UInt32(index)) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
