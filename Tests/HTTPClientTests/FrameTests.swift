// HTTP/2 in the clear, with servers that say byte for byte what a test wants said.
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

/// What a server says to a request, and what a guest gets of it.
struct FrameCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let method: HTTPRequestMethod
    let answer: @Sendable (_ stream: UInt32) -> [UInt8]
    let expected: String

    init(
        _ name: String, _ expected: String, by method: HTTPRequestMethod = .get,
        _ answer: @escaping @Sendable (_ stream: UInt32) -> [UInt8]
    ) {
        testDescription = name
        self.method = method
        self.expected = expected
        self.answer = answer
    }

    private static func head(_ stream: UInt32, _ fields: (String, String)..., ends: Bool = false) -> [UInt8] {
        Frames.headers(stream, [(":status", "200")] + fields, ends: ends)
    }

    private static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    static let all = [
        FrameCase("a body", "200 hello") { head($0) + Frames.data($0, "hello", ends: true) },
        FrameCase("a length", "200 hello") { head($0, ("content-length", "5")) + Frames.data($0, "hello", ends: true) },
        FrameCase("trailers", "200 hello + a: b") { head($0) + Frames.data($0, "hello") + Frames.headers($0, [("a", "b")], ends: true) },
        FrameCase("HEAD with a length", "200", by: .head) { head($0, ("content-length", "5")) + Frames.data($0, "", ends: true) },
        FrameCase("304 with a length", "304") { Frames.headers($0, [(":status", "304"), ("content-length", "5")], ends: true) },
        FrameCase("more than was announced", "200 ! HTTP-response-body-size: 5 bytes") {
            head($0, ("content-length", "3")) + Frames.data($0, "hello", ends: true)
        },
        FrameCase("more in a second piece", "200 hel ! HTTP-response-body-size: 5 bytes") {
            head($0, ("content-length", "3")) + Frames.data($0, "hel") + Frames.data($0, "lo", ends: true)
        },
        FrameCase("less than was announced", "200 hel ! HTTP-response-incomplete") {
            head($0, ("content-length", "5")) + Frames.data($0, "hel", ends: true)
        },
        FrameCase("nothing of what was announced", "200 ! HTTP-response-incomplete") { head($0, ("content-length", "5"), ends: true) },
        FrameCase("two lengths", "! HTTP-protocol-error") { head($0, ("content-length", "5"), ("content-length", "5")) },
        FrameCase("a length that is none", "! HTTP-protocol-error") { head($0, ("content-length", "five")) },
        FrameCase("no status", "! HTTP-protocol-error") { Frames.headers($0, [("a", "b")]) },
        FrameCase("an upgrade", "! HTTP-upgrade-failed") { Frames.headers($0, [(":status", "101")]) },
        FrameCase("a field of the connection", "! HTTP-protocol-error") { head($0, ("connection", "close")) },
        FrameCase("a coding of the connection", "! HTTP-protocol-error") { head($0, ("transfer-encoding", "chunked")) },
        FrameCase("no head", "! HTTP-protocol-error") { Frames.data($0, "hello") },
        FrameCase("one field that is too large", "! HTTP-response-header-size: `a`, 80001 bytes") { head($0, ("a", text(80_000))) },
        FrameCase("too many fields", "! HTTP-response-header-section-size") { stream in
            Frames.headers(stream, [(":status", "200")] + (0..<10).map { ("a\($0)", text(20_000)) })
        },
        FrameCase("one trailer that is too large", "200 hello ! HTTP-response-trailer-size: `a`, 80001 bytes") {
            head($0) + Frames.data($0, "hello") + Frames.headers($0, [("a", text(80_000))], ends: true)
        },
        FrameCase("trailers that are too large", "200 hello ! HTTP-response-trailer-section-size") { stream in
            head(stream) + Frames.data(stream, "hello")
                + Frames.headers(stream, (0..<10).map { ("a\($0)", text(20_000)) }, ends: true)
        },
        FrameCase("too late, says the server", "408") { Frames.answer($0, "408") },
        FrameCase("too large a head, says the server, and wants no more", "431", by: .post) {
            Frames.answer($0, "431") + Frames.reset($0, 0)
        },
        FrameCase("a reset", "! connection-terminated") { Frames.reset($0, 2) },
        FrameCase("a reset in the body", "200 hel ! HTTP-response-incomplete") { head($0) + Frames.data($0, "hel") + Frames.reset($0, 2) },
        FrameCase("HTTP/1.1 is wanted", "! HTTP-protocol-error") { Frames.reset($0, 13) },
        FrameCase("refused each time", "! connection-terminated") { Frames.reset($0, 7) },
        FrameCase("sent away each time", "! connection-terminated") { _ in Frames.goAway(last: 0) },
        FrameCase("a frame that is none", "! HTTP-protocol-error") { Frames.frame(5, 4, $0, [0, 0, 0, 2]) },
    ]
}

