// HTTP/2 frame by frame: the cases of `FrameCase`, and what takes more than one exchange.
import Foundation
import Testing

@Suite(.enabled(if: TestServer.isThere, "the guests are not built: Tests/Guests/build"))
struct FrameTests {
    @Test(arguments: FrameCase.load())
    func frames(_ given: FrameCase) throws {
        let server = try (given.hasty ?? false ? TestServer.hasty : TestServer.shared).get()
        let connection = try RawConnection(port: server.port)
        let isSent = given.send(on: connection)
        if let cut = given.cut { #expect(isSent != cut) }
        let first = given.first ?? given.send.first?.stream ?? 1
        connection.receive {
            let received = ReceivedFrames(connection.received)
            if given.closes ?? false { return false }
            if given.goAway != nil { return !received.goAway.isEmpty }
            if given.reset != nil { return received.resets[first] != nil }
            return received.ended.contains(first)
        }
        let received = ReceivedFrames(connection.received)
        if let status = given.status {
            #expect(received.statuses[first]?.last == status)
            #expect((received.statuses[first] ?? []).dropLast() == (given.informational ?? [])[...])
        }
        if let body = given.body { #expect(String(decoding: received.bodies[first] ?? [], as: UTF8.self) == body) }
        if let reset = given.reset { #expect(received.resets[first] == reset) }
        if let codes = given.goAway {
            #expect(received.goAway.last.map(codes.contains) ?? connection.isClosed, "\(received.goAway)")
        }
        if let closes = given.closes { #expect(connection.isClosed == closes) }
        if given.reset != nil {
            // The other streams may be other people's.
            connection.send(FrameCase.frame(1, 5, 101, FrameCase.block([], isBare: false)))
            connection.receive { ReceivedFrames(connection.received).ended.contains(101) }
            #expect(ReceivedFrames(connection.received).statuses[101] == ["200"])
        }
        // Whatever it was, the server serves on.
        let other = try RawConnection(port: server.port)
        other.send(Array("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        other.receive { !other.responses().isEmpty }
        #expect(other.responses().first?.status == 200)
    }

    /// Requests that are taken back as they are made cost more to answer than to send.
    @Test func rapidResetsEndTheConnection() throws {
        let port = try TestServer.shared.get().port
        let connection = try RawConnection(port: port)
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []))
        let head = FrameCase.block([[":path", "/sleep?5000"]], isBare: false)
        for index in 0..<2000 where !connection.isClosed {
            let stream = 1 + 2 * index
            connection.send(FrameCase.frame(1, 5, stream, head) + FrameCase.frame(3, 0, stream, [0, 0, 0, 8]))
        }
        connection.receive()
        #expect(connection.isClosed)
    }

    /// A client that makes no room for the response does not hold its stream for ever.
    @Test func whatNobodyMakesRoomForIsReset() throws {
        var limits = TestServer.limits
        limits.writeTime = .milliseconds(500)
        let (server, port) = try TestServer.start(limits)
        defer { server.shutDown() }
        let connection = try RawConnection(port: port)
        // A window of no bytes.
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, [0, 4, 0, 0, 0, 0]))
        for (index, path) in ["/hello", "/large?60000", "/large?600000"].enumerated() {
            connection.send(FrameCase.frame(1, 5, 1 + 2 * index, FrameCase.block([[":path", path]], isBare: false)))
        }
        connection.receive { ReceivedFrames(connection.received).resets.count == 3 }
        #expect(ReceivedFrames(connection.received).resets == [1: 8, 3: 8, 5: 8])
    }

    /// A response to a request whose body was not read comes as a whole, however little room there is.
    @Test func anEarlyResponseIsNotOvertakenByTheReset() throws {
        let port = try TestServer.hasty.get().port
        let connection = try RawConnection(port: port)
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, [0, 4, 0, 0, 0, 100]))
        connection.send(
            FrameCase.frame(1, 4, 1, FrameCase.block([[":method", "POST"], [":path", "/large?1000"]], isBare: false)))
        connection.receive { ReceivedFrames(connection.received).bodies[1]?.count == 100 }
        connection.send(FrameCase.frame(8, 0, 1, [0, 0, 4, 0]))
        connection.receive { ReceivedFrames(connection.received).resets[1] != nil }
        let received = ReceivedFrames(connection.received)
        #expect(received.bodies[1]?.count == 1000)
        #expect(received.ended.contains(1))
        #expect(received.resets[1] == 0)
    }

