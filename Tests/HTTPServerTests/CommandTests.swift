// `apus serve` as a process: signals, files that change, configuration. Uses the release build of the command.
import Foundation
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#endif

private func tooDeep(_ step: String) -> String { String(repeating: step, count: 200) }

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
        busy.hold()
        server.tell(signal)
        #expect(becomesClosed(server.port))
        #expect(busy.release() == 200)
        #expect(server.waitForEnd() == 0)
    }

    @Test func endsAtOnceWhenItIsAskedTwice() throws {
        let server = try ServeProcess(["--addr", "127.0.0.1:0", TestServer.guest.path])
        let busy = try RawConnection(port: server.port)
        busy.hold()
        server.tell(SIGTERM)
        #expect(becomesClosed(server.port))
        #expect(server.process.isRunning)
        #expect(server.end(SIGTERM) == 130)
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
                        connection.receive { connection.responses().count > before }
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
        #expect(waitUntil { statuses.withLock { $0[-1] } == 2 })
        let counts = statuses.withLock { $0 }
        #expect(Set(counts.keys) == [200, -1], "\(counts)")
        #expect(try server.get("/uses")?.body == "1")
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
            request-time = "3s"
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
        #expect(try server.get("/sleep?60000")?.status == 504)
    }

    /// The file is read again; what is wrong with it changes nothing.
    @Test func readsTheConfigurationAgain() throws {
        let place = folder.appending(path: "apus.toml")
        func write(_ text: String) throws { try Data(text.utf8).write(to: place) }
                let serve = TestServer.guest.path
        let hello = TestServer.guests.appending(path: "proxy-hello.wasm").path
        let head = "addresses = [\"127.0.0.1:0\"]\nadmin = \"127.0.0.1:0\"\n"
        try write(head + "[[application]]\nname = \"one\"\nfile = '\(serve)'\n")
        let server = try ServeProcess(["--config", place.path])
        #expect(try server.get("/uses")?.body == "1")

        // A guest's limits, a route, another application, and the server's limits.
        try write(
            head + """
                [limits]
                request-time = "2s"
                body = "1K"
                [[application]]
                name = "one"
                file = '\(serve)'
                max-instance-reuse-count = 5
                [[application]]
                name = "two"
                file = '\(hello)'
                routes = ["/two"]
                """)
        server.tell(SIGHUP)
        #expect(server.wait { $0.contains("the configuration was read again: 2 applications, 2 of them changed") }, "\(server.log)")
        #expect(try server.get("/two")?.body == "Hello, world!\n")
        #expect(try server.get("/sleep?60000")?.status == 504)
        func refuses5000Bytes() throws -> Bool {
            let large = try RawConnection(port: server.port)
            large.send(Array("POST /count HTTP/1.1\r\nhost: a\r\ncontent-length: 5000\r\n\r\n".utf8))
            large.receive()
            return large.responses().map(\.status) == [413]
        }
        #expect(try refuses5000Bytes())

        // Each of these leaves everything as it is.
        for (text, message) in [
            (head + "[limits]\n\nbody = 1.5\n", "apus.toml: line 5: 'body' is to be a text"),
            (head + "[[application]]\nfile = \"nowhere.wasm\"\n", "nowhere.wasm"),
            (head + "[[application]]\nfile = '\(hello)'\n[[application]]\nfile = '\(place.path)'\n", "apus.toml"),
            (head, "there is no component to serve"),
        ] {
            let count = server.log.components(separatedBy: "the configuration is as before").count
            try write(text)
            server.tell(SIGHUP)
            #expect(server.wait { $0.components(separatedBy: "the configuration is as before").count == count + 1 }, "\(server.log)")
            #expect(server.log.components(separatedBy: "the configuration is as before").last?.contains(message) == true, "\(server.log)")
            #expect(try server.get("/two")?.body == "Hello, world!\n")
            #expect(try refuses5000Bytes())
            let metrics = try server.get("/metrics", port: server.administrationPort)?.body
            #expect(metrics?.contains("apus_configuration_last_reload_successful 0\n") == true)
        }

        // What cannot change is said, and what can is changed.
        try write("addresses = [\"127.0.0.1:1\"]\nadmin = \"127.0.0.1:0\"\nthreads = 7\n[[application]]\nname = \"two\"\nfile = '\(hello)'\n")
        server.tell(SIGHUP)
        #expect(server.wait { $0.contains("'addresses' is as before: ") && $0.contains("'threads' is as before: ") }, "\(server.log)")
        #expect(!server.log.contains("'admin' is as before") && !server.log.contains("'tls' is as before"))
        #expect(try server.get("/uses")?.body == "Hello, world!\n")
        #expect(server.end(SIGTERM) == 0)
    }

    /// Requests that are under way end as they began, and none fails while the configuration changes under load.
    @Test func configurationsUnderLoadFailNoRequest() throws {
        let place = folder.appending(path: "apus.toml")
        let guests = [TestServer.guest.path, TestServer.guests.appending(path: "proxy-hello.wasm").path]
        func write(_ index: Int) throws {
            let text = "addresses = [\"127.0.0.1:0\"]\nadmin = \"127.0.0.1:0\"\nlimits.requests = \(100 + index)\n[[application]]\nfile = '\(guests[index % 2])'\n"
            try Data(text.utf8).write(to: place)
        }
        try write(0)
        let server = try ServeProcess(["--config", place.path])
        let slow = try RawConnection(port: server.port)
        slow.hold()
        let connections = try (0..<8).map { _ in try RawConnection(port: server.port) }
        var sent = 0
        for index in 1...6 {
            try write(index)
            server.tell(SIGHUP)
            let text = "the configuration was read again"
            var isOver = false
            for _ in 0..<500 where !isOver {
                for connection in connections { connection.send(Array("GET /hello HTTP/1.1\r\nhost: a\r\n\r\n".utf8)) }
                sent += 1
                for connection in connections { connection.receive { connection.responses().count == sent } }
                isOver = server.wait(5) { $0.components(separatedBy: text).count == index + 1 }
            }
            #expect(isOver, "\(server.log)")
        }
        for connection in connections { #expect(connection.responses().map(\.status) == [Int](repeating: 200, count: sent)) }
        #expect(slow.release() == 200)
        #expect(slow.responses().last.map { String(decoding: $0.body, as: UTF8.self) } == "20005")
    }

    @Test(.enabled(if: TestServer.isThere("proxy-informational")))
    func offersWhatIsUnstableIfAsked() throws {
        let guest = TestServer.guests.appending(path: "proxy-informational.wasm").path
        let refused = try ServeProcess(["--addr", "127.0.0.1:0", guest], waits: false)
        let hint = "--wasi-feature informational-outbound-responses offers it"
        #expect(refused.wait { $0.contains(hint) }, "\(refused.log)")
        refused.process.waitUntilExit()
        #expect(refused.process.terminationStatus == 3)
        let server = try ServeProcess(
            ["--wasi-feature", "informational-outbound-responses", "--addr", "127.0.0.1:0", guest])
        let connection = try RawConnection(port: server.port)
        connection.send(Array("GET /informational HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".utf8))
        connection.receive()
        #expect(String(decoding: connection.received, as: UTF8.self).hasPrefix("HTTP/1.1 103 "))
        let second = try RawConnection(port: server.port)
        second.send(
            FrameCase.preface + FrameCase.frame(4, 0, 0, [])
                + FrameCase.frame(1, 5, 1, FrameCase.block([[":path", "/informational"]], isBare: false)))
        second.receive { ReceivedFrames(second.received).ended.contains(1) }
        #expect(ReceivedFrames(second.received).statuses[1] == ["103", "200"])
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
        ("\nx = \(tooDeep("["))", "line 2: tables and arrays are more than 100 deep"),
        ("\nx\(tooDeep(".x")) = 1", "line 2: tables and arrays are more than 100 deep"),
        ("\n[x\(tooDeep(".'x'"))]", "line 2: tables and arrays are more than 100 deep"),
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
