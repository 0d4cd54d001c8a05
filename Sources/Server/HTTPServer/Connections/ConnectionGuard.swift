// The first handler of every connection: counts it, and ends it if its handshake or its first bytes do not come.

import NIOCore

// Proof of Sendable: used on its channel's event loop only, by the handlers around it too.
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler, Watched, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let loop: ServerLoop
    var watchPlace: Int?
    private var context: ChannelHandlerContext?
    private var channel: (any Channel)?
    /// Until a handler for requests has taken over.
    private var deadline: NIODeadline?
    private var speech = ConnectionProtocol.none
    /// Whether who has taken over says when the connection ends.
    private var hasLeft = false

    /// What has been sent when the server begins to end, and has not come yet, is answered if it comes now.
    static let lastChance = TimeAmount.milliseconds(300)

    init(_ loop: ServerLoop) {
        self.loop = loop
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        channel = context.channel
        deadline = .now() + (loop.core.isDraining ? Self.lastChance : loop.core.times.header)
        loop.connectionOpened(context.channel)
        loop.watch(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        if !hasLeft { end() }
    }

    /// The connection is over. To be called by who has taken over, if anyone has.
    func end() {
        loop.eventLoop.assertInEventLoop()
        guard let channel else { return }
        self.channel = nil
        loop.unwatch(self)
        loop.connectionClosed(channel, speech)
        loop.core.metrics.closeConnection()
    }

    /// Whether nothing has come yet that could be a request.
    var isFirst: Bool { deadline != nil }

    /// It is known what the connection is to speak.
    func speaks(_ speech: ConnectionProtocol) {
        loop.eventLoop.assertInEventLoop()
        guard channel != nil else { return }
        loop.connectionSpeaks(speech, insteadOf: self.speech)
        self.speech = speech
    }

    /// From now on somebody else watches the time.
    func handsOver() {
        loop.eventLoop.assertInEventLoop()
        deadline = nil
        loop.unwatch(self)
    }

    /// The same, and the pipeline is shorter by one from now on.
    func leave() {
        handsOver()
        hasLeft = true
        context?.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func look(at now: NIODeadline) {
        loop.eventLoop.assertInEventLoop()
        guard let deadline, now >= deadline, let context else { return }
        if !loop.core.isDraining { loop.core.metrics.count(ConnectionEnd(speech, .slowHead)) }
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, let deadline {
            self.deadline = min(deadline, .now() + Self.lastChance)
            return
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.fireErrorCaught(error)
    }
}
