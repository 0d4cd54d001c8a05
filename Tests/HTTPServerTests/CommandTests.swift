// `apus serve` as a process: signals, files that change, configuration. Uses the release build of the command.
import Foundation
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A server process that ends with the test.
private final class ServeProcess {
    let process = Process()
    private let errors = Pipe()
    private(set) var log = ""
    private(set) var port = 0
    private(set) var administrationPort = 0

    static let command: URL? = {
        if let given = ProcessInfo.processInfo.environment["APUS_RUNTIME"] { return URL(filePath: given) }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        var places: [URL] = []
        for _ in 0..<5 {
            places.append(folder.appending(path: "release/apus"))
            folder.deleteLastPathComponent()
        }
        places.append(package.appending(path: ".build/release/apus"))
        return places.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    static var isThere: Bool { command != nil && TestServer.isThere }

    /// Where the access log goes.
    private let accessLog: URL?

    /// - Parameters:
    ///   - socket: a descriptor that the process finds as systemd hands it over.
    ///   - waits: whether the server is expected to come up.
    init(
        _ arguments: [String], folder: URL? = nil, accessLog: URL? = nil, socket: (descriptor: Int32, name: String)? = nil,
        waits: Bool = true
    ) throws {
        self.accessLog = accessLog
        process.executableURL = Self.command
        process.arguments = ["serve"] + arguments
        if let socket, let command = Self.command {
            process.executableURL = URL(filePath: "/bin/sh")
            let script = """
                export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=\(socket.name)
                exec "$@" 3<&0 0</dev/null
                """
            process.arguments = ["-c", script, "sh", command.path, "serve"] + arguments
            process.standardInput = FileHandle(fileDescriptor: socket.descriptor)
        }
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        if let accessLog {
            try Data().write(to: accessLog)
            process.standardOutput = try FileHandle(forWritingTo: accessLog)
        }
        process.standardError = errors
        try process.run()
        _ = fcntl(errors.fileHandleForReading.fileDescriptor, F_SETFL, O_NONBLOCK)
        if !waits { return }
        wait { log in log.contains("Serving HTTP on") }
        port = Self.port(in: log, behind: "Serving HTTP on http://127.0.0.1:") ?? 0
        administrationPort = Self.port(in: log, behind: "Metrics and health on http://127.0.0.1:") ?? 0
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    private static func port(in log: String, behind text: String) -> Int? {
        log.range(of: text).flatMap { Int(log[$0.upperBound...].prefix { $0.isNumber }) }
    }

    /// Reads the log until it satisfies, five seconds long at most.
    @discardableResult
    func wait(until isSatisfied: (String) -> Bool) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<500 {
            let count = read(errors.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
            if count > 0 { log += String(decoding: buffer[..<count], as: UTF8.self) }
            if isSatisfied(log) { return true }
            usleep(10_000)
        }
        return false
    }

    /// The lines of the access log, once there are so many.
    func accessLines(_ count: Int) -> [String] {
        var lines: [String] = []
        for _ in 0..<500 where lines.count < count {
            usleep(10_000)
            lines = (accessLog.flatMap { try? String(contentsOf: $0, encoding: .utf8) } ?? "")
                .split(separator: "\n").map(String.init)
        }
        return lines
    }

    func get(_ path: String, port: Int? = nil) throws -> (status: Int, body: String)? {
        let connection = try RawConnection(port: port ?? self.port)
        connection.send(Array("GET \(path) HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".utf8))
        connection.receive(for: .seconds(5))
        return connection.responses().first.map { ($0.status, String(decoding: $0.body, as: UTF8.self)) }
    }

    /// The exit status; nil if the process did not end.
    func end(_ signal: Int32) -> Int32? {
        kill(process.processIdentifier, signal)
        for _ in 0..<500 where process.isRunning { usleep(10_000) }
        return process.isRunning ? nil : process.terminationStatus
    }
}

@Suite(.enabled(if: ServeProcess.isThere, "there is no release build of apus, or no guest"))
struct CommandTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "apus-serve-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func endsWhenItIsAsked(_ signal: Int32) throws {
        let server = try ServeProcess(["--addr", "127.0.0.1:0", TestServer.guest.path])
        let busy = try RawConnection(port: server.port)
        busy.send(Array("GET /sleep?300 HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        usleep(100_000)
        #expect(server.end(signal) == 0)
        busy.receive(for: .seconds(1))
        #expect(busy.responses().first?.status == 200)
    }

    @Test func endsAtOnceWhenItIsAskedTwice() throws {
        let server = try ServeProcess(["--addr", "127.0.0.1:0", TestServer.guest.path])
        let busy = try RawConnection(port: server.port)
        busy.send(Array("GET /sleep?20000 HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        usleep(100_000)
        kill(server.process.processIdentifier, SIGTERM)
        usleep(200_000)
        #expect(server.process.isRunning)
        #expect(server.end(SIGTERM) == 130)
    }

    @Test func saysHowItIs() throws {
        let server = try ServeProcess(["--addr", "127.0.0.1:0", "--admin", "127.0.0.1:0", TestServer.guest.path])
        #expect(try server.get("/hello")?.status == 200)
        #expect(try server.get("/trap")?.status == 500)
        #expect(server.wait { $0.contains("unreachable") && $0.contains("guest backtrace") })
        #expect(try server.get("/healthz", port: server.administrationPort)?.status == 200)
        #expect(try server.get("/readyz", port: server.administrationPort)?.status == 200)
        let metrics = try server.get("/metrics", port: server.administrationPort)?.body ?? ""
        #expect(metrics.contains("apus_responses_total{status=\"2xx\"} 1\n"))
        #expect(metrics.contains("apus_responses_total{status=\"5xx\"} 1\n"))
        #expect(metrics.contains("apus_guest_failures_total 1\n"))
        #expect(try server.get("/nothing", port: server.administrationPort)?.status == 404)
        for line in metrics.split(separator: "\n") { #expect(Self.isExposition(line), "\(line)") }
        // Nothing of that on the address for everybody.
        #expect(try server.get("/metrics")?.body == "no such path\n")
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
        busy.send(Array("GET /sleep?1000 HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        usleep(100_000)
        kill(server.process.processIdentifier, SIGTERM)
        usleep(200_000)
        #expect(try server.get("/readyz", port: server.administrationPort)?.status == 503)
        #expect(try server.get("/healthz", port: server.administrationPort)?.status == 200)
        #expect(throws: Failure.self) { try RawConnection(port: server.port) }
        busy.receive(for: .seconds(3))
        #expect(busy.responses().first?.status == 200)
    }

    @Test func listensOnBothInternets() throws {
        let server = try ServeProcess(["--addr", "127.0.0.1:0", "--addr", "[::1]:0", TestServer.guest.path])
        server.wait { $0.contains("http://[::1]:") }
        let text = server.log.components(separatedBy: "http://[::1]:").last ?? ""
        let connection = try RawConnection(port6: Int(text.prefix { $0.isNumber }) ?? 0)
        connection.send(Array("GET /hello HTTP/1.1\r\nhost: [::1]\r\n\r\n".utf8))
        connection.receive(for: .seconds(3)) { !connection.responses().isEmpty }
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
            connection.receive(for: .seconds(3)) { !connection.responses().isEmpty }
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
        early.receive(for: .seconds(3))
        #expect(early.responses().first?.status == 200)
        #expect(next.end(SIGTERM) == 0)
        let other = try ServeProcess(
            ["--addr", "systemd:other", TestServer.guest.path], socket: (descriptor, "web"), waits: false)
        #expect(other.wait { $0.contains("systemd has handed over no socket named other") })
        let none = try ServeProcess(["--addr", "systemd", TestServer.guest.path], waits: false)
        #expect(none.wait { $0.contains("systemd has handed no sockets to this process") })
    }

    private static func listener() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
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

    /// What a client sends makes no lines, and no commands to a terminal.
    @Test(arguments: ["common", "json"])
    func writesDownRequests(_ format: String) throws {
        let server = try ServeProcess(
            ["--addr", "127.0.0.1:0", "--access-log", format, TestServer.guest.path], accessLog: folder.appending(path: "access"))
        let hostile = try RawConnection(port: server.port)
        hostile.send(
            Array("GET /hello?\"\\ HTTP/1.1\r\nhost: a\r\nuser-agent: \"x\\\t\u{9B}31m\u{2028}\r\nreferer: é".utf8)
                + [0xFF] + Array("\r\n\r\nPOST /count HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello".utf8))
        hostile.receive(for: .seconds(3)) { hostile.responses().count == 2 }
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
        for _ in 0..<200 {
            let connection = try RawConnection(port: server.port)
            connection.send(Array("GET /hello HTTP/1.1\r\nhost: a\r\nx : y\r\n\r\n".utf8))
            connection.receive(for: .seconds(3))
        }
        sleep(1)
        let large = try RawConnection(port: server.port)
        large.send(Array("POST /count HTTP/1.1\r\nhost: a\r\ncontent-length: 5000\r\n\r\n".utf8))
        large.receive(for: .seconds(3))
        let second = try RawConnection(port: server.port)
        second.send(FrameCase.preface + FrameCase.frame(0, 0, 0, [1]))
        second.receive(for: .seconds(3))
        #expect(server.wait { $0.contains("body of 5000 bytes") && $0.contains("HTTP/2: ") })
        let refusals = server.log.components(separatedBy: "refused: 127.0.0.1: 400: ").count - 1
        #expect(refusals >= 10 && refusals <= 150, "\(server.log)")
        #expect(server.log.contains("more refusals were not written down"))
    }

    /// Each of these replaces the file as some tool does. No request fails meanwhile.
    @Test func changesUnderLoadFailNoRequest() throws {
        let place = folder.appending(path: "app.wasm")
        let hello = try Data(contentsOf: TestServer.guests.appending(path: "proxy-hello.wasm"))
        let serve = try Data(contentsOf: TestServer.guest)
        try hello.write(to: place)
        let server = try ServeProcess(["--addr", "127.0.0.1:0", "--watch", place.path])
        let isOver = Mutex(false)
        let port = server.port
        let statuses = Mutex<[Int: Int]>([:])
        let clients = (0..<2).map { _ in
            Thread {
                while !isOver.withLock({ $0 }) {
                    guard let connection = try? RawConnection(port: port) else {
                        statuses.withLock { $0[0, default: 0] += 1 }
                        continue
                    }
                    for _ in 0..<20 where !isOver.withLock({ $0 }) {
                        let before = connection.responses().count
                        connection.send(Array("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
                        connection.receive(for: .seconds(5)) { connection.responses().count > before }
                        statuses.withLock { $0[connection.responses().count > before ? connection.responses()[before].status : 0, default: 0] += 1 }
                    }
                }
                statuses.withLock { $0[-1, default: 0] += 1 }
            }
        }
        for client in clients { client.start() }
        for (index, data) in [serve, hello, serve].enumerated() {
            switch index {
            case 0: try data.write(to: place)
            case 1: try data.write(to: place, options: .atomic)
            default:
                try FileManager.default.removeItem(at: place)
                usleep(700_000)
                try data.write(to: place)
            }
            #expect(server.wait { $0.components(separatedBy: "app.wasm was loaded again").count == index + 2 })
        }
        isOver.withLock { $0 = true }
        for _ in 0..<500 where statuses.withLock({ $0[-1] }) != 2 { usleep(10_000) }
        let counts = statuses.withLock { $0 }
        #expect(Set(counts.keys) == [200, -1], "\(counts)")
        #expect(try server.get("/uses")?.body == "1")
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
        connection.receive(for: .seconds(3)) { !connection.responses().isEmpty }
        let seen = String(decoding: connection.responses().first?.body ?? [], as: UTF8.self).split(separator: "\n")
        let parent = seen.filter { $0.hasPrefix("traceparent: ") }
        #expect(parent.count == 1)
        #expect(parent.first?.hasPrefix("traceparent: 00-0af7651916cd43dd8448eb211c80319c-") == continues)
        #expect(parent.first.map { parents.contains(String($0.dropFirst(13))) } == false)
        #expect(seen.filter { $0.hasPrefix("tracestate: ") }.map(String.init) == (state.map { ["tracestate: \($0)"] } ?? []))
    }

    @Test func loadsWhatHasChanged() throws {
        let place = folder.appending(path: "app.wasm")
        let hello = TestServer.guests.appending(path: "proxy-hello.wasm")
        try FileManager.default.copyItem(at: hello, to: place)
        let server = try ServeProcess(["--addr", "127.0.0.1:0", "--watch", place.path])
        #expect(try server.get("/uses")?.body == "Hello, world!\n")
        // Something that is no component is not taken.
        try Data("nonsense".utf8).write(to: place)
        #expect(server.wait { $0.contains("app.wasm is as before") })
        #expect(try server.get("/uses")?.body == "Hello, world!\n")
        try Data(contentsOf: TestServer.guest).write(to: place)
        #expect(server.wait { $0.contains("app.wasm was loaded again") })
        #expect(try server.get("/uses")?.body == "1")
    }

    @Test func servesSeveralByConfiguration() throws {
        try FileManager.default.copyItem(at: TestServer.guest, to: folder.appending(path: "serve.wasm"))
        let hello = TestServer.guests.appending(path: "proxy-hello.wasm").path
        let text = """
            # Two applications.
            addresses = ["127.0.0.1:0"]
            [limits]
            request-time = "500ms"
            requests = 1_000
            [[application]]
            file = "serve.wasm"
            routes = [
                "serve.example", # all of it
                "/sleep",
            ]
            [[application]]
            name = "hello"
            file = '\(hello)'
            max-instance-reuse-count = 10
            """
        let place = folder.appending(path: "apus.toml")
        try Data(text.utf8).write(to: place)
        let server = try ServeProcess(["--config", place.path])
        #expect(try server.get("/hello")?.body == "Hello, world!\n")
        #expect(try server.get("/sleep?1")?.body == "awake\n")
        #expect(try server.get("/sleep?2000")?.status == 504)
    }

    @Test(arguments: [
        ("addresses = 1", "line 1: 'addresses' is to be a list"),
        ("addresses = [\"nowhere\"]", "line 1: 'addresses' is 'nowhere': an address is HOST:PORT"),
        ("[limits]\nrequest-time = \"soon\"", "line 2: 'request-time' is 'soon': a time is"),
        ("limits.requests = 0", "line 1: 'requests' is to be a number above 0"),
        ("[limits]\n\nrequests = \"many\"", "line 3: 'requests' is to be a number above 0"),
        ("[limits]\nbody = 1.5", "line 2: 'body' is to be a text"),
        ("watch = \"yes\"", "line 1: 'watch' is to be true or false"),
        ("limits = 1", "line 1: 'limits' is to be a table: [limits]"),
        ("[application]\nfile = \"x\"", "line 1: 'application' is to be a list of tables: [[application]]"),
        ("[tls]\nkey = \"x\"", "line 1: [tls]: it needs a certificate and a key"),
        ("[[application]]\nname = \"x\"", "line 1: [application 1]: an application needs a file"),
        ("[[application]]\nfile = \"a\"\n[[application]]\nfile = \"b\"\nroute = \"/\"", "line 5: 'route' is not known here"),
        ("[[application]]\nfile = \"a\"\nroutes = [\n\"/a\",\n\"b c\"]", "line 3: 'routes' is 'b c': a route is a host"),
        ("x = 1", "line 1: 'x' is not known here"),
        ("nonsense", "line 1: "), ("watch = true\nwatch = true", "line 2: "), ("x = [1, 2", "line 1: "), ("x = \"a", "line 1: "),
        ("[x]\n[x]", "line 2: "), ("watch = true\nx = \"\0\"", "line 2: a zero byte"),
        // However it is written, the line is the key's or the table's own.
        ("limits . requests = 0", "line 1: 'requests' is to be a number above 0"),
        ("[ \"limits\" ] # [x]\n\nstreams = 0", "line 3: 'streams' is to be a number above 0"),
        ("application = [\n{ name = \"x\" },\n]", "line 2: [application 1]: an application needs a file"),
        ("tls = { certificate = \"c\", key = \"k\", file = \"f\" }", "line 1: 'file' is not known here"),
        ("[[application]]\nfile = \"\"\"\nx = 1\"\"\"\nx = 1", "line 4: 'x' is not known here"),
        ("watch = true\r\nx = 1\r\n", "line 2: 'x' is not known here"),
        ("watch = true\nx = [}", "line 2: "), ("watch = true\n\u{E9} = 1", "line 2: "),
        // As deep as nobody means it, in three ways.
        ("\nx = " + String(repeating: "[", count: 500_000), "line 2: tables and arrays are more than 100 deep"),
        ("\nx" + String(repeating: ".x", count: 500_000) + " = 1", "line 2: tables and arrays are more than 100 deep"),
        ("\n[x" + String(repeating: ".\"x\"", count: 200_000) + "]", "line 2: tables and arrays are more than 100 deep"),
    ])
    func refusesConfigurations(_ text: String, _ message: String) throws {
        let place = folder.appending(path: "bad.toml")
        try Data(text.utf8).write(to: place)
        let process = Process()
        process.executableURL = ServeProcess.command
        process.arguments = ["serve", "--config", place.path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 2)
        #expect(said.contains(message), "\(said)")
    }
}
