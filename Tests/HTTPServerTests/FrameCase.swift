// Frames of HTTP/2 as they are sent, and what must come of them: the cases are data (`Cases/frames.json`).
import Foundation
import NIOCore
import NIOHPACK
import Testing

struct FrameCase: Decodable, Sendable, CustomTestStringConvertible {
    /// A frame, or `count` of them, each on the next stream if `advances`.
    struct Frame: Decodable, Sendable {
        var type: String
        var flags: [String]?
        var stream: Int?
        /// Fields, with `:method`, `:scheme`, `:path` and `:authority` before them unless they are there.
        var fields: [[String]]?
        /// Whether `fields` is all there is.
        var isBare: Bool?
        /// In hexadecimal digits.
        var payload: String?
        /// So many zero bytes.
        var zeros: Int?
        var count: Int?
        var advances: Bool?
        /// What follows each of them on its stream.
        var then: [Frame]?
    }

    /// So many bytes at once, and what is behind them one by one.
    struct Drip: Decodable, Sendable {
        var after: Int
        /// Milliseconds between two bytes.
        var pause: Int
    }

    var name: String
    /// Of a SETTINGS frame at the beginning, in hexadecimal digits.
    var settings: String?
    var send: [Frame]
    /// How many bytes of all that are sent.
    var only: Int?
    var drip: Drip?
    /// Milliseconds between two frames.
    var pause: Int?
    /// The stream that is looked at; that of the first frame if nothing is said.
    var first: Int?
    /// The status of the first stream's response.
    var status: String?
    /// The code with which the first stream is reset.
    var reset: Int?
    /// The codes with one of which the connection ends.
    var goAway: [Int]?
    /// The body of the first stream's response.
    var body: String?
    /// Whether the connection is closed.
    var closes: Bool?
    /// Whether informational responses come, and which.
    var informational: [String]?
    /// Whether it is closed before all of `drip` was sent.
    var cut: Bool?
    /// Whether it is about time: it is sent to a server that is short of it.
    var hasty: Bool?

    var testDescription: String { name }

    static func load() -> [FrameCase] {
        let place = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/frames.json")
        do {
            return try JSONDecoder().decode([FrameCase].self, from: Data(contentsOf: place))
        } catch {
            fatalError("frames.json: \(error)")
        }
    }

    private static let types = [
        "DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE", "CONTINUATION",
    ]
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    static func frame(_ type: Int, _ flags: UInt8, _ stream: Int, _ payload: [UInt8]) -> [UInt8] {
        [UInt8(payload.count >> 16 & 255), UInt8(payload.count >> 8 & 255), UInt8(payload.count & 255), UInt8(type), flags]
            + [24, 16, 8, 0].map { UInt8(stream >> $0 & 255) } + payload
    }

    /// All that is to be sent: the preface, and frame by frame.
    private var pieces: [[UInt8]] {
        var pieces = [Self.preface + Self.frame(4, 0, 0, Self.bytes(of: settings ?? ""))]
        for frame in send {
            for index in 0..<(frame.count ?? 1) {
                let advance = frame.advances ?? false ? 2 * index : 0
                pieces.append(Self.bytes(of: frame, (frame.stream ?? 1) + advance))
                for next in frame.then ?? [] { pieces.append(Self.bytes(of: next, (next.stream ?? 1) + advance)) }
            }
        }
        return pieces
    }

    /// Answers whether all of it was sent.
    func send(on connection: RawConnection) -> Bool {
        if let pause {
            for piece in pieces {
                connection.send(piece)
                connection.receive(for: .zero)
                usleep(UInt32(pause) * 1000)
            }
            return true
        }
        let all = Array(pieces.joined())
        let bytes = all.prefix(only ?? all.count)
        connection.send(Array(bytes.prefix(drip?.after ?? bytes.count)))
        guard let drip else { return true }
        for byte in bytes.dropFirst(drip.after) {
            usleep(UInt32(drip.pause) * 1000)
            connection.receive(for: .zero)
            if connection.isClosed { return false }
            connection.send([byte])
        }
        return true
    }

    private static func bytes(of frame: Frame, _ stream: Int) -> [UInt8] {
        var flags: UInt8 = 0
        for flag in frame.flags ?? [] { flags |= ["END_STREAM": 1, "ACK": 1, "END_HEADERS": 4, "PADDED": 8][flag] ?? 0 }
        var payload = bytes(of: frame.payload ?? "") + [UInt8](repeating: 0, count: frame.zeros ?? 0)
        if let fields = frame.fields { payload += block(fields, isBare: frame.isBare ?? false) }
        return Self.frame(types.firstIndex(of: frame.type) ?? 0x42, flags, stream, payload)
    }

    private static func bytes(of digits: String) -> [UInt8] {
        let digits = Array(digits.filter { !$0.isWhitespace })
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    /// Without compression, so that nothing is mended on the way.
    static func block(_ fields: [[String]], isBare: Bool) -> [UInt8] {
        let usual = [[":method", "GET"], [":scheme", "http"], [":path", "/hello"], [":authority", "a"]]
        let missing = isBare ? [] : usual.filter { pair in !fields.contains { $0[0] == pair[0] } }
        return (missing + fields).flatMap { field -> [UInt8] in [0] + string(field[0]) + string(field[1]) }
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        if bytes.count < 127 { return [UInt8(bytes.count)] + bytes }
        var rest = bytes.count - 127
        var length: [UInt8] = [127]
        while rest >= 128 {
            length.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }
}

/// What came back, frame by frame.
struct ReceivedFrames {
    var statuses: [Int: [String]] = [:]
    /// The values of `link`, which come ahead of a response.
    var links: [Int: [String]] = [:]
    var bodies: [Int: [UInt8]] = [:]
    var trailers: [Int: HPACKHeaders] = [:]
    var resets: [Int: Int] = [:]
    var ended: Set<Int> = []
    var goAway: [Int] = []
    /// The last streams that are answered, as each GOAWAY has it.
    var lastStreams: [Int] = []
    /// How much more may be sent than was said at first.
    var room: [Int: Int] = [:]
    /// The payloads of PINGs that ask.
    var pings: [[UInt8]] = []

    init(_ bytes: [UInt8]) {
        var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
        var rest = bytes[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            guard rest.count >= 9 + length else { break }
            let stream = head[5...8].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
            let payload = Array(rest.dropFirst(9).prefix(length))
            rest = rest.dropFirst(9 + length)
            let number = payload.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            switch head[3] {
            case 0: bodies[stream, default: []] += payload
            case 1:
                var buffer = ByteBuffer(bytes: payload)
                guard let fields = try? decoder.decodeHeaders(from: &buffer) else { continue }
                if let status = fields.first(name: ":status") {
                    statuses[stream, default: []].append(status)
                    links[stream, default: []] += fields["link"]
                } else {
                    trailers[stream] = fields
                }
            case 3: resets[stream] = number
            case 6 where head[4] & 1 == 0: pings.append(payload)
            case 7:
                lastStreams.append(number)
                goAway.append(payload.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | Int($1) })
            case 8: room[stream, default: 0] += number
            default: continue
            }
            if head[3] < 2, head[4] & 1 == 1 { ended.insert(stream) }
        }
    }
}

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
