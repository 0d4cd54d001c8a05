// What is sent, byte for byte.
import HTTPClient
import Synchronization
import Testing
import WASIHTTP

struct RequestTests {
    /// Makes a request and answers what the server saw of it; its own address stands as `HOST`.
    private func sent(
        _ method: HTTPRequestMethod, _ headers: HTTPMessageFields, body: HTTPBody?, end: String,
        while working: (RawServer) throws -> Void = { _ in }
    ) throws -> String {
        let seen = Mutex("")
        let server = try RawServer { peer, _ in
            let head = peer.readHead() ?? ""
            let text = end == "\r\n\r\n" ? head : head + peer.read(until: end)
            seen.withLock { $0 = text }
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            peer.readToEnd()
        }
        let host = "127.0.0.1:\(server.port)"
        let future = PooledHTTPClient().send(
            try OutgoingHTTPRequest("http://\(host)/a?b", method, headers: headers, body: body))
        try working(server)
        #expect(try future.outcome() == "200")
        return seen.withLock { $0 }.split(separator: host, omittingEmptySubsequences: false).joined(separator: "HOST")
    }

    @Test(arguments: [
        (.get, [:], "GET /a?b HTTP/1.1\r\nhost: HOST\r\n\r\n"),
        (.get, ["a": "1", "A": "2"], "GET /a?b HTTP/1.1\r\nhost: HOST\r\na: 1\r\nA: 2\r\n\r\n"),
        (.post, [:], "POST /a?b HTTP/1.1\r\nhost: HOST\r\ncontent-length: 0\r\n\r\n"),
        (.get, ["content-length": "0"], "GET /a?b HTTP/1.1\r\nhost: HOST\r\ncontent-length: 0\r\n\r\n"),
        (.other("BREW"), [:], "BREW /a?b HTTP/1.1\r\nhost: HOST\r\n\r\n"),
        // Nobody waits for the answer to `expect`, and what concerns the connection is ours to say.
        (.get, ["expect": "100-continue", "te": "gzip", "connection": "x"], "GET /a?b HTTP/1.1\r\nhost: HOST\r\n\r\n"),
        (.get, ["te": "trailers"], "GET /a?b HTTP/1.1\r\nhost: HOST\r\nte: trailers\r\n\r\n"),
    ] as [(HTTPRequestMethod, HTTPMessageFields, String)])
    func withoutBody(_ method: HTTPRequestMethod, _ headers: HTTPMessageFields, _ expected: String) throws {
        #expect(try sent(method, headers, body: nil, end: "\r\n\r\n") == expected)
    }

    @Test func bodyThatIsAllThere() throws {
        let text = try sent(.post, [:], body: HTTPBody(of: .request, Array("hello".utf8)), end: "hello")
        #expect(text == "POST /a?b HTTP/1.1\r\nhost: HOST\r\ncontent-length: 5\r\n\r\nhello")
    }

    @Test func bodyThatIsAnnounced() throws {
        let body = HTTPBody(of: .request, length: 5)
        let text = try sent(.put, ["content-length": "5"], body: body, end: "hello") { server in
            _ = try waitUntil { server.heads.isEmpty ? nil : true }
            body.append(Array("hel".utf8))
            _ = try waitUntil { body.waitingCount == 0 ? true : nil }
            body.append(Array("lo".utf8))
            body.finish()
        }
        #expect(text == "PUT /a?b HTTP/1.1\r\nhost: HOST\r\ncontent-length: 5\r\n\r\nhello")
    }

    @Test func bodyThatComes() throws {
        let body = HTTPBody(of: .request)
        let text = try sent(.post, [:], body: body, end: "0\r\na: b\r\n\r\n") { server in
            _ = try waitUntil { server.heads.isEmpty ? nil : true }
            for piece in ["hel", "lo"] {
                body.append(Array(piece.utf8))
                _ = try waitUntil { body.waitingCount == 0 ? true : nil }
            }
            body.finish(trailers: ["a": "b"])
        }
        let head = "POST /a?b HTTP/1.1\r\nhost: HOST\r\ntransfer-encoding: chunked\r\n\r\n"
        #expect(text == head + "3\r\nhel\r\n2\r\nlo\r\n0\r\na: b\r\n\r\n")
    }

    @Test func bodyThatIsOpenedAndLeftEmpty() throws {
        // It is waited for, but not for long: on a busy machine the guest may be too late, which is no fault of its own.
        var texts: Set<String> = []
        let expected = "GET /a?b HTTP/1.1\r\nhost: HOST\r\n\r\n"
        for _ in 0..<50 where !texts.contains(expected) {
            let body = HTTPBody(of: .request)
            texts.insert(try sent(.get, [:], body: body, end: "\r\n\r\n") { _ in body.finish() })
        }
        #expect(texts.contains(expected), "\(texts)")
    }

    @Test func bodyThatWaitsForTheResponse() throws {
        // The other end need not see the body's end to answer.
        let body = HTTPBody(of: .request)
        let text = try sent(.get, [:], body: body, end: "\r\n\r\n")
        #expect(text == "GET /a?b HTTP/1.1\r\nhost: HOST\r\ntransfer-encoding: chunked\r\n\r\n")
        #expect(try waitUntil { body.isCancelled ? true : nil })
    }

    @Test func bodyThatFails() throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.readToEnd()
        }
        let client = PooledHTTPClient()
        let body = HTTPBody(of: .request)
        let future = client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/", .post, body: body))
        body.append(Array("hello".utf8))
        body.fail(.internalError("dropped"))
        #expect(try future.outcome() == "! internal-error: dropped")
    }

    @Test func bodyOfAnotherLength() throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.readToEnd()
        }
        let client = PooledHTTPClient()
        let body = HTTPBody(of: .request, length: 9)
        let future = client.send(
            try OutgoingHTTPRequest(
                "http://127.0.0.1:\(server.port)/", .post, headers: ["content-length": "9"], body: body))
        body.append(Array("hello".utf8))
        body.finish()
        #expect(try future.outcome() == "! HTTP-request-body-size: 5 bytes")
    }

    @Test func connectIsRefused() throws {
        let outcome = try PooledHTTPClient().fetch("http://127.0.0.1:1/", .connect)
        #expect(outcome == "! HTTP-request-method-invalid")
    }
}
