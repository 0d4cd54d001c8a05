// `apus serve` as a process that ends with the test. It is the release build of the command.
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A server process that ends with the test.
final class ServeProcess {
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
        port = ["http", "https"].lazy.compactMap { Self.port(in: self.log, behind: "Serving HTTP on \($0)://127.0.0.1:") }.first ?? 0
        administrationPort = Self.port(in: log, behind: "Metrics and health on http://127.0.0.1:") ?? 0
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    private static func port(in log: String, behind text: String) -> Int? {
        log.range(of: text).flatMap { Int(log[$0.upperBound...].prefix { $0.isNumber }) }
    }

    /// Reads the log until it satisfies, half a minute long at most.
    ///
    /// - Parameter rounds: how often it is looked at, a hundredth of a second apart.
    @discardableResult
    func wait(_ rounds: Int = 3000, until isSatisfied: (String) -> Bool) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<rounds {
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
        _ = waitUntil {
            lines = (accessLog.flatMap { try? String(contentsOf: $0, encoding: .utf8) } ?? "")
                .split(separator: "\n").map(String.init)
            return lines.count >= count
        }
        return lines
    }

    func get(_ path: String, port: Int? = nil) throws -> (status: Int, body: String)? {
        let connection = try RawConnection(port: port ?? self.port)
        connection.send(Array("GET \(path) HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".utf8))
        connection.receive()
        return connection.responses().first.map { ($0.status, String(decoding: $0.body, as: UTF8.self)) }
    }

    /// Waits for lines to be in the metrics, and answers those.
    func metrics(_ lines: [String]) throws -> String {
        var metrics = ""
        _ = try waitUntil {
            metrics = try get("/metrics", port: administrationPort)?.body ?? ""
            return lines.allSatisfy { metrics.contains("\($0)\n") }
        }
        for line in lines { #expect(metrics.contains("\(line)\n"), "\(line) is not in:\n\(metrics)") }
        return metrics
    }

    /// The exit status; nil if the process did not end.
    func end(_ signal: Int32) -> Int32? {
        tell(signal)
        return waitForEnd()
    }

    func tell(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// The exit status; nil if the process does not end.
    func waitForEnd() -> Int32? { waitUntil { !process.isRunning } ? process.terminationStatus : nil }
}
