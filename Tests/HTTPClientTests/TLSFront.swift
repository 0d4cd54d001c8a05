// TLS in front of a server that has none.
import NIOCore
import NIOPosix
import NIOSSL

/// Passes on what comes encrypted to a port of this machine, and back.
struct TLSFront {
    let port: UInt16

    init(_ certificates: Certificates, of target: UInt16) throws {
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificates.file("server.pem")).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: certificates.file("server.key"), format: .pem)))
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { near in
                near.eventLoop.makeCompletedFuture {
                    try near.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                }.flatMap {
                    ClientBootstrap(group: near.eventLoop)
                        .channelInitializer { far in
                            far.eventLoop.makeCompletedFuture {
                                try far.pipeline.syncOperations.addHandler(Passing(to: near))
                            }
                        }
                        .connect(host: "127.0.0.1", port: Int(target))
                }.flatMapThrowing { far in
                    try near.pipeline.syncOperations.addHandler(Passing(to: far))
                    try near.syncOptions?.setOption(.autoRead, value: true)
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = UInt16(channel.localAddress?.port ?? 0)
    }
}

private final class Passing: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    init(to other: any Channel) {
        self.other = other
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
