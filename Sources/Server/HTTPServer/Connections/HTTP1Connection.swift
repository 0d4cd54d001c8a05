// A connection that speaks HTTP/1.0 or 1.1 (RFC 9112): one request after another. What a client sends ahead waits, and no
// more is read than what came with the last read, until the responses before it have been sent.

import NIOCore
import NIOSSL
import WASIHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The last handler of a connection: requests in, bytes out.
final class HTTP1Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let loop: ServerLoop
    private let peer: PeerName
    private let watch: ConnectionGuard
    var watchPlace: Int?
    private var context: ChannelHandlerContext?

    /// The request that is being answered, or whose body still comes.
    private var exchange: Exchange?
    private var parser: HTTP1RequestParser
    /// What has come and is no part of a request that has begun, or has not been looked at.
    private var input = ByteBuffer()
    /// Whether the request's end is still to come.
    private var isReceiving = false
    /// How much of a body that nobody wants has come since its response.
    private var discardedCount = 0
    private var isProcessing = false
    private var isReading = false
    private var needsFlush = false
    private var isReadHeld = false
    /// Whether what has come waits until the client has read more of the responses before it.
    private var isHeldUp = false
    /// Whether the connection ends with this response, and whether it is about to be closed.
    private var closesAfterResponse = false
    private var isClosing = false
    private var isFlushed = false
    private var inputIsClosed = false

    private let output: HTTP1Output
    // How the response under way is written.
    private var isChunkedResponse = false
    /// Whether only the end of the connection tells where the response ends.
    private var endsWithConnection = false
    private var requestVersion = HTTPVersion.http11

    private var clock = ConnectionClock()

    init(_ loop: ServerLoop, peer: PeerName, watch: ConnectionGuard) {
        self.loop = loop
        self.peer = peer
        self.watch = watch
        parser = HTTP1RequestParser(loop.core.limits, scheme: loop.core.scheme)
        output = HTTP1Output(loop.allocator)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        output.open(context, isClear: loop.core.scheme == .http)
        // What is read when is for this handler to say. Asked at each read, the channel would ask all handlers in turn.
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        context.read()
        watch.leave()
        clock.awaitHead(.now() + loop.core.times.header)
        loop.watch(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        output.end()
        loop.unwatch(self)
        watch.end()
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        guard !isClosing else { return }
        var bytes = unwrapInboundIn(data)
        if input.readableBytes == 0 {
            input = bytes
        } else {
            var joined = input
            input = Self.noInput
            joined.writeBuffer(&bytes)
            input = joined
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        loop.takesTurn(self)
        if mayRead {
            context.read()
        } else {
            isReadHeld = true
            // It is not the client that takes its time.
            if isReceiving { clock.stop() }
        }
    }

    /// Takes what has come, until a request has to wait for its turn.
    private func process() {
        guard !isProcessing else { return }
        isProcessing = true
        defer { isProcessing = false }
        while !isClosing {
            // While a request is answered that has come as a whole, the next one waits.
            if exchange != nil, !isReceiving { break }
            if exchange == nil, owesMuch {
                isHeldUp = true
                break
            }
            let part: HTTP1RequestParser.Part?
            do throws(Refusal) {
                part = try nextPart()
            } catch {
                refuse(error)
                break
            }
            switch consume part {
            case .head(let head, let persists)?: begin(head, persists: persists)
            case .body(let bytes)?: receive(bytes)
            case .end(let trailers)?: receiveEnd(trailers)
            case nil:
                if inputIsClosed {
                    inputEnded()
                } else if input.readableBytes == 0 {
                    // Whoever has read it may use its memory again.
                    input = Self.noInput
                } else if clock.awaitsRequest {
                    // Once it has begun, it must come in its time.
                    clock.awaitHead(.now() + loop.core.times.header)
                }
                return
            }
        }
    }

    /// Whether so much is still to be sent that no other request is to begin: whoever sends requests and reads nothing gets no
    /// more than that kept.
    private var owesMuch: Bool {
        if !isWritable { return true }
        return output.waitingCount > Self.mostOwed
    }

    private static let mostOwed = 64 << 10

    /// To be called when more was sent.
    private func goOn() {
        guard isHeldUp, !owesMuch else { return }
        isHeldUp = false
        process()
        readMore()
    }

    /// What comes next of a request. The parser works on a copy of what has come, which shares its memory.
    private func nextPart() throws(Refusal) -> HTTP1RequestParser.Part? {
        var parser = self.parser
        var input = self.input
        // Only the end of a body may be there without anything more having come.
        if input.readableBytes == 0, !isReceiving { return nil }
        defer {
            self.parser = parser
            self.input = input
        }
        return try parser.next(&input)
    }

    private static let noInput = ByteBuffer()

    private func begin(_ head: consuming RequestHead, persists: Bool) {
        let hasBody = head.hasBody
        requestVersion = head.version
        let exchange = Exchange(head, on: loop, writer: self, peer: peer)
        closesAfterResponse = !persists || loop.core.isDraining
        isReceiving = hasBody
        discardedCount = 0
        clock.stop()
        // Who waits for a leave to go on is not late.
        if isReceiving, !exchange.withholdsContinue { clock.awaitBody(.now(), loop.core) }
        self.exchange = exchange
        exchange.begin()
    }

    private func receive(_ bytes: ByteBuffer) {
        clock.receivedBody(bytes.readableBytes, at: .now(), isHeld: isReadHeld, loop.core)
        if let exchange, exchange.isReading {
            exchange.receive(bytes)
        } else {
            discardedCount += bytes.readableBytes
            // The rest of a body that nobody wants is cheaper to read than a connection is to make, up to a point.
            if exchange == nil, discardedCount > Self.discardLimit { close() }
        }
    }

    private static let discardLimit = 256 << 10

    private func receiveEnd(_ trailers: HTTPMessageFields?) {
        isReceiving = false
        clock.stop()
        if let exchange {
            exchange.receiveEnd(trailers)
        } else {
            requestEnded()
        }
    }

    /// Request and response are over.
    private func requestEnded() {
        if closesAfterResponse { return close() }
        clock.awaitRequest(.now() + loop.core.times.idle)
        if needsFlush, !isReading { flushNow() }
    }

    /// Answers what is no request, and ends the connection: nobody knows where the next request would begin.
    private func refuse(_ refusal: Refusal) {
        if refusal.status != 408 {
            loop.core.metrics.countMalformed()
            loop.core.metrics.count(ConnectionEnd(.http1, .malformed))
        }
        loop.core.log.refused(peer, refusal)
        if let exchange {
            // In the middle of a body.
            closesAfterResponse = true
            return exchange.spoil(refusal)
        }
        // In the middle of a body that nobody wanted: its response has been sent.
        if isReceiving { return close(lingers: true) }
        closesAfterResponse = true
        var fields: HTTPMessageFields = ["content-type": "text/plain; charset=utf-8", "connection": "close"]
        if refusal.status == 503 { fields.append("retry-after", "1") }
        let text = "\(refusal.status) \(StatusText.of(refusal.status))\n"
        writeHead(status: refusal.status, fields, .length(UInt64(text.utf8.count)))
        output.put { $0.writeString(text) }
        loop.core.metrics.countResponse(status: refusal.status, sent: 0, received: 0, duration: .zero)
        close(lingers: true)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The connection itself has failed.
        if !isClosing { context.close(promise: nil) }
    }

    // MARK: - The connection

    func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        lose()
        context.fireChannelInactive()
    }

    private func lose() {
        let exchange = self.exchange
        self.exchange = nil
        input = Self.noInput
        clock.stop()
        exchange?.connectionLost()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            closesAfterResponse = true
            // A request may be on its way already.
            if clock.awaitsRequest { clock.awaitRequest(.now() + ConnectionGuard.lastChance) }
        case is CutEvent: if exchange != nil { cut() }
        case let event as ChannelEvent where event == .inputClosed:
            inputIsClosed = true
            if isClosing {
                if isFlushed { context.close(promise: nil) }
                return
            }
            if !isReading { process() }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// There will be no more than what has been dealt with.
    private func inputEnded() {
        if exchange != nil {
            guard isReceiving else { return }
            // The rest of the body will not come.
            lose()
        }
        close()
    }

    private var mayRead: Bool {
        guard let exchange else { return !isHeldUp }
        if isReceiving { return exchange.wantsMore }
        // A client that sends requests ahead is read again once they were answered. One that sends nothing ahead is
        // read meanwhile, so that its leaving is noticed.
        return input.readableBytes == 0
    }

    func readMore() {
        guard isReadHeld, mayRead, let context else { return }
        isReadHeld = false
        if isReceiving { clock.awaitBody(.now(), loop.core) }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            // At the end everything has to be sent in time, not only enough.
            if !isClosing { clock.wrote() }
            exchange?.writabilityChanged()
            goOn()
        } else {
            clock.awaitRoom(.now() + loop.core.times.write)
        }
        context.fireChannelWritabilityChanged()
    }

    /// Closes the connection when everything was sent: a channel that is closed forgets what the system has not taken
    /// yet. The other end is given a moment to read it: closed at once, a connection on which more has come is reset, and
    /// what was sent is lost.
    private func close(lingers: Bool = false) {
        guard !isClosing, context != nil else { return }
        isClosing = true
        let lingers = lingers || isReceiving || input.readableBytes > 0 || isReading || loop.core.isDraining
        input = Self.noInput
        needsFlush = false
        clock.stop()
        clock.awaitRoom(.now() + loop.core.times.write)
        output.flush { self.flushed(lingers: lingers) }
    }

    private func flushed(lingers: Bool) {
        isFlushed = true
        clock.wrote()
        guard let context else { return }
        if lingers, !inputIsClosed {
            clock.awaitHead(.now() + .seconds(2))
            context.close(mode: .output, promise: nil)
        } else {
            context.close(promise: nil)
        }
    }
}

