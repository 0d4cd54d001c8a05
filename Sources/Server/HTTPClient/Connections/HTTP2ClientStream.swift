// A stream of HTTP/2: one request and its response (RFC 9113, section 8.1).

import HTTPTransport
import NIOCore
import NIOHPACK
import NIOHTTP2
import WASIHTTP

/// The only handler of a stream.
// Proof of Sendable: used on the channel's event loop only.
final class HTTP2ClientStream: ChannelDuplexHandler, @unchecked Sendable {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = Never
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let channel: any Channel
    private let connection: HTTP2ClientConnection
    private let isReused: Bool
    private(set) var context: ChannelHandlerContext?
    private(set) var request: ClientRequest?
    private var hasBegun = false
    private var hasHead = false
    private var hasEnded = false
    private var hasBody = false
    var isReadHeld = false
    private var fault: (any Error)?
    private var frames = OutgoingFrames()

    init(_ request: ClientRequest, on channel: any Channel, of connection: HTTP2ClientConnection, isReused: Bool) {
        self.request = request
        self.channel = channel
        self.connection = connection
        self.isReused = isReused
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.streamBegan(self)
        if context.channel.isActive { begin() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        request = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        begin()
    }

    private func begin() {
        guard !hasBegun, let request else { return }
        hasBegun = true
        request.begin(on: self, isReused: isReused)
    }

    // MARK: - The response

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.heard()
        guard let request else { return }
        switch unwrapInboundIn(data) {
        case .headers(let frame) where !hasHead: receive(frame, request)
        case .headers(let frame):
            // Trailers; whether they are the end was checked below us.
            end(frame.headers, request)
        case .data(let frame):
            guard hasHead else { return fail(.httpProtocolError) }
            if case .byteBuffer(let bytes) = frame.data, bytes.readableBytes > 0 {
                guard hasBody else { return fail(.httpProtocolError) }
                request.receive(bytes)
            }
            if frame.endStream, self.request != nil { end(nil, request) }
        default: break
        }
    }

    private func receive(_ frame: HTTP2Frame.FramePayload.Headers, _ request: ClientRequest) {
        guard let text = frame.headers.first(name: ":status"), text.utf8.count == 3, let status = UInt16(text), status >= 100
        else { return fail(.httpProtocolError) }
        if status < 200 {
            // There is no upgrade here (section 8.6), and an answer that is none is not the last word.
            if status == 101 { return fail(.httpUpgradeFailed) }
            if frame.endStream { fail(.httpProtocolError) }
            return
        }
        let fields = HTTPMessageFields(Self.fields(frame.headers))
        let framing: ResponseFraming
        do throws(HTTPErrorCode) {
            try connection.limits.check(responseHeaders: fields)
            framing = try ResponseFraming(http2: status, fields, isEnded: frame.endStream, of: request.request.method)
        } catch {
            return fail(error)
        }
        hasHead = true
        hasBody = framing.hasBody
        request.receive(status: status, fields, length: framing.length, hasBody: framing.hasBody)
        if frame.endStream, self.request != nil { end(nil, request) }
    }

    private static func fields(_ block: HPACKHeaders) -> [HTTPMessageField] {
        block.lazy.filter { !$0.name.hasPrefix(":") }.map { HTTPMessageField($0.name, $0.value) }
    }

    private func end(_ block: HPACKHeaders?, _ request: ClientRequest) {
        let trailers = block.map { HTTPMessageFields(Self.fields($0)) }
        do throws(HTTPErrorCode) {
            if let trailers { try connection.limits.check(responseTrailers: trailers) }
        } catch {
            return fail(error)
        }
        self.request = nil
        let isSent = request.isSent
        request.receiveEnd(trailers)
        // The other end needs no more of the request, and we send none.
        if !isSent { reset(.cancel) }
    }

    // MARK: - The channel

