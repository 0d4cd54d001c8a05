// What `apus serve` says of itself: metrics, health, logs, and traces that go on.
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite(.enabled(if: ServeProcess.isThere, "there is no release build of apus, or no guest"))
struct ObservationTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "apus-serve-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test func saysHowItIs() throws {
        let server = try ServeProcess(
            ["--addr", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--threads", "1", TestServer.guest.path])
        #expect(try server.get("/hello")?.status == 200)
        #expect(try server.get("/trap")?.status == 500)
        #expect(try server.get("/hello")?.status == 200)
        #expect(server.wait { $0.contains("unreachable") && $0.contains("guest backtrace") })
        #expect(try server.get("/healthz", port: server.administrationPort)?.status == 200)
        #expect(try server.get("/readyz", port: server.administrationPort)?.status == 200)
        let metrics = try server.get("/metrics", port: server.administrationPort)?.body ?? ""
        #expect(metrics.contains("apus_responses_total{status=\"2xx\"} 2\n"))
        #expect(metrics.contains("apus_responses_total{status=\"5xx\"} 1\n"))
        #expect(metrics.contains("apus_guest_failures_total 1\n"))
        #expect(try server.get("/nothing", port: server.administrationPort)?.status == 404)
        #expect(metrics.contains("apus_instances_total 2\n"))
        #expect(metrics.contains("apus_instances_renewed_total 2\n"))
        #expect(metrics.contains("apus_instances_idle{application=\"serve.wasm\"} 1\n"))
        #expect(metrics.contains("apus_guests 0\n") && metrics.contains("apus_requests_waiting 0\n"))
        #expect(metrics.contains("apus_configuration_last_reload_successful 1\n"))
        Self.checkExposition(metrics)
        // Nothing of that on the address for everybody.
        #expect(try server.get("/metrics")?.body == "no such path\n")
    }

    /// What is there at the moment, what was ended, and a name that has to be escaped.
    @Test func countsWhatIsThere() throws {
        let place = folder.appending(path: "apus.toml")
        let text = """
            addresses = ["127.0.0.1:0"]
            admin = "127.0.0.1:0"
            threads = 1
            limits.header-time = "60s"
            [[application]]
            name = 'a "b" \\ c'
            file = '\(TestServer.guest.path)'
            """
        try Data(text.utf8).write(to: place)
        let server = try ServeProcess(["--config", place.path])
        let quiet = try RawConnection(port: server.port)
        let busy = try RawConnection(port: server.port)
        busy.hold()
        let second = try RawConnection(port: server.port)
        second.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []))
        do {
            let flood = try RawConnection(port: server.port)
            let updates = [[UInt8]](repeating: FrameCase.frame(8, 0, 0, [0, 0, 0, 1]), count: 5000)
            flood.send(FrameCase.preface + FrameCase.frame(4, 0, 0, []) + updates.joined())
            flood.receive()
            #expect(ReceivedFrames(flood.received).goAway == [11] && flood.isClosed)
        }
        #expect(server.wait { $0.contains("HTTP/2: too many frames that ask for nothing") })
        #expect(try server.get("/hello")?.status == 200)
        let metrics = try server.metrics([
            "apus_connections_by_protocol{protocol=\"none\"} 1", "apus_connections_by_protocol{protocol=\"http/1\"} 1",
            "apus_connections_by_protocol{protocol=\"h2\"} 1", "apus_connections_ended_total{protocol=\"h2\",reason=\"flood\"} 1",
            "apus_connections_ended_total{protocol=\"h2\",reason=\"slow-head\"} 0", "apus_guests 1", "apus_requests_in_progress 1",
            "apus_instances_idle{application=\"a \\\"b\\\" \\\\ c\"} 1",
        ])
        Self.checkExposition(metrics)
        #if os(Linux)
            for (name, range) in [
                ("process_resident_memory_bytes", 1e6...1e10), ("process_open_fds", 5...1000), ("process_max_fds", 5...1e9),
                ("process_cpu_seconds_total", 0...600), ("process_virtual_memory_bytes", 1e6...1e15),
                ("process_start_time_seconds", Date.now.timeIntervalSince1970 - 600...Date.now.timeIntervalSince1970 + 1),
            ] {
                let line = metrics.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
                let value = line.flatMap { Double($0.dropFirst(name.count + 1)) }
                #expect(value.map(range.contains) == true, "\(name) is \(value ?? -1)")
            }
        #endif
        withExtendedLifetime(quiet) {}
    }

    /// Every family has its HELP and its TYPE, once, and its samples behind them.
    private static func checkExposition(_ metrics: String) {
        var families: Set<Substring> = []
        var samples: Set<Substring> = []
        var family: Substring = ""
        for line in metrics.split(separator: "\n") {
            #expect(isExposition(line), "\(line)")
            let words = line.split(separator: " ")
            if words[1] == "HELP" {
                #expect(families.insert(words[2]).inserted, "\(line)")
                family = words[2]
            } else if words[1] == "TYPE" {
                #expect(words[2] == family, "\(line)")
            } else {
                let name = line.prefix { $0 != "{" && $0 != " " }
                #expect(["", "_bucket", "_sum", "_count"].contains { name == family + $0 }, "\(line)")
                #expect(samples.insert(line[..<(line.lastIndex(of: " ") ?? line.endIndex)]).inserted, "\(line)")
            }
        }
    }

    /// Whether a line is one of Prometheus's text format.
    private static func isExposition(_ line: Substring) -> Bool {
        let name = "[a-zA-Z_:][a-zA-Z0-9_:]*"
        let label = "[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\[\"\\\\n])*\""
        let number = "([0-9.]+(e[+-]?[0-9]+)?|[+]Inf|NaN)"
        return ["# HELP \(name) .+", "# TYPE \(name) (counter|gauge|histogram)", "\(name)(\\{\(label)(,\(label))*\\})? \(number)"]
            .contains { line.range(of: "^\($0)$", options: .regularExpression) != nil }
    }

    /// Who asks for it is told that no more is taken, while what is under way is answered.
    @Test func saysThatItDrains() throws {
        let server = try ServeProcess(["--addr", "127.0.0.1:0", "--admin", "127.0.0.1:0", TestServer.guest.path])
        let busy = try RawConnection(port: server.port)
        busy.hold()
        server.tell(SIGTERM)
        #expect(try waitUntil { try server.get("/readyz", port: server.administrationPort)?.status == 503 })
        #expect(try server.get("/healthz", port: server.administrationPort)?.status == 200)
        #expect(becomesClosed(server.port))
        #expect(busy.release() == 200)
    }

    /// What a client sends makes no lines, and no commands to a terminal.
    @Test(arguments: ["common", "json"])
    func writesDownRequests(_ format: String) throws {
        let server = try ServeProcess(
            ["--addr", "127.0.0.1:0", "--access-log", format, TestServer.guest.path], accessLog: folder.appending(path: "access"))
        let hostile = try RawConnection(port: server.port)
        hostile.send(
            Array("GET /hello?\"\\ HTTP/1.1\r\nhost: a\r\nuser-agent: \"x\\\t\u{9B}31m\u{2028}\r\nreferer: é".utf8)
                + [0xFF] + Array("\r\n\r\nPOST /count HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello".utf8))
        hostile.receive { hostile.responses().count == 2 }
        let lines = server.accessLines(2)
        #expect(lines.count == 2)
        for line in lines { #expect(line.unicodeScalars.allSatisfy { !CharacterSet.controlCharacters.contains($0) }) }
        guard format == "json" else {
            #expect(lines.first?.contains("\"GET /hello?\\\"\\\\ HTTP/1.1\" 200 6 \"") ?? false, "\(lines)")
            return
        }
        let objects = try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] }
        #expect(objects[0]["target"] as? String == "/hello?\"\\")
        #expect(objects[0]["agent"] as? String == "\"x\\\t\u{9B}31m\u{2028}")
        #expect(objects[0]["status"] as? Int == 200 && objects[0]["sent"] as? Int == 6)
        #expect(objects[1]["received"] as? Int == 5 && objects[1]["method"] as? String == "POST")
        #expect((objects[0]["trace"] as? String)?.count == 55)
    }

    /// Each refusal says who and why, but not as often as a flood wants.
    @Test func refusalsLeaveALine() throws {
        let server = try ServeProcess(["--addr", "127.0.0.1:0", "--max-body", "1K", TestServer.guest.path])
        // All at once, or a slow machine would have written them all down.
        let flood = try (0..<200).map { _ in try RawConnection(port: server.port) }
        for connection in flood { connection.send(Array("GET /hello HTTP/1.1\r\nhost: a\r\nx : y\r\n\r\n".utf8)) }
        for connection in flood { connection.receive() }
        sleep(1)
        let large = try RawConnection(port: server.port)
        large.send(Array("POST /count HTTP/1.1\r\nhost: a\r\ncontent-length: 5000\r\n\r\n".utf8))
        large.receive()
        let second = try RawConnection(port: server.port)
        second.send(FrameCase.preface + FrameCase.frame(0, 0, 0, [1]))
        second.receive()
        #expect(server.wait { $0.contains("body of 5000 bytes") && $0.contains("HTTP/2: ") })
        let lines = server.log.split(separator: "\n")
        let refusals = lines.filter { $0.contains("refused: 127.0.0.1: 400: ") }
        let unwritten = lines.filter { $0.contains("more refusals were not written down") }.compactMap { Int($0.prefix { $0.isNumber }) }
        #expect(refusals.count + unwritten.reduce(0, +) == flood.count, "\(server.log)")
        #expect(!unwritten.isEmpty)
        // By the second in which they were written, which may be the next one.
        let bySecond = Dictionary(grouping: refusals) { $0.prefix { $0 != "." } }
        #expect(bySecond.values.allSatisfy { $0.count <= 20 }, "\(server.log)")
    }

    /// W3C Trace Context: whether the trace goes on, and the state that the guest sees.
    @Test(arguments: [
        (["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"], ["a=1", "b=2"], true, "a=1,b=2"),
        (["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"], [], true, nil),
        (["cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what"], [], true, nil),
        (["00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"], ["a=1"], false, nil),
        (["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x"], ["a=1"], false, nil),
        (["ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"], [], false, nil),
        (["00-00000000000000000000000000000000-b7ad6b7169203331-01"], [], false, nil),
        (["00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"], [], false, nil),
        (["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"], ["a=1"], false, nil),
        (["", "nonsense"], ["a=1"], false, nil),
    ] as [([String], [String], Bool, String?)])
    func continuesTraces(_ parents: [String], _ states: [String], _ continues: Bool, _ state: String?) throws {
        let server = try ServeProcess(["--addr", "127.0.0.1:0", "--access-log", "json", TestServer.guest.path])
        let connection = try RawConnection(port: server.port)
        let fields = parents.map { "traceparent: \($0)\r\n" } + states.map { "tracestate: \($0)\r\n" }
        connection.send(Array("GET /request HTTP/1.1\r\nhost: a\r\n\(fields.joined())\r\n".utf8))
        connection.receive { !connection.responses().isEmpty }
        let seen = String(decoding: connection.responses().first?.body ?? [], as: UTF8.self).split(separator: "\n")
        let parent = seen.filter { $0.hasPrefix("traceparent: ") }
        #expect(parent.count == 1)
        #expect(parent.first?.hasPrefix("traceparent: 00-0af7651916cd43dd8448eb211c80319c-") == continues)
        #expect(parent.first.map { parents.contains(String($0.dropFirst(13))) } == false)
        #expect(seen.filter { $0.hasPrefix("tracestate: ") }.map(String.init) == (state.map { ["tracestate: \($0)"] } ?? []))
    }
}
