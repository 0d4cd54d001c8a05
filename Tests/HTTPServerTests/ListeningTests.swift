// Where `apus serve` listens: addresses of both kinds, files, and sockets that systemd has opened.
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite(.enabled(if: ServeProcess.isThere, "there is no release build of apus, or no guest"))
struct ListeningTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "apus-serve-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test func listensOnBothInternets() throws {
        let server = try ServeProcess(["--addr", "127.0.0.1:0", "--addr", "[::1]:0", TestServer.guest.path])
        server.wait { $0.contains("http://[::1]:") }
        let text = server.log.components(separatedBy: "http://[::1]:").last ?? ""
        let connection = try RawConnection(port6: Int(text.prefix { $0.isNumber }) ?? 0)
        connection.send(Array("GET /hello HTTP/1.1\r\nhost: [::1]\r\n\r\n".utf8))
        connection.receive { !connection.responses().isEmpty }
        #expect(connection.responses().first?.status == 200)
    }

    @Test func listensOnFiles() throws {
        let place = folder.appending(path: "a.sock").path
        let arguments = ["--addr", "127.0.0.1:0", "--addr", "unix:\(place)", TestServer.guest.path]
        let first = try ServeProcess(arguments)
        first.wait { $0.contains("unix:") }
        func answers() throws -> Bool {
            let connection = try RawConnection(path: place)
            connection.send(Array("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
            connection.receive { !connection.responses().isEmpty }
            return connection.responses().first?.status == 200
        }
        #expect(try answers())
        // One that is used is not taken from who uses it.
        let second = try ServeProcess(arguments, waits: false)
        #expect(second.wait { $0.contains("somebody else does") })
        #expect(try answers())
        // One that was left is.
        kill(first.process.processIdentifier, SIGKILL)
        first.process.waitUntilExit()
        #expect(FileManager.default.fileExists(atPath: place))
        let third = try ServeProcess(arguments)
        third.wait { $0.contains("unix:") }
        #expect(try answers())
        #expect(third.end(SIGTERM) == 0)
        #expect(!FileManager.default.fileExists(atPath: place))
    }

    @Test func takesSocketsOfSystemd() throws {
        let (descriptor, port) = try Self.listener()
        defer { close(descriptor) }
        let server = try ServeProcess(["--addr", "systemd:web", TestServer.guest.path], socket: (descriptor, "web"))
        #expect(try server.get("/hello", port: port)?.status == 200)
        #expect(server.end(SIGTERM) == 0)
        // It stays open for the next one: this connection waits.
        let early = try RawConnection(port: port)
        early.send(Array("GET /hello HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".utf8))
        let next = try ServeProcess(["--addr", "systemd", TestServer.guest.path], socket: (descriptor, "web"))
        early.receive()
        #expect(early.responses().first?.status == 200)
        #expect(next.end(SIGTERM) == 0)
        let other = try ServeProcess(
            ["--addr", "systemd:other", TestServer.guest.path], socket: (descriptor, "web"), waits: false)
        #expect(other.wait { $0.contains("systemd has handed over no socket named other") })
        let none = try ServeProcess(["--addr", "systemd", TestServer.guest.path], waits: false)
        #expect(none.wait { $0.contains("systemd has handed no sockets to this process") })
    }

    private static func listener() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) + getsockname(descriptor, $0, &size) }
        }
        guard result == 0, listen(descriptor, 10) == 0 else { throw Failure("cannot listen: \(errno)") }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
