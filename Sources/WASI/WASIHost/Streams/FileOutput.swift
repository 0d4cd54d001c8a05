// Writing a file as a stream: `write-via-stream` and `append-via-stream`. A file never makes its writer wait for
// another, so it is always ready.

import Synchronization

/// A stream that writes to a file.
package final class FileOutput: HostOutputStream {
    /// Where the next write goes.
    enum Position {
        case offset(UInt64)
        case end
        case closed
    }

    private let handle: OwnedFileDescriptor
    private let position: Mutex<Position>

    init(handle: OwnedFileDescriptor, position: Position) {
        self.handle = handle
        self.position = Mutex(position)
    }

    package func checkWrite() throws(StreamError) -> Int {
        if case .closed = position.withLock({ $0 }) { throw .closed }
        return StreamLimits.writePermit
    }

    package func write(_ bytes: UnsafeRawBufferPointer, waiter: any Waiter) throws(StreamError) {
        if bytes.count > StreamLimits.writePermit {
            throw .misuse("write of \(bytes.count) bytes is more than check-write permits")
        }
        try position.withLock { (position) throws(StreamError) in
            var rest = unsafe bytes
            while rest.count > 0 {
                do throws(HostError) {
                    let count: Int
                    switch position {
                    case .offset(let offset):
                        count = try unsafe handle.write(rest, at: offset)
                        position = .offset(offset &+ UInt64(count))
                    case .end: count = try unsafe handle.append(rest)
                    case .closed: count = -1
                    }
                    if count == 0 { throw .inputOutput }
                    if count < 0 { break }
                    unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } catch {
                    position = .closed
                    throw .lastOperationFailed(error)
                }
            }
            if case .closed = position { throw .closed }
        }
    }
}
