// Which requests go by a proxy: what `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` have come to mean.
//
// Names in lower case come first, as with curl. `HTTP_PROXY` is not believed where a server that speaks CGI has made the
// environment, for there the client of that server could have set it, by a field `proxy`.

import WASIHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The proxies that requests go by.
public struct ProxySettings: Hashable, Sendable {
    /// One of a scheme.
    public enum Choice: Hashable, Sendable {
        case none
        case proxy(ProxyAddress)
        /// One was asked for that cannot be used. Going without it could reach what it was to keep away.
        case unusable(String)
    }

    public var http = Choice.none
    public var https = Choice.none
    public var exceptions = ProxyExceptions("")

    /// No proxies.
    public init() {}

    /// What variables say.
    ///
    /// - Parameter variable: gives the value of a name; nil where there is none.
    public init(environment variable: (String) -> String?) {
        func first(_ names: String...) -> String? {
            for name in names { if let value = variable(name), !value.isEmpty { return value } }
            return nil
        }
        let isCGI = variable("REQUEST_METHOD") != nil
        let all = first("all_proxy", "ALL_PROXY")
        http = Self.choice((isCGI ? first("http_proxy") : first("http_proxy", "HTTP_PROXY")) ?? all)
        https = Self.choice(first("https_proxy", "HTTPS_PROXY") ?? all)
        exceptions = ProxyExceptions(first("no_proxy", "NO_PROXY") ?? "")
    }

    /// What the variables of this process say.
    public static var ofProcess: ProxySettings {
        ProxySettings { name in unsafe getenv(name).map { unsafe String(cString: $0) } }
    }

    private static func choice(_ text: String?) -> Choice {
        guard let text else { return .none }
        return ProxyAddress(text).map { .proxy($0) } ?? .unusable(text)
    }

    /// The way to a host.
    func choice(scheme: HTTPRequestScheme, host: String, port: UInt16) -> Choice {
        let choice = scheme == .https ? https : http
        if case .none = choice { return .none }
        return exceptions.contains(host: host, port: port) ? .none : choice
    }
}

/// The hosts that no proxy is asked for: names with all beneath them, addresses, and networks such as `10.0.0.0/8`.
public struct ProxyExceptions: Hashable, Sendable {
    private enum Entry: Hashable, Sendable {
        case all
        case name(String, port: UInt16?)
        case network(NetworkAddress, bits: Int)
    }

    private let entries: [Entry]

    /// Reads a list whose parts are set off by commas or spaces. What is neither name nor network is left out.
    public init(_ text: String) {
        entries = text.split(whereSeparator: { $0 == "," || $0 == " " }).compactMap { Self.entry($0) }
    }

    private static func entry(_ text: Substring) -> Entry? {
        if text == "*" { return .all }
        if let slash = text.firstIndex(of: "/") {
            guard let address = NetworkAddress(text[..<slash]), let bits = UInt8(text[text.index(after: slash)...]),
                bits <= address.bytes.count * 8
            else { return nil }
            return .network(address, bits: Int(bits))
        }
        let bare = text.first == "[" && text.last == "]" ? text.dropFirst().dropLast() : text
        if let address = NetworkAddress(bare) { return .network(address, bits: address.bytes.count * 8) }
        var name = text
        var port: UInt16?
        if let colon = text.lastIndex(of: ":") {
            guard let given = UInt16(text[text.index(after: colon)...]) else { return nil }
            port = given
            name = text[..<colon]
        }
        if name.hasPrefix("*.") { name = name.dropFirst(2) }
        if name.hasPrefix(".") { name = name.dropFirst() }
        return name.isEmpty ? nil : .name(Self.plain(String(name)), port: port)
    }

    private static func plain(_ name: String) -> String {
        let name = name.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    package func contains(host: String, port: UInt16) -> Bool {
        let name = Self.plain(host)
        let address = NetworkAddress(host)
        return entries.contains { entry in
            switch entry {
            case .all: true
            case .name(let wanted, let wantedPort):
                (wantedPort == nil || wantedPort == port) && (name == wanted || name.hasSuffix("." + wanted))
            case .network(let network, let bits): address.map { Self.same($0.bytes, network.bytes, bits) } ?? false
            }
        }
    }

    /// Whether the first bits are the same.
    private static func same(_ left: [UInt8], _ right: [UInt8], _ bits: Int) -> Bool {
        guard left.count == right.count else { return false }
        for (index, pair) in zip(left, right).enumerated() {
            let rest = bits - index * 8
            if rest <= 0 { return true }
            let mask = rest >= 8 ? 0xFF : UInt8(truncatingIfNeeded: 0xFF00 >> rest)
            if pair.0 & mask != pair.1 & mask { return false }
        }
        return true
    }
}
