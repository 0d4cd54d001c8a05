// TLS: whom the client believes, and what it speaks then.
import HTTPClient
import NIOSSL
import Synchronization
import Testing
import WASIHTTP

enum TLSVersionCase: Sendable {
    case v12
    case v13

    var version: TLSVersion { self == .v12 ? .tlsv12 : .tlsv13 }
}

@Suite(.enabled(if: Certificates.areThere, "there is no openssl"))
struct TLSTests {
    private let certificates: Certificates

    init() throws {
        certificates = try #require(Certificates.shared)
    }

    private func client(trusting authorities: [String]? = nil, asClient: Bool = false) throws -> PooledHTTPClient {
        var configuration = HTTPClientConfiguration()
        configuration.tls = try HTTPClientTLS(
            authorities: authorities ?? [certificates.authority],
            certificate: asClient ? certificates.file("client.pem") : nil,
            key: asClient ? certificates.file("client.key") : nil)
        return PooledHTTPClient(configuration)
    }

    // MARK: - Whom it believes

    @Test func trusted() throws {
        let server = try TLSServer(certificates, protocols: ["http/1.1"])
        let client = try client()
        for host in ["localhost", "127.0.0.1"] {
            #expect(try client.fetch("https://\(host):\(server.port)/") == "200 HTTP/1.1")
        }
    }

    @Test func untrusted() throws {
        let server = try TLSServer(certificates)
        let url = "https://localhost:\(server.port)/"
        #expect(try client(trusting: []).fetch(url) == "! TLS-certificate-error")
        #expect(try client(trusting: [certificates.otherAuthority]).fetch(url) == "! TLS-certificate-error")
    }

    @Test func anotherName() throws {
        let server = try TLSServer(certificates, "stranger")
        let client = try client()
        #expect(try client.fetch("https://localhost:\(server.port)/") == "! TLS-certificate-error")
        #expect(try client.fetch("https://127.0.0.1:\(server.port)/") == "! TLS-certificate-error")
    }

    @Test(arguments: [TLSVersionCase.v12, .v13])
    func ownCertificate(_ version: TLSVersionCase) throws {
        let server = try TLSServer(
            certificates, asksFor: certificates.authority, minimum: version.version, maximum: version.version)
        let url = "https://localhost:\(server.port)/hello"
        #expect(try client(asClient: true).fetch(url).hasPrefix("200"))
        let without = try client().fetch(url)
        #expect(without.hasPrefix("! TLS-alert-received: alert "), "\(without)")
    }

    @Test func noTLS() throws {
        let server = try RawServer { peer, _ in
            peer.send("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            peer.readToEnd()
        }
        #expect(try client().fetch("https://localhost:\(server.port)/") == "! TLS-protocol-error")
    }

    @Test func closedInTheHandshake() throws {
        let server = try RawServer { peer, _ in _ = peer.read(10) }
        #expect(try client().fetch("https://localhost:\(server.port)/") == "! connection-terminated")
    }

    @Test func filesThatAreNone() throws {
        #expect(throws: HTTPClientTLSError.self) { try HTTPClientTLS(authorities: ["/nowhere.pem"]) }
        #expect(throws: HTTPClientTLSError.self) { try HTTPClientTLS(authorities: [certificates.file("server.key")]) }
        #expect(throws: HTTPClientTLSError.self) {
            try HTTPClientTLS(
                authorities: [], certificate: certificates.file("client.pem"), key: certificates.file("client.pem"))
        }
    }

    // MARK: - HTTP/2

    @Test func request() throws {
        let server = try TLSServer(certificates)
        let future = try client().send(
            try OutgoingHTTPRequest("https://localhost:\(server.port)/a?b", headers: ["X-A": "1", "te": "trailers"]))
        #expect(
            try future.outcome()
                == "200 :method: GET\n:scheme: https\n:authority: localhost:\(server.port)\n:path: /a?b\nx-a: 1\nte: trailers\n")
    }

    @Test func echo() throws {
        let server = try TLSServer(certificates)
        let client = try client()
        let body = HTTPBody(of: .request)
        let future = client.send(try OutgoingHTTPRequest("https://localhost:\(server.port)/echo", .post, body: body))
        // The answer begins while the request is under way.
        body.append(Array("hel".utf8))
        let response = try future.wait().get()
        body.append(Array("lo".utf8))
        body.finish(trailers: ["a": "b"])
        let (bytes, end) = try #require(response.body).all()
        #expect(String(decoding: bytes, as: UTF8.self) == "hello")
        #expect(try end.get() == ["a": "b"])
    }

    @Test func oneConnectionForAll() throws {
        let server = try TLSServer(certificates)
        let client = try client()
        let url = "https://localhost:\(server.port)/slow"
        let futures = try (0..<50).map { _ in client.send(try OutgoingHTTPRequest(url)) }
        for future in futures { #expect(try future.outcome() == "204") }
        #expect(server.counts.connections.load(ordering: .relaxed) == 1)
        #expect(server.counts.mostStreams.load(ordering: .relaxed) > 10)
    }

    @Test func asManyStreamsAsTheServerAllows() throws {
        let server = try TLSServer(certificates, streams: 5)
        let client = try client()
        let url = "https://localhost:\(server.port)/slow"
        #expect(try client.fetch(url) == "204")
        let futures = try (0..<20).map { _ in client.send(try OutgoingHTTPRequest(url)) }
        for future in futures { #expect(try future.outcome() == "204") }
    }

    @Test(arguments: [
        ("/reset", "! connection-terminated"), ("/cut", "200 half ! HTTP-response-incomplete"),
        ("/large", "200 (16777216)"), ("/early", "204"), ("/refuse", "204"),
    ])
    func streams(_ path: String, _ expected: String) throws {
        let server = try TLSServer(certificates)
        let client = try client()
        #expect(try client.fetch("https://localhost:\(server.port)\(path)") == expected)
        // A stream that fails takes no other with it.
        #expect(try client.fetch("https://localhost:\(server.port)/early") == "204")
        #expect(server.counts.connections.load(ordering: .relaxed) == 1)
    }

    @Test func whatIsNotReadIsNotKept() throws {
        let server = try TLSServer(certificates)
        let client = try client()
        let response = try client.send(try OutgoingHTTPRequest("https://localhost:\(server.port)/large")).wait().get()
        let body = try #require(response.body)
        _ = try waitUntil { body.waitingCount >= body.capacity ? true : nil }
        #expect(try waitUntilAtRest { body.waitingCount } < 1 << 20)
        // And others are not held up by it.
        #expect(try client.fetch("https://localhost:\(server.port)/early") == "204")
        #expect(try body.all().0.count == 16 << 20)
        #expect(server.counts.connections.load(ordering: .relaxed) == 1)
    }

    @Test func cancelled() throws {
        let server = try TLSServer(certificates)
        let client = try client()
        let response = try client.send(try OutgoingHTTPRequest("https://localhost:\(server.port)/large")).wait().get()
        response.body?.cancel()
        #expect(try waitUntil { server.counts.openStreams.load(ordering: .relaxed) == 0 ? true : nil })
        #expect(try client.fetch("https://localhost:\(server.port)/early") == "204")
        #expect(server.counts.connections.load(ordering: .relaxed) == 1)
    }

    @Test func noResponse() throws {
        let server = try TLSServer(certificates)
        let client = try client()
        let body = HTTPBody(of: .request)
        let outcome = try client.send(
            try OutgoingHTTPRequest(
                "https://localhost:\(server.port)/", .post, body: body, options: .milliseconds(first: 100))
        ).outcome()
        #expect(outcome == "! connection-read-timeout")
    }
}
