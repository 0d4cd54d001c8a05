// Encrypted connections: which protocols, which versions, and certificates that are replaced.
import Foundation
import HTTPServer
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Testing

/// What a client has learnt of a server.
private struct Greeting: Sendable {
    var protocolName: String?
    /// Such as `HTTP/1.1 200 OK`; nil if no request was made.
    var statusLine: String?
}

/// A client that trusts one certificate.
private struct TLSClient {
    var trusted: String
    var protocols = ["h2", "http/1.1"]
    var maximum: TLSVersion?

    /// Connects, makes a request if HTTP/1.1 was agreed on, and leaves.
    func greet(_ port: Int) throws -> Greeting {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(trusted)
        configuration.applicationProtocols = protocols
        configuration.minimumTLSVersion = .tlsv1
        configuration.maximumTLSVersion = maximum
        let context = try NIOSSLContext(configuration: configuration)
        let promise = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: Greeting.self)
        let channel = try ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let operations = channel.pipeline.syncOperations
                    try operations.addHandler(NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                    try operations.addHandler(Greeter(promise))
                }
            }
            .connect(host: "127.0.0.1", port: port).wait()
        defer { channel.close(promise: nil) }
        return try promise.futureResult.wait()
    }
}

private final class Greeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let promise: EventLoopPromise<Greeting>
    private var greeting = Greeting()
    private var received = ""

    init(_ promise: EventLoopPromise<Greeting>) {
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let name)? = event as? TLSUserEvent else { return }
        greeting.protocolName = name
        if name == "h2" { return promise.succeed(greeting) }
        context.writeAndFlush(
            wrapOutboundOut(ByteBuffer(string: "GET /hello HTTP/1.1\r\nhost: localhost\r\n\r\n")), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard let end = received.range(of: "\r\n") else { return }
        greeting.statusLine = String(received[..<end.lowerBound])
        promise.succeed(greeting)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
}

@Suite(.enabled(if: TestServer.isThere, "the guests are not built: Tests/Guests/build"))
struct TLSTests {
    private static let certificates = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Certificates")
    private let folder: URL
    private let files: TLSFiles

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "apus-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        files = TLSFiles(certificates: folder.appending(path: "server.pem").path, key: folder.appending(path: "server.key").path)
        try install("one")
    }

    private static func path(_ name: String) -> String { certificates.appending(path: name).path }

    private func install(_ name: String, key: String? = nil) throws {
        try Data(contentsOf: URL(filePath: Self.path("\(name).pem"))).write(to: URL(filePath: files.certificates))
        try Data(contentsOf: URL(filePath: Self.path("\(key ?? name).key"))).write(to: URL(filePath: files.key))
    }

    private func client(_ name: String = "one") -> TLSClient { TLSClient(trusted: Self.path("\(name).pem")) }

    @Test func theProtocolIsAgreedOn() throws {
        let (server, port) = try TestServer.start(tls: files)
        defer { server.shutDown() }
        #expect(try client().greet(port).protocolName == "h2")
        var old = client()
        old.protocols = ["http/1.1"]
        let greeting = try old.greet(port)
        #expect(greeting.protocolName == "http/1.1")
        #expect(greeting.statusLine == "HTTP/1.1 200 OK")
        // Who agrees on nothing speaks HTTP/1.1.
        old.protocols = []
        #expect(try old.greet(port).statusLine == "HTTP/1.1 200 OK")
    }

    @Test func oldVersionsAreRefused() throws {
        let (server, port) = try TestServer.start(tls: files)
        defer { server.shutDown() }
        for version in [TLSVersion.tlsv1, .tlsv11] {
            var old = client()
            old.maximum = version
            #expect(throws: (any Error).self) { try old.greet(port) }
        }
        var old = client()
        old.maximum = .tlsv12
        #expect(try old.greet(port).protocolName == "h2")
    }

    @Test func certificatesAreReplaced() throws {
        let (server, port) = try TestServer.start(tls: files)
        defer { server.shutDown() }
        #expect(try client("one").greet(port).protocolName == "h2")
        #expect(throws: (any Error).self) { try client("two").greet(port) }
        try install("two")
        try server.reloadTLS()
        #expect(try client("two").greet(port).protocolName == "h2")
        #expect(throws: (any Error).self) { try client("one").greet(port) }
    }

    @Test func badCertificatesAreNotTaken() throws {
        let (server, port) = try TestServer.start(tls: files)
        defer { server.shutDown() }
        func reason() -> String {
            do {
                try server.reloadTLS()
                return "none"
            } catch {
                return "\(error)"
            }
        }
        try install("one", key: "two")
        #expect(reason().contains("does not belong to the certificate"))
        try install("one")
        try Data("nonsense".utf8).write(to: URL(filePath: files.certificates))
        #expect(reason() == "\(files.certificates): no certificate in PEM")
        try install("one")
        try Data("nonsense".utf8).write(to: URL(filePath: files.key))
        #expect(reason() == "\(files.key): no private key in PEM that needs no password")
        try FileManager.default.removeItem(atPath: files.key)
        #expect(reason() == "\(files.key): No such file or directory")
        // What there was is what there is.
        #expect(try client().greet(port).protocolName == "h2")
    }

    /// Who looks for the reason finds more than the library's name for it.
    @Test func whatClientsGetWrongIsSaid() throws {
        let process = try ServeProcess(
            ["--addr", "127.0.0.1:0", "--tls-cert", files.certificates, "--tls-key", files.key, TestServer.guest.path])
        let connection = try RawConnection(port: process.port)
        connection.send(Array("GET / HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
        connection.receive()
        #expect(process.wait { $0.contains("TLS: HTTP_REQUEST (the client speaks HTTP in the clear)") }, "\(process.log)")
        #expect(throws: (any Error).self) { try client("two").greet(process.port) }
        #expect(process.wait { $0.contains("(the client does not trust the certificate)") }, "\(process.log)")
    }

    /// Bytes in the clear, half a handshake, and none at all.
    @Test(arguments: ["GET / HTTP/1.1\r\nhost: a\r\n\r\n", "\u{16}\u{3}\u{1}", ""])
    func handshakesThatFailAreEnded(_ text: String) throws {
        var limits = TestServer.limits
        limits.headerTime = .seconds(3)
        let (server, port) = try TestServer.start(limits, tls: files)
        defer { server.shutDown() }
        let connection = try RawConnection(port: port)
        connection.send(Array(text.utf8))
        connection.receive()
        #expect(connection.isClosed)
        #expect(try client().greet(port).protocolName == "h2")
    }
}
