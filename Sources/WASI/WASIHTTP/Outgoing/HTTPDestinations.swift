// Whom a guest may ask: the grant behind `--allow-http`. Nobody, unless it is said otherwise.
//
// A grant is by name, and names lead to addresses that somebody else chooses. One who owns a name beneath a granted
// wildcard could have it lead to the host's own loopback, or to a neighbour that trusts the host. So an address of that
// kind may be reached through a name only if the grant spells that name out, or grants the address, or everything.

/// The hosts that a guest may make requests to.
public struct HTTPDestinations: Hashable, Sendable {
    /// One host, or all beneath one, or all; at one port or any.
    public struct Pattern: Hashable, Sendable {
        enum Host: Hashable, Sendable {
            case any
            case name(String)
            /// All beneath the name, but not the name itself.
            case beneath(String)
            case address(NetworkAddress)
        }

        let host: Host
        /// Nil for any port.
        let port: UInt16?
    }

    private var patterns: [Pattern]

    /// Nobody.
    public static let none = HTTPDestinations([])

    /// Everybody.
    public static let all = HTTPDestinations([Pattern(host: .any, port: nil)])

    public init(_ patterns: [Pattern]) {
        self.patterns = patterns
    }

    /// Adds to whom requests may be made.
    public mutating func allow(_ pattern: Pattern) {
        patterns.append(pattern)
    }

    public var isEmpty: Bool { patterns.isEmpty }

    /// Whether a request to `host` may be made; nil if not.
    ///
    /// - Parameter host: a name, or an address without brackets.
    public func permit(host: String, port: UInt16) -> HTTPDestinationPermit? {
        let target = Pattern.Host(host)
        var isGranted = false
        var mayBeLocal = false
        for pattern in patterns where pattern.port == nil || pattern.port == port {
            switch (pattern.host, target) {
            case (.any, _):
                isGranted = true
                mayBeLocal = true
            case (.beneath(let parent), .name(let name)) where name.hasSuffix("." + parent): isGranted = true
            case (let granted, let target) where granted == target:
                isGranted = true
                mayBeLocal = true
            default: break
            }
        }
        if !isGranted { return nil }
        return HTTPDestinationPermit(destinations: self, port: port, mayBeLocal: mayBeLocal)
    }

    fileprivate func grants(_ address: NetworkAddress, port: UInt16) -> Bool {
        patterns.contains { pattern in
            (pattern.port == nil || pattern.port == port) && (pattern.host == .address(address) || pattern.host == .any)
        }
    }
}

/// What was granted for one request.
public struct HTTPDestinationPermit: Hashable, Sendable {
    fileprivate let destinations: HTTPDestinations
    fileprivate let port: UInt16
    fileprivate let mayBeLocal: Bool

    /// Whether the host may lead anywhere, so that nobody needs to know its addresses.
    public var permitsEveryAddress: Bool { mayBeLocal }

    /// Whether a connection to an address that the request's host leads to may be made. If none of the addresses may be
    /// connected to, the request fails with `destination-IP-prohibited`.
    public func permits(_ address: NetworkAddress) -> Bool {
        mayBeLocal || !address.isLocal || destinations.grants(address, port: port)
    }
}

// MARK: - As text

/// Why a text is not a pattern for hosts.
public struct HTTPDestinationSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public let reason: String

    public var description: String { "`\(text)` is no host to allow: \(reason)" }
}

extension HTTPDestinations.Pattern {
    /// Reads `HOST`, `HOST:PORT`, `*.DOMAIN`, `*.DOMAIN:PORT`, `*` or `*:PORT`, where `HOST` is a name or an address; one
    /// of IPv6 in brackets. Without a port any is meant.
    public init(_ text: String) throws(HTTPDestinationSyntaxError) {
        func wrong(_ reason: String) -> HTTPDestinationSyntaxError {
            HTTPDestinationSyntaxError(text: text, reason: reason)
        }
        if text.contains("/") { throw wrong("it is a URL or a path; give HOST or HOST:PORT") }
        if text.contains("@") { throw wrong("a user has no place in it") }
        if text.first != "[", text.count(where: { $0 == ":" }) > 1 {
            throw wrong("an address of IPv6 is written in brackets")
        }
        let wildcard = text.first == "*"
        guard let authority = URISyntax.authority(wildcard ? "w" + text.dropFirst() : text) else {
            throw wrong("expected HOST, HOST:PORT, or *.DOMAIN")
        }
        port = authority.port
        if wildcard {
            if authority.host == "w" {
                host = .any
                return
            }
            let domain = authority.host.dropFirst(2)
            guard authority.host.dropFirst().first == ".", !domain.isEmpty, !domain.contains("*") else {
                throw wrong("a wildcard stands for whole names beneath a domain, as in *.example.com")
            }
            guard case .name(let name) = Host(String(domain)) else { throw wrong("addresses have no subdomains") }
            host = .beneath(name)
        } else {
            if authority.host.contains("*") { throw wrong("a wildcard stands at the beginning, as in *.example.com") }
            host = Host(String(authority.host))
        }
    }
}

extension HTTPDestinations.Pattern.Host {
    /// What a request's host is: an address in whatever spelling, or a name without regard to case or a final dot.
    init(_ text: String) {
        if let address = NetworkAddress(text) {
            self = .address(address)
            return
        }
        let name = text.lowercased()
        self = .name(name.hasSuffix(".") ? String(name.dropLast()) : name)
    }
}

extension HTTPDestinations.Pattern: CustomStringConvertible {
    public var description: String {
        let name =
            switch host {
            case .any: "*"
            case .name(let name): name
            case .beneath(let name): "*.\(name)"
            case .address(let address): address.bytes.count == 4 ? "\(address)" : "[\(address)]"
            }
        return port.map { "\(name):\($0)" } ?? name
    }
}
