// What a client does not send, and how long it waits for all of a response.
import HTTPClient
import Testing
import WASIHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A request that is not sent, or not to its end.
struct LargeRequest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: String
    var method = HTTPRequestMethod.post
    var path = "/"
    var fields = HTTPMessageFields()
    var trailers: HTTPMessageFields?

    init(_ name: String, _ expected: String, _ change: (inout LargeRequest) -> Void) {
        testDescription = name
        self.expected = expected
        change(&self)
    }

    private static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static func many(_ count: Int) -> HTTPMessageFields {
        HTTPMessageFields((0..<count).map { HTTPMessageField("a\($0)", text(5000)) })
    }

    static let all = [
        LargeRequest("CONNECT", "! HTTP-request-method-invalid") { $0.method = .connect },
        LargeRequest("a long URI", "! HTTP-request-URI-too-long") { $0.path = "/" + text(65_533) },
        LargeRequest("a large field", "! HTTP-request-header-size: `A`, 70001 bytes") { $0.fields = ["A": text(70_000)] },
        LargeRequest("many fields", "! HTTP-request-header-section-size: 151040 bytes") { $0.fields = many(30) },
        LargeRequest("a large trailer", "! HTTP-request-trailer-size: `A`, 70001 bytes") { $0.trailers = ["A": text(70_000)] },
        LargeRequest("many trailers", "! HTTP-request-trailer-section-size: 151040 bytes") { $0.trailers = many(30) },
    ]
}

struct LimitTests {
    @Test(arguments: LargeRequest.all)
    func tooLarge(_ given: LargeRequest) throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.readToEnd()
        }
        let body = HTTPBody(of: .request, [], trailers: given.trailers)
        let request = try OutgoingHTTPRequest(
            "http://127.0.0.1:\(server.port)\(given.path)", given.method, headers: given.fields, body: body)
        #expect(try PooledHTTPClient().send(request).outcome() == given.expected)
        let connections = given.trailers == nil ? 0 : 1
        #expect(try waitUntil { server.connectionCount == connections ? true : nil })
    }

    /// A server that has seen enough answers at once, and reads no more: the answer is what a guest gets.
    @Test(arguments: [408, 413, 431])
    func refusedEarly(_ status: Int) throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.send("HTTP/1.1 \(status) No\r\nconnection: close\r\ncontent-length: 2\r\n\r\nno")
            peer.readToEnd()
        }
        let body = HTTPBody(of: .request)
        let future = PooledHTTPClient().send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/", .post, body: body))
        body.append([UInt8](repeating: 0x61, count: 1 << 20))
        #expect(try future.outcome() == "\(status) no")
        // And writing is over.
        #expect(try waitUntil { body.isCancelled ? true : nil })
    }

    @Test(arguments: [true, false])
    func aResponseMustEnd(_ begins: Bool) throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            if begins { peer.send("HTTP/1.1 200 OK\r\n\r\n") }
            // Never silent for long, and never done.
            while peer.send(begins ? "a" : "HTTP/1.1 103 Early Hints\r\n\r\n") > 0 { usleep(100_000) }
        }
        var configuration = HTTPClientConfiguration()
        configuration.limits.responseTime = .seconds(3)
        let outcome = try PooledHTTPClient(configuration).fetch("http://127.0.0.1:\(server.port)/")
        #expect(outcome.hasPrefix(begins ? "200 a" : "! "))
        #expect(outcome.hasSuffix("! HTTP-response-timeout"))
    }

    @Test func evenOneThatIsNotRead() throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: 10000000\r\n\r\n")
            peer.send([UInt8](repeating: 0x61, count: 10_000_000))
        }
        var configuration = HTTPClientConfiguration()
        configuration.limits.responseTime = .seconds(3)
        let client = PooledHTTPClient(configuration)
        let response = try client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/")).wait().get()
        let body = try #require(response.body)
        #expect(try waitUntil { body.failure } == .httpResponseTimeout)
    }
}

struct MetricsTests {
    @Test func outcomes() throws {
        let server = try RawServer { peer, _ in
            while let head = peer.readHead() {
                let status = head.split(separator: " ")[1].dropFirst()
                peer.send("HTTP/1.1 \(status) So\r\ncontent-length: 1\r\n\r\na")
            }
        }
        let metrics = HTTPClientMetrics()
        var configuration = HTTPClientConfiguration()
        configuration.metrics = metrics
        let client = PooledHTTPClient(configuration)
        for status in [200, 200, 404, 200, 503] { _ = try client.fetch("http://127.0.0.1:\(server.port)/\(status)") }
        _ = try client.fetch("http://127.0.0.1:\(try RawServer.closedPort())/")
        _ = try client.fetch("http://127.0.0.1/", .connect)
        let silent = try RawServer { peer, _ in peer.readToEnd() }
        let future = client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(silent.port)/"))
        _ = try waitUntil { metrics.exposition.contains("apus_outgoing_connections 2\n") ? true : nil }
        #expect(metrics.exposition.contains("apus_outgoing_requests_in_progress 1\n"))
        future.cancel()
        _ = try waitUntil { metrics.exposition.contains("apus_outgoing_connections 1\n") ? true : nil }
        let lines = Set(metrics.exposition.split(separator: "\n").map(String.init))
        for line in [
            "apus_outgoing_requests_total{outcome=\"2xx\"} 3", "apus_outgoing_requests_total{outcome=\"3xx\"} 0",
            "apus_outgoing_requests_total{outcome=\"4xx\"} 1", "apus_outgoing_requests_total{outcome=\"5xx\"} 1",
            "apus_outgoing_requests_total{outcome=\"connection-refused\"} 1",
            "apus_outgoing_requests_total{outcome=\"HTTP-request-method-invalid\"} 1",
            "apus_outgoing_requests_total{outcome=\"cancelled\"} 1", "apus_outgoing_requests_in_progress 0",
            "apus_outgoing_connections_total 2", "apus_outgoing_connections 1", "apus_outgoing_connections_idle 1",
            "apus_outgoing_request_seconds_count 7",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        client.shutDown()
        for name in ["connections", "connections_idle"] {
            _ = try waitUntil { metrics.exposition.contains("apus_outgoing_\(name) 0\n") ? true : nil }
        }
    }
}
