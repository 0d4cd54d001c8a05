// The one way in which anything here waits. What a wait costs is the waiter's affair: `PollWaiter` holds its thread,
// a server's waiter puts the guest's fiber aside and lets its event loop go on.

/// Waits for conditions on behalf of one guest. An object, for it is handed on with each call that may wait.
public protocol Waiter: AnyObject, Sendable {
    /// Returns when at least one of `pollables` holds: the positions of all that do, in ascending order, each once.
    ///
    /// `pollables` must not be empty. What holds already is found without waiting, and then all the others that hold as
    /// well are reported too. Throws if the wait was interrupted from outside; the guest is then to be ended.
    func wait(for pollables: [Pollable]) throws(WaitInterrupted) -> [Int]
}

/// A wait was cut short from outside: a time limit, a Ctrl-C, a shutdown.
public struct WaitInterrupted: Error, Hashable, Sendable {
    public init() {}
}

extension Waiter {
    /// Returns when `pollable` holds.
    public func wait(for pollable: Pollable) throws(WaitInterrupted) {
        if case .ready = pollable { return }
        _ = try wait(for: [pollable])
    }

    /// Whether `pollable` holds now.
    public func isReady(_ pollable: Pollable) throws(WaitInterrupted) -> Bool {
        if case .ready = pollable { return true }
        return try wait(for: [pollable, .ready]).first == 0
    }
}
