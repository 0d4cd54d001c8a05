// A body as the streams of `wasi:io`: what a guest reads it from, or writes it to. Bytes go straight between the guest's
// memory and the body.

import Synchronization
import WASIHost

/// What a guest reads a body from. The stream is closed at the end; the trailers are another's affair.
final class BodyInput: HostInputStream {
    private let body: HTTPBody

    /// An error is told once; after that the stream is closed.
    private let hasFailed = Atomic<Bool>(false)

    init(_ body: HTTPBody) {
        self.body = body
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
        try count(unsafe body.read(into: buffer))
    }

    func skip(_ count: Int) throws(StreamError) -> Int {
        try self.count(body.skip(count))
    }

    private func count(_ outcome: HTTPBodyRead) throws(StreamError) -> Int {
        switch outcome {
        case .bytes(let count): return count
        case .nothing: return 0
        case .end: throw .closed
        case .failed(let error):
            if hasFailed.exchange(true, ordering: .relaxed) { throw .closed }
            throw .lastOperationFailed(HostError(cause: error))
        }
    }

    var readiness: Pollable { body.pollable(.readable) }
}

/// What a guest writes a body to.
final class BodyOutput: HostOutputStream {
    private let body: HTTPBody

    init(_ body: HTTPBody) {
        self.body = body
    }

    func checkWrite() throws(StreamError) -> Int {
        let room = body.look { $0.isEnded || $0.isCancelled ? nil : $0.room }
        guard let room else { throw .closed }
        return room
    }

    func write(_ bytes: UnsafeRawBufferPointer, waiter: any Waiter) throws(StreamError) {
        switch unsafe body.write(bytes) {
        case .written: return
        case .closed: throw .closed
        case .beyond(let room): throw .misuse("write of \(bytes.count) bytes is more than the \(room) permitted")
        case .failed(let error): throw .lastOperationFailed(HostError(cause: error))
        }
    }

    var readiness: Pollable { body.pollable(.writable) }
}
