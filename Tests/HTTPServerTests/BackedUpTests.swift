// Clients that send and do not read: what waits for them is little, and it is nobody else's affair.
import Foundation
import HTTPServer
import Testing

@Suite(.enabled(if: TestServer.isThere, "the guests are not built: Tests/Guests/build"))
struct BackedUpTests {
    /// A connection of HTTP/2 that has room for everything, but what its client reads.
    private func backedUp(_ port: Int) throws -> RawConnection {
        let connection = try RawConnection(port: port, room: 4096)
        connection.send(
            FrameCase.preface + FrameCase.frame(4, 0, 0, [0, 4, 0x7F, 0xFF, 0xFF, 0xFF])
                + FrameCase.frame(8, 0, 0, [0x7F, 0xFF, 0, 0]) + request(1, "/large?4000000"))
        // It fills what the system keeps for the connection.
        usleep(300_000)
        return connection
    }

    private func request(_ stream: Int, _ path: String, isOpen: Bool = false) -> [UInt8] {
        FrameCase.frame(1, isOpen ? 4 : 5, stream, FrameCase.block([[":path", path], [":method", "POST"]], isBare: false))
    }

    /// What is to be sent on a stream that its client takes back meanwhile ends nothing else.
    @Test func aStreamIsTakenBack() throws {
        let connection = try backedUp(try TestServer.shared.get().port)
        connection.sendBlindly(request(3, "/hello"))
        usleep(200_000)
        connection.sendBlindly(FrameCase.frame(3, 0, 3, [0, 0, 0, 8]) + request(5, "/hello"))
        usleep(200_000)
        connection.receive { ReceivedFrames(connection.received).ended.isSuperset(of: [1, 5]) }
        let received = ReceivedFrames(connection.received)
        #expect(received.bodies[1]?.count == 4_000_000)
        #expect(received.statuses[5] == ["200"])
        #expect(received.goAway.isEmpty && !connection.isClosed)
    }

    /// Room is given once, however often somebody asks while it cannot be told.
    @Test func roomIsGivenOnce() throws {
        let connection = try backedUp(try TestServer.shared.get().port)
        connection.sendBlindly(request(3, "/sleep?3000", isOpen: true))
        var bytes: [UInt8] = []
        for _ in 0..<2 { bytes += FrameCase.frame(0, 0, 3, [UInt8](repeating: 65, count: 16_384)) }
        for _ in 0..<300 { bytes += FrameCase.frame(0, 0, 3, [65]) }
        connection.sendBlindly(bytes)
        usleep(200_000)
        connection.receive { ReceivedFrames(connection.received).ended.contains(1) }
        let room = ReceivedFrames(connection.received).room
        #expect(room[3] ?? 0 <= 65_535 && room[0] ?? 0 <= 2 << 20, "\(room)")
    }

    /// Requests that are sent ahead wait until the answers before them are read.
    @Test func answersThatNobodyReads() throws {
        let server = try ServeProcess(["--addr", "127.0.0.1:0", "--admin", "127.0.0.1:0", TestServer.guest.path])
        let connection = try RawConnection(port: server.port, room: 4096)
        let count = 400
        let requests = (1...count).map { number in
            "GET /large?60000 HTTP/1.1\r\nhost: a\r\n\(number == count ? "connection: close\r\n" : "")\r\n"
        }
        connection.sendBlindly(Array(requests.joined().utf8))
        // As many as the system keeps for the connection, and one or two.
        usleep(500_000)
        let metrics = try server.get("/metrics", port: server.administrationPort)?.body ?? ""
        let line = metrics.split(separator: "\n").first { $0.hasPrefix("apus_responses_total{status=\"2xx\"} ") }
        let answered = line.flatMap { Int($0.split(separator: " ")[1]) } ?? count
        #expect(answered < count / 4)
        connection.receive()
        let responses = connection.responses()
        #expect(responses.allSatisfy { $0.status == 200 && $0.body.count == 60_000 })
        #expect(responses.count == count)
    }

