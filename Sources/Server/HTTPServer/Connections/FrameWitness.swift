// Sees what comes on an HTTP/2 connection before the library does. The library tells of a header block when it is complete,
// and of frames one by one: nobody would hear of what never ends, nor of frames that are cheap to send and ask for nothing.

import NIOHTTP2
import NIOCore

/// Tells its connection what of a frame is still to come, and of the frames that have a budget.
final class FrameWitness: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTP2Connection
    private var scanner = FrameScanner()

    init(_ connection: HTTP2Connection) {
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection.awaits(.preface)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What comes behind the end goes nowhere.
        if connection.isCut { return }
        let before = scanner.unitCount
        let isComplete = scanner.scan(unwrapInboundIn(data)) { head in
            connection.mayCome(head)
        }
        connection.lastStream = scanner.lastStream
        guard isComplete else { return connection.cut(.flood, .enhanceYourCalm, "too many frames that ask for nothing") }
        if scanner.unitCount != before { connection.awaitsNothing() }
        if let unit = scanner.unit { connection.awaits(unit) }
        context.fireChannelRead(data)
    }
}
