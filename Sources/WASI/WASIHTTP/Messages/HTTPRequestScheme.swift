// `scheme` of `wasi:http/types`.

public import ComponentRuntime

/// The scheme of a request's URI.
public enum HTTPRequestScheme: Hashable, Sendable {
    case http
    case https
    /// Any other; what a guest gave is kept as it was.
    case other(String)

    /// How long a scheme may be, in bytes.
    static let longest = 64

    /// Nil if `name` is not the syntax of a scheme (RFC 3986, section 3.1), or longer than 64 bytes.
    public init?(name: some StringProtocol) {
        switch name.lowercased() {
        case "http": self = .http
        case "https": self = .https
        default:
            guard name.utf8.count <= Self.longest, URISyntax.isScheme(name.utf8) else { return nil }
            self = .other(String(name))
        }
    }

    public var name: String {
        switch self {
        case .http: "http"
        case .https: "https"
        case .other(let name): name
        }
    }

    /// Where a server of this scheme listens if nothing else is said; nil if that is not known.
    public var defaultPort: UInt16? {
        switch self {
        case .http: 80
        case .https: 443
        case .other: nil
        }
    }
}

extension HTTPRequestScheme: CustomStringConvertible {
    public var description: String { name }
}

extension HTTPRequestScheme: ComponentVariant {
    public static let cases = VariantCases<HTTPRequestScheme>(
        .init("HTTP", .http) { $0 == .http }, .init("HTTPS", .https) { $0 == .https },
        .init("other", HTTPRequestScheme.other) { if case .other(let name) = $0 { name } else { nil } })
}
