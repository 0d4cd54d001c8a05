// Time, refusals, and guests that lose interest.
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

struct EndingTests {
    @Test func refused() throws {
        let port = try RawServer.closedPort()
        #expect(try PooledHTTPClient().fetch("http://127.0.0.1:\(port)/") == "! connection-refused")
    }

    @Test func noSuchName() throws {
        // A resolver that has nobody to ask may say so, or say nothing in time.
        let outcome = try PooledHTTPClient().send(
            try OutgoingHTTPRequest("http://no-such-name.invalid/", options: .milliseconds(connect: 3000))
        ).outcome()
        #expect(outcome.hasPrefix("! DNS-error") || outcome == "! DNS-timeout" || outcome == "! destination-not-found")
    }

    @Test func noTimeForTheResolver() throws {
        // Time for nothing at all: whatever the resolver says comes later.
        let options = HTTPRequestOptions(connectTimeout: 1)
        let outcome = try PooledHTTPClient().send(
            try OutgoingHTTPRequest("http://no-such-name.invalid/", options: options)
        ).outcome()
        #expect(outcome == "! DNS-timeout")
    }

    @Test func aNameThatIsNone() throws {
        // The resolver knows that without asking anybody: a label has 63 bytes at most.
        let name = String(repeating: "a", count: 64) + ".invalid"
        #expect(try PooledHTTPClient().fetch("http://\(name)/").hasPrefix("! DNS-error"))
    }

    @Test func noWayThere() throws {
        // An address of a link, and nobody has said of which.
        #expect(try PooledHTTPClient().fetch("http://[fe80::1]/") == "! destination-IP-unroutable")
    }

    @Test func aSecondAddressIsTried() throws {
        // `localhost` is two addresses in many places, and the server has one.
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.send("HTTP/1.1 204 No Content\r\n\r\n")
        }
        #expect(try PooledHTTPClient().fetch("http://localhost:\(server.port)/", grants: ["localhost"]) == "204")
    }

    @Test func noHandshake() throws {
        let server = try RawServer { peer, _ in peer.readToEnd() }
        let outcome = try PooledHTTPClient().send(
            try OutgoingHTTPRequest("https://127.0.0.1:\(server.port)/", options: .milliseconds(connect: 200))
        ).outcome()
        #expect(outcome == "! connection-timeout")
    }

    @Test func noResponse() throws {
        let server = try RawServer { peer, _ in peer.readToEnd() }
        let outcome = try PooledHTTPClient().send(
            try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/", options: .milliseconds(first: 100))
        ).outcome()
        #expect(outcome == "! connection-read-timeout")
    }

    @Test func anInformationalResponseIsNone() throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.send("HTTP/1.1 103 Early Hints\r\n\r\n")
            peer.readToEnd()
        }
        let outcome = try PooledHTTPClient().send(
            try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/", options: .milliseconds(first: 100))
        ).outcome()
        #expect(outcome == "! connection-read-timeout")
    }

    @Test func noMore() throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n")
            for _ in 0..<4 {
                peer.send("a")
                usleep(60_000)
            }
            peer.readToEnd()
        }
        let outcome = try PooledHTTPClient().send(
            try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/", options: .milliseconds(first: 30_000, between: 3000))
        ).outcome()
        #expect(outcome == "200 aaaa ! connection-read-timeout")
    }

    @Test func aGuestMayTakeItsTime() throws {
        // The time between bytes is the server's, not that of the guest that reads them.
        let size = 8 << 20
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: \(size)\r\n\r\n")
            peer.send([UInt8](repeating: 0x61, count: size))
        }
        let client = PooledHTTPClient()
        let response = try client.send(
            try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/", options: .milliseconds(between: 2500))
        ).wait().get()
        let body = try #require(response.body)
        usleep(3_500_000)
        let (bytes, end) = try body.all()
        #expect(bytes.count == size)
        #expect(throws: Never.self) { try end.get() }
    }

    @Test func whatIsNotReadIsNotKept() throws {
        let size = 64 << 20
        let taken = Atomic(0)
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: \(size)\r\n\r\n")
            let piece = [UInt8](repeating: 0x61, count: 1 << 16)
            for _ in 0..<(size / piece.count) { taken.add(peer.send(piece), ordering: .relaxed) }
        }
        let client = PooledHTTPClient()
        let response = try client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/")).wait().get()
        let body = try #require(response.body)
        _ = try waitUntil { body.waitingCount >= body.capacity ? true : nil }
        _ = try waitUntilAtRest { taken.load(ordering: .relaxed) }
        #expect(body.waitingCount < 1 << 20)
        // The rest is the system's, which holds some megabytes.
        #expect(taken.load(ordering: .relaxed) < size / 2)
        #expect(try body.all().0.count == size)
    }

    @Test func whatIsNotTakenIsNotSent() throws {
        let mayAnswer = Atomic(false)
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            _ = try? waitUntil { mayAnswer.load(ordering: .relaxed) ? true : nil }
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        }
        let client = PooledHTTPClient()
        let body = HTTPBody(of: .request)
        let future = client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/", .post, body: body))
        let piece = [UInt8](repeating: 0x61, count: 1 << 16)
        var given = 0
        // As much as it is asked for, until it is asked for no more.
        _ = try waitUntilAtRest {
            while body.waitingCount < body.capacity, given < 256 << 20 {
                body.append(piece)
                given += piece.count
            }
            return given
        }
        #expect(given < 64 << 20)
        mayAnswer.store(true, ordering: .relaxed)
        _ = try waitUntil { body.isCancelled ? true : nil }
        // The answer came before the end of the request, and is the answer all the same.
        let outcome = try future.outcome()
        #expect(outcome == "200" || outcome == "! connection-terminated")
    }

    @Test func theOtherEndMustTakeIt() throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            usleep(20_000_000)
        }
        var configuration = HTTPClientConfiguration()
        configuration.limits.writeTime = .milliseconds(200)
        let client = PooledHTTPClient(configuration)
        let body = HTTPBody(of: .request)
        let future = client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/", .post, body: body))
        body.append([UInt8](repeating: 0x61, count: 32 << 20))
        body.finish()
        #expect(try future.outcome() == "! connection-write-timeout")
    }

    @Test func cancelledBeforeTheResponse() throws {
        let closed = Atomic(false)
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.readToEnd()
            closed.store(true, ordering: .relaxed)
        }
        let client = PooledHTTPClient()
        let body = HTTPBody(of: .request)
        let future = client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/", .post, body: body))
        _ = try waitUntil { server.heads.isEmpty ? nil : true }
        future.cancel()
        #expect(try waitUntil { closed.load(ordering: .relaxed) && body.isCancelled ? true : nil })
    }

    @Test func cancelledInTheBody() throws {
        let closed = Atomic(false)
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            // More may come at any time, so there is nothing to read to the end.
            peer.send("HTTP/1.1 200 OK\r\n\r\nfirst")
            peer.readToEnd()
            closed.store(true, ordering: .relaxed)
        }
        let client = PooledHTTPClient()
        let response = try client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/")).wait().get()
        response.body?.cancel()
        #expect(try waitUntil { closed.load(ordering: .relaxed) ? true : nil })
    }

    @Test func manyAtOnce() throws {
        let server = try RawServer { peer, _ in
            while let head = peer.readHead() {
                let path = head.split(separator: " ")[1]
                peer.send("HTTP/1.1 200 OK\r\ncontent-length: \(path.utf8.count)\r\n\r\n\(path)")
            }
        }
        let client = PooledHTTPClient()
        for _ in 0..<5 {
            let futures = try (0..<50).map { index in
                client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/\(index)"))
            }
            for (index, future) in futures.enumerated() { #expect(try future.outcome() == "200 /\(index)") }
        }
        #expect(server.connectionCount <= 64)
    }
}

