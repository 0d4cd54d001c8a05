// A connection of HTTP/1.1 (RFC 9112): one request after another, none before the one before it was answered.
//
// SwiftNIO parses responses. What could be understood in two ways, and so be made to end somewhere else than we think, is
// refused behind it: more than one length, a length beside a transfer coding, codings that are none of ours.

import NIOCore
import NIOHTTP1
import WASIHTTP

/// The last handler of a connection.
// Proof of Sendable: used on the channel's event loop only.
final class HTTP1ClientConnection: ChannelDuplexHandler, @unchecked Sendable {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPClientRequestPart

    let channel: any Channel
    /// Who makes the requests for us, where it is not the other end itself.
    private let proxy: ProxyAddress?
    private let limits: HTTPClientLimits
    private(set) var context: ChannelHandlerContext?
    private(set) var request: ClientRequest?
    private var servedCount = 0
    private var keepsAlive = true
    private var hasHead = false
    var isReadHeld = false
    /// How long the other end keeps a connection without a request, if it says so.
    private var announcedIdleTime: TimeAmount?
    /// When the connection is to be closed, while it is idle.
    var idleDeadline = NIODeadline.now()

    /// Called when the connection has no request any more. It is in good order if the argument says so, and is closed or
    /// about to be otherwise.
    var onFree: ((HTTP1ClientConnection, _ isUsable: Bool) -> Void)?

    private init(_ channel: any Channel, _ limits: HTTPClientLimits, _ proxy: ProxyAddress?) {
        self.channel = channel
        self.limits = limits
        self.proxy = proxy
    }

    static func make(
        on channel: any Channel, _ limits: HTTPClientLimits, _ proxy: ProxyAddress?
    ) throws -> HTTP1ClientConnection {
        var configuration = HTTPRequestEncoder.Configuration()
        configuration.automaticallySetFramingHeaders = false
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.headerBytes
        decoding.maxHeaderListSize = limits.headerBytes
        decoding.maxHeaderFieldCount = limits.headerCount
        let decoder = HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoding)
        let connection = HTTP1ClientConnection(channel, limits, proxy)
        let operations = channel.pipeline.syncOperations
        try operations.addHandler(HTTPRequestEncoder(configuration: configuration))
        try operations.addHandler(ByteToMessageHandler(decoder))
        try operations.addHandler(connection)
        return connection
    }

    /// Whether a request can be made now.
    var isFree: Bool { request == nil && keepsAlive && channel.isActive }

    /// Carries out a request. The connection must be free.
    func begin(_ request: ClientRequest) {
        self.request = request
        hasHead = false
        servedCount += 1
        request.begin(on: self, isReused: servedCount > 1)
    }

    func close() {
        keepsAlive = false
        channel.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    // MARK: - The response

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let request else {
            // Nobody asked.
            return close()
        }
        switch unwrapInboundIn(data) {
        case .head(let head):
            do throws(HTTPErrorCode) {
                try begin(head, request)
            } catch {
                fail(error)
            }
        case .body(let bytes): request.receive(bytes)
        case .end(let trailers): end(trailers, request)
        }
    }

    private func begin(_ head: HTTPResponseHead, _ request: ClientRequest) throws(HTTPErrorCode) {
        let check = try ResponseFraming(head, of: request.request.method)
        let fields = HTTPMessageFields(head.headers.map { HTTPMessageField($0.name, $0.value) })
        try limits.check(responseHeaders: fields)
        hasHead = true
        if !head.isKeepAlive || check.isEndedByClose { keepsAlive = false }
        announcedIdleTime = Self.announcedIdleTime(head)
        request.receive(status: UInt16(clamping: head.status.code), fields, length: check.length, hasBody: check.hasBody)
    }

    /// `keep-alive: timeout=5`, and a second less, for it counts from when the response was sent.
    private static func announcedIdleTime(_ head: HTTPResponseHead) -> TimeAmount? {
        guard let value = head.headers.first(name: "keep-alive"), let start = value.firstRange(of: "timeout=") else {
            return nil
        }
        let digits = value[start.upperBound...].prefix { $0.isASCII && $0.isNumber }
        return Int64(digits).map { .seconds(max(0, min($0, 3600) - 1)) }
    }

    private func end(_ trailers: HTTPHeaders?, _ request: ClientRequest) {
        let trailers = trailers.map { HTTPMessageFields($0.map { HTTPMessageField($0.name, $0.value) }) }
        do throws(HTTPErrorCode) {
            if let trailers { try limits.check(responseTrailers: trailers) }
        } catch {
            return fail(error)
        }
        self.request = nil
        isReadHeld = false
        let isUsable = keepsAlive && request.isSent && channel.isActive
        request.receiveEnd(trailers)
        if !isUsable { close() }
        onFree?(self, isUsable)
    }

    // MARK: - The channel

    func channelInactive(context: ChannelHandlerContext) {
        fail(hasHead ? .httpResponseIncomplete : .connectionTerminated, mayRetry: !hasHead)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let code = HTTPErrorCode(connection: error, hasHead: hasHead)
        fail(code, mayRetry: !hasHead && code == .connectionTerminated)
    }

    private func fail(_ error: HTTPErrorCode, mayRetry: Bool = false) {
        let request = self.request
        self.request = nil
        close()
        onFree?(self, false)
        request?.fail(error, mayRetry: mayRetry)
    }

    /// Until when the connection may be kept without a request.
    func idleLimit(_ limit: TimeAmount) -> TimeAmount { min(limit, announcedIdleTime ?? limit) }
}

// MARK: - The request

extension HTTP1ClientConnection: RequestCarrier {
    var isWritable: Bool { channel.isActive && channel.isWritable }
    var isFramedByItself: Bool { false }
    var canReadAway: Bool { keepsAlive }

    func writeHead(_ request: OutgoingHTTPRequest, _ framing: RequestFraming) {
        var fields = HTTPHeaders()
        fields.reserveCapacity(request.headers.count + 3)
        fields.add(name: "host", value: request.authority)
        for field in request.headers.list where !RequestFields.isConnection(field) {
            fields.add(name: field.name, value: RequestFields.value(field))
        }
        switch framing {
        case .none: break
        case .length(let length): fields.add(name: "content-length", value: "\(length)")
        case .open: fields.add(name: "transfer-encoding", value: "chunked")
        }
        if let authorization = proxy?.authorization { fields.add(name: "proxy-authorization", value: authorization) }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method.name), uri: target(of: request), headers: fields)
        write(.head(head))
    }

    /// The path; to a proxy, the whole URI (RFC 9112, section 3.2).
    private func target(of request: OutgoingHTTPRequest) -> String {
        if proxy == nil { return request.pathWithQuery }
        let path = request.pathWithQuery == "*" ? "" : request.pathWithQuery
        return "http://\(request.authority)\(path)"
    }

    func writeBody(_ bytes: ByteBuffer) {
        write(.body(.byteBuffer(bytes)))
    }

    func writeEnd(_ trailers: HTTPMessageFields?) {
        var fields: HTTPHeaders?
        if let trailers, !trailers.isEmpty { fields = HTTPHeaders(trailers.list.map { ($0.name, RequestFields.value($0)) }) }
        write(.end(fields))
        flush()
    }

    private func write(_ part: HTTPClientRequestPart) {
        context?.write(wrapOutboundOut(part), promise: nil)
    }

    func flush() { context?.flush() }

    func suspect() { keepsAlive = false }

    func abandon() {
        request = nil
        close()
        onFree?(self, false)
    }
}
