// A connection of HTTP/2 (RFC 9113): many requests at the same time, each a stream.

import HTTPTransport
import NIOCore
import NIOHPACK
import NIOHTTP2
import WASIHTTP

/// The last handler of a connection. It sees what concerns the connection as a whole; streams have channels of their own.
// Proof of Sendable: used on the channel's event loop only.
final class HTTP2ClientConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    let channel: any Channel
    let limits: HTTPClientLimits
    private var context: ChannelHandlerContext?
    private var multiplexer: NIOHTTP2Handler.StreamMultiplexer?
    /// What the other end allows; until it has said so, what it should at least allow (section 6.5.2).
    private var allowedStreams = 100
    /// How large the fields of a request may be for the other end; nil if it has not said.
    private var allowedHeaderBytes: Int?
    private var heartbeat: Heartbeat
    private var timer: Scheduled<Void>?
    private var pingCount: UInt64 = 0
    /// Streams that have channels; those about to get one are counted only.
    private var streams: [ObjectIdentifier: HTTP2ClientStream] = [:]
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

    /// The numbers of streams come to an end (section 5.1.1), and this is before it.
    private static let mostRequests = 1 << 29

    private init(_ channel: any Channel, _ limits: HTTPClientLimits, _ times: ClientTimes) {
        self.channel = channel
        self.limits = limits
        heartbeat = Heartbeat(silence: times.silence, answer: times.ping, now: .now())
    }

    static func make(
        on channel: any Channel, _ limits: HTTPClientLimits, _ times: ClientTimes
    ) throws -> HTTP2ClientConnection {
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
        // As many as the fields may take, in frames of the usual size (section 6.10).
        connection.maximumSequentialContinuationFrames = limits.headerBytes / (16 << 10) + 1
        // Our own check tells too much from too little, and what came before from what did not.
        connection.contentLengthValidation = .disabled
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = window
        stream.outboundBufferSizeHighWatermark = 128 << 10
        stream.outboundBufferSizeLowWatermark = 64 << 10
        let handler = HTTP2ClientConnection(channel, limits, times)
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
        !isRetired && channel.isActive && streamCount < min(allowedStreams, limits.streamsPerConnection)
    }

    /// Carries out a request. There must be room.
    func begin(_ request: ClientRequest) {
        if heartbeat.step(at: .now()) == .giveUp { giveUp() }
        guard let multiplexer, isUsable else { return request.fail(.connectionTerminated, mayRetry: true) }
        request.assigned()
        streamCount += 1
        servedCount += 1
        if servedCount >= Self.mostRequests { isRetired = true }
        let isReused = servedCount > 1
        let promise = channel.eventLoop.makePromise(of: (any Channel).self)
        multiplexer.createStreamChannel(promise: promise) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    HTTP2ClientStream(request, on: channel, of: self, isReused: isReused))
            }
        }
        promise.futureResult.assumeIsolated().whenFailure { _ in
            self.streamEnded(nil)
            request.fail(.connectionTerminated, mayRetry: true)
        }
        doubt()
        if timer == nil { watch() }
    }

    func streamBegan(_ stream: HTTP2ClientStream) { streams[ObjectIdentifier(stream)] = stream }

    /// - Parameter stream: nil for one that came to nothing.
    func streamEnded(_ stream: HTTP2ClientStream?) {
        if let stream { streams[ObjectIdentifier(stream)] = nil }
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
        timer?.cancel()
        timer = nil
        channel.close(promise: nil)
    }

    /// The size of fields that are too large for the other end, as it counts them (section 6.5.2), or for a frame; nil if they are
    /// not.
    func excess(of block: HPACKHeaders) -> UInt32? {
        let size = block.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 32 }
        let fits = size <= HPACKHeaders.sizeThatFits || block.mayFitFrame
        return fits && size <= allowedHeaderBytes ?? size ? nil : UInt32(clamping: size)
    }

    // MARK: - Whether the other end is there

    /// Something has come that is no answer to a question of ours.
    func heard() { heartbeat.heard(at: .now()) }

    /// Asks the other end whether it is there, unless it has said something just now.
    func doubt() {
        if heartbeat.asks(at: .now()) { ask() }
    }

    private func ask() {
        guard let context else { return }
        pingCount &+= 1
        heartbeat.asked(at: .now())
        let frame = HTTP2Frame(
            streamID: .rootStream, payload: .ping(HTTP2PingData(withInteger: pingCount), ack: false))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        watch()
    }

    /// Looks after the other end for as long as a request waits for it.
    private func watch() {
        timer?.cancel()
        timer = nil
        guard streamCount > 0, channel.isActive else { return }
        switch heartbeat.step(at: .now()) {
        case .wait(let deadline):
            timer = channel.eventLoop.scheduleTask(deadline: deadline) { [weak self] in self?.watch() }
        case .ask: ask()
        case .giveUp: giveUp()
        }
    }

    /// Nobody answers. The requests are told at once, for to close a connection in good order takes two.
    private func giveUp() {
        isRetired = true
        onChange?(self)
        for stream in Array(streams.values) { stream.lost(.connectionReadTimeout) }
        close()
    }

    // MARK: - The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let payload = unwrapInboundIn(data).payload
        if case .ping(_, ack: true) = payload { return heartbeat.answered(at: .now()) }
        heard()
        switch payload {
        case .settings(.settings(let settings)):
            for setting in settings {
                switch setting.parameter {
                case .maxConcurrentStreams: allowedStreams = setting.value
                case .maxHeaderListSize: allowedHeaderBytes = setting.value
                default: break
                }
            }
            onChange?(self)
        case .goAway(let last, _, _):
            retire()
            for stream in Array(streams.values) { stream.disown(after: last) }
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isRetired = true
        timer?.cancel()
        timer = nil
        onChange?(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A fault of one stream is told to that stream too, and is no reason to end the others.
        if error is NIOHTTP2Errors.StreamError { return }
        // A frame of ours may have waited for longer than its stream was there: the others go on. If it was one of the other end's,
        // that is told so by the library, and ends the connection.
        if error is NIOHTTP2Errors.NoSuchStream { return retire() }
        if fault == nil { fault = error }
        context.close(promise: nil)
    }
}
