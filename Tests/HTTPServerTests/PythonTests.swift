// An application in Python, as componentize-py makes it (`Tests/Guests/python/proxy`), behind the server.
import Foundation
import HTTPServer
import Testing

@Suite(.enabled(if: TestServer.isThere("proxy-python"), "the guests are not built: Tests/Guests/build"))
struct PythonTests {
    private static let shared = Result {
        var limits = TestServer.limits
        limits.requestTime = .seconds(20)
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
        connection.receive(for: .seconds(10))
        #expect(connection.responses().first?.status == 200)
        #expect(connection.responses().first?.body == content)
    }
}
