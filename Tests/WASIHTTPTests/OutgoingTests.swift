// Requests that a guest makes, to a client that is not there.

import Synchronization
import Testing
import WASIHTTP

@Suite(.enabled(if: Guests.areBuilt, "the guests are not built (Tests/Guests/build)"))
struct OutgoingTests {
    private func configuration(
        _ destinations: HTTPDestinations = .all,
        _ answer: @escaping @Sendable (OutgoingHTTPRequest) -> FutureHTTPResponse
    ) -> HTTPConfiguration {
        var http = HTTPConfiguration()
        http.destinations = destinations
        http.outgoing = FakeClient(answer: answer)
        return http
    }

    private func target(_ authority: String, scheme: String = "http", path: String = "") -> HTTPMessageFields {
        ["x-authority": authority, "x-scheme": scheme, "x-path": path]
    }

    @Test func forwarded() throws {
        let seen = Mutex<OutgoingHTTPRequest?>(nil)
        let http = configuration { request in
            seen.withLock { $0 = request }
            let future = FutureHTTPResponse()
            // The answer is the request's body, which is on its way still.
            onThread {
                let body = HTTPBody(of: .response)
                future.complete(
                    .success(IncomingHTTPResponse(status: 201, headers: ["x-a": "b", "connection": "close"], body: body)))
                guard let source = request.body else { return }
                feed(body, readAll(source), trailers: ["t": "1"])
            }
            return future
        }
        let content = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 >> 3) }
        let body = HTTPBody(of: .request)
        onThread { feed(body, content) }
        let outcome = try ProxyGuest(with: http).call(
            "/forward", method: .post, headers: target("Example.com:8080", path: "/p?q"), body: body)
        #expect(outcome.trap == nil)
        #expect(outcome.status == 201)
        #expect(outcome.headers.description == "x-a: b")
        #expect(outcome.body == content)
        #expect(outcome.trailers?.description == "t: 1\nx-echo: yes")

        let request = try #require(seen.withLock { $0 })
        #expect(request.method == .post && request.scheme == .http)
        #expect(request.host == "example.com" && request.port == 8080)
        #expect(request.authority == "Example.com:8080" && request.pathWithQuery == "/p?q")
        #expect(request.headers.description == "x-from: guest")
        #expect(request.options == HTTPRequestOptions(connectTimeout: 1000, firstByteTimeout: 2000))
    }

    @Test(arguments: [
        // Nobody is asked unless that is granted.
        ("example.org", "http", "", [], "error 15\n"), ("example.com", "http", "", ["example.com"], "(answered)"),
        ("example.com:81", "http", "", ["example.com:80"], "error 15\n"),
        ("example.com", "http", "", ["example.com:80"], "(answered)"),
        // Where no scheme is given, https is meant.
        ("example.com", "", "", ["example.com:443"], "(answered)"),
        ("www.example.com", "https", "?x", ["*.example.com"], "(answered)"),
        ("", "http", "", ["*"], "error 19\n"), ("user@example.com", "http", "", ["*"], "error 19\n"),
        ("example.com", "gopher", "", ["*"], "error 35\n"), ("example.com", "http", "*", ["*"], "error 19\n"),
        ("[::1]:80", "http", "", ["[::1]"], "(answered)"), ("127.0.0.1", "http", "", ["[::1]"], "error 15\n"),
    ])
    func policy(_ authority: String, _ scheme: String, _ path: String, _ granted: [String], _ expected: String) throws {
        let destinations = HTTPDestinations(try granted.map { try HTTPDestinations.Pattern($0) })
        let http = configuration(destinations) { request in
            #expect(request.pathWithQuery.first == "/")
            let body = HTTPBody(of: .response, Array("(answered)".utf8))
            return FutureHTTPResponse(.success(IncomingHTTPResponse(status: 200, body: body)))
        }
        let outcome = try ProxyGuest(with: http).call(
            "/forward", headers: target(authority, scheme: scheme, path: path))
        #expect(outcome.text == expected)
    }

    @Test func withoutClient() throws {
        var http = HTTPConfiguration()
        http.destinations = .all
        #expect(try ProxyGuest(with: http).call("/forward", headers: target("a.test")).text == "error 15\n")
    }

    @Test func failures() throws {
        let late = configuration { _ in
            let future = FutureHTTPResponse()
            onThread { future.complete(.failure(.connectionRefused)) }
            return future
        }
        #expect(try ProxyGuest(with: late).call("/forward", headers: target("a.test")).text == "error 6\n")

        // The response breaks off.
        let broken = configuration { _ in
            let body = HTTPBody(of: .response, length: 10)
            body.append([0x41])
            body.finish()
            return FutureHTTPResponse(.success(IncomingHTTPResponse(status: 200, body: body)))
        }
        let outcome = try ProxyGuest(with: broken).call("/forward", headers: target("a.test"))
        #expect(outcome.status == 200)
        #expect(outcome.errorOutput.isEmpty)
        #expect(outcome.text == "A")
        #expect(outcome.bodyError != nil)
    }

    /// Each code is the guest's by its number in WIT, whatever it carries.
    @Test func everyCode() throws {
        let size = HTTPErrorCode.FieldSize(name: "a", size: 5)
        let codes: [HTTPErrorCode] = [
            .dnsTimeout, .dnsError(.init(rcode: "NXDOMAIN")), .destinationNotFound, .destinationUnavailable, .destinationIPProhibited,
            .destinationIPUnroutable, .connectionRefused, .connectionTerminated, .connectionTimeout, .connectionReadTimeout,
            .connectionWriteTimeout, .connectionLimitReached, .tlsProtocolError, .tlsCertificateError,
            .tlsAlertReceived(.init(id: 42, message: "bad certificate")), .httpRequestDenied, .httpRequestLengthRequired,
            .httpRequestBodySize(5), .httpRequestMethodInvalid, .httpRequestURIInvalid, .httpRequestURITooLong,
            .httpRequestHeaderSectionSize(5), .httpRequestHeaderSize(size), .httpRequestTrailerSectionSize(5),
            .httpRequestTrailerSize(size), .httpResponseIncomplete, .httpResponseHeaderSectionSize(nil), .httpResponseHeaderSize(size),
            .httpResponseBodySize(nil), .httpResponseTrailerSectionSize(5), .httpResponseTrailerSize(size),
            .httpResponseTransferCoding("gzip"), .httpResponseContentCoding("br"), .httpResponseTimeout, .httpUpgradeFailed,
            .httpProtocolError, .loopDetected, .configurationError, .internalError("so"),
        ]
        #expect(codes.count == 39)
        for (number, code) in codes.enumerated() {
            let http = configuration { _ in FutureHTTPResponse(.failure(code)) }
            let text = try ProxyGuest(with: http).call("/forward", headers: target("a.test")).text
            let expected = number == 17 ? "error 17 5\n" : number == 28 ? "error 28 \n" : "error \(number)\n"
            #expect(text == expected, "\(code)")
        }
    }

    @Test func limit() throws {
        var http = configuration { _ in FutureHTTPResponse(.failure(.internalError(nil))) }
        http.limits.requestsUnderWay = 0
        #expect(try ProxyGuest(with: http).call("/forward", headers: target("a.test")).text == "error 11\n")
    }

    /// Handles that are kept are not requests under way; fields that are kept count for what they are.
    @Test func handlesThatAreKept() throws {
        var http = configuration { _ in
            let body = HTTPBody(of: .response, Array("hello".utf8))
            return FutureHTTPResponse(.success(IncomingHTTPResponse(status: 200, headers: ["a": "b"], body: body)))
        }
        http.limits.requestsUnderWay = 2
        #expect(try ProxyGuest(with: http).call("/forward-often", headers: target("a.test")).text == "100\n")
        http.limits.totalFieldsSize = 2000
        let outcome = try ProxyGuest(with: http).call("/forward-often", headers: target("a.test"))
        #expect(outcome.trap?.description.contains("more than 2000 bytes of fields") == true)
    }

    /// The share of a request that is over is free for the next one.
    @Test func oneAfterAnother() throws {
        var http = configuration { _ in FutureHTTPResponse(.success(IncomingHTTPResponse(status: 204))) }
        http.limits.requestsUnderWay = 1
        http.limits.outgoingMessages = 2
        let guest = try ProxyGuest(with: http)
        for _ in 0..<10 {
            #expect(guest.call("/forward", headers: target("a.test")).status == 204)
        }
    }
}

/// Reads a body to its end, waiting for it.
private func readAll(_ body: HTTPBody) -> [UInt8] {
    var bytes: [UInt8] = []
    let turn = Turn()
    body.onReadable { turn.give() }
    while true {
        switch body.read(upTo: 100_000) {
        case .bytes(let piece): bytes += piece
        case .nothing: turn.take()
        case .end, .failed: return bytes
        }
    }
}
