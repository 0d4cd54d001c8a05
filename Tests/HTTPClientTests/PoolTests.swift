// Which connections are used again, and for whom.
import HTTPClient
import Synchronization
import Testing
import WASIHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

private let hello = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"

struct PoolTests {
    /// Answers every request.
    private func politeServer() throws -> RawServer {
        try RawServer { peer, _ in while peer.readHead() != nil { peer.send(hello) } }
    }

    @Test func connectionsAreUsedAgain() throws {
        let server = try politeServer()
        let client = PooledHTTPClient()
        for _ in 0..<5 { #expect(try client.fetch("http://127.0.0.1:\(server.port)/") == "200 hello") }
        #expect(server.connectionCount == 1)
    }

    @Test func notForOthers() throws {
        // A grant is part of what a connection was made for.
        let server = try politeServer()
        let client = PooledHTTPClient()
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try client.fetch(url, grants: ["127.0.0.1"]) == "200 hello")
        #expect(try client.fetch(url, grants: ["127.0.0.1", "example.com"]) == "200 hello")
        #expect(server.connectionCount == 2)
        #expect(try PooledHTTPClient().fetch(url, grants: ["127.0.0.1"]) == "200 hello")
        #expect(server.connectionCount == 3)
        #expect(try client.fetch(url, grants: ["127.0.0.1"]) == "200 hello")
        #expect(server.connectionCount == 3)
    }

    @Test func idleConnectionsAreClosed() throws {
        let closed = Atomic(0)
        let server = try RawServer { peer, _ in
            while peer.readHead() != nil { peer.send(hello) }
            closed.add(1, ordering: .relaxed)
        }
        var configuration = HTTPClientConfiguration()
        configuration.limits.idleTime = .milliseconds(50)
        let client = PooledHTTPClient(configuration)
        #expect(try client.fetch("http://127.0.0.1:\(server.port)/") == "200 hello")
        #expect(try waitUntil { closed.load(ordering: .relaxed) == 1 ? true : nil })
    }

    @Test func serversSayHowLongTheyWait() throws {
        let closed = Atomic(0)
        let server = try RawServer { peer, _ in
            while peer.readHead() != nil {
                peer.send("HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 5\r\n\r\nhello")
            }
            closed.add(1, ordering: .relaxed)
        }
        var configuration = HTTPClientConfiguration()
        configuration.limits.idleTime = .seconds(600)
        let client = PooledHTTPClient(configuration)
        #expect(try client.fetch("http://127.0.0.1:\(server.port)/") == "200 hello")
        #expect(try waitUntil { closed.load(ordering: .relaxed) == 1 ? true : nil })
        #expect(try client.fetch("http://127.0.0.1:\(server.port)/") == "200 hello")
        #expect(server.connectionCount == 2)
    }

    /// A server whose first connection is closed at its second request, as one is that had been idle for too long.
    private func impatientServer() throws -> RawServer {
        try RawServer { peer, number in
            guard peer.readHead() != nil else { return }
            peer.send(hello)
            guard peer.readHead() != nil, number > 1 else { return }
            peer.send(hello)
        }
    }