struct FrameTests {
    private func client(_ change: (inout HTTPClientLimits) -> Void = { _ in }) -> PooledHTTPClient {
        var configuration = HTTPClientConfiguration()
        configuration.priorKnowledge = .all
        change(&configuration.limits)
        return PooledHTTPClient(configuration)
    }

    @Test(arguments: FrameCase.all)
    func response(_ given: FrameCase) throws {
        let server = try RawServer { peer, _ in
            peer.beginFrames()
            while let stream = peer.readRequest() { peer.send(given.answer(stream)) }
        }
        #expect(try client().fetch("http://127.0.0.1:\(server.port)/", given.method) == given.expected)
    }

    @Test func onlyWhereItIsKnown() throws {
        let server = try RawServer { peer, _ in
            peer.beginFrames()
            while let stream = peer.readRequest() { peer.send(Frames.answer(stream)) }
        }
        let other = try RawServer { peer, _ in while peer.readHead() != nil { peer.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") } }
        var configuration = HTTPClientConfiguration()
        configuration.priorKnowledge = HTTPDestinations([try HTTPDestinations.Pattern("127.0.0.1:\(server.port)")])
        let client = PooledHTTPClient(configuration)
        let futures = try (0..<5).map { _ in client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(server.port)/")) }
        for future in futures { #expect(try future.outcome() == "204") }
        #expect(server.connectionCount == 1)
        #expect(try client.fetch("http://127.0.0.1:\(other.port)/") == "200")
    }

    @Test func itMustBeTrue() throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.send("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            peer.readToEnd()
        }
        #expect(try client().fetch("http://127.0.0.1:\(server.port)/") == "! HTTP-protocol-error")
    }

    @Test func byATunnel() throws {
        let server = try RawServer { peer, _ in
            peer.beginFrames()
            while let stream = peer.readRequest() { peer.send(Frames.answer(stream)) }
        }
        let proxy = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.tunnel(to: server.port)
        }
        var configuration = HTTPClientConfiguration()
        configuration.priorKnowledge = .all
        configuration.proxies = ProxySettings { $0 == "http_proxy" ? "http://127.0.0.1:\(proxy.port)" : nil }
        #expect(try PooledHTTPClient(configuration).fetch("http://somewhere.invalid/") == "204")
        #expect(proxy.heads.first?.hasPrefix("CONNECT somewhere.invalid:80 ") ?? false)
    }

    @Test func fieldsThatTheServerDoesNotTake() throws {
        let server = try RawServer { peer, _ in
            peer.beginFrames([6: 1000])
            while let stream = peer.readRequest() { peer.send(Frames.answer(stream)) }
        }
        let client = client()
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try client.fetch(url) == "204")
        let large = try client.send(try OutgoingHTTPRequest(url, headers: ["a": String(repeating: "x", count: 2000)])).outcome()
        #expect(large.hasPrefix("! HTTP-request-header-section-size: 2"), "\(large)")
        // Nothing of it was sent, and the connection is as good as before.
        let body = HTTPBody(of: .request, [], trailers: ["a": String(repeating: "x", count: 2000)])
        let trailers = try client.send(try OutgoingHTTPRequest(url, .post, body: body)).outcome()
        #expect(trailers == "! HTTP-request-trailer-section-size: 2033 bytes")
        #expect(try client.fetch(url) == "204")
        #expect(server.connectionCount == 1)
    }

    // MARK: - Made again

    @Test(arguments: [HTTPRequestMethod.get, .post])
    func sentAway(_ method: HTTPRequestMethod) throws {
        // Of the second request the server says that it has not looked at it, so any may be made again.
        let server = try RawServer { peer, number in
            peer.beginFrames()
            guard let first = peer.readRequest() else { return }
            peer.send(Frames.answer(first))
            while let stream = peer.readRequest() {
                peer.send(number == 1 ? Frames.goAway(last: first) : Frames.answer(stream))
            }
        }
        let client = client()
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try client.fetch(url) == "204")
        #expect(try client.fetch(url, method) == "204")
        #expect(server.connectionCount == 2)
    }

    @Test func whatIsUnderWayGoesOn() throws {
        let isSentAway = Atomic(false)
        let isSecondAnswered = Atomic(false)
        let server = try RawServer { peer, number in
            peer.beginFrames()
            guard let stream = peer.readRequest() else { return }
            if number == 1 {
                peer.send(Frames.goAway(last: stream))
                isSentAway.store(true, ordering: .sequentiallyConsistent)
                _ = try? waitUntil { isSecondAnswered.load(ordering: .sequentiallyConsistent) ? true : nil }
            }
            peer.send(Frames.answer(stream, "20\(number)"))
            peer.readToEnd()
        }
        let client = client()
        let url = "http://127.0.0.1:\(server.port)/"
        let first = client.send(try OutgoingHTTPRequest(url))
        _ = try waitUntil { isSentAway.load(ordering: .sequentiallyConsistent) ? true : nil }
        #expect(try client.fetch(url) == "202")
        isSecondAnswered.store(true, ordering: .sequentiallyConsistent)
        #expect(try first.outcome() == "201")
        #expect(server.connectionCount == 2)
    }

