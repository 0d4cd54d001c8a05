// Responses byte for byte, good and bad, and what a guest gets of each: the cases are data (`Cases/responses.json`).
import Foundation
import HTTPClient
import Testing
import WASIHTTP

struct ResponseCase: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    /// `GET` unless it is said.
    var method: String?
    /// What the server sends, in one go each.
    var pieces: [String]
    /// A piece more: this text, so many times.
    var `repeat`: String?
    var count: Int?
    var last: String?
    /// Whether the server leaves the connection open.
    var stays: Bool?
    var expected: String
    /// Whether a second request goes out on the same connection.
    var reused: Bool?

    var testDescription: String { name }

    static func load(_ file: String) -> [ResponseCase] {
        let place = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/\(file).json")
        do {
            return try JSONDecoder().decode([ResponseCase].self, from: Data(contentsOf: place))
        } catch {
            fatalError("\(file).json: \(error)")
        }
    }
}

struct ResponseTests {
    @Test(arguments: ResponseCase.load("responses"))
    func response(_ given: ResponseCase) throws {
        let server = try RawServer { peer, _ in
            while peer.readHead() != nil {
                for piece in given.pieces {
                    peer.send(piece)
                    usleep(2000)
                }
                if let text = given.repeat { peer.send(String(repeating: text, count: given.count ?? 1)) }
                if let last = given.last { peer.send(last) }
                if !(given.stays ?? false) { return }
            }
        }
        let client = PooledHTTPClient()
        let method = try #require(HTTPRequestMethod(name: given.method ?? "GET"))
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try client.fetch(url, method) == given.expected)
        if given.stays ?? false {
            #expect(try client.fetch(url, method) == given.expected)
            #expect(server.connectionCount == (given.reused ?? true ? 1 : 2))
        }
    }
}
