// Requests as a guest would make them, and what came of them as a line of text.
import HTTPClient
import WASIHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension OutgoingHTTPRequest {
    /// A request for `http://host:port/path`, by a guest that is granted `grants`.
    init(
        _ url: String, _ method: HTTPRequestMethod = .get, headers: HTTPMessageFields = HTTPMessageFields(),
        body: HTTPBody? = nil, options: HTTPRequestOptions = HTTPRequestOptions(), grants: [String] = ["*"]
    ) throws {
        guard let separator = url.firstRange(of: "://") else { throw Failure("no URL: \(url)") }
        let scheme = HTTPRequestScheme(name: url[..<separator.lowerBound]) ?? .http
        let rest = url[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let authority = URISyntax.authority(String(rest[..<slash])) else { throw Failure("no authority: \(url)") }
        let port = authority.port ?? scheme.defaultPort ?? 0
        let destinations = HTTPDestinations(try grants.map { try HTTPDestinations.Pattern($0) })
        guard let permit = destinations.permit(host: String(authority.host), port: port) else { throw Failure("not granted") }
        self.init(
            method: method, scheme: scheme, host: authority.host.lowercased(), port: port,
            authority: String(rest[..<slash]), pathWithQuery: slash == rest.endIndex ? "/" : String(rest[slash...]),
            headers: headers, body: body, options: options, permit: permit)
    }
}

extension HTTPRequestOptions {
    static func milliseconds(connect: UInt64? = nil, first: UInt64? = nil, between: UInt64? = nil) -> HTTPRequestOptions {
        HTTPRequestOptions(
            connectTimeout: connect.map { $0 * 1_000_000 }, firstByteTimeout: first.map { $0 * 1_000_000 },
            betweenBytesTimeout: between.map { $0 * 1_000_000 })
    }
}

/// Asks until there is an answer, half a minute long at most.
func waitUntil<Value>(_ body: () -> Value?) throws -> Value {
    for _ in 0..<30_000 {
        if let value = body() { return value }
        usleep(1000)
    }
    throw Failure("nothing came")
}

/// Asks until the answer has been the same for a third of a second, and gives that.
func waitUntilAtRest<Value: Equatable>(_ body: () -> Value) throws -> Value {
    var last = body()
    var changed = ContinuousClock.now
    return try waitUntil {
        let value = body()
        if value != last {
            last = value
            changed = .now
        }
        return ContinuousClock.now - changed > .milliseconds(333) ? last : nil
    }
}

extension FutureHTTPResponse {
    func wait() throws -> Result<IncomingHTTPResponse, HTTPErrorCode> {
        try waitUntil {
            if case .result(let result) = take() { return result }
            return nil
        }
    }

    /// What came, as in `200 hello`, with `+ name: value` for trailers and `! error` for an error behind that.
    func outcome() throws -> String {
        switch try wait() {
        case .failure(let error): return "! \(error)"
        case .success(let response):
            var text = "\(response.status)"
            guard let body = response.body else { return text }
            let (bytes, end) = try body.all()
            if !bytes.isEmpty { text += bytes.count > 100 ? " (\(bytes.count))" : " " + String(decoding: bytes, as: UTF8.self) }
            switch end {
            case .success(let trailers): if let trailers, !trailers.isEmpty { text += " + \(trailers)" }
            case .failure(let error): text += " ! \(error)"
            }
            return text
        }
    }
}

extension HTTPBody {
    /// Everything, and how it ended.
    func all() throws -> ([UInt8], Result<HTTPMessageFields?, HTTPErrorCode>) {
        var bytes: [UInt8] = []
        let end = try waitUntil { () -> Result<HTTPMessageFields?, HTTPErrorCode>? in
            while true {
                switch read(upTo: 1 << 20) {
                case .bytes(let piece): bytes += piece
                case .nothing: return nil
                case .end(let trailers): return .success(trailers)
                case .failed(let error): return .failure(error)
                }
            }
        }
        return (bytes, end)
    }
}

extension PooledHTTPClient {
    func fetch(_ url: String, _ method: HTTPRequestMethod = .get, grants: [String] = ["*"]) throws -> String {
        try send(try OutgoingHTTPRequest(url, method, grants: grants)).outcome()
    }
}
