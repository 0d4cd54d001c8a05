// A stream of HTTP/2: one request and its response (RFC 9113, section 8.1).

import HTTPTransport
import NIOCore
import NIOHPACK
import NIOHTTP2
import WASIHTTP

/// A stream that a client has opened. Its connection has it until the library says that it is closed.
final class HTTP2Stream {
    let id: HTTP2StreamID
    private let connection: HTTP2Connection
    private var exchange: Exchange?
    private var isReceiving: Bool
    /// How much of the body is still to come, if that is known.
    private var restOfBody: UInt64?
    /// Whether nothing is added to the response any more.
    private var isOver = false
    /// Whether all of it was sent.
    private var isSent = false
    private var isClosed = false
    /// Whether the library was asked to close it, which is once: it knows no stream of that number then.
    private var isReset = false
    /// How much of the body has come since all of the response was sent.
    private var discardedCount = 0
    private var clock = ConnectionClock()

    // How much may come now, and how much when the client is told that it may send more.
    private var window = HTTP2Stream.window
    private var widest = HTTP2Stream.window
    /// Whether the client is about to be told that it may send more.
    private var isMakingRoom = false
    /// Whether the client was not told that it may send more, for there was enough.
    private var isReadHeld = false

    // How much waits to be sent.
    private var frames = OutgoingFrames()
    private var waitingCount = 0
    private var isFull = false

    /// What a client may send ahead, as it knows without being told.
    static let window = 65_535
    /// The response is not asked for more while so much of it waits, until it is only half of that.
    private static let room = 64 << 10
    /// How much of a body that nobody wants may still come before its client is told to stop.
    private static let discardLimit = 256 << 10

    private var loop: ServerLoop { connection.loop }

    init(_ id: HTTP2StreamID, of connection: HTTP2Connection, endsStream: Bool) {
        self.id = id
        self.connection = connection
        isReceiving = !endsStream
    }

    convenience init(_ id: HTTP2StreamID, of connection: HTTP2Connection, endsStream: Bool, requesting head: RequestHead) {
        self.init(id, of: connection, endsStream: endsStream)
        restOfBody = head.contentLength
        if isReceiving, !head.expectsContinue { clock.awaitBody(.now(), loop.core) }
        exchange = Exchange(head, on: loop, writer: self, peer: connection.peer)
    }

    // MARK: - The request

    /// Lets a guest answer, if that is wanted still.
    func begin() { exchange?.begin() }

    /// Takes a part of the body. Answers whether it is not more than was announced.
    func receive(_ bytes: ByteBuffer) -> Bool {
        let count = bytes.readableBytes
        if count == 0 { return true }
        if let length = restOfBody {
            guard UInt64(count) <= length else { return false }
            restOfBody = length - UInt64(count)
        }
        clock.receivedBody(count, at: .now(), isHeld: isReadHeld, loop.core)
        exchange?.receive(bytes)
        if isSent {
            discardedCount += count
            if discardedCount > Self.discardLimit { reset(.noError) }
        }
        return true
    }

    /// Takes the end. Answers whether the body is not less than was announced.
    func receiveEnd(_ trailers: HTTPMessageFields?) -> Bool {
        guard (restOfBody ?? 0) == 0 else { return false }
        isReceiving = false
        clock.stop()
        exchange?.receiveEnd(trailers)
        return true
    }

    /// The client may send so much now, which is less than before.
    func windowChanged(to size: Int) {
        window = size
        guard needsRoom else { return }
        guard exchange?.wantsMore ?? true else {
            // It is not the client that takes its time.
            isReadHeld = true
            clock.stop()
            return
        }
        // A guest that has read as much as that is not who the client waits for.
        if let exchange, exchange.takenCount >= widest { widest += connection.lendWindow(widest) }
        makeRoom()
    }

    private var needsRoom: Bool { isReceiving && !isClosed && !isReset && !isMakingRoom && window <= widest / 2 }

    private func makeRoom() {
        guard needsRoom else { return }
        let increment = widest - window
        window = widest
        // Until the library has sent it, it counts for nothing there, and would be asked for again.
        isMakingRoom = true
        connection.write(.windowUpdate(windowSizeIncrement: increment), on: id)
        connection.needsFlush()
    }

    /// The library has told the client.
    func madeRoom() { isMakingRoom = false }

    /// Answers a request that is none.
    func refuse(_ refusal: Refusal) {
        loop.core.metrics.countMalformed()
        loop.core.metrics.countResponse(status: refusal.status, sent: 0, received: 0, duration: .zero)
        loop.core.log.refused(connection.peer, refusal)
        let text = "\(refusal.status) \(StatusText.of(refusal.status))\n"
        writeHead(
            status: refusal.status, ["content-type": "text/plain; charset=utf-8"], .length(UInt64(text.utf8.count)))
        writeBody(ByteBuffer(string: text))
        writeEnd(nil)
    }

    // MARK: - What the connection says

    /// The library has closed it, or the connection is gone.
    func closed() {
        isClosed = true
        isOver = true
        connection.returnWindow(widest - Self.window)
        widest = Self.window
        frames.discard()
        let exchange = self.exchange
        self.exchange = nil
        exchange?.connectionLost()
    }

    /// Something of it could not be sent.
    func fail() {
        let exchange = self.exchange
        self.exchange = nil
        isOver = true
        exchange?.connectionLost()
        reset(.internalError)
    }

