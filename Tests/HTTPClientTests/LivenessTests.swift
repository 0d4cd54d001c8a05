// Whether connections of the client are looked after by the system, as told by the system itself.
import HTTPClient
import Testing
import WASIHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

#if os(Linux)
    /// The client's end of a connection to a port of this machine, in this process.
    private func socketConnected(to port: UInt16) -> CInt? {
        (0..<CInt(getdtablesize())).prefix(65_536).first { descriptor in
            var address = sockaddr_in()
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let found = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) == 0 }
            }
            return found && address.sin_family == sa_family_t(AF_INET) && UInt16(bigEndian: address.sin_port) == port
        }
    }

    private func option(_ descriptor: CInt, _ level: CInt, _ name: CInt) -> CInt {
        var value: CInt = -1
        var size = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, level, name, &value, &size) == 0 ? value : -1
    }

    /// What is not acknowledged for half a minute ends a connection, and a silent one is asked: a dead one is found at the latest
    /// after 15 s of silence and three questions of 5 s. That the system does as it is told is not ours to test.
    struct LivenessTests {
        private func check(_ port: UInt16) throws {
            let descriptor = try #require(socketConnected(to: port))
            let keepsAlive = option(descriptor, SOL_SOCKET, SO_KEEPALIVE)
            #expect(keepsAlive == 1)
            let tcp = CInt(IPPROTO_TCP)
            let names = [TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT]
            #expect(names.map { option(descriptor, tcp, $0) } == [15, 5, 3, 30_000])
        }

        @Test func connectionsAreLookedAfter() throws {
            let server = try RawServer { peer, _ in while peer.readHead() != nil { peer.send("HTTP/1.1 204 No Content\r\n\r\n") } }
            let client = PooledHTTPClient()
            #expect(try client.fetch("http://127.0.0.1:\(server.port)/") == "204")
            try check(server.port)
            client.shutDown()
        }

        @Test func soAreThoseOfHTTP2() throws {
            let server = try RawServer { peer, _ in
                peer.beginFrames()
                while let stream = peer.readRequest() { peer.send(Frames.answer(stream)) }
            }
            var configuration = HTTPClientConfiguration()
            configuration.priorKnowledge = .all
            let client = PooledHTTPClient(configuration)
            #expect(try client.fetch("http://127.0.0.1:\(server.port)/") == "204")
            try check(server.port)
            client.shutDown()
        }

        @Test func soAreThoseToProxies() throws {
            let proxy = try RawServer { peer, _ in while peer.readHead() != nil { peer.send("HTTP/1.1 204 No Content\r\n\r\n") } }
            var configuration = HTTPClientConfiguration()
            configuration.proxies = ProxySettings { $0 == "http_proxy" ? "http://127.0.0.1:\(proxy.port)" : nil }
            let client = PooledHTTPClient(configuration)
            #expect(try client.fetch("http://somewhere.invalid/") == "204")
            try check(proxy.port)
            client.shutDown()
        }
    }
#endif
