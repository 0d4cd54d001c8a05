// Guests that make requests, under `apus run` and `apus serve`. Uses the release build of the command.
import Foundation
import HTTPClient
import Synchronization
import Testing
import WASIHTTP

/// The command and the guests, where they were built.
private enum Built {
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let guests =
        ProcessInfo.processInfo.environment["APUS_GUESTS"].map { URL(filePath: $0) }
        ?? package.appending(path: ".build/guests")

    static let command: URL? = {
        if let given = ProcessInfo.processInfo.environment["APUS_RUNTIME"] { return URL(filePath: given) }
        var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        var places: [URL] = []
        for _ in 0..<5 {
            places.append(folder.appending(path: "release/apus"))
            folder.deleteLastPathComponent()
        }
        places.append(package.appending(path: ".build/release/apus"))
        return places.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    static func guest(_ name: String) -> String { guests.appending(path: "\(name).wasm").path }

    static var areThere: Bool {
        command != nil && ["fetch", "serve"].allSatisfy { FileManager.default.fileExists(atPath: guest($0)) }
    }

    static func process(_ arguments: [String], environment: [String: String]) -> (Process, output: Pipe, errors: Pipe) {
        let process = Process()
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = command
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        return (process, output, errors)
    }
}

@Suite(.enabled(if: Built.areThere, "there is no release build of apus, or no guest"))
struct CommandTests {
    private func run(
        _ options: [String], _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String) {
        let (process, output, _) = Built.process(
            ["run"] + options + [Built.guest("fetch")] + arguments, environment: environment)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test func aCommandMakesRequests() throws {
        let server = try RawServer { peer, _ in
            while let head = peer.readHead() {
                if head.hasPrefix("POST") {
                    let body = peer.read(5)
                    peer.send("HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n5\r\n")
                    peer.send(body)
                    peer.send("\r\n0\r\nt: 1\r\n\r\n")
                } else {
                    peer.send("HTTP/1.1 200 OK\r\nx-a: b\r\nconnection: keep-alive\r\ncontent-length: 6\r\n\r\nhello\n")
                }
            }
        }
        let url = "http://127.0.0.1:\(server.port)/a"
        let both = try run(["--allow-http", "127.0.0.1"], ["-v", url, url])
        #expect(both.status == 0)
        // What concerns the connection is not the guest's to see.
        #expect(both.output == String(repeating: "status 200\nx-a: b\ncontent-length: 6\nhello\n", count: 2))
        #expect(server.connectionCount == 1)
        let post = try run(["--allow-http-all"], ["-v", "-X", "POST", "-d", "12345", url])
        #expect(post.output == "status 201\n12345trailer t: 1\n")
    }

    @Test func bodiesStream() throws {
        let size = 20_000_000
        let server = try RawServer { peer, _ in
            guard peer.readHead() != nil else { return }
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: \(size)\r\n\r\n")
            peer.send([UInt8](repeating: 0x61, count: size))
        }
        let down = try run(["--allow-http", "127.0.0.1"], ["-q", "http://127.0.0.1:\(server.port)/"])
        #expect(down.output == "status 200\n\(size) bytes\n")
        let seen = Atomic(0)
        let sink = try RawServer { peer, _ in
            guard peer.readHead() != nil else { return }
            let body = peer.read(until: "\r\n0\r\n\r\n")
            seen.store(body.utf8.count, ordering: .relaxed)
            peer.send("HTTP/1.1 204 No Content\r\n\r\n")
        }
        let up = try run(["--allow-http", "127.0.0.1"], ["-X", "POST", "-z", "1000000", "http://127.0.0.1:\(sink.port)/"])
        #expect(up.output == "status 204\n")
        #expect(seen.load(ordering: .relaxed) > 1_000_000)
    }

    @Test func timeRunsOut() throws {
        let server = try RawServer { peer, _ in
            _ = peer.readHead()
            peer.readToEnd()
        }
        let outcome = try run(["--allow-http", "127.0.0.1"], ["-t", "30000,100,100", "http://127.0.0.1:\(server.port)/"])
        #expect(outcome.status == 1)
        #expect(outcome.output == "error connection-read-timeout\n")
    }

    @Test func theProxyIsTheHosts() throws {
        let proxy = try RawServer { peer, _ in while peer.readHead() != nil { peer.send("HTTP/1.1 204 No Content\r\n\r\n") } }
        let environment = ["http_proxy": "http://127.0.0.1:\(proxy.port)"]
        let outcome = try run(["--allow-http", "nowhere.invalid"], ["http://nowhere.invalid/"], environment: environment)
        #expect(outcome.output == "status 204\n")
        // What a guest is told of its environment is no matter.
        let other = try run(
            ["--env", "http_proxy=http://127.0.0.1:\(proxy.port)", "--allow-http", "127.0.0.1"],
            ["http://127.0.0.1:\(try RawServer.closedPort())/"])
        #expect(other.output == "error connection-refused\n")
        #expect(proxy.connectionCount == 1)
    }

    @Test func withPriorKnowledge() throws {
        let server = try RawServer { peer, _ in
            peer.beginFrames()
            while let stream = peer.readRequest() { peer.send(Frames.answer(stream, "202")) }
        }
        let address = "127.0.0.1:\(server.port)"
        let outcome = try run(["--allow-http", address, "--http-prior-knowledge=\(address)"], ["http://\(address)/"])
        #expect(outcome.output == "status 202\n")
    }

    @Test func aServedGuestMakesRequests() throws {
        let server = try RawServer { peer, _ in
            while let head = peer.readHead() {
                let body = head.hasPrefix("POST") ? peer.read(until: "0\r\n\r\n") : "-"
                peer.send("HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
            }
        }
        let (process, _, errors) = Built.process(
            ["serve", "--addr", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--threads", "1", "--allow-http", "127.0.0.1:\(server.port)", Built.guest("serve")],
            environment: [:])
        try process.run()
        defer { process.terminate() }
        var log = ""
        while !log.contains("Serving HTTP on") {
            let piece = errors.fileHandleForReading.availableData
            guard !piece.isEmpty else { throw Failure("the server has ended: \(log)") }
            log += String(decoding: piece, as: UTF8.self)
        }
        let port = try #require(log.split(separator: ":").last.flatMap { UInt16($0.prefix { $0.isNumber }) })
        // The client here asks the server, whose guest asks the other one.
        let client = PooledHTTPClient()
        let url = "http://127.0.0.1:\(port)/forward?"
        for _ in 0..<3 { #expect(try client.fetch("\(url)http://127.0.0.1:\(server.port)/") == "200 -") }
        #expect(try client.fetch("\(url)http://127.0.0.1:1/") == "502 error 15\n")
        #expect(server.connectionCount == 1)
        let admin = try #require(log.firstRange(of: "Metrics and health on http://127.0.0.1:"))
        let adminPort = try #require(UInt16(log[admin.upperBound...].prefix { $0.isNumber }))
        let response = try client.send(try OutgoingHTTPRequest("http://127.0.0.1:\(adminPort)/metrics")).wait().get()
        let metrics = String(decoding: try #require(response.body).all().0, as: UTF8.self)
        for line in [
            "requests_total{outcome=\"2xx\"} 3", "requests_total{outcome=\"HTTP-request-denied\"} 1",
            "request_seconds_count 3", "connections_idle 1", "connections 1",
        ] {
            #expect(metrics.contains("apus_outgoing_\(line)\n"), "\(line)")
        }
        while !log.contains("--allow-http 127.0.0.1 would allow it") {
            let piece = errors.fileHandleForReading.availableData
            guard !piece.isEmpty else { throw Failure("the server has ended: \(log)") }
            log += String(decoding: piece, as: UTF8.self)
        }
    }
}
