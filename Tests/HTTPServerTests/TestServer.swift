// A server in this process, with a guest that behaves in every way (`Tests/Guests/c/serve.c`).
import ComponentRuntime
import Foundation
import HTTPServer
import InternalUtilities
import WASIHTTP
import WASIHost
import WasmEngine

enum TestServer {
    static let guests: URL = {
        let given = ProcessInfo.processInfo.environment["APUS_GUESTS"]
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return given.map { URL(filePath: $0) } ?? package.appending(path: ".build/guests")
    }()

    static let guest = guests.appending(path: "serve.wasm")
    static var isThere: Bool { isThere("serve") }

    static func isThere(_ guest: String) -> Bool {
        FileManager.default.fileExists(atPath: guests.appending(path: "\(guest).wasm").path)
    }

    /// Sizes that a test can exceed, and times that no machine does.
    static var limits: ServerLimits {
        var limits = ServerLimits()
        limits.headerBytes = 16 << 10
        limits.headerCount = 100
        limits.bodyBytes = 2 << 20
        limits.headerTime = .seconds(60)
        limits.bodyGrace = .seconds(60)
        return limits
    }

    /// Times that run out within the time that a test has. What is not late at all is answered all the same, by a machine that
    /// does nothing for a second too.
    static var hastyLimits: ServerLimits {
        var limits = limits
        limits.requestTime = .seconds(3)
        limits.headerTime = .seconds(1)
        limits.idleTime = .seconds(3)
        limits.bodyGrace = .milliseconds(700)
        return limits
    }

    /// - Parameter guest: a program of `Tests/Guests`.
    static func application(
        _ guest: String = "serve", requestsPerInstance: Int = 1, http: HTTPConfiguration = HTTPConfiguration()
    ) throws -> Application {
        let engine = Engine()
        let component = try engine.compile(component: ByteSource(mapping: guests.appending(path: "\(guest).wasm").path))
        let linked = try HTTPProxyInstance.link(
            component, .wasiCommandWithHTTP(features: .informationalOutboundResponses))
        var limits = engine.configuration.limits
        limits.memoryBytes = guest == "proxy-python" ? 256 << 20 : 16 << 20
        limits.stackBytes = 1 << 20
        let source = FreshInstances(
            of: linked, engine: engine, host: HostConfiguration(), http: http, limits: limits)
        return Application(name: guest, source: source, requestsPerInstance: requestsPerInstance)
    }

    /// A server that listens on the loopback interface, and its port.
    static func start(
        _ limits: ServerLimits = limits, guest: String = "serve", requestsPerInstance: Int = 1,
        routes: [Route] = [Route()], tls: TLSFiles? = nil, http: HTTPConfiguration = HTTPConfiguration(),
        log: ServerLog = ServerLog(descriptor: silence)
    ) throws -> (server: ComponentServer, port: Int) {
        var configuration = ServerConfiguration()
        configuration.addresses = [.internet(host: "127.0.0.1", port: 0)]
        configuration.administration = .internet(host: "127.0.0.1", port: 0)
        configuration.limits = limits
        configuration.loops = 2
        configuration.tls = tls
        let application = try application(guest, requestsPerInstance: requestsPerInstance, http: http)
        let server = try ComponentServer(configuration, router: Router(routes.map { ($0, application) }), log: log)
        guard case .internet(_, let port)? = try server.listen().first else { throw Failure("no port") }
        return (server, port)
    }

    /// What guests that fail are said to have done interests nobody here.
    static let silence = open("/dev/null", O_WRONLY)

    /// One for all tests that need no other.
    static let shared = Result { try start() }

    /// One for all tests of what comes too late.
    static let hasty = Result { try start(hastyLimits) }
}

struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
