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
            loop.core.log.refused(peer, "TLS: \(name)\(Self.meaning[name].map { " (\($0))" } ?? "")")
        }
        context.fireErrorCaught(error)
    }

    /// What those who run a server meet most, and cannot be expected to know by the library's names.
    private static let meaning = [
        "HTTP_REQUEST": "the client speaks HTTP in the clear",
        "WRONG_VERSION_NUMBER": "the client does not speak TLS",
        "UNSUPPORTED_PROTOCOL": "the client's versions of TLS are too old",
        "NO_SHARED_CIPHER": "the client knows no cipher that is allowed",
        "TLSV1_ALERT_UNKNOWN_CA": "the client does not trust the certificate",
        "SSLV3_ALERT_BAD_CERTIFICATE": "the client does not take the certificate",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED": "the client says that the certificate has expired",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "the client does not take the certificate",
        // Of TLS 1.3: OpenSSL says so in the clear, where BoringSSL expects it to be encrypted.
        "BAD_PACKET_LENGTH": "a client made with OpenSSL does not take the certificate, or what came is no TLS",
    ]

    /// What the library calls the reason, without the place in its source that it adds; nil if a client has just left, as
    /// those do that ask whether somebody listens.
    private static func name(of reason: BoringSSLError) -> String? {
        let text = "\(reason)"
        if text.contains("EOF during handshake") { return nil }
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return text }
        return String(text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    }
}
