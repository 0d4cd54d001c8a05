// How many descriptors the system lets this process have.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

package enum DescriptorLimit {
    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let resource = RLIMIT_NOFILE
    #endif

    private static var limits: rlimit? {
        var limits = rlimit()
        return unsafe getrlimit(resource, &limits) == 0 ? limits : nil
    }

    /// Nil if the system does not say.
    static var current: UInt64? { limits.map { UInt64($0.rlim_cur) } }

    /// Allows as many as the system lets us, up to `count`. A connection takes a descriptor, and the usual limit of 1024 is
    /// not many.
    package static func raise(to count: UInt64) {
        guard var limits, limits.rlim_cur < limits.rlim_max else { return }
        limits.rlim_cur = min(limits.rlim_max, rlim_t(count))
        unsafe setrlimit(resource, &limits)
    }
}
