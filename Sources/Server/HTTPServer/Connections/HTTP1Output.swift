// What an HTTP/1 connection has to send. It is put together in one buffer, so that a small response, or several, are one write
// to the system; large pieces of bodies go without being copied.

import NIOCore

/// Bytes for a connection, in their order. On the connection's event loop only.
final class HTTP1Output {
    private let allocator: ByteBufferAllocator
    private var context: ChannelHandlerContext?
    private var channel: (any Channel)?
    /// What small things are sent by; nil where the channel has to do something to the bytes.
    private var socket: ChannelSocket?
    /// What was put here and not sent. Nil while something is put to its end.
    private var buffer: ByteBuffer?
    /// Whether nothing in `buffer` is still to be sent, for it was, or the channel has it too.
    private var isSpent = false
    /// How many pieces the channel has not sent yet, if `socket` might overtake them.
    private var piecesUnderWay = 0

    private static let usualCapacity = 512
    private static let keptCapacity = 4 << 10
    private static let copiedLength = 8 << 10

    init(_ allocator: ByteBufferAllocator) {
        self.allocator = allocator
    }

    /// - Parameter isClear: whether what is sent are the bytes as they are.
    func open(_ context: ChannelHandlerContext, isClear: Bool) {
        self.context = context
        channel = context.channel
        if isClear { socket = ChannelSocket(context.channel) }
    }

    /// Nothing is sent from now on.
    func end() {
        context = nil
        channel = nil
        socket = nil
        buffer = nil
    }

    /// Whether the channel takes more without keeping more than it should.
    var isWritable: Bool { channel?.isWritable ?? false }

    /// How many bytes wait to be sent, without what the channel has.
    var waitingCount: Int { isSpent ? 0 : buffer?.readableBytes ?? 0 }

    // MARK: - Putting

    /// Puts something behind what is still to be sent.
    @inline(__always)
    func put(_ write: (inout ByteBuffer) -> Void) {
        var buffer = take()
        write(&buffer)
        self.buffer = buffer
    }

    /// Puts a piece of a body behind it, and what comes before and after it.
    func put(_ bytes: ByteBuffer, asChunk isChunk: Bool) {
        if isChunk {
            put {
                $0.writeString(String(bytes.readableBytes, radix: 16))
                $0.writeStaticString("\r\n")
            }
        }
        if bytes.readableBytes < Self.copiedLength {
            put { $0.writeImmutableBuffer(bytes) }
        } else {
            // Without copying it: the pieces go to the system together.
            handOver()
            handOver(bytes)
        }
        if isChunk { put { $0.writeStaticString("\r\n") } }
    }

    /// What is still to be sent, to have something put behind it and be given back.
    private func take() -> ByteBuffer {
        var buffer = self.buffer ?? allocator.buffer(capacity: Self.usualCapacity)
        self.buffer = nil
        guard isSpent else { return buffer }
        isSpent = false
        // In the same memory, if the channel is through with it. Most responses fit into little.
        if buffer.capacity <= Self.keptCapacity {
            buffer.clear(minimumCapacity: Self.usualCapacity)
        } else {
            buffer = allocator.buffer(capacity: Self.usualCapacity)
        }
        return buffer
    }

    // MARK: - Sending

    /// Gives everything that was put here to the system.
    func flush() {
        if piecesUnderWay == 0, let socket, var buffer, !isSpent, buffer.readableBytes > 0 {
            self.buffer = nil
            let count = socket.sendNow(buffer)
            let isSent = count == buffer.readableBytes
            buffer.moveReaderIndex(forwardBy: count)
            isSpent = isSent
            self.buffer = buffer
            if isSent { return }
        }
        handOver()
        context?.flush()
    }

    /// Gives what was put here to the channel.
    private func handOver() {
        guard !isSpent, let buffer, buffer.readableBytes > 0 else { return }
        isSpent = true
        handOver(buffer)
    }

    private func handOver(_ bytes: ByteBuffer) {
        guard let context else { return }
        guard socket != nil else { return context.write(NIOAny(bytes), promise: nil) }
        piecesUnderWay += 1
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in self.piecesUnderWay -= 1 }
        context.write(NIOAny(bytes), promise: written)
    }

    /// Calls `body` when everything was sent, or cannot be.
    func flush(_ body: @escaping () -> Void) {
        guard let context else { return body() }
        flush()
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in body() }
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: sent)
    }
}