    /// What the system takes at once, in part, or not at all, comes in its order.
    @Test func answersOfAllSizes() throws {
        let sizes = (0..<300).map { [10, 9_000, 3_000, 60_000, 1, 20_000, 500][$0 % 7] + $0 }
        let connection = try RawConnection(port: try TestServer.shared.get().port, room: 4096)
        let requests = sizes.enumerated().map { number, size in
            "GET /large?\(size) HTTP/1.1\r\nhost: a\r\n\(number == sizes.count - 1 ? "connection: close\r\n" : "")\r\n"
        }
        connection.sendBlindly(Array(requests.joined().utf8))
        usleep(300_000)
        connection.receive()
        #expect(connection.responses().map { $0.body.count } == sizes)
        #expect(connection.isClosed && !connection.wasReset)
    }

    /// A client that was given no leave to send its body has no more time for it than others.
    @Test func theRestOfABodyThatHadNoLeave() throws {
        let connection = try RawConnection(port: try TestServer.hasty.get().port)
        connection.send(Array("POST /sleep?200 HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 1000\r\n\r\n".utf8))
        usleep(50_000)
        connection.send([0x78])
        connection.receive()
        #expect(connection.responses().first.map { [200, 408].contains($0.status) } ?? false)
        #expect(connection.isClosed)
    }

    /// Where only the end of the connection says where a response ends, one that was cut must not end like that.
    @Test func cutForHTTP10() throws {
        let connection = try RawConnection(port: try TestServer.shared.get().port)
        connection.send(Array("GET /trap-late HTTP/1.0\r\n\r\n".utf8))
        connection.receive()
        #expect(connection.isClosed && connection.wasReset)
        let whole = try RawConnection(port: try TestServer.shared.get().port)
        whole.send(Array("GET /drip?1 HTTP/1.0\r\n\r\n".utf8))
        whole.receive()
        #expect(whole.isClosed && !whole.wasReset)
        #expect(whole.text.hasSuffix("\r\n\r\n" + String(repeating: "drip\n", count: 5)))
    }

    /// What HTTP/2 cannot carry fails by itself.
    @Test(arguments: [("/large-field?10000", "200", nil), ("/large-field?40000", "500", nil), ("/large-trailer?40000", "200", 2)]
        as [(String, String, Int?)])
    func fieldsOfSize(_ path: String, _ status: String, _ reset: Int?) throws {
        let connection = try RawConnection(port: try TestServer.shared.get().port)
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []) + request(1, "/sleep?300") + request(3, path))
        connection.receive { ReceivedFrames(connection.received).ended.contains(1) }
        let received = ReceivedFrames(connection.received)
        #expect(received.statuses == [1: ["200"], 3: [status]])
        #expect(received.resets[3] == reset)
        #expect(received.goAway.isEmpty)
    }

    /// Nothing is said of the length of what there never is.
    @Test func noLengthOfNothing() throws {
        let connection = try RawConnection(port: try TestServer.shared.get().port)
        connection.send(Array("GET /length-of-nothing HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        connection.receive { !connection.responses().isEmpty }
        #expect(connection.text.hasPrefix("HTTP/1.1 204 ") && !connection.text.contains("content-length"))
    }

    /// A limit may be larger than HTTP/2 can say.
    @Test func limitsBeyondMeasure() throws {
        var limits = TestServer.limits
        limits.headerBytes = 1 << 40
        limits.streamsPerConnection = .max
        let (server, port) = try TestServer.start(limits)
        defer { server.shutDown() }
        let connection = try RawConnection(port: port)
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []) + request(1, "/hello"))
        connection.receive { ReceivedFrames(connection.received).ended.contains(1) }
        #expect(ReceivedFrames(connection.received).statuses == [1: ["200"]])
    }
}
