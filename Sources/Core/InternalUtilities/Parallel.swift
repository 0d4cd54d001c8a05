// Runs a loop's rounds on several threads. Threads live as long as one call: there is no pool to own, and a call is made
// only for work of many times the cost of a thread.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Loops over all cores.
package enum Parallel {
    /// The number of processors that are at work in this machine.
    package static var processorCount: Int {
        max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Calls `worker` on `threads` threads at once, the calling one among them, and returns when all calls have.
    ///
    /// Where a thread cannot be had, there are fewer calls; there is always one.
    package static func run(threads: Int, _ worker: @escaping @Sendable () -> Void) {
        var started: [pthread_t] = []
        for _ in 1..<max(1, threads) {
            let context = unsafe Unmanaged.passRetained(Work(worker))
            #if canImport(Darwin)
                var thread: pthread_t?
                let status = unsafe pthread_create(
                    &thread, nil, { unsafe Unmanaged<Work>.fromOpaque($0).takeRetainedValue().run() }, context.toOpaque())
            #else
                var thread = pthread_t()
                let status = unsafe pthread_create(
                    &thread, nil, { unsafe Unmanaged<Work>.fromOpaque($0!).takeRetainedValue().run() }, context.toOpaque())
            #endif
            guard status == 0 else {
                unsafe context.release()
                break
            }
            #if canImport(Darwin)
                if let thread = unsafe thread { unsafe started.append(thread) }
            #else
                started.append(thread)
            #endif
        }
        worker()
        for thread in started { pthread_join(thread, nil) }
    }

    /// Hands out the numbers below `count`, in order, to whoever asks first.
    package final class Counter: Sendable {
        private let next = Atomic(0)
        private let end: Atomic<Int>

        package init(count: Int) {
            end = Atomic(count)
        }

        /// The next number; nil when all are handed out.
        package func take() -> Int? {
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            return number < end.load(ordering: .relaxed) ? number : nil
        }

        /// Hands out no more numbers.
        package func stop() {
            end.store(0, ordering: .relaxed)
        }
    }

    private final class Work: Sendable {
        private let worker: @Sendable () -> Void

        init(_ worker: @escaping @Sendable () -> Void) {
            self.worker = worker
        }

        func run() -> UnsafeMutableRawPointer? {
            worker()
            return nil
        }
    }
}
