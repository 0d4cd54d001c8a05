// Guests that do what they should not (`Tests/Guests/c/hostile.c`): each gets the right status or a closed connection, and a
// line in the log, and the server goes on.
import Foundation
import HTTPServer
import Testing

@Suite(.enabled(if: TestServer.isThere("hostile"), "the guests are not built: Tests/Guests/build"))
struct HostileTests {
    private static let shared = Result { try LoggedServer(guest: "hostile") }
    private static let hasty = Result { try LoggedServer(TestServer.hastyLimits, guest: "hostile") }

    @Test(arguments: GuestCase.load("hostile"))
    func survived(_ given: GuestCase) throws {
        let server = try (given.hasty ?? false ? Self.hasty : Self.shared).get()
        try given.run(on: server)
        #expect(try server.get("/response-before-body")?.body == "closed\n")
    }

    /// Every request finds a guest as new, whatever the one before has left behind, and however it has ended.
    @Test func nothingIsLeftToTheNextRequest() throws {
        let (server, port) = try TestServer.start(guest: "hostile")
        defer { server.shutDown() }
        let connection = try RawConnection(port: port)
        let paths = [
            "/leave-traces", "/leave-handles", "/grow-memory", "/grow-tables", "/large-fields", "/hold-body?1",
            "/no-body", "/drop-outparam", "/answer-late", "/read-behind-answer", "/empty-writes", "/recurse", "/left-at-once",
        ]
        var fingerprints: Set<String> = []
        for path in paths {
            let before = connection.responses().count
            for path in ["/fingerprint", path, "/fingerprint", path, path, "/fingerprint"] {
                connection.send(Array("GET \(path) HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
            }
            connection.receive { connection.responses().count == before + 6 && connection.isComplete }
            let responses = connection.responses().dropFirst(before)
            #expect(responses.count == 6, "\(path)")
            for (index, response) in responses.enumerated() where [0, 2, 5].contains(index) {
                #expect(response.status == 200)
                fingerprints.insert(String(decoding: response.body, as: UTF8.self))
            }
        }
        #expect(fingerprints.count == 1, "\(fingerprints)")
    }

    /// The means to answer one request, kept for the next one.
    @Test func tooLate() throws {
        let server = try LoggedServer(guest: "hostile", requestsPerInstance: 10)
        defer { server.server.shutDown() }
        let connection = try RawConnection(port: server.port)
        for _ in 0..<2 { connection.send(Array("GET /answer-late HTTP/1.1\r\nhost: a\r\n\r\n".utf8)) }
        connection.receive { connection.responses().count == 2 }
        #expect(connection.responses().map(\.status) == [500, 200])
        #expect(connection.responses().last.map { String(decoding: $0.body, as: UTF8.self) } == "both\n")
    }

    @Test(.enabled(if: TestServer.isThere("proxy-informational"))) func informational() throws {
        let server = try LoggedServer(guest: "proxy-informational")
        defer { server.server.shutDown() }
        let connection = try RawConnection(port: server.port)
        connection.send(Array("GET /informational HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        connection.receive { connection.responses().count == 2 }
        #expect(connection.responses().map(\.status) == [103, 200])
        #expect(connection.text.hasPrefix("HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\nHTTP/1.1 200 OK\r\n"))
        let second = try RawConnection(port: server.port)
        second.send(
            FrameCase.preface + FrameCase.frame(4, 0, 0, [])
                + FrameCase.frame(1, 5, 1, FrameCase.block([[":path", "/informational"]], isBare: false)))
        second.receive { ReceivedFrames(second.received).ended.contains(1) }
        let frames = ReceivedFrames(second.received)
        #expect(frames.statuses[1] == ["103", "200"] && frames.links[1] == ["</style.css>"])
        // To a client that does not read they would be kept.
        let flood = try RawConnection(port: server.port)
        flood.send(Array("GET /informational-flood HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".utf8))
        flood.receive()
        #expect(flood.responses().count == 1639)
        #expect(flood.responses().last.map { String(decoding: $0.body, as: UTF8.self) } == "error 38\n1638")
        // HTTP/2 cannot carry as much, and goes without.
        let large = try RawConnection(port: server.port)
        large.send(
            FrameCase.preface + FrameCase.frame(4, 0, 0, [])
                + FrameCase.frame(1, 5, 1, FrameCase.block([[":path", "/informational-large"]], isBare: false)))
        large.receive { ReceivedFrames(large.received).ended.contains(1) }
        #expect(ReceivedFrames(large.received).statuses[1] == ["200"])
        #expect(server.logs("/informational-large", "a response with status 103 has more fields than HTTP/2.0 can carry"))
        // HTTP/1.0 knows nothing of it.
        let old = try RawConnection(port: server.port)
        old.send(Array("GET /informational HTTP/1.0\r\n\r\n".utf8))
        old.receive()
        #expect(old.responses().map(\.status) == [200])
    }

    /// A guest that waits for the end of a body wants it to be sent.
    @Test(.enabled(if: TestServer.isThere("proxy"))) func leaveForWhatIsNotRead() throws {
        let server = try LoggedServer(guest: "proxy")
        defer { server.server.shutDown() }
        let connection = try RawConnection(port: server.port)
        connection.send(Array("POST /unread HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n".utf8))
        connection.receive { !connection.responses().isEmpty }
        #expect(connection.responses().first?.status == 100)
        connection.send(Array("hello".utf8))
        connection.receive { connection.responses().count == 2 }
        #expect(connection.responses().last?.status == 200)
    }

    /// Of all versions, and of more imports than the world has.
    @Test(arguments: ["proxy", "proxy-0.2.0", "proxy-hello", "proxy-informational"].filter(TestServer.isThere))
    func served(_ guest: String) throws {
        let server = try LoggedServer(guest: guest)
        defer { server.server.shutDown() }
        for _ in 0..<3 { #expect(try server.get("/hello")?.status == 200) }
        if guest != "proxy-hello" {
            for path in ["/items", "/fields"] {
                let answer = try server.get(path)
                #expect(answer?.status == 200 && answer?.body.contains("FAILED") == false, "\(answer?.body ?? "nothing")")
            }
        }
    }
}
