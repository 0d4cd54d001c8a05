// An application in Python, as componentize-py makes it (`Tests/Guests/python/proxy`), behind the server.
import Foundation
import HTTPClient
import HTTPServer
import Testing
import WASIHTTP

@Suite(.enabled(if: TestServer.isThere("proxy-python"), "the guests are not built: Tests/Guests/build"))
struct PythonTests {
    private static let shared = Result {
        var limits = TestServer.limits
        limits.bodyBytes = 20 << 20
        return try LoggedServer(limits, guest: "proxy-python")
    }

    @Test(arguments: GuestCase.load("python"))
    func answered(_ given: GuestCase) throws {
        let server = try Self.shared.get()
        try given.run(on: server)
        #expect(try server.get("/hello")?.status == 200)
    }

    /// Through Python's hands, and past them.
    @Test(arguments: ["/copy", "/echo"])
    func echo(_ path: String) throws {
        let content = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        let connection = try RawConnection(port: try Self.shared.get().port)
        let head = "POST \(path) HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: \(content.count)\r\n\r\n"
        connection.send(Array(head.utf8) + content)
        connection.receive()
        #expect(connection.responses().first?.status == 200)
        #expect(connection.responses().first?.body == content)
    }

    /// An application that asks another server, and passes on what comes as it comes.
    @Test func fetches() throws {
        let (upstream, upstreamPort) = try TestServer.start()
        defer { upstream.shutDown() }
        var http = HTTPConfiguration()
        http.destinations = HTTPDestinations([try HTTPDestinations.Pattern("127.0.0.1:\(upstreamPort)")])
        http.outgoing = PooledHTTPClient(HTTPClientConfiguration())
        let server = try LoggedServer(guest: "proxy-python", http: http)
        defer { server.server.shutDown() }
        let origin = "http://127.0.0.1:\(upstreamPort)"
        func get(_ path: String) throws -> (status: Int, body: String)? { try server.get("/fetch?\(origin)\(path)") }
        #expect(try get("/hello")?.body == "hello\n")
        #expect(try get("/status?404")?.status == 404)
        #expect(try get("/drip?10")?.body == String(repeating: "drip\n", count: 5))
        #expect(try get("/trap")?.status == 500)
        #expect(try get("/large?1000000")?.body.utf8.count == 1_000_000)
        #expect(try get("/request")?.body.contains("x-from: python\n") == true)
        // What breaks off there breaks off here.
        let cut = try RawConnection(port: server.port)
        cut.send(Array("GET /fetch?\(origin)/trap-late HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        cut.receive()
        #expect(cut.isClosed && cut.text.contains("the beginning") && !cut.text.contains("0\r\n\r\n"))
        // A body on the way through.
        let content = [UInt8](repeating: 0x78, count: 1_000_000)
        let post = try RawConnection(port: server.port)
        let head = "POST /fetch?\(origin)/count HTTP/1.1\r\nhost: a\r\ncontent-length: \(content.count)\r\n\r\n"
        post.send(Array(head.utf8) + content)
        post.receive { post.isComplete }
        #expect(post.responses().first.map { String(decoding: $0.body, as: UTF8.self) } == "1000000")
        // Somebody else it may not ask.
        #expect(try server.get("/fetch?http://127.0.0.1:1/")?.body == "ErrorCode_HttpRequestDenied\n")
    }
}
