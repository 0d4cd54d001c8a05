// How long a thread has computed, which another thread can ask: time that the system gave to somebody else does not count.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The processor time of one thread.
struct ThreadClock: Sendable {
    #if os(Linux)
        private let clock: clockid_t

        /// The calling thread's; nil if the system has none.
        init?() {
            var clock = clockid_t()
            guard unsafe pthread_getcpuclockid(pthread_self(), &clock) == 0 else { return nil }
            self.clock = clock
        }

        /// Nil once the thread has ended.
        var nanoseconds: Int64? {
            var time = timespec()
            guard unsafe clock_gettime(clock, &time) == 0 else { return nil }
            return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        }
    #else
        init?() { return nil }

        var nanoseconds: Int64? { nil }
    #endif
}
