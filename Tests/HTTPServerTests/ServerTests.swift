// What concerns more than one connection: limits, reuse, fairness, the end.
import Foundation
import HTTPServer
import Synchronization
import Testing

@Suite(.enabled(if: TestServer.isThere, "the guests are not built: Tests/Guests/build"))
struct ServerTests {
    private func get(_ path: String, _ port: Int) throws -> (status: Int, body: String)? {
        let connection = try RawConnection(port: port)
        connection.send(Array("GET \(path) HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".utf8))
        connection.receive()
        return connection.responses().first.map { ($0.status, String(decoding: $0.body, as: UTF8.self)) }
    }

    @Test func instancesAreFreshUnlessAskedFor() throws {
        let port = try TestServer.shared.get().port
        for _ in 0..<5 { #expect(try get("/uses", port)?.body == "1") }
    }

    @Test func instancesAnswerSeveralRequestsIfAskedFor() throws {
        let (server, port) = try TestServer.start(requestsPerInstance: 3)
        defer { server.shutDown() }
        let connection = try RawConnection(port: port)
        for _ in 0..<7 { connection.send(Array("GET /uses HTTP/1.1\r\nhost: a\r\n\r\n".utf8)) }
        connection.receive { connection.responses().count >= 7 }
        let uses = connection.responses().map { String(decoding: $0.body, as: UTF8.self) }
        #expect(uses == ["1", "2", "3", "1", "2", "3", "1"])
    }

    @Test func anInstanceThatTrappedIsNotUsedAgain() throws {
        let (server, port) = try TestServer.start(requestsPerInstance: 100)
        defer { server.shutDown() }
        let connection = try RawConnection(port: port)
        for path in ["/uses", "/uses", "/trap", "/uses"] { connection.send(Array("GET \(path) HTTP/1.1\r\nhost: a\r\n\r\n".utf8)) }
        connection.receive { connection.responses().count >= 4 }
        let answers = connection.responses().map { String(decoding: $0.body, as: UTF8.self) }
        #expect(answers.count == 4)
        #expect(answers.first == "1" && answers.dropFirst().first == "2" && answers.last == "1")
    }

    /// Several on each loop, in every way to be busy. Without turns others wait for as long as these have time.
    @Test(arguments: [
        ("serve", "/compute?600000"), ("serve", "/for-ever"), ("hostile", "/many-calls"), ("hostile", "/many-short-naps"),
        ("hostile", "/naps-of-a-moment"), ("serve", "/large?200000000000"),
    ])
    func guestsThatComputeDoNotHoldUpOthers(_ guest: String, _ path: String) throws {
        var limits = TestServer.limits
        limits.requestTime = .seconds(120)
        let (server, port) = try TestServer.start(limits, guest: guest)
        defer { server.shutDown() }
        // Six that compute, on two loops, and somebody who reads what one of them may send.
        let busy = try (0..<6).map { _ in try RawConnection(port: port) }
        for connection in busy { connection.send(Array("GET \(path) HTTP/1.1\r\nhost: a\r\n\r\n".utf8)) }
        // From here on they are that thread's alone.
        nonisolated(unsafe) let readers = busy
        let ends = DispatchSemaphore(value: 0)
        let hasEnded = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while ends.wait(timeout: .now()) == .timedOut {
                for connection in readers { connection.discard() }
                usleep(100)
            }
            hasEnded.signal()
        }
        #expect(waitUntil { server.requestsUnderWay == busy.count })
        for _ in 0..<10 { #expect(try get("/nothing-here", port)?.status == 404) }
        #expect(server.requestsUnderWay == busy.count)
        ends.signal()
        hasEnded.wait()
    }

    /// Requests that come ahead begin by turns.
    @Test func oneClientDoesNotHoldUpOthers() throws {
        let (server, port) = try TestServer.start()
        defer { server.shutDown() }
        let busy = try (0..<4).map { _ in try RawConnection(port: port) }
        let ahead = Array(String(repeating: "GET /compute?20 HTTP/1.1\r\nhost: a\r\n\r\n", count: 500).utf8)
        for connection in busy { connection.send(ahead) }
        #expect(waitUntil { server.requestsUnderWay > 0 })
        for _ in 0..<5 { #expect(try get("/hello", port)?.status == 200) }
        // All of theirs take 20 seconds on two processors.
        for connection in busy {
            connection.receive(for: .zero)
            #expect(connection.responses().count < 500)
        }
    }

    @Test func moreRequestsThanAllowedAreToldToComeAgain() throws {
        var limits = TestServer.limits
        limits.concurrentRequests = 2
        let (server, port) = try TestServer.start(limits)
        defer { server.shutDown() }
        let busy = try (0..<2).map { _ in try RawConnection(port: port) }
        for connection in busy { connection.hold() }
        #expect(try get("/hello", port)?.status == 503)
        for connection in busy { #expect(connection.release() == 200) }
        #expect(try get("/hello", port)?.status == 200)
    }

    @Test func moreConnectionsThanAllowedAreClosed() throws {
        var limits = TestServer.limits
        limits.connections = 3
        let (server, port) = try TestServer.start(limits)
        defer { server.shutDown() }
        let open = try (0..<3).map { _ in try RawConnection(port: port) }
        for count in 1...2 {
            // Who is answered is one of those that are there.
            for connection in open {
                connection.send(Array("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
                connection.receive { connection.responses().count == count }
                #expect(connection.responses().count == count)
            }
            let other = try RawConnection(port: port)
            other.receive()
            #expect(other.isClosed)
        }
    }

    /// Who holds connections open with little is told from who is just slow, or has gone.
    @Test func endsOfConnectionsAreCountedByReason() throws {
        var limits = TestServer.hastyLimits
        limits.writeTime = .seconds(1)
        limits.requestTime = .seconds(60)
        let (server, port) = try TestServer.start(limits)
        defer { server.shutDown() }
        guard case .internet(_, let administration)? = try server.listenForAdministration() else { throw Failure("no port") }
        let settings = FrameCase.preface + FrameCase.frame(4, 0, 0, [])
        let cases: [(end: String, bytes: [UInt8])] = [
            ("none\",reason=\"slow-head", []), ("none\",reason=\"slow-head", Array("PRI * HT".utf8)),
            ("http/1\",reason=\"slow-head", Array("GET /hello HTTP/1.1\r\nhost: ".utf8)),
            ("http/1\",reason=\"slow-body", Array("POST /count HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhello".utf8)),
            ("http/1\",reason=\"slow-reader", Array("GET /large?100000000 HTTP/1.1\r\nhost: a\r\n\r\n".utf8)),
            ("http/1\",reason=\"idle", Array("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n".utf8)),
            ("http/1\",reason=\"malformed", Array("GET /hello HTTP/1.1\r\n\r\n".utf8)),
            ("h2\",reason=\"slow-head", FrameCase.preface), ("h2\",reason=\"slow-head", settings + [0, 0]),
            ("h2\",reason=\"idle", settings), ("h2\",reason=\"malformed", settings + FrameCase.frame(0, 0, 0, [1])),
            ("h2\",reason=\"flood", settings + [[UInt8]](repeating: FrameCase.frame(6, 0, 0, [UInt8](repeating: 0, count: 8)), count: 5000).joined()),
            // These go by themselves.
            ("", Array("GET /hello HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".utf8)),
        ]
        let connections = try cases.map { given in
            let connection = try RawConnection(port: port, room: 8192)
            connection.send(given.bytes)
            return connection
        }
        var expected: [String: Int] = [:]
        for given in cases where !given.end.isEmpty {
            expected["apus_connections_ended_total{protocol=\"\(given.end)\"}", default: 0] += 1
        }
        var found: [String: Int] = [:]
        _ = try waitUntil {
            found = [:]
            for line in try get("/metrics", administration)?.body.split(separator: "\n") ?? [] {
                let words = line.split(separator: " ")
                if line.hasPrefix("apus_connections_ended_total"), words[1] != "0" { found[String(words[0])] = Int(words[1]) }
            }
            return found == expected
        }
        #expect(found == expected)
        withExtendedLifetime(connections) {}
    }

    /// A channel that is closed forgets what the system has not taken: the last bytes of a response must not be among that.
    @Test func slowReadersGetAllOfIt() throws {
        var limits = TestServer.limits
        limits.writeTime = .seconds(60)
        let (server, port) = try TestServer.start(limits)
        defer { server.shutDown() }
        // Somewhere among these sizes the system takes all but the last bytes.
        let sizes = Array(stride(from: 100_000, through: 6_000_000, by: 140_000))
        let connections = try sizes.map { _ in try RawConnection(port: port, room: 8192) }
        for (connection, size) in zip(connections, sizes) {
            connection.send(Array("GET /large?\(size) HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".utf8))
        }
        // Until the system takes no more of any.
        var (underWay, rounds) = (0, 0)
        _ = waitUntil {
            rounds = server.requestsUnderWay == underWay ? rounds + 1 : 0
            underWay = server.requestsUnderWay
            return rounds == 70
        }
        for (connection, size) in zip(connections, sizes) {
            connection.receive()
            #expect(connection.isClosed)
            #expect(connection.responses().first?.body.count == size)
        }
    }

    @Test func clientsThatLeaveHarmNobody() throws {
        let (server, port) = try TestServer.start(TestServer.hastyLimits)
        defer { server.shutDown() }
        for path in ["/large?5000000", "/sleep?300", "/drip?50", "/echo", "/for-ever"] {
            for _ in 0..<5 {
                let connection = try RawConnection(port: port)
                connection.send(Array("POST \(path) HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\nhello".utf8))
                usleep(5_000)
            }
        }
        #expect(try get("/hello", port)?.status == 200)
    }

    @Test func requestsUnderWayAreAnsweredAtTheEnd() throws {
        let (server, port) = try TestServer.start()
        let idle = try RawConnection(port: port)
        let busy = try RawConnection(port: port)
        busy.hold()
        // From here on it is that thread's, until it has ended.
        nonisolated(unsafe) let held = busy
        let hasEnded = DispatchSemaphore(value: 0)
        let status = Mutex<Int?>(nil)
        Thread.detachNewThread {
            if becomesClosed(port) { status.withLock { $0 = held.release() } }
            hasEnded.signal()
        }
        let cut = server.drain()
        hasEnded.wait()
        #expect(cut == 0)
        #expect(status.withLock { $0 } == 200)
        idle.receive()
        #expect(idle.isClosed && idle.received.isEmpty)
        busy.receive()
        #expect(busy.isClosed)
        #expect(busy.text.contains("connection: close"))
        #expect(throws: Failure.self) { try RawConnection(port: port) }
        server.shutDown()
    }

    @Test func whatDoesNotEndIsCutAtTheDeadline() throws {
        var limits = TestServer.limits
        limits.drainTime = .milliseconds(300)
        let (server, port) = try TestServer.start(limits)
        let busy = try RawConnection(port: port)
        busy.hold()
        // Its end would be that of the response.
        let old = try RawConnection(port: port)
        old.send(Array("GET /drip?5000 HTTP/1.0\r\n\r\n".utf8))
        old.receive { old.text.contains("drip") }
        #expect(server.drain() == 2)
        busy.receive()
        #expect(busy.isClosed && busy.held == nil)
        old.receive()
        #expect(old.isClosed && old.wasReset)
        server.shutDown()
    }

    @Test func routesAreFoundByHostAndPath() throws {
        let routes = [Route(host: "one.example"), Route(host: "*.two.example", prefix: "/a"), Route(prefix: "/b/")]
        let (server, port) = try TestServer.start(routes: routes)
        defer { server.shutDown() }
        let cases: [(host: String, path: String, isFound: Bool)] = [
            ("one.example", "/x", true), ("ONE.example:80", "/x", true), ("two.example", "/a", false),
            ("x.two.example", "/a", true), ("x.two.example", "/a/b", true), ("x.two.example", "/ab", false),
            ("xtwo.example", "/a", false), ("other", "/b", true), ("other", "/b/c", true), ("other", "/bc", false),
            ("other", "/", false),
        ]
        for given in cases {
            let connection = try RawConnection(port: port)
            connection.send(Array("GET \(given.path)?q HTTP/1.1\r\nhost: \(given.host)\r\nconnection: close\r\n\r\n".utf8))
            connection.receive()
            // The guest has none of these paths either, but says so in another way.
            let isFound = connection.text.contains("no such path")
            #expect(isFound == given.isFound, "\(given)")
        }
    }
}
