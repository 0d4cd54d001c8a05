// The end of a TLS handshake: what was agreed on, or why nothing was.

import NIOCore
import NIOSSL
import NIOTLS
import WASIHTTP

/// Waits behind TLS for its handshake, and is taken out then. What the other end has said by that time is kept for the
/// handlers behind.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private var completion: ((Result<String?, HTTPErrorCode>) -> Void)?
    private var early: [NIOAny] = []

    /// - Parameter completion: called once, with the protocol that ALPN has chosen. It adds the handlers that speak it.
    init(completion: @escaping (Result<String?, HTTPErrorCode>) -> Void) {
        self.completion = completion
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted(let name)? = event as? TLSUserEvent {
            end(.success(name))
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        early.append(data)
    }

    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        let early = self.early
        self.early = []
        for data in early { context.fireChannelRead(data) }
        if !early.isEmpty { context.fireChannelReadComplete() }
        context.leavePipeline(removalToken: removalToken)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.failure(.connectionTerminated))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if completion == nil { return context.fireErrorCaught(error) }
        end(.failure(HTTPErrorCode(tls: error)))
    }

    private func end(_ result: Result<String?, HTTPErrorCode>) {
        let completion = self.completion
        self.completion = nil
        completion?(result)
    }
}
