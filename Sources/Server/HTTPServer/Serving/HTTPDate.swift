// The format of dates in HTTP (RFC 9110, section 5.6.7) and in logs.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A second of the time of day, and its text.
struct HTTPDate {
    let second: time_t
    /// Such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    let text: String

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    init(_ second: time_t) {
        self.second = second
        let parts = unsafe Self.parts(of: second)
        let day = unsafe Self.days[Int(parts.tm_wday) % 7]
        text = unsafe "\(day), \(two(parts.tm_mday)) \(Self.month(parts)) \(parts.tm_year + 1900) \(Self.clock(parts)) GMT"
    }

    /// The same, unless the second is over.
    var current: HTTPDate {
        let now = time(nil)
        return now == second ? self : HTTPDate(now)
    }

    /// Such as `06/Nov/1994:08:49:37 +0000`: logs are kept in universal time.
    static func common(_ now: time_t) -> String {
        let parts = unsafe parts(of: now)
        return unsafe "\(two(parts.tm_mday))/\(month(parts))/\(parts.tm_year + 1900):\(clock(parts)) +0000"
    }

    /// Such as `1994-11-06T08:49:37.250Z`.
    static func precise() -> String {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        let parts = unsafe parts(of: now.tv_sec)
        let milliseconds = now.tv_nsec / 1_000_000
        let fraction = milliseconds < 10 ? "00\(milliseconds)" : milliseconds < 100 ? "0\(milliseconds)" : "\(milliseconds)"
        return unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T\(clock(parts)).\(fraction)Z"
    }

    private static func parts(of time: time_t) -> tm {
        var time = time
        var parts = unsafe tm()
        unsafe gmtime_r(&time, &parts)
        return unsafe parts
    }

    private static func month(_ parts: tm) -> String { unsafe months[Int(parts.tm_mon) % 12] }

    private static func clock(_ parts: tm) -> String { unsafe "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))" }
}

private func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