struct PermitTests {
    /// A name that leads to the loopback interface without anybody being asked, and is beneath `1`.
    private static let name = "0x7f.1"

    private func server() throws -> RawServer {
        try RawServer { peer, _ in while peer.readHead() != nil { peer.send("HTTP/1.1 204 No Content\r\n\r\n") } }
    }

    @Test(arguments: [
        (["*.1"], "! destination-IP-prohibited"), (["*.1", "127.0.0.1"], "204"), (["0x7f.1"], "204"), (["*"], "204"),
        (["*.1", "127.0.0.1:1"], "! destination-IP-prohibited"),
    ])
    func names(_ grants: [String], _ expected: String) throws {
        let server = try server()
        let prohibited = Mutex<[String]>([])
        var configuration = HTTPClientConfiguration()
        configuration.onProhibitedAddress = { host, address in prohibited.withLock { $0.append("\(host) \(address)") } }
        let client = PooledHTTPClient(configuration)
        #expect(try client.fetch("http://\(Self.name):\(server.port)/", grants: grants) == expected)
        let isProhibited = expected != "204"
        #expect(server.connectionCount == (isProhibited ? 0 : 1))
        #expect(prohibited.withLock { $0 } == (isProhibited ? ["\(Self.name) 127.0.0.1"] : []))
    }

    @Test func aConnectionIsNoWayRoundAPermit() throws {
        // The same host, by a grant that reaches it and then by one that does not.
        let server = try server()
        let client = PooledHTTPClient()
        let url = "http://\(Self.name):\(server.port)/"
        #expect(try client.fetch(url, grants: ["0x7f.1"]) == "204")
        #expect(try client.fetch(url, grants: ["*.1"]) == "! destination-IP-prohibited")
        #expect(server.heads.count == 1)
    }
}
