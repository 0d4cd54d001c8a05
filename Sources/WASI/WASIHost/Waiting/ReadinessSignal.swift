// Readiness that comes from within the process and not from a descriptor: a buffer that was filled, a body that
// arrived, a task that ended.

import Synchronization

/// A flag that can be waited for. Safe to use from any thread.
public final class ReadinessSignal: Sendable {
    private struct State {
        var isRaised: Bool
        var observers: [UInt64: @Sendable () -> Void] = [:]
        var nextObserver: UInt64 = 0
    }

    private let state: Mutex<State>

    public init(isRaised: Bool = false) {
        self.state = Mutex(State(isRaised: isRaised))
    }

    public var isRaised: Bool { state.withLock { $0.isRaised } }

    /// Raises the signal and calls who observes it, on this thread.
    public func raise() {
        for observer in raiseQuietly() { observer() }
    }

    /// Raises the signal and leaves it to the caller to call who observes it, once it holds no lock of its own.
    package func raiseQuietly() -> [@Sendable () -> Void] {
        state.withLock { state in
            if state.isRaised { return [] }
            state.isRaised = true
            return Array(state.observers.values)
        }
    }

    /// Takes the signal back.
    public func lower() {
        state.withLock { $0.isRaised = false }
    }

    /// Calls `observer` each time the signal is raised from now on, and at once if it is raised already. The answer is
    /// for `removeObserver`.
    public func observe(_ observer: @escaping @Sendable () -> Void) -> UInt64 {
        let (token, isRaised) = state.withLock { state in
            let token = state.nextObserver
            state.nextObserver &+= 1
            state.observers[token] = observer
            return (token, state.isRaised)
        }
        if isRaised { observer() }
        return token
    }

    /// A call that is under way may still come after this.
    public func removeObserver(_ token: UInt64) {
        _ = state.withLock { $0.observers.removeValue(forKey: token) }
    }
}