    /// What was to be said of a response that has ended meanwhile ends no other request.
    @Test func roomThatComesTooLate() throws {
        let server = try RawServer { peer, _ in
            peer.beginFrames([4: 0x7FFF_FFFF])
            peer.send(Frames.frame(8, 0, 0, [0x7F, 0xFF, 0, 0]))
            guard let small = peer.readRequest(), let upload = peer.readRequest() else { return }
            // The upload fills what the system keeps for the connection.
            usleep(300_000)
            peer.send(Frames.headers(small, [(":status", "200")]))
            for _ in 0..<12 { peer.send(Frames.data(small, String(repeating: "x", count: 16_000))) }
            usleep(300_000)
            peer.send(Frames.data(small, "y", ends: true))
            while let frame = peer.readFrame() {
                if frame.isPing { peer.send(Frames.pong(frame)) }
                if frame.kind == 0, frame.stream == upload, frame.flags & 1 == 1 { peer.send(Frames.answer(upload)) }
            }
        }
        let client = client()
        let url = "http://127.0.0.1:\(server.port)/"
        let small = client.send(try OutgoingHTTPRequest(url))
        let body = HTTPBody(of: .request, [UInt8](repeating: 65, count: 20_000_000))
        let upload = client.send(try OutgoingHTTPRequest(url, .post, body: body))
        #expect(try small.outcome() == "200 (192001)")
        #expect(try upload.outcome() == "204")
        #expect(server.connectionCount == 1)
    }

    @Test func moreThanAFrameCarries() throws {
        let server = try RawServer { peer, _ in
            peer.beginFrames()
            while let stream = peer.readRequest() { peer.send(Frames.answer(stream)) }
        }
        let client = client()
        let url = "http://127.0.0.1:\(server.port)/"
        let large = try OutgoingHTTPRequest(url, headers: ["a": String(repeating: "x", count: 40_000)])
        #expect(try client.send(large).outcome().hasPrefix("! HTTP-request-header-section-size"))
        let fits = try OutgoingHTTPRequest(url, headers: ["a": String(repeating: "x", count: 10_000)])
        #expect(try client.send(fits).outcome() == "204")
        #expect(server.connectionCount == 1)
    }

    // MARK: - The other end has gone without a word

    /// A server whose first connection says nothing more after its first answer.
    private func silentServer() throws -> RawServer {
        try RawServer { peer, number in
            peer.beginFrames()
            while let stream = peer.readRequest() {
                peer.send(Frames.answer(stream))
                if number == 1 { return peer.readToEnd() }
            }
        }
    }

    @Test(arguments: [(HTTPRequestMethod.get, "204"), (.put, "204"), (.post, "! connection-read-timeout")])
    func silentWhileIdle(_ method: HTTPRequestMethod, _ expected: String) throws {
        let server = try silentServer()
        let client = client { limits in
            limits.silenceTime = .seconds(5)
            limits.pingTime = .seconds(2)
        }
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try client.fetch(url) == "204")
        // After a tenth of that silence a request is reason to ask.
        usleep(600_000)
        #expect(try client.fetch(url, method) == expected)
        // Who has not answered once is not asked again.
        #expect(try client.fetch(url) == "204")
        #expect(server.connectionCount == 2)
    }

    @Test func silentInTheResponse() throws {
        let server = try RawServer { peer, _ in
            peer.beginFrames()
            guard let stream = peer.readRequest() else { return }
            peer.send(Frames.headers(stream, [(":status", "200")]) + Frames.data(stream, "half"))
            peer.readToEnd()
        }
        let client = client { limits in
            limits.silenceTime = .seconds(2)
            limits.pingTime = .seconds(1)
        }
        #expect(try client.fetch("http://127.0.0.1:\(server.port)/") == "200 half ! connection-read-timeout")
    }

    @Test func slowIsNotGone() throws {
        let pings = Atomic(0)
        let server = try RawServer { peer, _ in
            peer.beginFrames()
            guard let stream = peer.readRequest() else { return }
            while let frame = peer.readFrame() {
                guard frame.isPing else { continue }
                peer.send(Frames.pong(frame))
                if pings.add(1, ordering: .relaxed).newValue == 2 { peer.send(Frames.answer(stream)) }
            }
        }
        let client = client { limits in
            limits.silenceTime = .milliseconds(100)
            limits.pingTime = .seconds(20)
        }
        #expect(try client.fetch("http://127.0.0.1:\(server.port)/") == "204")
        #expect(pings.load(ordering: .relaxed) >= 2)
    }
}
