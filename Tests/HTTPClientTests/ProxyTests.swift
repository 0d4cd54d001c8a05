// Proxies: who is asked, how, and what is never asked of them.
import HTTPClient
import NIOCore
import Synchronization
import Testing
import WASIHTTP

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

    @Test func noProxyThatCanBeUsed() throws {
        let client = try client(["all_proxy": "socks5://127.0.0.1:1080"])
        #expect(try client.fetch("http://127.0.0.1:1/") == "! configuration-error")
    }

    // MARK: - The environment

    @Test(arguments: [
        (["http_proxy": "a:1"], "a:1", "-"), (["HTTP_PROXY": "a:1"], "a:1", "-"),
        (["HTTP_PROXY": "a:1", "http_proxy": "b:2"], "b:2", "-"), (["HTTP_PROXY": "a:1", "REQUEST_METHOD": "GET"], "-", "-"),
        (["HTTPS_PROXY": "http://a"], "-", "a:80"), (["https_proxy": "a"], "-", "a:1080"),
        (["ALL_PROXY": "http://[::1]:3128/"], "::1:3128", "::1:3128"), (["http_proxy": ""], "-", "-"),
        (["http_proxy": "https://a"], "?", "-"), (["http_proxy": "a:99999"], "?", "-"),
        (["https_proxy": "a:1", "all_proxy": "b:2"], "b:2", "a:1"),
    ] as [([String: String], String, String)])
    func variables(_ environment: [String: String], _ http: String, _ https: String) {
        let settings = ProxySettings { environment[$0] }
        func text(_ choice: ProxySettings.Choice) -> String {
            switch choice {
            case .none: "-"
            case .unusable: "?"
            case .proxy(let address): "\(address.host):\(address.port)"
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