// MARK: - Turns

extension HTTP1Connection: TurnTaker {
    /// Deals with what was read. What there is to send is sent by `endTurn`.
    func takeTurn() {
        process()
        loop.guests.connectionWasHeard()
    }

    func endTurn() {
        isReading = false
        if needsFlush { flushNow() }
        goOn()
    }
}

// MARK: - Responses

extension HTTP1Connection: ResponseWriter {
    var isWritable: Bool { output.isWritable }

    func takes(_ fields: HTTPMessageFields) -> Bool { true }

    func writeInformational(status: UInt16, _ fields: HTTPMessageFields) {
        let head = HTTP1Head(status: status, fields)
        output.put { head.write(to: &$0) }
        if status == 100, isReceiving { clock.awaitBody(.now(), loop.core) }
    }

    func writeHead(status: UInt16, _ fields: HTTPMessageFields, _ framing: ResponseFraming) {
        isChunkedResponse = false
        endsWithConnection = false
        var head = HTTP1Head(status: status, fields)
        switch framing {
        case .none: break
        case .length(let length): if !fields.contains("content-length") { head.contentLength = length }
        case .open:
            if requestVersion == .http10 {
                closesAfterResponse = true
                endsWithConnection = true
            } else {
                isChunkedResponse = true
                head.isChunked = true
            }
        }
        // A body that got no leave may come or not; only the end of the connection makes that clear.
        if exchange?.withholdsContinue ?? false { closesAfterResponse = true }
        if closesAfterResponse || loop.core.isDraining {
            closesAfterResponse = true
            if !fields.contains("connection") { head.connection = "close" }
        } else if fields.contains("connection") {
            closesAfterResponse = true
        } else if requestVersion == .http10 {
            head.connection = "keep-alive"
        }
        if !fields.contains("date") { head.date = loop.dateText() }
        output.put { head.write(to: &$0) }
    }

