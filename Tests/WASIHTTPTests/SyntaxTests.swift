// What fields, methods, schemes, paths and authorities may look like, as tables.

import Testing
import WASIHTTP

struct SyntaxTests {
    @Test(arguments: [
        ("accept", true), ("X-Custom_1", true), ("!#$%&'*+-.^_`|~", true), ("", false), ("a b", false), ("a:b", false),
        ("a\r\nb", false), ("ä", false), ("a\u{0}", false), ("(x)", false),
    ])
    func token(_ text: String, _ isToken: Bool) {
        #expect(FieldSyntax.isToken(text.utf8) == isToken)
    }

    @Test(arguments: [
        ("", true), ("plain", true), ("tab\there", true), (" around ", true), ("ü", true), ("a\rb", false),
        ("a\nb", false), ("a\u{0}b", false), ("a\u{7F}", false), ("\u{1B}", false),
    ])
    func value(_ text: String, _ isValue: Bool) {
        #expect(FieldSyntax.isValue(text.utf8) == isValue)
    }

    @Test(arguments: [
        ("0", 0), ("1234", 1234), ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("+5", nil),
        ("-5", nil), (" 5", nil), ("5,5", nil), ("", nil), ("0x10", nil), ("007", 7),
    ] as [(String, UInt64?)])
    func contentLength(_ text: String, _ length: UInt64?) {
        #expect(FieldSyntax.contentLength(text.utf8) == length)
    }

    @Test(arguments: [
        ("", true), ("/", true), ("/a/b?c=d&e", true), ("?q", true), ("*", true), ("/%20", true), ("/{x}|\"", true),
        ("a", false), ("/a b", false), ("/a#b", false), ("/\r\n", false), ("/ü", true), ("/?`", true), ("/`", false), ("//host", true),
        ("/<", false), ("/\u{7F}", false), ("**", false), ("http://x/", false),
    ])
    func path(_ text: String, _ isPath: Bool) {
        #expect(URISyntax.isPathWithQuery(text) == isPath)
    }

    @Test func longPath() {
        #expect(URISyntax.isPathWithQuery("/" + String(repeating: "a", count: 65_533)))
        #expect(!URISyntax.isPathWithQuery("/" + String(repeating: "a", count: 65_534)))
    }

    @Test(arguments: [
        ("example.com", "example.com", nil), ("example.com:443", "example.com", 443), ("127.0.0.1:80", "127.0.0.1", 80),
        ("[::1]", "::1", nil), ("[2001:db8::1]:443", "2001:db8::1", 443), ("user:secret@host:1", "host", 1),
        ("a_b.test", "a_b.test", nil),
    ] as [(String, String, UInt16?)])
    func authority(_ text: String, _ host: String, _ port: UInt16?) throws {
        let authority = try #require(URISyntax.authority(text))
        #expect(authority.host == host[...])
        #expect(authority.port == port)
    }

    @Test(arguments: [
        "", ":80", "example.com:", "example.com:abc", "example.com:65536", "example.com:+1", "[::1]:abc", "[::1", "[::1]x",
        "[]", "[1.2.3.4]", "[::1%eth0]", "a b", "a/b", "a?b", "a#b", "a\r\nb", "exämple", "a:1:2", "a@b@c", "@",
    ])
    func noAuthority(_ text: String) {
        #expect(URISyntax.authority(text) == nil)
    }

    @Test func methods() {
        #expect(HTTPRequestMethod(name: "GET") == .get)
        #expect(HTTPRequestMethod(name: "get") == .other("get"))
        #expect(HTTPRequestMethod(name: "PROPFIND")?.name == "PROPFIND")
        for text in ["", "A B", "A\r\n", "é", String(repeating: "A", count: 257)] {
            #expect(HTTPRequestMethod(name: text) == nil)
        }
    }

    @Test func schemes() {
        #expect(HTTPRequestScheme(name: "HTTPS") == .https)
        #expect(HTTPRequestScheme(name: "gopher+x.1") == .other("gopher+x.1"))
        for text in ["", "1a", "a b", "a:", String(repeating: "a", count: 65)] {
            #expect(HTTPRequestScheme(name: text) == nil)
        }
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", true), ("10.1.2.3", "10.1.2.3", true), ("172.16.0.1", "172.16.0.1", true),
        ("172.32.0.1", "172.32.0.1", false), ("169.254.169.254", "169.254.169.254", true), ("1.1.1.1", "1.1.1.1", false),
        ("::1", "0:0:0:0:0:0:0:1", true), ("::", "0:0:0:0:0:0:0:0", true), ("::ffff:127.0.0.1", "127.0.0.1", true),
        ("::ffff:1.1.1.1", "1.1.1.1", false), ("fe80::1", "fe80:0:0:0:0:0:0:1", true),
        ("fd00::1", "fd00:0:0:0:0:0:0:1", true), ("2001:4860::8888", "2001:4860:0:0:0:0:0:8888", false),
        ("64:ff9b::7f00:1", "64:ff9b:0:0:0:0:7f00:1", true), ("64:ff9b::1.1.1.1", "64:ff9b:0:0:0:0:101:101", false),
        ("2002:7f00:1::", "2002:7f00:1:0:0:0:0:0", true), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", false),
        ("224.0.0.1", "224.0.0.1", true), ("0.0.0.0", "0.0.0.0", true), ("100.64.0.1", "100.64.0.1", true),
    ])
    func address(_ text: String, _ canonical: String, _ isLocal: Bool) throws {
        let address = try #require(NetworkAddress(text))
        #expect(address.description == canonical)
        #expect(address.isLocal == isLocal)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4.5", "1.2.3.a", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1.2.3", "1:2:3:4:5:6:7::8", "::1%1", "+1::", "1.2.3.4::",
    ])
    func noAddress(_ text: String) {
        #expect(NetworkAddress(text) == nil)
    }
}
