// A thread with a stack that is large enough whatever the process was started with.
//
// The guest's own calls lie on a stack of their own, but a host function that calls a guest that calls a host function
// takes space here each time. How often that may happen is limited (`StoreLimits.hostCallDepth`), and this stack has
// room for all of it: the system's limit (`ulimit -s`) is never what ends a run. The stack is reserved, not used: pages
// that nobody touches cost nothing.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum GuestThread {
    /// In bytes; the smaller ones are tried where address space is short.
    private static let stackSizes = [256 << 20, 64 << 20, 16 << 20]

    /// Starts a detached thread that runs `body`. Signals that a person sends go to the other threads. Throws the
    /// system's error code.
    static func start(_ body: @escaping @Sendable () -> Void) throws(ThreadError) {
        let box = unsafe Unmanaged.passRetained(Body(body))
        var blocked = sigset_t()
        var previous = sigset_t()
        unsafe sigemptyset(&blocked)
        unsafe sigaddset(&blocked, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &blocked, &previous)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &previous, nil) }
        var code: CInt = 0
        for size in stackSizes {
            code = unsafe create(stackSize: size, body: box.toOpaque())
            if code == 0 { return }
        }
        unsafe box.release()
        throw ThreadError(code: code)
    }

    struct ThreadError: Error {
        let code: CInt
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    private static func create(stackSize: Int, body: UnsafeMutableRawPointer) -> CInt {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, stackSize)
        unsafe pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        #if canImport(Darwin)
            var thread: pthread_t?
            return unsafe pthread_create(&thread, &attributes, { unsafe GuestThread.enter($0) }, body)
        #else
            var thread = pthread_t()
            return unsafe pthread_create(&thread, &attributes, { unsafe GuestThread.enter($0) }, body)
        #endif
    }

    private static func enter(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }
}
