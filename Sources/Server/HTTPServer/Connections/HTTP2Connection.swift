// What belongs to an HTTP/2 connection and to none of its streams: how long it may be open without one, how long what has
// begun may take to come, and what becomes of faults and floods.
//
// A connection that is not wanted any more is told so (GOAWAY) and has a moment to leave by itself. One that does not, or
// that has opened no stream to begin with, is closed all the same: nothing that a client leaves undone keeps it open.

import NIOCore
import NIOHTTP2
import NIOSSL

/// The last handler of an HTTP/2 connection.
// Proof of Sendable: used on its channel's event loop only, by the streams of the connection too.
final class HTTP2Connection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = Any
    typealias OutboundOut = HTTP2Frame

    private let loop: ServerLoop
    var watchPlace: Int?
    private let peer: PeerName
    private var context: ChannelHandlerContext?
    private var streamCount = 0
    /// Until when there must be a stream.
    private var deadline: NIODeadline?
    /// What has begun to come, and until when it must have come as a whole.
    private var awaited: (unit: FrameScanner.Unit, deadline: NIODeadline)?
    private var budget = FrameBudget()
    /// The last stream that has begun, for GOAWAY.
    var lastStream: UInt32 = 0
    /// Whether the other end was told to leave.
    private var isEnding = false
    /// Whether nothing that comes is listened to any more.
    private(set) var isCut = false

    private static let timeToLeave = TimeAmount.seconds(2)
    /// For the other end to read why it was cut.
    private static let timeToRead = TimeAmount.milliseconds(500)

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
        loop.eventLoop.assertInEventLoop()
        streamCount += 1
        budget.earn(streams: 1)
        if !isCut { deadline = nil }
    }

    func streamClosed() {
        loop.eventLoop.assertInEventLoop()
        streamCount -= 1
        if streamCount == 0, !isCut { deadline = .now() + (isEnding ? Self.timeToLeave : loop.core.times.idle) }
    }

    /// A stream has written so many bytes of a body.
    func streamSent(_ count: Int) {
        loop.eventLoop.assertInEventLoop()
        budget.earn(bytes: count)
    }

    // MARK: - Frames

    /// Something has begun to come.
    func awaits(_ unit: FrameScanner.Unit) {
        if awaited == nil { awaited = (unit, .now() + loop.core.times.header) }
    }

    /// It has come as a whole.
    func awaitsNothing() { awaited = nil }

    /// Answers whether the client may send this frame; false is for the end of the connection.
    func mayCome(_ frame: FrameScanner.Head) -> Bool {
        loop.eventLoop.assertInEventLoop()
        return switch frame.type {
        case FrameScanner.Head.windowUpdate, FrameScanner.Head.goAway, (FrameScanner.Head.continuation + 1)...: budget.take()
        default: true
        }
    }

    /// Ends the connection for what its client does, or does not do.
    func cut(_ reason: ConnectionEnd.Reason, _ code: HTTP2ErrorCode, _ text: String) {
        loop.eventLoop.assertInEventLoop()
        guard !isCut, let context else { return }
        loop.core.log.refused(peer, "HTTP/2: \(text)")
        let last = lastStream % 2 == 1 ? HTTP2StreamID(Int(lastStream)) : .rootStream
        let frame = HTTP2Frame(streamID: .rootStream, payload: .goAway(lastStreamID: last, errorCode: code, opaqueData: nil))
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(frame), promise: sent)
        leave(reason, context, once: sent.futureResult)
    }

    /// The other end can read why until it is closed; closed at once, the connection would be reset, and what was sent lost.
    private func leave(_ reason: ConnectionEnd.Reason, _ context: ChannelHandlerContext, once sent: EventLoopFuture<Void>) {
        if reason != .slowHead { loop.core.metrics.countMalformed() }
        loop.core.metrics.count(ConnectionEnd(.http2, reason))
        isCut = true
        awaited = nil
        deadline = .now() + Self.timeToRead
        sent.assumeIsolated().whenComplete { _ in context.close(mode: .output, promise: nil) }
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
        if isCut { return }
        // A connection that breaks is an everyday thing.
        if error is IOError || error is ChannelError || error is NIOSSLError { return context.close(promise: nil) }
        let cause = (error as? NIOHTTP2Errors.StreamError)?.baseError ?? error
        loop.core.log.refused(peer, "HTTP/2: \(type(of: cause))")
        if Self.concernsOneStream(error) {
            loop.core.metrics.countMalformed()
        } else {
            // The library has sent GOAWAY by now.
            leave(Self.isFlood(error) ? .flood : .malformed, context, once: context.eventLoop.makeSucceededVoidFuture())
        }
    }

    /// Whether there was too much of something that is no fault in itself.
    private static func isFlood(_ error: any Error) -> Bool {
        switch error {
        case is NIOHTTP2Errors.ExcessiveRSTFrames, is NIOHTTP2Errors.ExcessiveControlFrames,
            is NIOHTTP2Errors.ExcessiveContinuationFrames, is NIOHTTP2Errors.ExcessiveStreamErrors,
            is NIOHTTP2Errors.ExcessiveEmptyDataFrames, is NIOHTTP2Errors.ExcessiveNumberOfGlitches,
            is NIOHTTP2Errors.ExcessiveOutboundFrameBuffering, is NIOHTTP2Errors.ExcessivelyLargeHeaderBlock:
            true
        default: false
        }
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
        if let awaited, now >= awaited.deadline {
            switch awaited.unit {
            case .preface: return cut(.slowHead, .settingsTimeout, "preface too slow")
            case .frame: return cut(.slowHead, .enhanceYourCalm, "head too slow")
            }
        }
        guard let deadline, now >= deadline, let context else { return }
        if isEnding || isCut {
            context.close(promise: nil)
        } else {
            loop.core.metrics.count(ConnectionEnd(.http2, .idle))
            context.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }
}
