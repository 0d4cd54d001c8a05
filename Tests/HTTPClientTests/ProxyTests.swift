// Proxies: who is asked, how, and what is never asked of them.
import HTTPClient
import NIOCore
import Synchronization
import Testing
import WASIHTTP

/// What a server has seen.
private final class Noted: Sendable {
    private let texts = Mutex<[String]>([])

    func note(_ text: String) { texts.withLock { $0.append(text) } }

    var all: [String] { texts.withLock { $0 } }
}

struct ProxyTests {
    private func client(_ environment: [String: String], trusting authorities: [String] = []) throws -> PooledHTTPClient {
        var configuration = HTTPClientConfiguration()
        configuration.proxies = ProxySettings { environment[$0] }
        configuration.tls = try HTTPClientTLS(authorities: authorities)
        return PooledHTTPClient(configuration)
    }

    /// Answers what it is asked for itself, and tunnels to wherever it is told.
    private func proxy(_ answer: String = "HTTP/1.1 204 No Content\r\n\r\n") throws -> RawServer {
        try RawServer { peer, _ in while peer.readHead() != nil { peer.send(answer) } }
    }

    @Test func wholeURI() throws {
        let proxy = try proxy()
        let client = try client(["http_proxy": "http://me:p%40ss@127.0.0.1:\(proxy.port)"])
        // The name means nothing here: the proxy looks it up.
        #expect(try client.fetch("http://no-such-name.invalid/a?b") == "204")
        #expect(try client.fetch("http://no-such-name.invalid:8080/", grants: ["no-such-name.invalid"]) == "204")
        #expect(
            proxy.heads == [
                "GET http://no-such-name.invalid/a?b HTTP/1.1\r\nhost: no-such-name.invalid\r\n"
                    + "proxy-authorization: Basic bWU6cEBzcw==\r\n\r\n",
                "GET http://no-such-name.invalid:8080/ HTTP/1.1\r\nhost: no-such-name.invalid:8080\r\n"
                    + "proxy-authorization: Basic bWU6cEBzcw==\r\n\r\n",
            ])
    }

    @Test func wildcardsAreLookedUpFirst() throws {
        // A proxy that is asked for a name could find another address than we have.
        let proxy = try proxy()
        let client = try client(["http_proxy": "127.0.0.1:\(proxy.port)"])
        #expect(try client.fetch("http://0x7f.1/", grants: ["*.1"]) == "! destination-IP-prohibited")
        #expect(proxy.connectionCount == 0)
        // Both answers are the proxy's here: that of the tunnel, and that to the request in it.
        #expect(try client.fetch("http://0x7f.1/", grants: ["*.1", "127.0.0.1"]) == "204")
        #expect(proxy.heads.first?.hasPrefix("CONNECT 127.0.0.1:80 HTTP/1.1\r\nhost: 127.0.0.1:80\r\n") ?? false)
        #expect(proxy.heads.last?.hasPrefix("GET / HTTP/1.1\r\nhost: 0x7f.1\r\n") ?? false)
    }

    @Test(arguments: [
        ("HTTP/1.1 407 Who are you\r\n\r\n", "! configuration-error"), ("HTTP/1.1 403 No\r\n\r\n", "! HTTP-request-denied"),
        ("HTTP/1.1 405 No\r\n\r\n", "! HTTP-request-denied"), ("HTTP/1.1 404 Where\r\n\r\n", "! destination-not-found"),
        ("HTTP/1.1 408 Late\r\n\r\n", "! destination-unavailable"), ("HTTP/1.1 431 Long\r\n\r\n", "! destination-unavailable"),
        ("HTTP/1.1 502 No\r\n\r\n", "! destination-unavailable"), ("HTTP/1.1 504 No\r\n\r\n", "! connection-timeout"),
        ("HTTP/1.1 508 Loop\r\n\r\n", "! loop-detected"), ("SSH-2.0\r\n\r\n", "! HTTP-protocol-error"),
        ("HTTP/1.1 200 OK\r\n\r\nand more", "! HTTP-protocol-error"), ("", "! connection-terminated"),
    ])
    func noTunnel(_ answer: String, _ expected: String) throws {
        let proxy = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.send(answer)
        }
        let client = try client(["https_proxy": "http://127.0.0.1:\(proxy.port)"])
        #expect(try client.fetch("https://example.com/") == expected)
        #expect(proxy.heads == ["CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n"])
    }

    @Test(.enabled(if: Certificates.areThere, "there is no openssl"))
    func tunnel() throws {
        let certificates = try #require(Certificates.shared)
        let server = try TLSServer(certificates)
        let proxy = try RawServer { peer, _ in
            guard let head = peer.readHead(), let colon = head.split(separator: " ")[1].lastIndex(of: ":") else { return }
            peer.tunnel(to: UInt16(head.split(separator: " ")[1][colon...].dropFirst()) ?? 0)
        }
        let client = try client(
            ["HTTPS_PROXY": "http://127.0.0.1:\(proxy.port)"], trusting: [certificates.authority])
        #expect(try client.fetch("https://localhost:\(server.port)/early", grants: ["localhost"]) == "204")
        #expect(try client.fetch("https://localhost:\(server.port)/early", grants: ["localhost"]) == "204")
        #expect(proxy.connectionCount == 1)
        // Who answers for an address could not be told.
        #expect(try client.fetch("https://127.0.0.1:\(server.port)/early") == "! configuration-error")
    }

    @Test(.enabled(if: Certificates.areThere, "there is no openssl"))
    func encryptedOnTheWayToTheProxy() throws {
        let certificates = try #require(Certificates.shared)
        let server = try TLSServer(certificates)
        let proxy = try RawServer { peer, _ in
            while let head = peer.readHead() {
                guard head.hasPrefix("CONNECT"), let colon = head.split(separator: " ")[1].lastIndex(of: ":") else {
                    peer.send("HTTP/1.1 204 No Content\r\n\r\n")
                    continue
                }
                return peer.tunnel(to: UInt16(head.split(separator: " ")[1][colon...].dropFirst()) ?? 0)
            }
        }
        let front = try TLSFront(certificates, of: proxy.port)
        let client = try client(
            ["ALL_PROXY": "https://me:secret@localhost:\(front.port)"], trusting: [certificates.authority])
        #expect(try client.fetch("https://localhost:\(server.port)/early", grants: ["localhost"]) == "204")
        #expect(try client.fetch("http://no-such-name.invalid/") == "204")
        #expect(
            proxy.heads.map { $0.split(separator: "\r\n")[0] } == [
                "CONNECT localhost:\(server.port) HTTP/1.1", "GET http://no-such-name.invalid/ HTTP/1.1",
            ])
        #expect(proxy.heads.allSatisfy { $0.contains("proxy-authorization: Basic") })
        // The proxy must be who it says it is.
        let other = try self.client(["ALL_PROXY": "https://localhost:\(front.port)"])
        #expect(try other.fetch("http://no-such-name.invalid/") == "! TLS-certificate-error")
    }

    /// A proxy of SOCKS, and the targets that it was asked for, by kind of address.
    private func socksProxy(_ reply: UInt8 = 0, method: UInt8 = 0) throws -> (RawServer, targets: Noted) {
        let targets = Noted()
        let server = try RawServer { peer, _ in
            guard peer.read(3) == [5, 1, 0] else { return }
            peer.send([5, method])
            let head = peer.read(4)
            guard head.count == 4, head[..<3] == [5, 1, 0] else { return }
            let host: String
            switch head[3] {
            case 1: host = peer.read(4).map { "\($0)" }.joined(separator: ".")
            case 3: host = "name " + String(decoding: peer.read(Int(peer.read(1)[0])), as: UTF8.self)
            default: return
            }
            let bytes = peer.read(2)
            let port = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
            targets.note(host)
            let answer: [UInt8] = [5, reply, 0, 1, 127, 0, 0, 1, 0, 80]
            if reply == 0 {
                peer.tunnel(to: port, answering: answer)
            } else {
                peer.send(answer)
            }
        }
        return (server, targets)
    }

    @Test func socks() throws {
        let server = try RawServer { peer, _ in while peer.readHead() != nil { peer.send("HTTP/1.1 204 No Content\r\n\r\n") } }
        let (proxy, targets) = try socksProxy()
        // Names are looked up here, and held against the grant.
        let near = try client(["ALL_PROXY": "socks5://127.0.0.1:\(proxy.port)"])
        #expect(try near.fetch("http://0x7f.1:\(server.port)/") == "204")
        #expect(try near.fetch("http://0x7f.1:\(server.port)/", grants: ["*.1"]) == "! destination-IP-prohibited")
        // They are the proxy's to look up, but for those that only a wildcard grants.
        let far = try client(["ALL_PROXY": "socks5h://127.0.0.1:\(proxy.port)"])
        #expect(try far.fetch("http://somewhere.invalid:\(server.port)/") == "204")
        #expect(try far.fetch("http://0x7f.1:\(server.port)/", grants: ["*.1"]) == "! destination-IP-prohibited")
        #expect(try far.fetch("http://0x7f.1:\(server.port)/", grants: ["*.1", "127.0.0.1"]) == "204")
        #expect(targets.all == ["127.0.0.1", "name somewhere.invalid", "127.0.0.1"])
        let long = String(repeating: "a", count: 300)
        #expect(try far.fetch("http://\(long)/") == "! destination-not-found")
    }

    @Test(arguments: [
        (1, 0, "! destination-unavailable"), (2, 0, "! HTTP-request-denied"), (3, 0, "! destination-IP-unroutable"),
        (4, 0, "! destination-IP-unroutable"), (5, 0, "! connection-refused"), (6, 0, "! connection-timeout"),
        (7, 0, "! configuration-error"), (0, 255, "! configuration-error"),
    ] as [(UInt8, UInt8, String)])
    func noSOCKS(_ reply: UInt8, _ method: UInt8, _ expected: String) throws {
        let (proxy, _) = try socksProxy(reply, method: method)
        let client = try client(["all_proxy": "socks5h://127.0.0.1:\(proxy.port)"])
        #expect(try client.fetch("http://somewhere.invalid/") == expected)
    }

    @Test func noProxyThatCanBeUsed() throws {
        let client = try client(["all_proxy": "socks4://127.0.0.1:1080"])
        #expect(try client.fetch("http://127.0.0.1:1/") == "! configuration-error")
    }

    // MARK: - The environment

    @Test(arguments: [
        (["http_proxy": "a:1"], "a:1", "-"), (["HTTP_PROXY": "a:1"], "a:1", "-"),
        (["HTTP_PROXY": "a:1", "http_proxy": "b:2"], "b:2", "-"), (["HTTP_PROXY": "a:1", "REQUEST_METHOD": "GET"], "-", "-"),
        (["HTTPS_PROXY": "http://a"], "-", "a:80"), (["https_proxy": "a"], "-", "a:1080"),
        (["ALL_PROXY": "http://[::1]:3128/"], "::1:3128", "::1:3128"), (["http_proxy": ""], "-", "-"),
        (["http_proxy": "https://a"], "https://a:443", "-"), (["http_proxy": "ftp://a"], "?", "-"),
        (["ALL_PROXY": "socks5://a"], "socks5://a:1080", "socks5://a:1080"), (["https_proxy": "SOCKS5H://a:1"], "-", "socks5h://a:1"),
        (["all_proxy": "socks5://me:secret@a"], "?", "?"), (["http_proxy": "a:99999"], "?", "-"),
        (["https_proxy": "a:1", "all_proxy": "b:2"], "b:2", "a:1"),
    ] as [([String: String], String, String)])
    func variables(_ environment: [String: String], _ http: String, _ https: String) {
        let settings = ProxySettings { environment[$0] }
        func text(_ choice: ProxySettings.Choice) -> String {
            switch choice {
            case .none: "-"
            case .unusable: "?"
            case .proxy(let address):
                (address.kind == .http ? "" : "\(address.kind.rawValue)://") + "\(address.host):\(address.port)"
            }
        }
        #expect(text(settings.http) == http)
        #expect(text(settings.https) == https)
    }

    @Test(arguments: [
        ("*", "example.com", true), ("example.com", "example.com", true), ("example.com", "www.example.com", true),
        (".example.com", "www.example.com", true), ("*.example.com", "www.example.com", true),
        ("example.com", "badexample.com", false), ("a, b ,c", "b", true), ("EXAMPLE.com", "example.COM", true),
        ("example.com:81", "example.com", false), ("example.com:80", "example.com", true),
        ("127.0.0.1", "127.0.0.1", true), ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.1.2.3", false),
        ("192.168.1.128/25", "192.168.1.129", true), ("192.168.1.128/25", "192.168.1.127", false),
        ("::1", "::1", true), ("[::1]", "::1", true), ("fe80::/10", "fe80::1", true), ("10.0.0.0/99", "10.0.0.0", false),
        ("", "example.com", false), ("example.com.", "example.com", true),
    ])
    func exceptions(_ list: String, _ host: String, _ expected: Bool) {
        #expect(ProxyExceptions(list).contains(host: host, port: 80) == expected)
    }
}
