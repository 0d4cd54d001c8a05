// Guests that do what they should not (`Tests/Guests/c/hostile.c`): each gets the right status or a closed connection, and a
// line in the log, and the server goes on.
import Foundation
import HTTPServer
import Testing

@Suite(.enabled(if: TestServer.isThere("hostile"), "the guests are not built: Tests/Guests/build"))
struct HostileTests {
    private static let shared = Result { try LoggedServer(guest: "hostile") }

    @Test(arguments: GuestCase.load("hostile"))
    func survived(_ given: GuestCase) throws {
        let server = try Self.shared.get()
        try given.run(on: server)
        #expect(try server.get("/response-before-body")?.body == "closed\n")
    }

    /// The means to answer one request, kept for the next one.
    @Test func tooLate() throws {
        let server = try LoggedServer(guest: "hostile", requestsPerInstance: 10)
        defer { server.server.shutDown() }
        let connection = try RawConnection(port: server.port)
        for _ in 0..<2 { connection.send(Array("GET /answer-late HTTP/1.1\r\nhost: a\r\n\r\n".utf8)) }
        connection.receive(for: .seconds(3)) { connection.responses().count == 2 }
        #expect(connection.responses().map(\.status) == [500, 200])
        #expect(connection.responses().last.map { String(decoding: $0.body, as: UTF8.self) } == "both\n")
    }

    @Test(.enabled(if: TestServer.isThere("proxy-informational"))) func informational() throws {
        let server = try LoggedServer(guest: "proxy-informational")
        defer { server.server.shutDown() }
        let connection = try RawConnection(port: server.port)
        connection.send(Array("GET /informational HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        connection.receive(for: .seconds(3)) { connection.responses().count == 2 }
        #expect(connection.responses().map(\.status) == [103, 200])
        #expect(connection.text.hasPrefix("HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\nHTTP/1.1 200 OK\r\n"))
        // HTTP/1.0 knows nothing of it.
        let old = try RawConnection(port: server.port)
        old.send(Array("GET /informational HTTP/1.0\r\n\r\n".utf8))
        old.receive(for: .seconds(3))
        #expect(old.responses().map(\.status) == [200])
    }
}
