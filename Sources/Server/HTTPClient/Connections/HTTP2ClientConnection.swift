// A connection of HTTP/2 (RFC 9113): many requests at the same time, each a stream.

import NIOCore
import NIOHTTP2
import WASIHTTP

/// The last handler of a connection. It sees what concerns the connection as a whole; streams have channels of their own.
// Proof of Sendable: used on the channel's event loop only.
final class HTTP2ClientConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = HTTP2Frame

    let channel: any Channel
    private let streamMaximum: Int
    private var multiplexer: NIOHTTP2Handler.StreamMultiplexer?
    /// What the other end allows; until it has said so, what it should at least allow (section 6.5.2).
    private var allowedStreams = 100
    private(set) var streamCount = 0
    private var servedCount = 0
    private var isRetired = false
    /// What ended the connection, where more is known than that it ended.
    private(set) var fault: (any Error)?
    /// When the connection is to be closed, while it is idle.
    var idleDeadline = NIODeadline.now()

    /// Called when a stream has ended, when more streams are allowed than before, and when the connection has.
    var onChange: ((HTTP2ClientConnection) -> Void)?

    /// Bytes of a response that may be on their way to a guest, beside those in its body.
    private static let window = 256 << 10

    private init(_ channel: any Channel, streamMaximum: Int) {
        self.channel = channel
        self.streamMaximum = streamMaximum
    }

    static func make(on channel: any Channel, _ limits: HTTPClientLimits) throws -> HTTP2ClientConnection {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .enablePush, value: 0),
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 0),
            HTTP2Setting(parameter: .initialWindowSize, value: window),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.headerBytes),
        ]
        // Responses that nobody reads must not take all of the connection's window.
        connection.targetWindowSize = 32 << 20
        connection.maximumBufferedControlFrames = 1000
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = window
        stream.outboundBufferSizeHighWatermark = 128 << 10
        stream.outboundBufferSizeLowWatermark = 64 << 10
        let handler = HTTP2ClientConnection(channel, streamMaximum: limits.streamsPerConnection)
        let operations = channel.pipeline.syncOperations
        handler.multiplexer = try operations.configureHTTP2Pipeline(
            mode: .client, connectionConfiguration: connection, streamConfiguration: stream
        ) { channel in
            // Servers begin no streams: pushing is switched off.
            channel.close()
        }
        try operations.addHandler(handler)
        return handler
    }

    /// Whether requests can be made at all.
    var isUsable: Bool { !isRetired && channel.isActive }

    /// Whether another request can be made now.
    var hasRoom: Bool {
        !isRetired && channel.isActive && streamCount < min(allowedStreams, streamMaximum)
    }

    /// Carries out a request. There must be room.
    func begin(_ request: ClientRequest) {
        guard let multiplexer else { return request.fail(.connectionTerminated, mayRetry: true) }
        request.assigned()
        streamCount += 1
        servedCount += 1
        let isReused = servedCount > 1
        let promise = channel.eventLoop.makePromise(of: (any Channel).self)
        multiplexer.createStreamChannel(promise: promise) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    HTTP2ClientStream(request, on: channel, of: self, isReused: isReused))
            }
        }
        promise.futureResult.assumeIsolated().whenFailure { _ in
            self.streamEnded()
            request.fail(.connectionTerminated, mayRetry: true)
        }
    }

    func streamEnded() {
        streamCount -= 1
        if isRetired, streamCount == 0 { close() }
        onChange?(self)
    }

    /// Makes no more requests here; the connection is closed when those under way are over.
    func retire() {
        isRetired = true
        if streamCount == 0 { close() }
        onChange?(self)
    }

    func close() {
        isRetired = true
        channel.close(promise: nil)
    }

    // MARK: - The channel

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data).payload {
        case .settings(.settings(let settings)):
            for setting in settings where setting.parameter == .maxConcurrentStreams { allowedStreams = setting.value }
            onChange?(self)
        case .goAway: retire()
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isRetired = true
        onChange?(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A fault of one stream is told to that stream too, and is no reason to end the others.
        if error is NIOHTTP2Errors.StreamError { return }
        if fault == nil { fault = error }
        context.close(promise: nil)
    }
}
