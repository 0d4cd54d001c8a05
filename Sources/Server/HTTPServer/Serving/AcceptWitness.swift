// Says when connections cannot be accepted, which is mostly for want of descriptors: nobody else would.

import NIOCore

/// A handler of a socket that listens.
final class AcceptWitness: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let log: ServerLog

    init(_ log: ServerLog) {
        self.log = log
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError {
            log.error("a connection could not be accepted: \(ListenError.message(error.errnoCode))")
        }
        context.fireErrorCaught(error)
    }
}
