// Bytes of a body into a buffer.

import NIOCore
import WASIHTTP

extension ByteBuffer {
    /// Takes `count` bytes out of a body, or as many as wait there.
    mutating func write(_ count: Int, of body: HTTPBody) {
        _ = unsafe writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
            if case .bytes(let count) = unsafe body.read(into: UnsafeMutableRawBufferPointer(rebasing: room.prefix(count))) {
                return count
            }
            return 0
        }
    }
}
