// What a waiting thread is woken for: the guest's end, or a Ctrl-C. A pipe, because that is what a signal handler may
// write to.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Carries events from any thread, and from a signal handler, to one thread that waits.
final class EventPipe: Sendable {
    enum Event: UInt8, Sendable {
        case ended
        case interrupted
    }

    private let readEnd: CInt
    private let writeEnd: CInt

    /// Throws the system's error code.
    init() throws(PipeError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw PipeError(code: errno) }
        readEnd = ends[0]
        writeEnd = ends[1]
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        // A full pipe holds enough events; a signal handler must not wait.
        _ = fcntl(writeEnd, F_SETFL, O_NONBLOCK)
    }

    struct PipeError: Error {
        let code: CInt
    }

    deinit {
        if interruptTarget.load(ordering: .relaxed) == writeEnd { interruptTarget.store(-1, ordering: .relaxed) }
        close(readEnd)
        close(writeEnd)
    }

    func send(_ event: Event) {
        sendByte(event.rawValue, to: writeEnd)
    }

    /// The next event; nil if none comes within `timeout`.
    func next(timeout: Duration?) -> Event? {
        let clock = ContinuousClock()
        let deadline = timeout.map { clock.now + $0 }
        while true {
            var entry = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            var milliseconds: CInt = -1
            if let deadline {
                let (seconds, attoseconds) = max(.zero, clock.now.duration(to: deadline)).components
                // Rounded up, and in steps of a day at most.
                milliseconds = CInt(min(seconds, 86400) * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
            }
            let count = unsafe poll(&entry, 1, milliseconds)
            if count > 0 {
                var byte: UInt8 = 0
                if unsafe read(readEnd, &byte, 1) == 1, let event = Event(rawValue: byte) { return event }
            } else if let deadline, clock.now >= deadline {
                return nil
            }
        }
    }

    /// Sends `.interrupted` at each SIGINT from now on, unless the process was started with that signal ignored, as a
    /// shell does for what runs in the background.
    func receiveInterrupts() {
        interruptTarget.store(writeEnd, ordering: .sequentiallyConsistent)
        var action = sigaction()
        unsafe sigaction(SIGINT, nil, &action)
        guard !action.isIgnored else { return }
        #if canImport(Darwin)
            unsafe action.__sigaction_u.__sa_handler = { _ in handleInterrupt() }
        #else
            unsafe action.__sigaction_handler.sa_handler = { _ in handleInterrupt() }
        #endif
        action.sa_flags = CInt(bitPattern: UInt32(SA_RESTART))
        unsafe sigaction(SIGINT, &action, nil)
    }
}

extension sigaction {
    fileprivate var isIgnored: Bool {
        #if canImport(Darwin)
            let handler = unsafe __sigaction_u.__sa_handler
        #else
            let handler = unsafe __sigaction_handler.sa_handler
        #endif
        return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

/// The write end of the pipe that hears of SIGINT.
private let interruptTarget = Atomic<CInt>(-1)

/// The handler of SIGINT. Only what a handler may do: an atomic load and `write(2)`.
private func handleInterrupt() {
    let saved = errno
    let target = interruptTarget.load(ordering: .relaxed)
    if target >= 0 { sendByte(EventPipe.Event.interrupted.rawValue, to: target) }
    errno = saved
}

private func sendByte(_ byte: UInt8, to descriptor: CInt) {
    var byte = byte
    while unsafe write(descriptor, &byte, 1) < 0, errno == EINTR {}
}