    func writeBody(_ bytes: ByteBuffer) { output.put(bytes, asChunk: isChunkedResponse) }

    func writeBody(_ count: Int, of body: HTTPBody) { output.put { $0.write(count, of: body) } }

    func writeEnd(_ trailers: HTTPMessageFields?) {
        if isChunkedResponse { output.put { HTTP1Head.writeEnd(trailers, to: &$0) } }
        exchange = nil
        flush()
        if isReceiving {
            discardedCount = 0
            if closesAfterResponse {
                close()
            } else {
                awaitRest()
                readMore()
            }
        } else {
            requestEnded()
        }
        process()
        readMore()
    }

    /// The rest of the body must come, whether anybody wants it or not.
    private func awaitRest() {
        clock.awaitBody(.now(), loop.core)
        if !clock.awaitsAnything { clock.awaitRest(.now() + loop.core.times.idle) }
    }

    func flush() {
        if isReading {
            needsFlush = true
        } else {
            flushNow()
        }
    }

    /// Gives everything that was written to the system.
    private func flushNow() {
        needsFlush = false
        output.flush()
    }

    func abort() {
        exchange = nil
        flushNow()
        cut()
    }

    /// Ends the connection in the midst of a response.
    private func cut() {
        isClosing = true
        guard let context else { return }
        guard endsWithConnection else { return context.close(promise: nil) }
        // What has come so far would be all of it, if the end were in good order: neither TLS nor the system may say so.
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        let encryption = try? context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
        (encryption ?? context).close(promise: nil)
    }
}

// MARK: - Time

extension HTTP1Connection: Watched {
    func look(at now: NIODeadline) {
        guard let context, let expired = clock.expired(at: now) else { return }
        let metrics = loop.core.metrics
        switch expired {
        case .head where !isClosing:
            metrics.count(ConnectionEnd(.http1, .slowHead))
            refuse(Refusal(408, "head too slow"))
        case .body where exchange != nil:
            clock.stop()
            metrics.count(ConnectionEnd(.http1, .slowBody))
            refuse(Refusal(408, "body too slow"))
        case .request:
            // At the end of the server nobody is given the time.
            if !loop.core.isDraining { metrics.count(ConnectionEnd(.http1, .idle)) }
            close()
        default:
            if case .room = expired {
                metrics.count(ConnectionEnd(.http1, .slowReader))
                loop.core.log.refused(peer, "its response was not read in time")
            }
            if exchange != nil { return cut() }
            isClosing = true
            context.close(promise: nil)
        }
    }
}
