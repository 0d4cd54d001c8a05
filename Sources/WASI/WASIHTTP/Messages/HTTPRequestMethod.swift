// `method` of `wasi:http/types`. A method that has a case of its own is never `other` here, so that equal methods compare
// as equal; only a guest may say it the long way.

public import ComponentRuntime

/// What a request wants done (RFC 9110, section 9). Case counts: `get` is another method than `GET`.
public enum HTTPRequestMethod: Hashable, Sendable {
    case get
    case head
    case post
    case put
    case delete
    case connect
    case options
    case trace
    case patch
    /// Any other token.
    case other(String)

    private static let known: [(HTTPRequestMethod, String)] = [
        (.get, "GET"), (.head, "HEAD"), (.post, "POST"), (.put, "PUT"), (.delete, "DELETE"), (.connect, "CONNECT"),
        (.options, "OPTIONS"), (.trace, "TRACE"), (.patch, "PATCH"),
    ]

    /// How long a method may be, in bytes.
    static let longest = 256

    /// Nil if `name` is no token, or longer than 256 bytes.
    public init?(name: some StringProtocol) {
        if let (method, _) = Self.known.first(where: { $0.1 == name }) {
            self = method
        } else {
            guard name.utf8.count <= Self.longest, FieldSyntax.isToken(name.utf8) else { return nil }
            self = .other(String(name))
        }
    }

    /// The method as it stands in a request.
    public var name: String {
        if case .other(let name) = self { return name }
        return Self.known.first { $0.0 == self }?.1 ?? ""
    }
}

extension HTTPRequestMethod: CustomStringConvertible {
    public var description: String { name }
}

extension HTTPRequestMethod: ComponentVariant {
    public static let cases = VariantCases<HTTPRequestMethod>(
        plain("get", .get), plain("head", .head), plain("post", .post), plain("put", .put), plain("delete", .delete),
        plain("connect", .connect), plain("options", .options), plain("trace", .trace), plain("patch", .patch),
        .init("other", HTTPRequestMethod.other) { if case .other(let name) = $0 { name } else { nil } })

    private static func plain(_ name: String, _ value: HTTPRequestMethod) -> VariantCase<HTTPRequestMethod> {
        .init(name, value) { $0 == value }
    }
}
