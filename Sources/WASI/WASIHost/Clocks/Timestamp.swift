// A point in time by the calendar, as clocks and files tell it.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A point in time: seconds since 1970-01-01T00:00:00Z, and nanoseconds since that second.
public struct Timestamp: Sendable, Hashable {
    /// Below zero before 1970.
    public let seconds: Int64

    /// Below 1,000,000,000.
    public let nanoseconds: UInt32

    /// Nanoseconds of a second and more are carried over. Throws `EOVERFLOW` if that does not fit.
    public init(seconds: Int64, nanoseconds: UInt32) throws(HostError) {
        let (sum, overflow) = seconds.addingReportingOverflow(Int64(nanoseconds / 1_000_000_000))
        if overflow { throw .overflow }
        self.seconds = sum
        self.nanoseconds = nanoseconds % 1_000_000_000
    }

    /// The same for seconds as WASI 0.2's `datetime` has them. Throws `EOVERFLOW` for more than fit into 63 bits.
    public init(seconds: UInt64, nanoseconds: UInt32) throws(HostError) {
        guard let seconds = Int64(exactly: seconds) else { throw .overflow }
        try self.init(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// The system gives nanoseconds below a second; anything else is taken for none.
    init(_ time: timespec) {
        self.seconds = Int64(time.tv_sec)
        self.nanoseconds = (0..<1_000_000_000).contains(time.tv_nsec) ? UInt32(time.tv_nsec) : 0
    }
}
