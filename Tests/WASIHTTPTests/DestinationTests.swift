// Whom a grant lets a guest ask.

import Testing
import WASIHTTP

struct DestinationTests {
    private func destinations(_ patterns: [String]) throws -> HTTPDestinations {
        HTTPDestinations(try patterns.map { try HTTPDestinations.Pattern($0) })
    }

    @Test func nobodyAndEverybody() {
        #expect(HTTPDestinations.none.permit(host: "example.com", port: 80) == nil)
        #expect(HTTPDestinations.none.permit(host: "127.0.0.1", port: 80) == nil)
        #expect(HTTPDestinations.all.permit(host: "example.com", port: 80) != nil)
        #expect(HTTPDestinations.all.permit(host: "127.0.0.1", port: 1) != nil)
    }

    @Test(arguments: [
        ("example.com", "example.com", 80, true), ("example.com", "EXAMPLE.com.", 443, true),
        ("example.com", "www.example.com", 80, false), ("example.com", "notexample.com", 80, false),
        ("example.com:443", "example.com", 443, true), ("example.com:443", "example.com", 80, false),
        ("*.example.com", "www.example.com", 80, true), ("*.example.com", "a.b.example.com", 80, true),
        ("*.example.com", "example.com", 80, false), ("*.example.com", "badexample.com", 80, false),
        ("*.example.com:8080", "a.example.com", 8080, true), ("*.example.com:8080", "a.example.com", 80, false),
        ("*", "anything", 1, true), ("*:443", "anything", 443, true), ("*:443", "anything", 80, false),
        ("127.0.0.1", "127.0.0.1", 80, true), ("127.0.0.1", "::ffff:7f00:1", 80, true),
        ("127.0.0.1", "localhost", 80, false), ("localhost", "127.0.0.1", 80, false),
        ("[::1]:80", "0:0::1", 80, true), ("[::1]:80", "::2", 80, false), ("*.0.0.1x", "127.0.0.1", 80, false),
    ] as [(String, String, UInt16, Bool)])
    func grants(_ pattern: String, _ host: String, _ port: UInt16, _ isGranted: Bool) throws {
        #expect((try destinations([pattern]).permit(host: host, port: port) != nil) == isGranted)
    }

    @Test(arguments: [
        "", "http://example.com", "example.com/path", "a b", "*.", "*x.example.com", "a.*.com", "*.*.com", "::1",
        "user@host", "*.127.0.0.1", "example.com:", "example.com:99999", "*example.com",
    ])
    func noPattern(_ text: String) {
        #expect(throws: HTTPDestinationSyntaxError.self) { try HTTPDestinations.Pattern(text) }
    }

    /// A name may not lead where its owner, and not the grant, wants to go.
    @Test func addresses() throws {
        let loopback = try #require(NetworkAddress("127.0.0.1"))
        let metadata = try #require(NetworkAddress("169.254.169.254"))
        let mapped = try #require(NetworkAddress("::ffff:10.0.0.1"))
        let outside = try #require(NetworkAddress("93.184.216.34"))

        let beneath = try #require(destinations(["*.example.com"]).permit(host: "a.example.com", port: 80))
        #expect(!beneath.permits(loopback) && !beneath.permits(metadata) && !beneath.permits(mapped))
        #expect(beneath.permits(outside))

        let both = try #require(
            destinations(["*.example.com", "127.0.0.1:80"]).permit(host: "a.example.com", port: 80))
        #expect(both.permits(loopback) && !both.permits(metadata))
        let otherPort = try #require(
            destinations(["*.example.com", "127.0.0.1:80"]).permit(host: "a.example.com", port: 81))
        #expect(!otherPort.permits(loopback))

        let named = try #require(destinations(["db.internal"]).permit(host: "db.internal", port: 80))
        #expect(named.permits(mapped))
        let all = try #require(HTTPDestinations.all.permit(host: "x.test", port: 80))
        #expect(all.permits(loopback))
    }

    @Test func description() throws {
        for text in ["example.com", "*.example.com:80", "*", "*:443", "10.0.0.1:8080", "[0:0:0:0:0:0:0:1]:80"] {
            #expect(try HTTPDestinations.Pattern(text).description == text)
        }
    }
}
