// Frames of HTTP/2 as they are sent, and what must come of them: the cases are data (`Cases/frames.json`).
import Foundation
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
