// The handlers of a connection: the guard, TLS if the server has it, and what speaks the protocol that comes of that.

import NIOCore
import NIOHTTP2
import NIOSSL
import NIOTLS

/// Sets up connections on one event loop.
struct ConnectionPipeline: Sendable {
    let loop: ServerLoop
    /// Nil for connections in the clear.
    let tls: NIOSSLContext?

    /// Makes a connection that was accepted one that is served. It is closed instead if there are too many.
    func configure(_ channel: any Channel) throws {
        let core = loop.core
        let peer = PeerName(address: channel.remoteAddress, connection: ObjectIdentifier(channel))
        guard core.metrics.openConnection(limit: core.limits.connections) else {
            core.log.refused(peer, "more than \(core.limits.connections) connections")
            return channel.close(promise: nil)
        }
        let operations = channel.pipeline.syncOperations
        let watch = ConnectionGuard(loop)
        try operations.addHandler(watch)
        if let tls {
            try operations.addHandler(NIOSSLServerHandler(context: tls))
            try operations.addHandler(HandshakeWitness(loop, peer: peer, watch: watch))
            try operations.addHandler(
                NIOTypedApplicationProtocolNegotiationHandler<Void> { result, channel in
                    channel.eventLoop.makeCompletedFuture {
                        switch result {
                        case .negotiated("h2"): try configureHTTP2(channel, peer, watch)
                        case .negotiated("http/1.1"), .fallback: try configureHTTP1(channel, peer, watch)
                        case .negotiated(let name): throw UnknownProtocol(name: name)
                        }
                    }
                })
        } else {
            try operations.addHandler(
                ProtocolSniffer { context, isHTTP2 in
                    if isHTTP2 {
                        try configureHTTP2(context.channel, peer, watch)
                    } else {
                        try configureHTTP1(context.channel, peer, watch)
                    }
                })
        }
    }

    private struct UnknownProtocol: Error {
        let name: String
    }

    private func configureHTTP1(_ channel: any Channel, _ peer: PeerName, _ watch: ConnectionGuard) throws {
        watch.speaks(.http1)
        try channel.pipeline.syncOperations.addHandler(HTTP1Connection(loop, peer: peer, watch: watch))
    }

    private func configureHTTP2(_ channel: any Channel, _ peer: PeerName, _ watch: ConnectionGuard) throws {
        watch.speaks(.http2)
        let limits = loop.core.limits
        // The library traps on more than 32 bits.
        let streams = min(max(1, limits.streamsPerConnection), 1 << 20)
        let headerBytes = min(max(0, limits.headerBytes), Int(Int32.max))
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: streams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: headerBytes),
            HTTP2Setting(parameter: .initialWindowSize, value: HTTP2Stream.window),
            HTTP2Setting(parameter: .enablePush, value: 0),
        ]
        // What is behind the library looks for itself.
        connection.headerBlockValidation = .disabled
        connection.contentLengthValidation = .disabled
        connection.maximumBufferedControlFrames = 1000
        connection.maximumSequentialEmptyDataFrames = 10
        // As many as the largest head may need, of the smallest size that frames may have at most.
        connection.maximumSequentialContinuationFrames = max(5, headerBytes >> 14 + 2)
        // Of one connection in all its life, which may be that of a balancer. How many may be in half a minute is limited too.
        connection.maximumConnectionGlitches = 10_000
        // Frames may still come for streams that were answered before their request was sent.
        connection.maximumRecentlyResetStreams = max(32, 2 * streams)
        let end = HTTP2Connection(loop, peer: peer, watch: watch)
        let wire = HTTP2Wire(end, allocator: loop.allocator)
        end.connect(to: wire)
        let operations = channel.pipeline.syncOperations
        try operations.addHandler(wire)
        try operations.addHandler(
            NIOHTTP2Handler(mode: .server, frameDelegate: end, connectionConfiguration: connection))
        try operations.addHandler(end)
    }
}
