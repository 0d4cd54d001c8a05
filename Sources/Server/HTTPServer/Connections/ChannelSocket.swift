// The way past a channel's queue of writes. A response that is small, which is what most are, would be put into that queue,
// noted as flushed, written and taken out again, which costs as much as all else that is done for its bytes.

import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The socket of a channel, to send what the channel need not keep. On the channel's event loop only.
///
/// The channel owns the descriptor. It closes it and becomes inactive in one step, on its event loop, before it tells anybody:
/// while it is active, the descriptor is its socket.
struct ChannelSocket {
    private let channel: any Channel
    private let descriptor: CInt

    #if canImport(Darwin)
        // The library has it set on the socket that there is no signal.
        private static let flags = CInt(MSG_DONTWAIT)
    #else
        private static let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
    #endif

    /// Nil for channels that are no sockets.
    init?(_ channel: any Channel) {
        let descriptor = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        guard let descriptor else { return nil }
        self.channel = channel
        self.descriptor = descriptor
    }

    /// Sends as much as the system takes now. To be called only while the channel has nothing to send itself, which would come
    /// later then, though it was written before.
    ///
    /// - Returns: how many bytes were taken. An error is none: the channel will meet it again, and end.
    func sendNow(_ bytes: ByteBuffer) -> Int {
        guard channel.isActive else { return 0 }
        return unsafe bytes.withUnsafeReadableBytes { bytes in
            while true {
                let count = unsafe send(descriptor, bytes.baseAddress, bytes.count, Self.flags)
                if count < 0, errno == EINTR { continue }
                return max(0, count)
            }
        }
    }
}