    @Test(arguments: [
        (HTTPRequestMethod.get, "200 hello", 2), (.put, "200 hello", 2), (.delete, "200 hello", 2),
        (.post, "! connection-terminated", 1), (.other("BREW"), "! connection-terminated", 1),
    ])
    func closedWhileIdle(_ method: HTTPRequestMethod, _ expected: String, _ connections: Int) throws {
        let server = try impatientServer()
        let client = PooledHTTPClient()
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try client.fetch(url) == "200 hello")
        #expect(try client.fetch(url, method) == expected)
        #expect(server.connectionCount == connections)
    }

    @Test func whatNobodyAskedForIsNoAnswer() throws {
        // Servers that wait no longer for a request say 408, and mean none that is to come.
        let mayClose = Atomic(false)
        let server = try RawServer { peer, number in
            guard peer.readHead() != nil else { return }
            peer.send(hello)
            guard number == 1 else { return peer.readToEnd() }
            _ = try? waitUntil { mayClose.load(ordering: .relaxed) ? true : nil }
            peer.send("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            peer.readToEnd()
        }
        let metrics = HTTPClientMetrics()
        var configuration = HTTPClientConfiguration()
        configuration.metrics = metrics
        let client = PooledHTTPClient(configuration)
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try client.fetch(url) == "200 hello")
        mayClose.store(true, ordering: .relaxed)
        _ = try waitUntil { metrics.exposition.contains("apus_outgoing_connections 0\n") ? true : nil }
        #expect(try client.fetch(url, .post) == "200 hello")
        #expect(server.connectionCount == 2)
    }

    @Test func bodiesAreNotSentTwice() throws {
        let server = try impatientServer()
        let client = PooledHTTPClient()
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try client.fetch(url) == "200 hello")
        let body = HTTPBody(of: .request, Array("hello".utf8))
        #expect(try client.send(try OutgoingHTTPRequest(url, .put, body: body)).outcome() == "! connection-terminated")
        #expect(server.connectionCount == 1)
    }

    @Test func aNewConnectionIsTriedOnce() throws {
        let server = try RawServer { peer, _ in _ = peer.readHead() }
        #expect(try PooledHTTPClient().fetch("http://127.0.0.1:\(server.port)/") == "! connection-terminated")
        #expect(server.connectionCount == 1)
    }

    @Test func requestsWaitForAConnection() throws {
        let mayAnswer = Atomic(false)
        let server = try RawServer { peer, _ in
            while peer.readHead() != nil {
                _ = try? waitUntil { mayAnswer.load(ordering: .relaxed) ? true : nil }
                peer.send(hello)
            }
        }
        var configuration = HTTPClientConfiguration()
        configuration.limits.connectionsPerHost = 2
        let client = PooledHTTPClient(configuration)
        let futures = try (0..<6).map { _ in client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/")) }
        _ = try waitUntil { server.heads.count == 2 ? true : nil }
        mayAnswer.store(true, ordering: .relaxed)
        for future in futures { #expect(try future.outcome() == "200 hello") }
        #expect(server.connectionCount == 2)
    }

    @Test func andNotForEver() throws {
        let server = try RawServer { peer, _ in peer.readToEnd() }
        var configuration = HTTPClientConfiguration()
        configuration.limits.connectionsPerHost = 1
        let client = PooledHTTPClient(configuration)
        let url = "http://127.0.0.1:\(server.port)/"
        let first = client.send(try OutgoingHTTPRequest(url))
        let second = client.send(try OutgoingHTTPRequest(url, options: .milliseconds(connect: 50)))
        #expect(try second.outcome() == "! connection-limit-reached")
        first.cancel()
    }

    @Test func allConnectionsTogetherAreLimited() throws {
        let server = try RawServer { peer, _ in peer.readToEnd() }
        let other = try politeServer()
        var configuration = HTTPClientConfiguration()
        configuration.limits.connections = 2
        let client = PooledHTTPClient(configuration)
        // What is idle gives way.
        #expect(try client.fetch("http://127.0.0.1:\(other.port)/") == "200 hello")
        let busy = try (0..<2).map { _ in client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/")) }
        _ = try waitUntil { server.connectionCount == 2 ? true : nil }
        #expect(try client.fetch("http://127.0.0.1:\(other.port)/") == "! connection-limit-reached")
        for future in busy { future.cancel() }
    }

    @Test func whatNobodyReadsIsReadAway() throws {
        let server = try politeServer()
        let metrics = HTTPClientMetrics()
        var configuration = HTTPClientConfiguration()
        configuration.metrics = metrics
        let client = PooledHTTPClient(configuration)
        let url = "http://127.0.0.1:\(server.port)/"
        let response = try client.send(try OutgoingHTTPRequest(url)).wait().get()
        response.body?.cancel()
        _ = try waitUntil { metrics.exposition.contains("apus_outgoing_connections_idle 1\n") ? true : nil }
        #expect(try client.fetch(url) == "200 hello")
        #expect(server.connectionCount == 1)
    }

    /// Who waits for there to be fewer connections is told of those to somebody else too.
    @Test func roomThatOthersMake() throws {
        let isOver = Atomic(false)
        let busy = try RawServer { peer, number in
            while peer.readHead() != nil {
                if number == 1 { _ = try? waitUntil { isOver.load(ordering: .sequentiallyConsistent) ? true : nil } }
                peer.send(hello)
            }
        }
        let other = try RawServer { peer, _ in
            while peer.readHead() != nil {
                _ = try? waitUntil { busy.connectionCount == 1 ? true : nil }
                usleep(100_000)
                peer.send(hello)
            }
        }
        var configuration = HTTPClientConfiguration()
        configuration.limits.connections = 2
        configuration.limits.connectTime = .seconds(600)
        let client = PooledHTTPClient(configuration)
        let url = "http://127.0.0.1:\(busy.port)/"
        let first = client.send(try OutgoingHTTPRequest(url))
        _ = try waitUntil { busy.heads.count == 1 ? true : nil }
        let elsewhere = client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(other.port)/"))
        _ = try waitUntil { other.connectionCount == 1 ? true : nil }
        let second = client.send(try OutgoingHTTPRequest(url))
        #expect(try elsewhere.outcome() == "200 hello")
        #expect(try second.outcome() == "200 hello")
        isOver.store(true, ordering: .sequentiallyConsistent)
        #expect(try first.outcome() == "200 hello")
        #expect(busy.connectionCount == 2)
    }
}
