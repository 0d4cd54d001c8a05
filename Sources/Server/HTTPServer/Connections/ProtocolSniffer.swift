// Tells HTTP/2 with prior knowledge from HTTP/1 by the first bytes of a connection in the clear (RFC 9113, section 3.3). No
// request of HTTP/1 begins like the preface: there is no method `PRI`.

import NIOCore

final class ProtocolSniffer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let configure: (ChannelHandlerContext, Bool) throws -> Void
    private var received: ByteBuffer?

    /// - Parameter configure: adds the handlers for HTTP/2, or else for HTTP/1, behind this one.
    init(configure: @escaping (_ context: ChannelHandlerContext, _ isHTTP2: Bool) throws -> Void) {
        self.configure = configure
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if var received {
            received.writeBuffer(&bytes)
            bytes = received
        }
        let count = min(bytes.readableBytes, Self.preface.count)
        let isPreface = bytes.readableBytesView.prefix(count).elementsEqual(Self.preface.prefix(count))
        // As long as it may be one, wait for the rest.
        if isPreface, count < Self.preface.count {
            received = bytes
            return
        }
        received = nil
        do {
            try configure(context, isPreface)
        } catch {
            return context.close(promise: nil)
        }
        context.fireChannelRead(wrapInboundOut(bytes))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Not even the beginning of a request has come.
        if let event = event as? ChannelEvent, event == .inputClosed { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
