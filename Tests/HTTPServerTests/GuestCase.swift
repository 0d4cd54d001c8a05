// One request to a guest, and what must come of it: the cases are data (`Cases/hostile.json`, `Cases/python.json`).
import Foundation
import HTTPServer
import Testing
import WASIHTTP

#if canImport(Glibc)
    import Glibc
#endif

struct GuestCase: Decodable, Sendable, CustomTestStringConvertible {
    var path: String
    /// `GET` unless it is said otherwise.
    var method: String?
    /// The request's body, and its length if more is announced than is sent; or so many zeros.
    var send: String?
    var length: Int?
    var fill: Int?
    var status: Int
    /// The response's whole body.
    var body: String?
    /// What the whole answer holds at the beginning, anywhere, and nowhere.
    var head: String?
    var contains: String?
    var lacks: String?
    /// The connection is closed behind this, which is not the end of a response. Otherwise it stays open.
    var cutAfter: String?
    /// What a line of the log says of this request.
    var log: String?
    /// Whether it is about time: it is made to a server that is short of it.
    var hasty: Bool?

    var testDescription: String { path }

    static func load(_ file: String) -> [GuestCase] {
        let place = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/\(file).json")
        do {
            return try JSONDecoder().decode([GuestCase].self, from: Data(contentsOf: place))
        } catch {
            fatalError("\(file).json: \(error)")
        }
    }

    var request: [UInt8] {
        var text = "\(method ?? "GET") \(path) HTTP/1.1\r\nhost: a\r\n"
        let content = send.map { Array($0.utf8) } ?? fill.map { [UInt8](repeating: 0x30, count: $0) } ?? []
        if !content.isEmpty { text += "content-length: \(length ?? content.count)\r\n" }
        return Array((text + "\r\n").utf8) + content
    }
}

/// A server with a log that can be read.
final class LoggedServer: Sendable {
    let server: ComponentServer
    let port: Int
    private let logPlace: URL

    init(
        _ limits: ServerLimits = TestServer.limits, guest: String, requestsPerInstance: Int = 1,
        http: HTTPConfiguration = HTTPConfiguration()
    ) throws {
        logPlace = FileManager.default.temporaryDirectory.appending(path: "apus-log-\(UUID().uuidString)")
        let descriptor = open(logPlace.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        (server, port) = try TestServer.start(
            limits, guest: guest, requestsPerInstance: requestsPerInstance, http: http,
            log: ServerLog(descriptor: descriptor))
    }

    /// Waits for a line that holds both texts.
    func logs(_ first: String, _ second: String) -> Bool {
        waitUntil {
            let text = (try? String(decoding: Data(contentsOf: logPlace), as: UTF8.self)) ?? ""
            return text.split(separator: "\n").contains { $0.contains(first) && $0.contains(second) }
        }
    }

    func get(_ path: String) throws -> (status: Int, body: String)? {
        let connection = try RawConnection(port: port)
        connection.send(Array("GET \(path) HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        connection.receive { connection.isComplete }
        return connection.responses().first.map { ($0.status, String(decoding: $0.body, as: UTF8.self)) }
    }
}

extension RawConnection {
    /// Whether a response with all of its body is there.
    var isComplete: Bool {
        let text = self.text
        guard let end = text.range(of: "\r\n\r\n") else { return false }
        let head = text[..<end.lowerBound].lowercased()
        if head.contains("transfer-encoding: chunked") { return text.contains("\r\n0\r\n") && text.hasSuffix("\r\n\r\n") }
        guard let length = head.range(of: "content-length: ") else { return true }
        return text[end.upperBound...].utf8.count >= Int(head[length.upperBound...].prefix { $0.isNumber }) ?? 0
    }
}

extension GuestCase {
    /// Sends the request and holds what comes against what is expected.
    func run(on server: LoggedServer) throws {
        let connection = try RawConnection(port: server.port)
        connection.send(request)
        if let end = cutAfter {
            connection.receive()
            #expect(connection.isClosed)
            #expect(connection.text.contains(end), "\(connection.text.prefix(2000))")
            #expect(!connection.text.hasSuffix("0\r\n\r\n") && (!connection.isComplete || connection.text.contains("chunked")))
        } else {
            connection.receive { connection.isComplete }
            #expect(!connection.isClosed)
        }
        let text = connection.text
        let response = connection.responses().first
        #expect(response?.status == status, "\(text.prefix(2000))")
        if let body { #expect(response.map { String(decoding: $0.body, as: UTF8.self) } == body) }
        if let head { #expect((text.components(separatedBy: "\r\n\r\n")[0] + "\r\n").contains(head), "\(text.prefix(2000))") }
        if let contains { #expect(text.contains(contains), "\(text.prefix(2000))") }
        if let lacks { #expect(!text.contains(lacks), "\(text.prefix(2000))") }
        if let log { #expect(server.logs(" \(path): ", log), "no such line in the log") }
    }
}
