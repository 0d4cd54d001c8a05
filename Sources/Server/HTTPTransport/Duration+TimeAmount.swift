// Durations as event loops count them.

package import NIOCore

extension Duration {
    /// In whole nanoseconds, from none to a year.
    package var amount: TimeAmount {
        let (seconds, attoseconds) = components
        if seconds < 0 || attoseconds < 0 { return .zero }
        return .nanoseconds(min(seconds, 365 * 86_400) * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