    /// Sends a body on stream 1 as the client is given room, until nothing has come for a while or the stream was reset. Answers
    /// how much was sent.
    private func sendBody(_ length: Int, on connection: RawConnection, patience: Duration = .seconds(30)) -> Int {
        var sent = 0
        while sent < length, !connection.isClosed {
            let received = ReceivedFrames(connection.received)
            if received.resets[1] != nil { break }
            let count = min(16_384, length - sent, 65_535 + min(received.room[0] ?? 0, received.room[1] ?? 0) - sent)
            guard count > 0 else {
                let before = connection.received.count
                connection.receive(for: patience) { connection.received.count > before }
                if connection.received.count == before { break }
                continue
            }
            sent += count
            connection.send(FrameCase.frame(0, sent == length ? 1 : 0, 1, [UInt8](repeating: 65, count: count)))
            connection.receive(for: .zero)
        }
        return sent
    }

    /// What is not long may come behind its response; who sends much is told to stop, and has the response by then.
    @Test(arguments: [(200_000, nil), (10_000_000, 0)] as [(Int, Int?)])
    func aBodyThatNobodyWants(_ length: Int, _ reset: Int?) throws {
        let port = try TestServer.shared.get().port
        let connection = try RawConnection(port: port)
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []))
        connection.send(FrameCase.frame(1, 4, 1, FrameCase.block([[":method", "POST"]], isBare: false)))
        connection.receive { ReceivedFrames(connection.received).ended.contains(1) }
        let sent = sendBody(length, on: connection)
        #expect(reset == nil ? sent == length : sent < 1 << 20)
        connection.send(FrameCase.frame(1, 5, 3, FrameCase.block([], isBare: false)))
        connection.receive { ReceivedFrames(connection.received).ended.contains(3) }
        let received = ReceivedFrames(connection.received)
        #expect(received.statuses == [1: ["200"], 3: ["200"]])
        #expect(received.resets[1] == reset)
        #expect(received.goAway.isEmpty)
    }

    /// A body of any length comes through, if the client keeps to what it is given; and it is given more as the guest reads.
    @Test func aBodyIsLongerThanTheWindow() throws {
        let port = try TestServer.shared.get().port
        let connection = try RawConnection(port: port)
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []))
        connection.send(FrameCase.frame(1, 4, 1, FrameCase.block([[":method", "POST"], [":path", "/count"]], isBare: false)))
        let length = 1_500_000
        #expect(sendBody(length, on: connection) == length)
        connection.receive { ReceivedFrames(connection.received).ended.contains(1) }
        #expect(String(decoding: ReceivedFrames(connection.received).bodies[1] ?? [], as: UTF8.self) == "\(length)")
    }

    /// A guest that does not read stops its client, and nobody else on the connection.
    @Test func aBodyThatIsNotReadIsHeldUp() throws {
        let port = try TestServer.shared.get().port
        let connection = try RawConnection(port: port)
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []))
        let head = FrameCase.block([[":method", "POST"], [":path", "/sleep?20000"]], isBare: false)
        connection.send(FrameCase.frame(1, 4, 1, head))
        let sent = sendBody(1 << 20, on: connection, patience: .milliseconds(200))
        // 64 KiB wait for the guest, and no more than that is on its way.
        #expect(sent >= 65_535 && sent <= 131_071)
        connection.send(FrameCase.frame(1, 5, 3, FrameCase.block([], isBare: false)))
        connection.receive { ReceivedFrames(connection.received).ended.contains(3) }
        #expect(ReceivedFrames(connection.received).statuses[3] == ["200"])
    }

    /// Whoever answers that he knows that this is the end is told which stream was the last.
    @Test func anIdleConnectionEndsInGoodOrder() throws {
        let port = try TestServer.hasty.get().port
        let connection = try RawConnection(port: port)
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []))
        for stream in [1, 3] { connection.send(FrameCase.frame(1, 5, stream, FrameCase.block([], isBare: false))) }
        connection.receive { !ReceivedFrames(connection.received).pings.isEmpty }
        guard let ping = ReceivedFrames(connection.received).pings.first else {
            Issue.record("no farewell")
            return
        }
        // What was on its way when it learned of the end is refused, and it may ask somebody else.
        connection.send(FrameCase.frame(1, 5, 5, FrameCase.block([], isBare: false)))
        connection.send(FrameCase.frame(6, 1, 0, ping))
        connection.receive()
        let received = ReceivedFrames(connection.received)
        #expect(connection.isClosed)
        #expect(received.lastStreams == [0x7FFF_FFFF, 3])
        #expect(received.goAway == [0, 0])
        #expect(received.ended == [1, 3])
        #expect(received.resets == [5: 7])
    }

    /// Neither the preface alone, nor a head that does not end, keeps a connection open; nor does it help to ignore that one
    /// was told to leave.
    @Test(arguments: [
        FrameCase.preface, FrameCase.preface + FrameCase.frame(4, 0, 0, []),
        FrameCase.preface + FrameCase.frame(4, 0, 0, []) + FrameCase.frame(1, 1, 1, FrameCase.block([], isBare: false)),
        FrameCase.preface + FrameCase.frame(4, 0, 0, []) + FrameCase.frame(1, 5, 1, FrameCase.block([], isBare: false)),
        FrameCase.preface + FrameCase.frame(4, 0, 0, []) + [0, 1, 0, 1, 5],
    ])
    func idleConnectionsAreClosed(_ bytes: [UInt8]) throws {
        let port = try TestServer.hasty.get().port
        let connection = try RawConnection(port: port)
        connection.send(bytes)
        // Three seconds without a stream, and two to leave.
        connection.receive()
        #expect(connection.isClosed)
    }

    /// A client that says nothing for long is asked whether it is there. One that answers may take its time.
    @Test func silentClientsAreAsked() throws {
        var limits = TestServer.limits
        limits.silenceTime = .milliseconds(200)
        let (server, port) = try TestServer.start(limits)
        defer { server.shutDown() }
        let connection = try RawConnection(port: port)
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []))
        for count in 1...3 {
            connection.receive { ReceivedFrames(connection.received).pings.count == count }
            guard let ping = ReceivedFrames(connection.received).pings.last else { break }
            connection.send(FrameCase.frame(6, 1, 0, ping))
        }
        connection.send(FrameCase.frame(1, 5, 1, FrameCase.block([], isBare: false)))
        connection.receive { ReceivedFrames(connection.received).ended.contains(1) }
        let received = ReceivedFrames(connection.received)
        #expect(received.statuses == [1: ["200"]])
        #expect(received.pings.count >= 3)
        #expect(received.goAway.isEmpty)
    }

    /// Whatever is under way.
    @Test func whoDoesNotAnswerHasGone() throws {
        var limits = TestServer.limits
        limits.silenceTime = .milliseconds(200)
        limits.pingTime = .milliseconds(200)
        let (server, port) = try TestServer.start(limits)
        defer { server.shutDown() }
        let connection = try RawConnection(port: port)
        connection.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []))
        connection.send(FrameCase.frame(1, 5, 1, FrameCase.block([[":path", "/sleep?60000"]], isBare: false)))
        connection.receive()
        #expect(connection.isClosed)
        #expect(ReceivedFrames(connection.received).goAway == [0])
    }

    /// Many connections with many requests each, far more than may be under way: each gets its answers, and while one waits not
    /// many times as many others are answered as there were before it.
    @Test func nobodyIsOvertakenForEver() throws {
        var limits = TestServer.limits
        limits.concurrentRequests = 20
        limits.requestTime = .seconds(60)
        limits.idleTime = .seconds(60)
        let (server, port) = try TestServer.start(limits)
        defer { server.shutDown() }
        let (clients, streams, rounds) = (40, 10, 8)
        let connections = try (0..<clients).map { _ in try RawConnection(port: port) }
        let block = FrameCase.block([], isBare: false)
        // How many answers had come when each stream was opened.
        var opened = [[Int]](repeating: [], count: clients)
        var answered = [Int](repeating: 0, count: clients)
        var answers = 0
        var longest = 0
        for (index, connection) in connections.enumerated() {
            var bytes = FrameCase.preface + FrameCase.frame(4, 0, 0, [])
            for _ in 0..<streams {
                bytes += FrameCase.frame(1, 5, 1 + 2 * opened[index].count, block)
                opened[index].append(0)
            }
            connection.send(bytes)
        }
        let deadline = ContinuousClock.now + .seconds(300)
        while answers < clients * streams * rounds, ContinuousClock.now < deadline {
            usleep(1000)
            for (index, connection) in connections.enumerated() {
                connection.receive(for: .zero)
                let ended = ReceivedFrames(connection.received).ended.count
                for number in answered[index]..<max(ended, answered[index]) {
                    longest = max(longest, answers - opened[index][number])
                    answers += 1
                    guard opened[index].count < streams * rounds else { continue }
                    connection.send(FrameCase.frame(1, 5, 1 + 2 * opened[index].count, block))
                    opened[index].append(answers)
                }
                answered[index] = ended
            }
        }
        #expect(answers == clients * streams * rounds)
        for connection in connections {
            #expect(ReceivedFrames(connection.received).statuses.values.allSatisfy { $0 == ["200"] })
        }
        #expect(longest < 4 * clients * streams, "\(longest)")
    }
}
