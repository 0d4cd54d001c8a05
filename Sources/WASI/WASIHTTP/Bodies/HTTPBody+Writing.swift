// The end that writes.

import Synchronization

extension HTTPBody {
    /// Adds what has arrived. The host's side: all of it is taken, even beyond `capacity`.
    ///
    /// - Returns: how many more bytes are welcome; 0 means none until `onWritable`, and nil that nobody reads any more,
    ///   or that the body has ended.
    @discardableResult
    public func append(_ bytes: UnsafeRawBufferPointer) -> Int? {
        change { state in
            if state.isEnded || state.isCancelled { return nil }
            guard state.fits(bytes.count) else {
                state.end(.failed(state.wrongLength(state.written &+ UInt64(bytes.count))))
                return nil
            }
            unsafe state.take(bytes)
            return state.isFull ? 0 : state.room
        }
    }

    /// Adds what has arrived; see above.
    @discardableResult
    public func append(_ bytes: [UInt8]) -> Int? {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// Ends the body. It fails instead if there is less of it than was announced. Has no effect after the end.
    ///
    /// - Returns: the error with which the body failed, if it did now.
    @discardableResult
    public func finish(trailers: HTTPMessageFields? = nil) -> HTTPErrorCode? {
        change { $0.isEnded ? nil : $0.finish(trailers) }
    }

    /// Ends the body with an error, which the reader learns once it has read what came before. Has no effect after the
    /// end.
    public func fail(_ error: HTTPErrorCode) {
        if isEnded { return }
        change { $0.end(.failed(error)) }
    }

    /// Has `callback` called each time that writing becomes possible again or pointless, and at once if it is either now.
    /// There is one such callback; nil takes it away. It is let go of when the body ends.
    public func onWritable(_ callback: (@Sendable () -> Void)?) {
        let isWritable = change { state in
            state.onWritable = state.isEnded ? nil : callback
            return state.isWritable
        }
        if isWritable { callback?() }
    }

    /// Has `callback` called when the reader leaves before the end was written, and at once if it has left already. It is
    /// called once at most, and let go of when the body ends.
    public func onCancel(_ callback: @escaping @Sendable () -> Void) {
        change { state in
            if !state.isEnded { state.onCancel = callback }
        }
    }

    /// Does without the length that was announced: the answer to a `head` request announces what it does not send.
    func waiveLength() {
        change { $0.length = nil }
    }
}

// MARK: - By a guest

/// What became of a guest's write.
enum BodyWriteOutcome: Sendable {
    case written
    /// Nobody reads any more, or the body has ended.
    case closed
    /// More than there is room for.
    case beyond(room: Int)
    /// More than was announced; the body has failed.
    case failed(HTTPErrorCode)
}

extension HTTPBody {
    /// Ends the body as `finish` does.
    ///
    /// - Returns: the error with which the body has failed, now or before.
    func end(trailers: HTTPMessageFields?) -> HTTPErrorCode? {
        change { state in
            switch state.end {
            case .open: state.finish(trailers)
            case .finished: nil
            case .failed(let error): error
            }
        }
    }

    /// Adds what a guest has written, if there is room for all of it.
    func write(_ bytes: UnsafeRawBufferPointer) -> BodyWriteOutcome {
        change { state in
            if state.isEnded || state.isCancelled { return .closed }
            if bytes.count > state.room { return .beyond(room: state.room) }
            guard state.fits(bytes.count) else {
                state.written &+= UInt64(bytes.count)
                let error = state.wrongLength(state.written)
                state.end(.failed(error))
                return .failed(error)
            }
            unsafe state.take(bytes)
            return .written
        }
    }
}
