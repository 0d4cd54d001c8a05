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
        if watch.isFirst, case .handshakeFailed(let reason) = error as? NIOSSLError, let name = Self.name(of: reason) {
            loop.core.log.refused(peer, "TLS: \(name)")
        }
        context.fireErrorCaught(error)
    }

    /// What the library calls the reason, without the place in its source that it adds; nil if a client has just left, as
    /// those do that ask whether somebody listens.
    private static func name(of reason: BoringSSLError) -> String? {
        let text = "\(reason)"
        if text.contains("EOF during handshake") { return nil }
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return text }
        return String(text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    }
}
