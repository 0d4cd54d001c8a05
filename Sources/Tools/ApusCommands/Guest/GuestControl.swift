// What the thread of a guest and the thread that watches over it share: a way to stop the guest, and its end.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How a guest's run ended.
enum GuestEnding: Sendable {
    /// It ended by itself, with this status.
    case exited(ExitStatus)
    /// It could not be started, or trapped.
    case failed(Diagnostic)
}

/// Stops one guest, from any thread, and hears of its end.
final class GuestControl: Sendable {
    private struct State {
        var isStopped = false
        var stopActions: [@Sendable () -> Void] = []
        var ending: GuestEnding?
    }

    private let state = Mutex(State())
    private let events: EventPipe

    init(events: EventPipe) {
        self.events = events
    }

    /// Calls `action` when the guest is to be stopped; at once if that was said already.
    func onStop(_ action: @escaping @Sendable () -> Void) {
        let isStopped = state.withLock { state in
            if !state.isStopped { state.stopActions.append(action) }
            return state.isStopped
        }
        if isStopped { action() }
    }

    /// Stops the guest at its next loop, call or wait.
    func stop() {
        let actions = state.withLock { state in
            state.isStopped = true
            let actions = state.stopActions
            state.stopActions = []
            return actions
        }
        for action in actions { action() }
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Says how the guest ended. To be called while everything of the guest is still there: who waits for it ends the
    /// process, and the system takes memory back faster than piece by piece.
    func report(_ ending: GuestEnding) {
        state.withLock { state in
            if state.ending == nil { state.ending = ending }
        }
        events.send(.ended)
    }

    /// How the guest ended; nil while it runs.
    var ending: GuestEnding? { state.withLock { $0.ending } }
}