    func channelInactive(context: ChannelHandlerContext) {
        let error = fault ?? connection.fault
        var code = hasHead ? HTTPErrorCode.httpResponseIncomplete : .connectionTerminated
        if let error { code = HTTPErrorCode(connection: error, hasHead: hasHead) }
        // The other end says that it has not looked at the request at all (section 8.7).
        let isRefused = (fault as? NIOHTTP2Errors.StreamClosed)?.errorCode == .refusedStream
        let request = self.request
        self.request = nil
        streamEnded()
        request?.fail(code, mayRetry: !hasHead && code == .connectionTerminated, isRefused: isRefused)
        context.fireChannelInactive()
    }

    private func streamEnded() {
        guard !hasEnded else { return }
        hasEnded = true
        connection.streamEnded(self)
    }

    /// The other end looks at no stream after `last` (section 6.8).
    func disown(after last: HTTP2StreamID) {
        let number = try? channel.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID)
        if let number, number <= last { return }
        guard !hasHead, let request else { return }
        self.request = nil
        request.fail(.connectionTerminated, mayRetry: true, isRefused: true)
        // A stream that has a number is closed below us.
        if number == nil { context?.close(promise: nil) }
    }

    /// The connection leads nowhere any more.
    func lost(_ error: HTTPErrorCode) {
        let request = self.request
        self.request = nil
        streamEnded()
        request?.fail(error, mayRetry: !hasHead)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if fault == nil { fault = error }
        context.close(promise: nil)
    }

    private func fail(_ error: HTTPErrorCode) {
        let request = self.request
        self.request = nil
        reset(.protocolError)
        request?.fail(error)
    }
}

// MARK: - The request

extension HTTP2ClientStream: RequestCarrier {
    var isWritable: Bool { channel.isActive && channel.isWritable }
    var isFramedByItself: Bool { true }
    var canReadAway: Bool { false }

    func writeHead(_ request: OutgoingHTTPRequest, _ framing: RequestFraming) throws(HTTPErrorCode) {
        var block = HPACKHeaders()
        block.reserveCapacity(request.headers.count + 5)
        block.add(name: ":method", value: request.method.name)
        block.add(name: ":scheme", value: request.scheme.name)
        block.add(name: ":authority", value: request.authority)
        block.add(name: ":path", value: request.pathWithQuery)
        for field in request.headers.list where !RequestFields.isConnection(field) {
            block.add(name: field.name.lowercased(), value: RequestFields.value(field))
        }
        if case .length(let length) = framing { block.add(name: "content-length", value: "\(length)") }
        if let size = connection.excess(of: block) { throw .httpRequestHeaderSectionSize(size) }
        write(frames.append(block))
    }

    func writeBody(_ bytes: ByteBuffer) {
        write(frames.append(bytes))
    }

    func writeEnd(_ trailers: HTTPMessageFields?) throws(HTTPErrorCode) {
        var block: HPACKHeaders?
        if let trailers, !trailers.isEmpty {
            let fields = HPACKHeaders(trailers.list.map { ($0.name.lowercased(), RequestFields.value($0)) })
            if let size = connection.excess(of: fields) { throw .httpRequestTrailerSectionSize(size) }
            block = fields
        }
        write(frames.end(trailers: block))
        flush()
    }

    private func write(_ frame: HTTP2Frame.FramePayload?) {
        if let frame { context?.write(wrapOutboundOut(frame), promise: nil) }
    }

    func flush() {
        write(frames.take())
        context?.flush()
    }

    func suspect() { connection.doubt() }

    func abandon() {
        request = nil
        reset(.cancel)
    }

    private func reset(_ code: HTTP2ErrorCode) {
        let isKnown = frames.hasGiven
        frames.discard()
        guard let context else { return }
        // Of a stream on which nothing was sent the other end has not heard. To be closed is to be reset, by a code that says
        // less, and once is enough.
        if isKnown, code != .cancel {
            context.writeAndFlush(wrapOutboundOut(.rstStream(code)), promise: nil)
        } else {
            context.close(promise: nil)
        }
    }
}
