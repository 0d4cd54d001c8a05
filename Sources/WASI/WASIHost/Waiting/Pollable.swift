// What a wait can be for. A value and not an object: the same condition may be waited for again and again, by anybody,
// and a waiter sees at once which of its own means (epoll, a timer, a callback) each one takes.

/// A condition that may come about: `pollable` of `wasi:io/poll`.
public enum Pollable: Sendable {
    /// Holds now and always.
    case ready

    /// Will not come about: an instant beyond the clock's end.
    case never

    /// The host's monotonic clock has come to an instant.
    case instant(MonotonicInstant)

    /// Reading the descriptor would not wait: there are bytes, or the end, or an error.
    case readable(OwnedFileDescriptor)

    /// Writing to the descriptor would not wait: there is room, or an error.
    case writable(OwnedFileDescriptor)

    /// Somebody in this process has raised the signal.
    case raised(ReadinessSignal)
}
