// An HTTP/2 connection: its streams, how long it may be open without one, how long what has begun may take to come, and what
// becomes of faults and floods.
//
// Frames are dealt with here, on the connection's channel, and not on a channel for each stream: making those costs more than all
// the rest of a request. The library has the order of frames, HPACK, and how much may be sent; how much a client may send is said
// here, by WINDOW_UPDATE.
//
// A connection that is not wanted any more is told so (GOAWAY) and has a moment to leave by itself. One that does not, or
// that has opened no stream to begin with, is closed all the same: nothing that a client leaves undone keeps it open.

import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOSSL
import WASIHTTP

/// The last handler of an HTTP/2 connection.
// Proof of Sendable: used on its channel's event loop only, by its streams too.
final class HTTP2Connection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    let loop: ServerLoop
    let peer: PeerName
    private let watch: ConnectionGuard
    var watchPlace: Int?
    private var context: ChannelHandlerContext?
    private var wire: HTTP2Wire?
    private var streams = StreamTable()
    /// Streams whose requests begin when it is the connection's turn.
    private var requested: [HTTP2Stream] = []
    /// Streams of which the library has sent something that changes what is to be done next.
    private var sent: [HTTP2Stream] = []
    private var isFlushDue = false
    /// Whether the system takes more.
    private(set) var isWritable = true
    /// Until when there must be a stream.
    private var deadline: NIODeadline?
    /// How much more than at first its streams may be allowed to send ahead, all together.
    private var spareWindow = HTTP2Connection.window
    /// Whether the client is about to be told that it may send more of all bodies.
    private var isMakingRoom = false
    /// What has begun to come, and until when it must have come as a whole.
    private var awaited: (unit: FrameScanner.Unit, deadline: NIODeadline)?
    private var budget = FrameBudget()
    private var faults = StreamFaultBudget()
    private var pulse = ConnectionPulse(.now())
    /// The last stream whose header block has come as a whole, for GOAWAY.
    var lastStream: UInt32 = 0
    /// The last one that the library let through.
    private var lastOpened = HTTP2StreamID.rootStream
    private var farewell = Farewell.none
    /// Whether it was said why the connection ends, by us or by the library.
    private var isBlamed = false
    /// Whether nothing that comes is listened to any more.
    private(set) var isCut = false

    /// How the end in good order goes (RFC 9113, section 6.8). The client is told first that there will be one, and, when it has
    /// answered a PING that was sent behind that, which stream is the last. What it opens meanwhile the library refuses.
    private enum Farewell {
        case none
        case announced
        case said
    }

    private static let farewellPing = HTTP2PingData(withInteger: 0x6661_7265_7765_6C6C)
    private static let pulsePing = HTTP2PingData(withInteger: 0x7468_6572_6521_3F21)
    private static let timeToLeave = TimeAmount.seconds(2)
    /// For the other end to read why it was cut.
    private static let timeToRead = TimeAmount.milliseconds(500)
    /// What may come of all bodies together before it has been looked at.
    private static let window = 1 << 20

    init(_ loop: ServerLoop, peer: PeerName, watch: ConnectionGuard) {
        self.loop = loop
        self.peer = peer
        self.watch = watch
    }

    /// To be called before it is added to the pipeline.
    func connect(to wire: HTTP2Wire) { self.wire = wire }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isWritable = context.channel.isWritable
        watch.leave()
        deadline = .now() + loop.core.times.idle
        loop.watch(self)
        if loop.core.isDraining { retire() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        wire = nil
        loop.unwatch(self)
        watch.end()
    }

    // MARK: - Frames that come

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isCut { return }
        let frame = unwrapInboundIn(data)
        switch frame.payload {
        case .headers(let headers):
            if let stream = streams[frame.streamID] {
                receiveTrailers(headers.headers, of: stream)
            } else if frame.streamID > lastOpened {
                open(frame.streamID, headers)
            }
        case .data(let data):
            guard let stream = streams[frame.streamID] else { return }
            receive(data, of: stream)
        case .ping(Self.farewellPing, ack: true): sayFarewell()
        default: break
        }
    }

    private func open(_ id: HTTP2StreamID, _ headers: HTTP2Frame.FramePayload.Headers) {
        lastOpened = id
        let head: RequestHead
        do throws(HTTP2RequestFault) {
            head = try RequestHead(
                http2: headers.headers, endsStream: headers.endStream, mostFields: loop.core.limits.headerCount)
        } catch {
            switch error {
            case .malformed(let reason): refuse(id, reason)
            case .refused(let refusal): opened(HTTP2Stream(id, of: self, endsStream: headers.endStream)).refuse(refusal)
            }
            return
        }
        requested.append(opened(HTTP2Stream(id, of: self, endsStream: headers.endStream, requesting: head)))
    }

    private func opened(_ stream: HTTP2Stream) -> HTTP2Stream {
        streams.append(stream)
        budget.earn(streams: 1)
        deadline = nil
        return stream
    }

    private func receive(_ data: HTTP2Frame.FramePayload.Data, of stream: HTTP2Stream) {
        if case .byteBuffer(let bytes) = data.data, !stream.receive(bytes) { return refuse(stream.id, "more than was announced") }
        if data.endStream { receiveEnd(nil, of: stream) }
    }

    private func receiveTrailers(_ block: HPACKHeaders, of stream: HTTP2Stream) {
        do throws(HTTP2RequestFault) {
            receiveEnd(try RequestHead.trailers(http2: block), of: stream)
        } catch {
            switch error {
            case .malformed(let reason): refuse(stream.id, reason)
            case .refused(let refusal): refuse(stream.id, refusal.reason)
            }
        }
    }

    private func receiveEnd(_ trailers: HTTPMessageFields?, of stream: HTTP2Stream) {
        if !stream.receiveEnd(trailers) { refuse(stream.id, "less than was announced") }
    }

    /// Resets a stream whose request is none (RFC 9113, section 8.1.1). The others may be other people's.
    private func refuse(_ id: HTTP2StreamID, _ reason: String) {
        loop.core.log.refused(peer, "HTTP/2: \(reason)")
        loop.core.metrics.countMalformed()
        write(.rstStream(.protocolError), on: id)
        needsFlush()
        countFault()
    }

    private func countFault() {
        guard !faults.take(at: .now()) else { return }
        cut(.flood, .enhanceYourCalm, "too many malformed requests")
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        pulse.heard()
        if !requested.isEmpty { loop.takesTurn(self) }
        attend()
    }

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

    // MARK: - Frames that go

    /// Gives a frame to the library. It is sent when it is time to.
    func write(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID) {
        guard let context else { return }
        context.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: nil)
    }

    /// Answers by how much a stream may let its client send ahead further, which is to be returned. A body comes as quickly as a
    /// window in the time that the client takes to learn of the next one; a guest that stands still leaves a window's bytes here.
    func lendWindow(_ count: Int) -> Int {
        let lent = min(count, spareWindow)
        spareWindow -= lent
        return lent
    }

    func returnWindow(_ count: Int) { spareWindow += count }

    /// A stream has written so many bytes of a body.
    func streamSent(_ count: Int) { budget.earn(bytes: count) }

    /// What was written is to be sent, together with what others write in this turn.
    func needsFlush() {
        guard !isFlushDue else { return }
        isFlushDue = true
        loop.owesResponses(self)
    }

    /// Does what there is to do now that the library has sent something.
    private func attend() {
        guard !sent.isEmpty else { return }
        var streams: [HTTP2Stream] = []
        swap(&streams, &sent)
        for stream in streams { stream.attend() }
    }

    // MARK: - Streams that end

    private func streamClosed(_ id: HTTP2StreamID) {
        guard let stream = streams.remove(id) else { return }
        stream.closed()
        guard streams.isEmpty, !isCut else { return }
        deadline = .now() + (farewell == .none ? loop.core.times.idle : Self.timeToLeave)
        if farewell == .said { needsFlush() }
    }

    // MARK: - The end

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

    /// Begins the end in good order.
    private func retire() {
        guard farewell == .none, !isCut else { return }
        farewell = .announced
        if streams.isEmpty { deadline = .now() + Self.timeToLeave }
        write(.goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil), on: .rootStream)
        write(.ping(Self.farewellPing, ack: false), on: .rootStream)
        needsFlush()
    }

    private func sayFarewell() {
        guard farewell == .announced else { return }
        farewell = .said
        write(.goAway(lastStreamID: lastOpened, errorCode: .noError, opaqueData: nil), on: .rootStream)
        needsFlush()
    }

    /// Nothing is left to do, nor will there be.
    private func close() {
        guard let context else { return }
        guard let wire else { return context.close(promise: nil) }
        wire.whenSent { context.close(promise: nil) }
    }

    // MARK: - The channel

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        for stream in streams.all { stream.connectionWritabilityChanged() }
        attend()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let all = streams.all
        streams.removeAll()
        requested.removeAll()
        sent.removeAll()
        for stream in all { stream.closed() }
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A cast to a type that it is not would cost more than all of this.
        let type = type(of: event)
        if type == NIOHTTP2WindowUpdatedEvent.self {
            if let event = event as? NIOHTTP2WindowUpdatedEvent { windowChanged(event) }
        } else if type == StreamClosedEvent.self {
            if let event = event as? StreamClosedEvent { streamClosed(event.streamID) }
        } else if type == ChannelShouldQuiesceEvent.self {
            retire()
        } else if let event = event as? ChannelEvent, event == .inputClosed {
            context.close(promise: nil)
        }
    }

    /// How much a client may send has changed. It may send as much as before again when it has used half of that: for streams if
    /// their guests want more, and for the connection in any case.
    private func windowChanged(_ event: NIOHTTP2WindowUpdatedEvent) {
        guard let size = event.inboundWindowSize else { return }
        if event.streamID == .rootStream {
            guard size <= Self.window / 2, !isMakingRoom, !isCut else { return }
            // Until the library has sent it, it counts for nothing there.
            isMakingRoom = true
            write(.windowUpdate(windowSizeIncrement: Self.window - size), on: .rootStream)
            needsFlush()
        } else {
            streams[event.streamID]?.windowChanged(to: size)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isCut { return }
        // A frame of ours has waited for longer than its stream was there, which the client may reset at any time.
        if !isBlamed, error is NIOHTTP2Errors.NoSuchStream { return }
        // A connection that breaks is an everyday thing.
        if error is IOError || error is ChannelError || error is NIOSSLError { return context.close(promise: nil) }
        let fault = error as? NIOHTTP2Errors.StreamError
        let cause = fault?.baseError ?? error
        loop.core.log.refused(peer, "HTTP/2: \(type(of: cause))")
        if let fault {
            // Something could not be sent: nobody must take for complete what has come of it.
            streams[fault.streamID]?.fail()
        } else if !isBlamed, Self.mayConcernOneStream(error) {
            loop.core.metrics.countMalformed()
            countFault()
        } else {
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

    /// Whether the library has only reset a stream, unless it has sent GOAWAY: of many faults it says the same, whatever they are to
    /// it. The other streams may be other people's.
    private static func mayConcernOneStream(_ error: any Error) -> Bool {
        switch error {
        case is NIOHTTP2Errors.BadStreamStateTransition, is NIOHTTP2Errors.TrailersWithoutEndStream,
            is NIOHTTP2Errors.FlowControlViolation, is NIOHTTP2Errors.InvalidFlowControlWindowSize,
            is NIOHTTP2Errors.InvalidWindowIncrementSize:
            true
        default: false
        }
    }
}

extension HTTP2Connection: NIOHTTP2FrameDelegate {
    /// In the midst of what the library does: nothing may be written here.
    func wroteFrame(_ frame: HTTP2Frame) {
        let change: HTTP2Stream?
        switch frame.payload {
        case .data(let data):
            change = streams[frame.streamID].flatMap { $0.wrote(data.data.readableBytes, ends: data.endStream) ? $0 : nil }
        case .headers(let headers) where headers.endStream:
            change = streams[frame.streamID].flatMap { $0.wrote(0, ends: true) ? $0 : nil }
        case .windowUpdate where frame.streamID == .rootStream:
            isMakingRoom = false
            return
        case .windowUpdate:
            streams[frame.streamID]?.madeRoom()
            return
        case .goAway(_, let code, _):
            if code != .noError { isBlamed = true }
            return
        default: return
        }
        if let change { sent.append(change) }
    }
}

extension HTTP2Connection: TurnTaker {
    func takeTurn() {
        var streams: [HTTP2Stream] = []
        swap(&streams, &requested)
        for stream in streams {
            stream.begin()
            loop.passTime()
        }
        streams.removeAll(keepingCapacity: true)
        if requested.isEmpty { swap(&streams, &requested) }
        loop.guests.connectionWasHeard()
    }

    func endTurn() {
        guard isFlushDue else { return }
        isFlushDue = false
        context?.flush()
        attend()
        if farewell == .said, streams.isEmpty, !isCut, !isFlushDue { close() }
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
        if !streams.isEmpty {
            for stream in streams.all { stream.look(at: now) }
        }
        switch pulse.step(at: now, loop.core.times) {
        case .none: break
        case .ask:
            write(.ping(Self.pulsePing, ack: false), on: .rootStream)
            needsFlush()
        case .giveUp:
            retire()
            // Whatever is under way, nobody is there who could leave by himself.
            deadline = .now() + Self.timeToLeave
        }
        guard let deadline, now >= deadline, let context else { return }
        if farewell != .none || isCut {
            context.close(promise: nil)
        } else {
            loop.core.metrics.count(ConnectionEnd(.http2, .idle))
            retire()
        }
    }
}
