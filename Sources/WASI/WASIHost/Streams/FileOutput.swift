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
            if case .closed = position { throw .closed }
            do throws(HostError) {
                try unsafe writeAll(bytes, at: &position)
            } catch {
                position = .closed
                throw .lastOperationFailed(error)
            }
        }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer, at position: inout Position) throws(HostError) {
        var rest = unsafe bytes
        while rest.count > 0 {
            let count: Int
            switch position {
            case .offset(let offset):
                count = try unsafe handle.write(rest, at: offset)
                position = .offset(offset &+ UInt64(count))
            case .end: count = try unsafe handle.append(rest)
            case .closed: return
            }
            if count == 0 { throw .inputOutput }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
