// What belongs to an HTTP/2 connection and to none of its streams: how long it may be open without one, and what becomes of
// faults.
//
// A connection that is not wanted any more is told so (GOAWAY) and has a moment to leave by itself. One that does not, or
// that has opened no stream to begin with, is closed all the same: nothing that a client leaves undone keeps it open.

import NIOCore
import NIOHTTP2

/// The last handler of an HTTP/2 connection.
// Proof of Sendable: used on its channel's event loop only, by the streams of the connection too.
final class HTTP2Connection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = Any

    private let loop: ServerLoop
    var watchPlace: Int?
    private let peer: PeerName
    private var context: ChannelHandlerContext?
    private var streamCount = 0
    /// Until when there must be a stream.
    private var deadline: NIODeadline?
    /// Whether the other end was told to leave.
    private var isEnding = false

    private static let timeToLeave = TimeAmount.seconds(2)

    init(_ loop: ServerLoop, peer: PeerName) {
        self.loop = loop
        self.peer = peer
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        deadline = .now() + loop.core.times.idle
        loop.watch(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.unwatch(self)
    }

    // MARK: - Streams

    func streamOpened() {
        streamCount += 1
        deadline = nil
    }

    func streamClosed() {
        streamCount -= 1
        if streamCount == 0 { deadline = .now() + (isEnding ? Self.timeToLeave : loop.core.times.idle) }
    }

    // MARK: - The channel

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func channelReadComplete(context: ChannelHandlerContext) {
        loop.guests.connectionWasHeard()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            isEnding = true
            if streamCount == 0 { deadline = .now() + Self.timeToLeave }
        case let event as ChannelEvent where event == .inputClosed: context.close(promise: nil)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A connection that breaks is an everyday thing.
        if error is IOError || error is ChannelError { return context.close(promise: nil) }
        loop.core.metrics.countMalformed()
        let cause = (error as? NIOHTTP2Errors.StreamError)?.baseError ?? error
        loop.core.log.refused(peer, "HTTP/2: \(type(of: cause))")
        if !Self.concernsOneStream(error) { context.close(promise: nil) }
    }

    /// Whether a request was malformed (RFC 9113, section 8.1.1). The library has reset its stream by now, and the requests of
    /// the other streams may be other people's.
    private static func concernsOneStream(_ error: any Error) -> Bool {
        switch error {
        case is NIOHTTP2Errors.StreamError, is NIOHTTP2Errors.InvalidPseudoHeaders, is NIOHTTP2Errors.InvalidPseudoHeaderValue,
            is NIOHTTP2Errors.DuplicatePseudoHeader, is NIOHTTP2Errors.UnknownPseudoHeader,
            is NIOHTTP2Errors.UnsupportedPseudoHeader, is NIOHTTP2Errors.PseudoHeaderAfterRegularHeader,
            is NIOHTTP2Errors.EmptyPathHeader, is NIOHTTP2Errors.ForbiddenHeaderField,
            is NIOHTTP2Errors.InvalidHTTP2HeaderFieldName, is NIOHTTP2Errors.InvalidHTTP2HeaderFieldValue,
            is NIOHTTP2Errors.MissingPseudoHeader, is NIOHTTP2Errors.ContentLengthViolated,
            is NIOHTTP2Errors.ContentLengthHeadersMismatch, is NIOHTTP2Errors.ContentLengthHeaderNegative,
            is NIOHTTP2Errors.ContentLengthHeaderMalformedValue, is NIOHTTP2Errors.TrailersWithoutEndStream:
            true
        default: false
        }
    }
}

extension HTTP2Connection: Watched {
    func look(at now: NIODeadline) {
        guard let deadline, now >= deadline, let context else { return }
        if isEnding {
            context.close(promise: nil)
        } else {
            context.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }
}
