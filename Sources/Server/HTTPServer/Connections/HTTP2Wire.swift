// What stands between the bytes of an HTTP/2 connection and the library that makes frames of them.
//
// What comes it sees before the library does. The library tells of a header block when it is complete, and of frames one by one:
// nobody would hear of what never ends, nor of frames that are cheap to send and ask for nothing.
//
// What goes it puts together. The library writes the head of each frame and its payload one by one, each in memory of its own;
// they leave as one, which is one buffer for the system, and one record for TLS.

import NIOHTTP2
import NIOCore

/// The handler in front of the library's.
final class HTTP2Wire: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: HTTP2Connection
    private var scanner = FrameScanner()
    private var output: OutgoingBytes
    private var context: ChannelHandlerContext?

    init(_ connection: HTTP2Connection, allocator: ByteBufferAllocator) {
        self.connection = connection
        output = OutgoingBytes(allocator)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.awaits(.preface)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    // MARK: - What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What comes behind the end goes nowhere.
        if connection.isCut { return }
        let before = scanner.unitCount
        let isComplete = scanner.scan(unwrapInboundIn(data)) { head in
            connection.mayCome(head)
        }
        connection.lastStream = scanner.lastStream
        guard isComplete else { return connection.cut(.flood, .enhanceYourCalm, "too many frames that ask for nothing") }
        if scanner.unitCount != before { connection.awaitsNothing() }
        if let unit = scanner.unit { connection.awaits(unit) }
        context.fireChannelRead(data)
    }

    // MARK: - What goes

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        if promise == nil, output.append(bytes) { return }
        send(context)
        context.write(wrapOutboundOut(bytes), promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        send(context)
        context.flush()
    }

    private func send(_ context: ChannelHandlerContext) {
        if let bytes = output.take() { context.write(wrapOutboundOut(bytes), promise: nil) }
    }

    /// Calls `body` when the system has taken all that was written, or will take no more.
    func whenSent(_ body: @escaping () -> Void) {
        guard let context else { return body() }
        send(context)
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
        sent.futureResult.assumeIsolated().whenComplete { _ in body() }
    }
}

/// Bytes that leave together.
private struct OutgoingBytes {
    private let allocator: ByteBufferAllocator
    private var bytes: ByteBuffer
    /// Whether the channel has them too.
    private var isSent = false

    /// What is longer than that is not worth a copy.
    private static let longestCopy = 4 << 10
    /// So much may wait: a channel does not know of it, and could not say that there is too much.
    private static let limit = 16 << 10
    /// Memory that is kept for what comes next.
    private static let keptCapacity = 4 << 10

    init(_ allocator: ByteBufferAllocator) {
        self.allocator = allocator
        bytes = allocator.buffer(capacity: 0)
    }

    /// Answers whether there was room for it.
    mutating func append(_ added: ByteBuffer) -> Bool {
        let waiting = isSent ? 0 : bytes.readableBytes
        guard added.readableBytes <= Self.longestCopy, waiting + added.readableBytes <= Self.limit else { return false }
        if isSent {
            isSent = false
            // In the same memory, if the channel is through with it.
            if bytes.capacity <= Self.keptCapacity {
                bytes.clear(minimumCapacity: 512)
            } else {
                bytes = allocator.buffer(capacity: 512)
            }
        }
        bytes.writeImmutableBuffer(added)
        return true
    }

    /// What waits, if anything does.
    mutating func take() -> ByteBuffer? {
        guard !isSent, bytes.readableBytes > 0 else { return nil }
        isSent = true
        return bytes
    }
}
