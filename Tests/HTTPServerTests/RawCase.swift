// What is sent, and what must come of it: the cases are data (`Cases/*.json`).
import Foundation
import Testing

struct RawCase: Decodable, Sendable, CustomTestStringConvertible {
    /// A piece of what is sent, in one go.
    enum Piece: Decodable, Sendable {
        case text(String)
        /// `repeat`, `count` times; behind each `with` as many zeros, and the end of a line.
        case repeated(String, count: Int, zeros: Int?)
        /// What is no text.
        case raw([UInt8])

        private enum Key: String, CodingKey {
            case text = "repeat"
            case bytes
            case count
            case with
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self = .text(text)
            } else {
                let fields = try decoder.container(keyedBy: Key.self)
                if let bytes = try fields.decodeIfPresent([UInt8].self, forKey: .bytes) {
                    self = .raw(bytes)
                    return
                }
                self = .repeated(
                    try fields.decode(String.self, forKey: .text), count: try fields.decode(Int.self, forKey: .count),
                    zeros: try fields.decodeIfPresent(Int.self, forKey: .with))
            }
        }

        var bytes: [UInt8] {
            switch self {
            case .text(let text): return Array(text.utf8)
            case .raw(let bytes): return bytes
            case .repeated(let text, let count, let zeros):
                let unit = Array(text.utf8) + (zeros.map { [UInt8](repeating: 0x30, count: $0) + Array("\r\n".utf8) } ?? [])
                return Array((0..<count).map { _ in unit }.joined())
            }
        }
    }

    var name: String
    var send: [Piece]
    /// Milliseconds between two pieces.
    var pause: Int?
    /// Whether the client closes its side when it has sent everything.
    var shutDown: Bool?
    /// The statuses of the responses, in order; with `anyOf`, of which the only one is one; with `responses`, of which
    /// each is the first.
    var statuses: [Int]
    var anyOf: Bool?
    var anyStatus: Bool?
    var responses: Int?
    var contains: [String]?
    /// The same of what is no text.
    var containsBytes: [UInt8]?
    var lacks: [String]?
    /// The length of the first body.
    var bodyLength: Int?
    /// Whether the server closes the connection.
    var closes: Bool
    /// Whether it is about time: it is sent to a server that is short of it.
    var hasty: Bool?

    var testDescription: String { name }

    static func load(_ file: String) -> [RawCase] {
        let place = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/\(file).json")
        do {
            return try JSONDecoder().decode([RawCase].self, from: Data(contentsOf: place))
        } catch {
            fatalError("\(file).json: \(error)")
        }
    }
}