    /// The library has sent so much of a body. Answers whether `attend` is to be called, which is not now.
    func wrote(_ count: Int, ends: Bool) -> Bool {
        waitingCount -= count
        if ends {
            isSent = true
            if isReceiving { return true }
        }
        guard isFull, waitingCount < Self.room / 2 else { return false }
        isFull = false
        return true
    }

    /// Does what is to be done when something was sent.
    func attend() {
        if isSent {
            // Nobody needs the rest of the request. A client may be told to stop (RFC 9113, section 8.1), but some forget a response
            // that they were sent before that, curl 7.88 for one. What is not long is heard out.
            if isReceiving {
                clock.wrote()
                clock.awaitRest(.now() + loop.core.times.bodyGrace)
                makeRoom()
            }
        } else if isWritable {
            becameWritable()
        }
    }

    func connectionWritabilityChanged() {
        if isFull { return }
        if connection.isWritable {
            becameWritable()
        } else {
            clock.awaitRoom(.now() + loop.core.times.write)
        }
    }

    private func becameWritable() {
        // At the end everything has to be sent in time, not only enough.
        if !isOver { clock.wrote() }
        exchange?.writabilityChanged()
    }

    func look(at now: NIODeadline) {
        guard let expired = clock.expired(at: now) else { return }
        clock.stop()
        clock.wrote()
        if case .rest = expired { return reset(.noError) }
        if case .body = expired, let exchange {
            loop.core.log.refused(connection.peer, "408: body too slow")
            exchange.spoil(Refusal(408, "body too slow"))
        } else {
            let exchange = self.exchange
            self.exchange = nil
            isOver = true
            loop.core.log.refused(connection.peer, "its response was not read in time")
            exchange?.connectionLost(.connectionWriteTimeout)
            reset(.cancel)
        }
    }
}

// MARK: - The response

extension HTTP2Stream: ResponseWriter {
    var isWritable: Bool { !isOver && !isFull && connection.isWritable }

    func takes(_ fields: HTTPMessageFields) -> Bool {
        fields.size <= HPACKHeaders.sizeThatFits || HPACKHeaders(trailers: fields).mayFitFrame
    }

    func writeInformational(status: UInt16, _ fields: HTTPMessageFields) {
        write(frames.append(HPACKHeaders(status: status, fields)))
        if status == 100, isReceiving { clock.awaitBody(.now(), loop.core) }
    }

    func writeHead(status: UInt16, _ fields: HTTPMessageFields, _ framing: ResponseFraming) {
        var block = HPACKHeaders(status: status, fields)
        if !fields.contains("date") { block.add(name: "date", value: loop.dateText()) }
        if case .length(let length) = framing, !fields.contains("content-length") {
            block.add(name: "content-length", value: String(length))
        }
        write(frames.append(block))
    }

    func writeBody(_ bytes: ByteBuffer) {
        connection.streamSent(bytes.readableBytes)
        waitingCount += bytes.readableBytes
        if !isFull, waitingCount > Self.room {
            isFull = true
            clock.awaitRoom(.now() + loop.core.times.write)
        }
        write(frames.append(bytes))
    }

    func writeBody(_ count: Int, of body: HTTPBody) {
        var bytes = loop.takeBuffer(capacity: count)
        bytes.write(count, of: body)
        writeBody(bytes)
        loop.giveBack(bytes)
    }

    func writeEnd(_ trailers: HTTPMessageFields?) {
        exchange = nil
        isOver = true
        // The stream closes when the last of it was sent, for which the other end must make room.
        clock.stop()
        clock.awaitRoom(.now() + loop.core.times.write)
        write(frames.end(trailers: trailers.flatMap { $0.isEmpty ? nil : HPACKHeaders(trailers: $0) }))
        flush()
    }

    private func write(_ frame: HTTP2Frame.FramePayload?) {
        if let frame, !isClosed { connection.write(frame, on: id) }
    }

    func flush() {
        write(frames.take())
        connection.needsFlush()
    }

    func abort() {
        exchange = nil
        isOver = true
        frames.discard()
        reset(.internalError)
    }

    private func reset(_ code: HTTP2ErrorCode) {
        guard !isClosed, !isReset else { return }
        isReset = true
        connection.write(.rstStream(code), on: id)
        connection.needsFlush()
    }

    func readMore() {
        guard isReadHeld, exchange?.wantsMore ?? true else { return }
        isReadHeld = false
        if isReceiving { clock.awaitBody(.now(), loop.core) }
        makeRoom()
    }
}

extension HPACKHeaders {
    /// The head of a response.
    fileprivate init(status: UInt16, _ fields: HTTPMessageFields) {
        self.init()
        reserveCapacity(fields.count + 3)
        add(name: ":status", value: status == 200 ? "200" : String(status))
        add(fields)
    }

    fileprivate init(trailers fields: HTTPMessageFields) {
        self.init()
        reserveCapacity(fields.count)
        add(fields)
    }

    private mutating func add(_ fields: HTTPMessageFields) {
        for field in fields.list {
            let isLowercase = field.name.utf8.allSatisfy { $0 < UInt8(ascii: "A") || $0 > UInt8(ascii: "Z") }
            let name = isLowercase ? field.name : field.name.lowercased()
            // What it says is said by the frames here. Others that belong to connections no guest can set.
            if name != "connection" { add(name: name, value: field.text) }
        }
    }
}
