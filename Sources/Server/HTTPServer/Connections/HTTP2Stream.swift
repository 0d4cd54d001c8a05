// A stream of HTTP/2: one request and its response (RFC 9113, section 8.1).

import HTTPTransport
import NIOCore
import NIOHPACK
import NIOHTTP2
import WASIHTTP

/// The only handler of a stream.
final class HTTP2Stream: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let loop: ServerLoop
    var watchPlace: Int?
    private let peer: PeerName
    private let connection: HTTP2Connection
    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    private var hasBegun = false
    private var isReceiving = true
    private var isOver = false
    private var isReadHeld = false
    private var clock = ConnectionClock()

    private var frames = OutgoingFrames()

    init(_ loop: ServerLoop, peer: PeerName, connection: HTTP2Connection) {
        self.loop = loop
        self.peer = peer
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.streamOpened()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        connection.streamClosed()
        loop.unwatch(self)
    }

    // MARK: - The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame) where !hasBegun: begin(frame)
        case .headers(let frame):
            let trailers = frame.headers.lazy.filter { !$0.name.hasPrefix(":") }.map { HTTPMessageField($0.name, $0.value) }
            isReceiving = false
            clock.stop()
            exchange?.receiveEnd(HTTPMessageFields(Array(trailers)))
        case .data(let frame):
            if case .byteBuffer(let bytes) = frame.data, bytes.readableBytes > 0 {
                clock.receivedBody(bytes.readableBytes)
                exchange?.receive(bytes)
            }
            if frame.endStream {
                isReceiving = false
                clock.stop()
                exchange?.receiveEnd(nil)
            }
        default: break
        }
    }

    private func begin(_ frame: HTTP2Frame.FramePayload.Headers) {
        hasBegun = true
        isReceiving = !frame.endStream
        loop.watch(self)
        let head: RequestHead
        do throws(Refusal) {
            head = try RequestHead(http2: frame.headers, endsStream: frame.endStream)
        } catch {
            return refuse(error)
        }
        if isReceiving, !head.expectsContinue { clock.awaitBody(.now(), loop.core) }
        let exchange = Exchange(head, on: loop, writer: self, peer: peer)
        self.exchange = exchange
        exchange.begin()
    }

    private func refuse(_ refusal: Refusal) {
        loop.core.metrics.countMalformed()
        loop.core.metrics.countResponse(status: refusal.status, sent: 0, received: 0, duration: .zero)
        loop.core.log.refused(peer, refusal)
        let text = "\(refusal.status) \(StatusText.of(refusal.status))\n"
        writeHead(
            status: refusal.status, ["content-type": "text/plain; charset=utf-8"], .length(UInt64(text.utf8.count)))
        writeBody(ByteBuffer(string: text))
        writeEnd(nil)
    }

    // MARK: - The channel

    func channelInactive(context: ChannelHandlerContext) {
        isOver = true
        let exchange = self.exchange
        self.exchange = nil
        exchange?.connectionLost()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func read(context: ChannelHandlerContext) {
        if exchange?.wantsMore ?? true {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func readMore() {
        guard isReadHeld, exchange?.wantsMore ?? true, let context else { return }
        isReadHeld = false
        if isReceiving { clock.awaitBody(.now(), loop.core) }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            // At the end everything has to be sent in time, not only enough.
            if !isOver { clock.wrote() }
            exchange?.writabilityChanged()
        } else {
            clock.awaitRoom(.now() + loop.core.times.write)
        }
        context.fireChannelWritabilityChanged()
    }
}

// MARK: - The response

extension HTTP2Stream: ResponseWriter {
    var isWritable: Bool { !isOver && (context?.channel.isWritable ?? false) }

    func writeInformational(status: UInt16, _ fields: HTTPMessageFields) {
        send(.headers(.init(headers: block(status: status, fields, date: false))))
        if status == 100, isReceiving { clock.awaitBody(.now(), loop.core) }
    }

    func writeHead(status: UInt16, _ fields: HTTPMessageFields, _ framing: ResponseFraming) {
        var block = block(status: status, fields, date: true)
        if case .length(let length) = framing, !fields.contains("content-length") {
            block.add(name: "content-length", value: "\(length)")
        }
        send(.headers(.init(headers: block)))
    }

    private func block(status: UInt16, _ fields: HTTPMessageFields, date: Bool) -> HPACKHeaders {
        var block = HPACKHeaders()
        block.reserveCapacity(fields.count + 3)
        block.add(name: ":status", value: "\(status)")
        add(fields, to: &block)
        if date, !fields.contains("date") { block.add(name: "date", value: loop.dateText()) }
        return block
    }

    private func add(_ fields: HTTPMessageFields, to block: inout HPACKHeaders) {
        for field in fields.list {
            // What `connection` says is said by the frames here.
            let name = field.name.lowercased()
            if name != "connection" { block.add(name: name, value: field.text) }
        }
    }

    func writeBody(_ bytes: ByteBuffer) {
        connection.streamSent(bytes.readableBytes)
        send(.data(.init(data: .byteBuffer(bytes))))
    }

    private func send(_ frame: HTTP2Frame.FramePayload) {
        write(frames.append(frame))
    }

    private func write(_ frame: HTTP2Frame.FramePayload?) {
        if let frame { context?.write(wrapOutboundOut(frame), promise: nil) }
    }

    func writeEnd(_ trailers: HTTPMessageFields?) {
        var block: HPACKHeaders?
        if let trailers, !trailers.isEmpty {
            var fields = HPACKHeaders()
            add(trailers, to: &fields)
            block = fields
        }
        write(frames.end(trailers: block))
        exchange = nil
        isOver = true
        // The stream closes when the last of it was sent, for which the other end must make room.
        clock.stop()
        clock.awaitRoom(.now() + loop.core.times.write)
        guard isReceiving, let context, let frame = frames.take() else { return flush() }
        // Nobody needs the rest of the request (section 8.1). A reset overtakes what waits for room, so it comes after that.
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(frame), promise: sent)
        sent.futureResult.assumeIsolated().whenSuccess { if self.isReceiving { self.reset(.noError) } }
    }

    func flush() {
        write(frames.take())
        context?.flush()
    }

    func abort() {
        exchange = nil
        isOver = true
        frames.discard()
        reset(.internalError)
    }

    private func reset(_ code: HTTP2ErrorCode) {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(.rstStream(code)), promise: nil)
    }
}

// MARK: - Time

extension HTTP2Stream: Watched {
    func look(at now: NIODeadline) {
        guard let expired = clock.expired(at: now) else { return }
        clock.stop()
        clock.wrote()
        if case .body = expired, let exchange {
            loop.core.log.refused(peer, "408: body too slow")
            exchange.spoil(Refusal(408, "body too slow"))
        } else {
            let exchange = self.exchange
            self.exchange = nil
            isOver = true
            loop.core.log.refused(peer, "its response was not read in time")
            exchange?.connectionLost(.connectionWriteTimeout)
            reset(.cancel)
        }
    }
}
