// Reading a file as a stream: `read-via-stream`. A file never makes its reader wait, so it is always ready.

import Synchronization

/// A stream that reads a file from an offset on. It has an offset of its own, so streams on one file are independent.
package final class FileInput: HostInputStream {
    private let handle: OwnedFileDescriptor

    /// Where the next read starts; nil once the stream is closed.
    private let offset: Mutex<UInt64?>

    init(handle: OwnedFileDescriptor, offset: UInt64) {
        self.handle = handle
        self.offset = Mutex(offset)
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        try offset.withLock { (offset) throws(StreamError) -> Int in
            guard let start = offset else { throw .closed }
            if buffer.count == 0 { return 0 }
            do throws(HostError) {
                let count = try unsafe handle.read(into: buffer, at: start)
                offset = count == 0 ? nil : start &+ UInt64(count)
                if count > 0 { return count }
            } catch {
                offset = nil
                throw .lastOperationFailed(error)
            }
            throw .closed
        }
    }

    package var readiness: Pollable { .ready }
}
