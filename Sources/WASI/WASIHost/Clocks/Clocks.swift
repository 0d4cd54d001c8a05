// The clocks that a guest sees: `wasi:clocks/wall-clock` and `wasi:clocks/monotonic-clock`. An embedder may put its own
// in their place, for instance to fix the time. Waiting is always by the host's own clock (`MonotonicInstant`), so a
// guest that sleeps sleeps even if its clock stands still.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A clock that tells the time by the calendar.
public protocol WallClock: Sendable {
    var now: Timestamp { get }
    var resolution: Timestamp { get }
}

/// A clock that never goes backwards. Its zero means nothing.
public protocol MonotonicClock: Sendable {
    /// In nanoseconds.
    var now: UInt64 { get }

    /// In nanoseconds.
    var resolution: UInt64 { get }
}

/// The system's clock.
public struct SystemWallClock: WallClock {
    public init() {}

    public var now: Timestamp {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(time)
    }

    public var resolution: Timestamp {
        var time = timespec()
        _ = unsafe clock_getres(CLOCK_REALTIME, &time)
        return Timestamp(time)
    }
}

/// The system's monotonic clock, from the moment this value was made: a guest does not learn how long the host is up.
public struct SystemMonotonicClock: MonotonicClock {
    private let start = MonotonicInstant.now

    public init() {}

    public var now: UInt64 {
        let (elapsed, underflow) = MonotonicInstant.now.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
        return underflow ? 0 : elapsed
    }

    public var resolution: UInt64 {
        var time = timespec()
        _ = unsafe clock_getres(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(time).nanoseconds
    }
}

/// A point in time by the host's own monotonic clock, which waits are measured by.
public struct MonotonicInstant: Sendable, Hashable, Comparable {
    /// Since the clock's zero.
    public let nanoseconds: UInt64

    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    init(_ time: timespec) {
        let seconds = UInt64(clamping: time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let sum = seconds.partialValue.addingReportingOverflow(UInt64(clamping: time.tv_nsec))
        self.nanoseconds = seconds.overflow || sum.overflow ? .max : sum.partialValue
    }

    public static var now: MonotonicInstant {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(time)
    }

    /// The instant that many nanoseconds later; nil if the clock will never get there.
    public func advanced(by nanoseconds: UInt64) -> MonotonicInstant? {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? nil : MonotonicInstant(nanoseconds: sum)
    }

    public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension MonotonicClock {
    /// `subscribe-instant`: ready when this clock, if it runs as the host's does, shows `instant`.
    package func pollable(at instant: UInt64) -> Pollable {
        let now = now
        return instant > now ? pollable(after: instant - now) : .ready
    }

    /// `subscribe-duration`: ready so many nanoseconds from now.
    package func pollable(after nanoseconds: UInt64) -> Pollable {
        if nanoseconds == 0 { return .ready }
        guard let instant = MonotonicInstant.now.advanced(by: nanoseconds) else { return .never }
        return .instant(instant)
    }
}
