// A server with TLS, of HTTP/1.1 or HTTP/2, that answers what the path names.
import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization

final class TLSServer: Sendable {
    let port: Int
    let counts = Counts()

    final class Counts: Sendable {
        let connections = Atomic(0)
        let streams = Atomic(0)
        let openStreams = Atomic(0)
        let mostStreams = Atomic(0)
    }

    /// - Parameters:
    ///   - name: whose certificate it shows.
    ///   - protocols: what it speaks.
    ///   - asksFor: an authority whose certificates clients must have.
    init(
        _ certificates: Certificates, _ name: String = "server", protocols: [String] = ["h2", "http/1.1"],
        asksFor authority: String? = nil, streams: Int = 100, minimum: TLSVersion = .tlsv12, maximum: TLSVersion? = nil
    ) throws {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificates.file("\(name).pem")).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: certificates.file("\(name).key"), format: .pem)))
        configuration.applicationProtocols = protocols
        configuration.minimumTLSVersion = minimum
        configuration.maximumTLSVersion = maximum
        if let authority {
            configuration.trustRoots = .file(authority)
            configuration.certificateVerification = .noHostnameVerification
        }
        let context = try NIOSSLContext(configuration: configuration)
        let counts = self.counts
        let channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                counts.connections.add(1, ordering: .relaxed)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                }.flatMap {
                    channel.configureHTTP2SecureUpgrade(
                        h2ChannelConfigurator: { channel in
                            channel.configureHTTP2Pipeline(
                                mode: .server,
                                initialLocalSettings: [
                                    HTTP2Setting(parameter: .maxConcurrentStreams, value: streams),
                                    HTTP2Setting(parameter: .maxHeaderListSize, value: 64 << 10),
                                ]
                            ) { stream in
                                stream.eventLoop.makeCompletedFuture {
                                    try stream.pipeline.syncOperations.addHandler(StreamAnswer(counts))
                                }
                            }.map { _ in }
                        },
                        http1ChannelConfigurator: { channel in
                            channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                                try channel.pipeline.syncOperations.addHandler(PlainAnswer())
                            }
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = channel.localAddress?.port ?? 0
    }
}

private final class PlainAnswer: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        let text = "HTTP/1.1"
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "\(text.utf8.count)"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// `/echo` gives back the body and its trailers, `/slow` an answer after a while, `/reset` and `/refuse` none, `/cut` half
/// of one, `/large` sixteen megabytes, `/early` a 103 first, and everything else the fields of the request.
private final class StreamAnswer: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let counts: TLSServer.Counts
    private var head = HPACKHeaders()
    private var path = ""

    init(_ counts: TLSServer.Counts) {
        self.counts = counts
    }

    func channelActive(context: ChannelHandlerContext) {
        counts.streams.add(1, ordering: .relaxed)
        let open = counts.openStreams.add(1, ordering: .relaxed).newValue
        if open > counts.mostStreams.load(ordering: .relaxed) { counts.mostStreams.store(open, ordering: .relaxed) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        counts.openStreams.subtract(1, ordering: .relaxed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame) where path.isEmpty:
            head = frame.headers
            path = head.first(name: ":path") ?? ""
            if path == "/echo" { send(context, [":status": "200"]) }
            if frame.endStream { answer(context, nil) }
        case .headers(let frame): answer(context, frame.headers)
        case .data(let frame):
            if path == "/echo", case .byteBuffer(let bytes) = frame.data { send(context, bytes) }
            if frame.endStream { answer(context, nil) }
        default: break
        }
    }

    private func answer(_ context: ChannelHandlerContext, _ trailers: HPACKHeaders?) {
        switch path {
        case "/echo":
            if let trailers {
                send(context, trailers, last: true)
            } else {
                send(context, ByteBuffer(), last: true)
            }
        case "/slow":
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: .milliseconds(100)) {
                let (handler, context) = bound.value
                handler.send(context, [":status": "204"], last: true)
            }
        case "/reset": context.writeAndFlush(wrapOutboundOut(.rstStream(.internalError)), promise: nil)
        case "/refuse":
            // Only the first time.
            if counts.streams.load(ordering: .relaxed) == 1 {
                context.writeAndFlush(wrapOutboundOut(.rstStream(.refusedStream)), promise: nil)
            } else {
                send(context, [":status": "204"], last: true)
            }
        case "/cut":
            send(context, [":status": "200"])
            send(context, ByteBuffer(string: "half"))
            // What has come by then is not lost.
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: .milliseconds(100)) {
                let (handler, context) = bound.value
                context.writeAndFlush(handler.wrapOutboundOut(.rstStream(.internalError)), promise: nil)
            }
        case "/large":
            send(context, [":status": "200", "content-length": "\(16 << 20)"])
            for index in 0..<16 { send(context, ByteBuffer(repeating: 0x61, count: 1 << 20), last: index == 15) }
        case "/early":
            send(context, [":status": "103", "link": "x"])
            send(context, [":status": "204"], last: true)
        default:
            var text = ""
            for field in head { text += "\(field.name): \(field.value)\n" }
            send(context, [":status": "200"])
            send(context, ByteBuffer(string: text), last: true)
        }
    }

    private func send(_ context: ChannelHandlerContext, _ fields: HPACKHeaders, last: Bool = false) {
        context.writeAndFlush(wrapOutboundOut(.headers(.init(headers: fields, endStream: last))), promise: nil)
    }

    private func send(_ context: ChannelHandlerContext, _ bytes: ByteBuffer, last: Bool = false) {
        context.writeAndFlush(wrapOutboundOut(.data(.init(data: .byteBuffer(bytes), endStream: last))), promise: nil)
    }
}
