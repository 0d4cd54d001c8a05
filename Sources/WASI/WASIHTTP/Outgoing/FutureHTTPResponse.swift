// The answer to a guest's request, before it is there: `future-incoming-response` on the host's side.

import Synchronization
package import WASIHost

/// A response that is there, or will be, or will not be. Safe to use from any thread.
public final class FutureHTTPResponse: Sendable {
    private enum State {
        case pending
        case ready(Result<IncomingHTTPResponse, HTTPErrorCode>)
        case taken
        case cancelled
    }

    private struct Guarded {
        var state = State.pending
        var onCancel: (@Sendable () -> Void)?
    }

    private let guarded: Mutex<Guarded>
    private let signal = ReadinessSignal()

    /// A response that is yet to come.
    ///
    /// - Parameter onCancel: called once if nobody wants the response any more before it is there, on the thread that
    ///   found that out.
    public init(onCancel: (@Sendable () -> Void)? = nil) {
        guarded = Mutex(Guarded(onCancel: onCancel))
    }

    /// One that is known already.
    public convenience init(_ result: Result<IncomingHTTPResponse, HTTPErrorCode>) {
        self.init()
        complete(result)
    }

    /// Gives the response. The first one counts; of any other, and of one that nobody wants any more, the body is
    /// cancelled.
    ///
    /// - Returns: whether this one counted.
    @discardableResult
    public func complete(_ result: Result<IncomingHTTPResponse, HTTPErrorCode>) -> Bool {
        let counted = guarded.withLock { guarded in
            guard case .pending = guarded.state else { return false }
            guarded.state = .ready(result)
            guarded.onCancel = nil
            return true
        }
        if counted {
            signal.raise()
        } else if case .success(let response) = result {
            response.body?.cancel()
        }
        return counted
    }

    /// Whether nobody wants the response any more.
    public var isCancelled: Bool {
        guarded.withLock { if case .cancelled = $0.state { true } else { false } }
    }

    /// What taking the response gave.
    package enum Taken: Sendable {
        case pending
        case result(Result<IncomingHTTPResponse, HTTPErrorCode>)
        case takenBefore
    }

    /// Takes the response out; it can be had once.
    package func take() -> Taken {
        guarded.withLock { guarded in
            switch guarded.state {
            case .pending: return .pending
            case .ready(let result):
                guarded.state = .taken
                return .result(result)
            case .taken, .cancelled: return .takenBefore
            }
        }
    }

    /// Says that nobody wants the response any more. Has no effect once it was taken.
    public func cancel() {
        let (onCancel, body) = guarded.withLock { guarded -> ((@Sendable () -> Void)?, HTTPBody?) in
            var body: HTTPBody?
            switch guarded.state {
            case .pending: break
            case .ready(.success(let response)): body = response.body
            case .ready(.failure): break
            case .taken, .cancelled: return (nil, nil)
            }
            let onCancel = guarded.onCancel
            guarded.state = .cancelled
            guarded.onCancel = nil
            return (onCancel, body)
        }
        onCancel?()
        body?.cancel()
    }

    /// Holds when `take` has something to say.
    package var readiness: Pollable {
        switch guarded.withLock({ $0.state }) {
        case .pending: .raised(signal)
        default: .ready
        }
    }
}
