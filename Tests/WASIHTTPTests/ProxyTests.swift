// A guest of the proxy world, `Tests/Guests/c/proxy.c`, answers requests.

import ComponentRuntime
import Execution
import Testing
import WASIHTTP

@Suite(.enabled(if: Guests.areBuilt, "the guests are not built (Tests/Guests/build)"))
struct ProxyTests {
    /// Every function of the published interfaces is declared, and as what they say.
    @Test func world() throws {
        try ComponentLinker.wasiHTTPProxy().check(try Guests.component("proxy-world"))
        let unstable = try Guests.component("proxy-world-unstable")
        try ComponentLinker.wasiHTTPProxy(features: .informationalOutboundResponses).check(unstable)
        #expect(throws: ComponentInstantiationError.self) { try ComponentLinker.wasiHTTPProxy().check(unstable) }
        #expect(throws: ComponentInstantiationError.self) {
            try ComponentLinker.wasiCommand.check(try Guests.component("proxy-world"))
        }
        try ComponentLinker.wasiCommandWithHTTP().check(try Guests.component("proxy-world"))
    }

    @Test func notAProxy() throws {
        #expect {
            _ = try HTTPProxyInstance.link(try Guests.component("nothing"), .wasiCommandWithHTTP())
        } throws: { error in
            "\(error)".hasPrefix("the component does not export wasi:http/incoming-handler; it exports wasi:cli/run@")
        }
    }

    @Test(arguments: ["proxy", "proxy-0.2.0"])
    func hello(_ name: String) throws {
        let guest = try ProxyGuest(name)
        // One after another in the same instance.
        for _ in 0..<3 {
            let outcome = guest.call("/hello")
            #expect(outcome.status == 200)
            #expect(outcome.headers.description == "Content-Type: text/plain")
            #expect(outcome.text == "hello")
            #expect(outcome.bodyError == nil && outcome.trap == nil && outcome.answers == 1)
        }
        let empty = guest.call("/empty")
        #expect(empty.status == 200 && !empty.hasBody)
    }

    @Test func fewestSteps() throws {
        let outcome = try ProxyGuest("proxy-hello").call("/")
        #expect(outcome.text == "Hello, world!\n")
        #expect(outcome.bodyError == nil)
    }

    /// CPython, as componentize-py makes it: it imports the other world as well.
    @Test(.enabled(if: Guests.isBuilt("proxy-python"))) func python() throws {
        let guest = try ProxyGuest("proxy-python", linker: .wasiCommandWithHTTP())
        let outcome = guest.call("/")
        #expect(outcome.text == "Hello from Python, example.test\n")
        #expect(outcome.headers.first("content-type") == "text/plain; charset=utf-8")
        let body = HTTPBody(of: .request)
        let content = [UInt8](repeating: 0x61, count: 500_000)
        onThread { feed(body, content, trailers: ["x": "y"]) }
        let echo = guest.call("/echo", method: .post, body: body)
        #expect(echo.body == content && echo.trailers?.description == "x: y" && echo.bodyError == nil)
    }

    /// The guest checks by itself; what does not hold begins with FAILED.
    @Test(arguments: ["proxy", "proxy-0.2.0"], ["/fields", "/requests", "/consume-twice", "/items"])
    func checks(_ name: String, _ path: String) throws {
        var http = HTTPConfiguration()
        http.outgoing = FakeClient { _ in FutureHTTPResponse(.failure(.loopDetected)) }
        let outcome = try ProxyGuest(name, with: http).call(path)
        #expect(outcome.status == 200)
        #expect(!outcome.text.contains("FAILED"), "\(outcome.text)")
        #expect(outcome.text.contains("ok"))
        if path == "/requests" { #expect(outcome.text.contains("\nerror 35\n") && outcome.text.contains("\nerror 17 0\n")) }
        if path == "/fields" {
            #expect(outcome.text.contains("\nColor=red\nx=1\ncolor=blue\n--\ncolor=green\ncolor=\n"))
            #expect(outcome.text.contains("--\na=1\nB=2\nA=3\n"))
        }
    }

    @Test func request() throws {
        let guest = try ProxyGuest()
        let headers: HTTPMessageFields = [
            "Host": "example.test", "X-One": "1", "connection": "close", "x-one": "2", "transfer-encoding": "chunked",
        ]
        let outcome = guest.call("/any?thing", method: .other("BREW"), headers: headers)
        #expect(outcome.text == "other BREW\nHTTP\nexample.test\n/any?thing\nX-One=1\nx-one=2\n")
        #expect(guest.call(nil, method: .delete).text == "delete\nHTTP\nexample.test\nnone\n")
    }

    // MARK: - Bodies

    @Test func echo() throws {
        let guest = try ProxyGuest()
        let small = guest.call("/echo", method: .post, body: HTTPBody(of: .request, Array("some text".utf8)))
        #expect(small.text == "some text" && small.trailers == nil && small.bodyError == nil)

        let none = guest.call("/echo")
        #expect(none.status == 200 && none.body.isEmpty && none.bodyError == nil)

        let trailed = HTTPBody(of: .request, Array("x".utf8), trailers: ["x-sum": "42", "connection": "close"])
        let outcome = guest.call("/echo", method: .post, body: trailed)
        #expect(outcome.text == "x")
        #expect(outcome.trailers?.description == "x-sum: 42\nx-echo: yes")
    }

    /// Ten megabytes that come while the guest runs, through bodies of 64 KiB.
    @Test func echoOfMuch() throws {
        let content = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        let body = HTTPBody(of: .request)
        onThread { feed(body, content, trailers: ["end": "here"]) }
        let outcome = try ProxyGuest().call("/echo", method: .post, body: body)
        #expect(outcome.body == content)
        #expect(outcome.trailers?.description == "end: here\nx-echo: yes")
    }

    @Test func counted() throws {
        let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let body = HTTPBody(of: .request, length: UInt64(content.count))
        onThread { feed(body, content, piece: 70_000) }
        let outcome = try ProxyGuest().call("/count", method: .post, body: body)
        #expect(outcome.text == "ok closed\n300000 \(content.reduce(0) { $0 + Int($1) })\n")
    }

    @Test func requestThatBreaksOff() throws {
        let body = HTTPBody(of: .request)
        body.append(Array("begun".utf8))
        body.fail(.connectionTerminated)
        let outcome = try ProxyGuest().call("/echo", method: .post, body: body)
        #expect(outcome.text == "begun")
        #expect(outcome.errorOutput == "error 7\ntrailers: error 7\n")
        guard case .internalError? = outcome.bodyError else {
            Issue.record("the response is complete")
            return
        }
    }

    /// Trailers come without the body having been read, however much there is of it.
    @Test func trailersAlone() throws {
        let body = HTTPBody(of: .request)
        onThread { feed(body, [UInt8](repeating: 1, count: 1_000_000), trailers: ["a": "b"]) }
        let outcome = try ProxyGuest().call("/trailers-only", method: .post, body: body)
        #expect(outcome.text == "ok no error\na=b\n")
    }

    @Test func ignoredBody() throws {
        let body = HTTPBody(of: .request)
        let outcome = try ProxyGuest().call("/ignore-body", method: .post, body: body)
        #expect(outcome.status == 200)
        #expect(body.isCancelled)
        #expect(body.append([1]) == nil)
    }

    /// A guest may not write more than the body holds before somebody reads.
    @Test func backpressure() throws {
        let outcome = try ProxyGuest().call("/fill", collector: Collector(isLazy: true))
        #expect(outcome.errorOutput == "\(HTTPBody.defaultCapacity)\n")
        #expect(outcome.body.count == HTTPBody.defaultCapacity)

        var http = HTTPConfiguration()
        http.limits.bodyCapacity = 1000
        let small = try ProxyGuest(with: http).call("/fill", collector: Collector(isLazy: true))
        #expect(small.errorOutput == "1000\n")

        let beyond = try ProxyGuest().call("/beyond-permit", collector: Collector(isLazy: true))
        #expect(beyond.trap?.description == "write of 65537 bytes is more than the 65536 permitted")
    }

    @Test func lengths() throws {
        let guest = try ProxyGuest()
        let right = guest.call("/right-length")
        #expect(right.text == "12345" && right.bodyError == nil && right.errorOutput.isEmpty)
        let short = guest.call("/too-short")
        #expect(short.text == "12345" && short.bodyError == .httpResponseBodySize(5))
        #expect(short.errorOutput == "error 28 5\n")
        let long = guest.call("/too-long")
        #expect(long.body.isEmpty && long.bodyError == .httpResponseBodySize(5))
        #expect(long.errorOutput == "error 28 5\nerror 28 5\n")
        #expect(guest.call("/length-without-body").bodyError == .httpResponseBodySize(0))
        #expect(guest.call("/length-without-body", method: .head).bodyError == nil)
        // What is announced in answer to `head` does not come.
        let head = guest.call("/head", method: .head)
        #expect(head.headers.contentLength == 1000 && head.bodyError == nil && head.errorOutput.isEmpty)
        #expect(guest.call("/head").bodyError == .httpResponseBodySize(0))
    }

    // MARK: - response-outparam

    @Test func noAnswer() throws {
        let guest = try ProxyGuest()
        for path in ["/never", "/drop"] {
            let outcome = guest.call(path)
            guard case .notSet? = outcome.failure else {
                Issue.record("\(path): \(outcome)")
                continue
            }
            #expect(outcome.answers == 1 && outcome.trap == nil)
            #expect(outcome.failure?.recommendedStatus == 500)
        }
        let error = guest.call("/error")
        guard case .guest(.destinationNotFound)? = error.failure else {
            Issue.record("\(error)")
            return
        }
        guard case .guest(.httpRequestBodySize(5_000_000_000))? = guest.call("/error-with-payload").failure else {
            Issue.record("another error")
            return
        }
        guard case .guest(.httpProtocolError)? = guest.call("/informational-status").failure else {
            Issue.record("a response of status 103 cannot be the last")
            return
        }
    }

    @Test func twice() throws {
        let outcome = try ProxyGuest().call("/twice")
        #expect(outcome.status == 200 && outcome.answers == 1)
        #expect(outcome.trap?.description.contains("unknown handle") == true, "\(String(describing: outcome.trap))")
    }

    @Test func traps() throws {
        let before = try ProxyGuest().call("/trap")
        guard case .trap(let trap)? = before.failure else {
            Issue.record("\(before)")
            return
        }
        #expect(trap.code == .unreachable && before.trap?.code == .unreachable && before.answers == 1)
        #expect(trap.backtrace.isEmpty == false)

        let guest = try ProxyGuest()
        let after = guest.call("/trap-after")
        #expect(after.status == 200 && after.text == "some" && after.answers == 1)
        #expect(after.trap?.code == .unreachable)
        #expect(after.bodyError?.description.contains("the guest trapped") == true)
        // The instance says why it cannot go on.
        #expect(guest.instance.fault?.code == .unreachable)
        let again = guest.call("/hello")
        #expect(again.status == nil && again.answers == 1)
        #expect(again.trap?.description.contains("cannot enter component instance") == true)
    }

    @Test func bodiesWithoutEnd() throws {
        for path in ["/body-dropped", "/body-left"] {
            let outcome = try ProxyGuest().call(path)
            #expect(outcome.text == "some")
            guard case .internalError? = outcome.bodyError else {
                Issue.record("\(path) is complete")
                continue
            }
            #expect(outcome.trap == nil)
        }
        for path in ["/finish-with-stream", "/finish-incoming-with-stream"] {
            #expect(try ProxyGuest().call(path).trap?.description == "resource has children")
        }
    }

    @Test func limits() throws {
        var http = HTTPConfiguration()
        http.limits.fieldsSize = 1000
        let fields = try ProxyGuest(with: http).call("/many-fields")
        #expect(fields.trap?.description.contains("fields of more than 1000 bytes") == true)
        http.limits.totalFieldsSize = 900
        let all = try ProxyGuest(with: http).call("/many-fields")
        #expect(all.trap?.description.contains("more than 900 bytes of fields") == true)
        let messages = try ProxyGuest().call("/many-messages")
        #expect(messages.trap?.description.contains("more than 256 outgoing messages") == true)
    }

    @Test func informational() throws {
        let guest = try ProxyGuest("proxy-informational", features: .informationalOutboundResponses)
        let outcome = guest.call("/informational")
        #expect(outcome.informational.map(\.status) == [103])
        #expect(outcome.informational.first?.headers.description == "link: </style.css>")
        #expect(outcome.status == 200 && outcome.text == "error 35\n")
        #expect(guest.call("/informational", informs: false).text == "error 38\nerror 35\n")
    }
}
