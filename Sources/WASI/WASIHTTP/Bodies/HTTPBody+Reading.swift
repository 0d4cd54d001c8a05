// The end that reads.

import Synchronization

/// What reading a body gave.
public enum HTTPBodyRead: Sendable {
    /// This many bytes, at least one.
    case bytes(Int)
    /// Nothing is there now; `onReadable` tells when that changes.
    case nothing
    /// That was all. With trailers if the body had some.
    case end(trailers: HTTPMessageFields?)
    /// There will be no more, and it was not all.
    case failed(HTTPErrorCode)
}

/// A piece of a body, or its end.
public enum HTTPBodyPiece: Sendable {
    case bytes([UInt8])
    case nothing
    case end(trailers: HTTPMessageFields?)
    case failed(HTTPErrorCode)
}

extension HTTPBody {
    /// Moves what waits into `buffer`. Read on until the answer is something else than `bytes`: `onReadable` is called
    /// only after that.
    public func read(into buffer: UnsafeMutableRawBufferPointer) -> HTTPBodyRead {
        read { state in
            unsafe state.ring.read(into: buffer)
        }
    }

    /// Takes out at most `maximum` bytes.
    public func read(upTo maximum: Int) -> HTTPBodyPiece {
        let room = min(maximum, max(waitingCount, 1))
        var outcome = HTTPBodyRead.nothing
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(room, 0)) { buffer, count in
            outcome = unsafe read(into: UnsafeMutableRawBufferPointer(buffer))
            if case .bytes(let number) = outcome { count = number }
        }
        return switch outcome {
        case .bytes: .bytes(bytes)
        case .nothing: .nothing
        case .end(let trailers): .end(trailers: trailers)
        case .failed(let error): .failed(error)
        }
    }

    /// Forgets at most `maximum` bytes.
    func skip(_ maximum: Int) -> HTTPBodyRead {
        read { state in
            let count = max(0, min(maximum, state.ring.count))
            state.ring.remove(count)
            return count
        }
    }

    private func read(_ take: (inout BodyState) -> Int) -> HTTPBodyRead {
        change { state in
            if state.ring.count > 0 {
                let count = take(&state)
                state.updateFullness()
                return count > 0 ? .bytes(count) : .nothing
            }
            switch state.end {
            case .open:
                if state.isCancelled { return .end(trailers: nil) }
                state.isAwaited = true
                return .nothing
            case .finished(let trailers):
                state.onReadable = nil
                return .end(trailers: trailers)
            case .failed(let error):
                state.onReadable = nil
                return .failed(error)
            }
        }
    }

    /// Has `callback` called each time that there is something to read where there was nothing, the end included, and at
    /// once if there is something now. There is one such callback; nil takes it away. It is let go of when the end has
    /// been read.
    public func onReadable(_ callback: (@Sendable () -> Void)?) {
        let isReadable = change { state in
            state.onReadable = callback
            return state.isReadable
        }
        if isReadable { callback?() }
    }

    /// Reads no more: what waits is forgotten, and the writer is told that nobody reads.
    public func cancel() {
        change { state in
            state.onReadable = nil
            state.cancel()
        }
    }

    /// Reads the end only: bytes that wait or come are forgotten and hold up nobody.
    func discardContent() {
        change { $0.discard() }
    }

    /// How many bytes are left to read of a body that was finished; nil if more may come, if trailers follow, or if it
    /// failed. A sender that asks before it sends anything can announce the length.
    public var remainingCount: Int? {
        look { state in
            if case .finished(nil) = state.end { state.ring.count } else { nil }
        }
    }

    /// The error with which the body has failed, even while bytes wait that came before it; nil if it has not.
    public var failure: HTTPErrorCode? {
        look { state in
            if case .failed(let error) = state.end { error } else { nil }
        }
    }

    /// How the body ended; nil if it has not. A body that is not read any more has ended without trailers.
    var outcome: Result<HTTPMessageFields?, HTTPErrorCode>? {
        look { state in
            switch state.end {
            case .open: state.isCancelled ? .success(nil) : nil
            case .finished(let trailers): .success(trailers)
            case .failed(let error): .failure(error)
            }
        }
    }
}
