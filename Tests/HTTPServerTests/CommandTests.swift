// `apus serve` as a process: signals, files that change, configuration. Uses the release build of the command.
import Foundation
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

    init(_ arguments: [String], folder: URL? = nil) throws {
        process.executableURL = Self.command
        process.arguments = ["serve"] + arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        _ = fcntl(errors.fileHandleForReading.fileDescriptor, F_SETFL, O_NONBLOCK)
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
        // Nothing of that on the address for everybody.
        #expect(try server.get("/metrics")?.body == "no such path\n")
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
        ("[limits]\nrequest-time = \"soon\"", "line 2: 'request-time': a time is"),
        ("[[application]]\nname = \"x\"", "line 1: an application needs a file"),
        ("nonsense", "line 1: '=' is missing"),
        ("x = 1\nx = 2", "line 2: 'x' is there already"),
        ("x = 1", "line 1: 'x' is not known here"),
        ("x = [1, 2", "line 1: ',' or ']' is missing"),
        ("x = \"a", "line 1: the text is not closed"),
        ("x = {}", "tables in line are not supported"),
        ("x = 1.5", "is no integer"),
        ("[x]\n[x]", "line 2: 'x' is there already"),
        ("addresses = [\"nowhere\"]", "an address is HOST:PORT"),
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
