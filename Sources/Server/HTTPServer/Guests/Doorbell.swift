// "When connections have been looked after": an event loop runs tasks and timers that are due until there are none, and only
// then looks at its connections. Guests that compute, or sleep for moments, would make new ones for ever. So their turn comes
// by the way on which connections are heard: a pipe that the loop reads, once for each time that it looks.

import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Calls back on an event loop behind what its connections have to say.
// Proof of Sendable: used on the event loop's thread only, but for its making.
final class Doorbell: @unchecked Sendable {
    private let eventLoop: any EventLoop
    /// Until the pipe is closed, which it is with the event loop. What is called back is kept by this, and not the other way round by
    /// weak references, with which each retain would cost several times as much.
    private var onRing: (@Sendable () -> Void)?
    /// The end that is written to; -1 while there is no pipe.
    private var descriptor: CInt = -1
    private var isRung = false

    /// If the system has no pipe, timers have to do.
    init(_ eventLoop: any EventLoop, onRing: @escaping @Sendable () -> Void) {
        self.eventLoop = eventLoop
        self.onRing = onRing
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return }
        let (input, output) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        let channel = NIOPipeBootstrap(group: eventLoop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 64))
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { [weak self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DoorbellHandler { self?.heard() })
                }
            }
            .takingOwnershipOfDescriptor(input: input)
        channel.whenComplete { [weak self] result in
            switch result {
            case .success(let channel):
                guard let self else {
                    _ = Self.close(output)
                    return
                }
                self.descriptor = output
                channel.closeFuture.whenComplete { [weak self] _ in self?.takeDown() }
            case .failure:
                _ = Self.close(input)
                _ = Self.close(output)
            }
        }
    }

    deinit { takeDown() }

    private static func close(_ descriptor: CInt) -> CInt {
        #if canImport(Glibc)
            Glibc.close(descriptor)
        #elseif canImport(Musl)
            Musl.close(descriptor)
        #else
            Darwin.close(descriptor)
        #endif
    }

    private func takeDown() {
        if descriptor >= 0 { _ = Self.close(descriptor) }
        descriptor = -1
        onRing = nil
    }

    /// Has `onRing` called, once for any number of times that this was, before it is.
    func ring() {
        eventLoop.assertInEventLoop()
        guard !isRung else { return }
        isRung = true
        var byte: UInt8 = 0
        if descriptor >= 0, unsafe write(descriptor, &byte, 1) == 1 { return }
        eventLoop.scheduleTask(in: .microseconds(50)) { self.heard() }
    }

    private func heard() {
        eventLoop.assertInEventLoop()
        guard isRung else { return }
        isRung = false
        onRing?()
    }
}

/// Hears the bell.
private final class DoorbellHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let onRing: () -> Void

    init(_ onRing: @escaping () -> Void) {
        self.onRing = onRing
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        onRing()
    }
}
