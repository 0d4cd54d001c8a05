// Stands behind TLS and says why a handshake failed: nobody further on is there yet to hear of it.

import NIOCore
import NIOSSL

final class HandshakeWitness: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let loop: ServerLoop
    private let peer: PeerName
    private let watch: ConnectionGuard

    init(_ loop: ServerLoop, peer: PeerName, watch: ConnectionGuard) {
        self.loop = loop
        self.peer = peer
        self.watch = watch
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if watch.isFirst, case .handshakeFailed(let reason) = error as? NIOSSLError {
            loop.core.log.refused(peer, "TLS: \(reason)")
        }
        context.fireErrorCaught(error)
    }
}
