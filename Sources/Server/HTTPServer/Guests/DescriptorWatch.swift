// Waits for descriptors that are not the server's own: a guest's standard output that is a pipe, a file system that
// blocks. These waits are rare, so one thread does them for all loops, by `poll(2)`.

import InternalUtilities
import Synchronization
import WASIHost

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Calls back when a descriptor can be read or written.
final class DescriptorWatch: Sendable {
    enum Direction {
        case reading
        case writing

        fileprivate var events: Int16 { Int16(self == .reading ? POLLIN : POLLOUT) }
    }

    struct Token: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Entry {
        /// Keeps the descriptor open.
        let descriptor: OwnedFileDescriptor
        let direction: Direction
        let callback: @Sendable () -> Void
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var next: UInt64 = 0
        /// A pipe: what is written to the second makes the thread look at the entries again.
        var pipe: (CInt, CInt)?
    }

    static let shared = DescriptorWatch()

    private let state = Mutex(State())

    private init() {}

    /// Whether reading or writing would not wait now.
    static func isReady(_ descriptor: OwnedFileDescriptor, _ direction: Direction) -> Bool {
        var entry = pollfd(fd: descriptor.rawValue, events: direction.events, revents: 0)
        // An error is something that the read or write will find out.
        return unsafe poll(&entry, 1, 0) != 0
    }

    /// Calls `callback` once, on another thread, when the descriptor is ready; or at once, if it cannot be waited for.
    func watch(
        _ descriptor: OwnedFileDescriptor, _ direction: Direction, _ callback: @escaping @Sendable () -> Void
    ) -> Token {
        let (token, pipe, isFirst) = state.withLock { state in
            let isFirst = state.pipe == nil
            if isFirst { state.pipe = Self.makePipe() }
            let number = state.next
            state.next &+= 1
            if state.pipe != nil {
                state.entries[number] = Entry(descriptor: descriptor, direction: direction, callback: callback)
            }
            return (Token(number: number), state.pipe, isFirst)
        }
        guard let pipe else {
            callback()
            return token
        }
        if isFirst { DetachedThread.start { self.run(pipe.0) } }
        Self.nudge(pipe.1)
        return token
    }

    func cancel(_ token: Token) {
        state.withLock { state in
            if state.entries.removeValue(forKey: token.number) != nil, let pipe = state.pipe { Self.nudge(pipe.1) }
        }
    }

    private static func makePipe() -> (CInt, CInt)? {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        return (ends[0], ends[1])
    }

    private static func nudge(_ descriptor: CInt) {
        var byte: UInt8 = 0
        _ = unsafe write(descriptor, &byte, 1)
    }

    private func run(_ wake: CInt) {
        var drain = [UInt8](repeating: 0, count: 256)
        while true {
            let watched = state.withLock { state in
                state.entries.map { (number: $0.key, descriptor: $0.value.descriptor, events: $0.value.direction.events) }
            }
            var entries = [pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
            entries += watched.map { pollfd(fd: $0.descriptor.rawValue, events: $0.events, revents: 0) }
            let count = unsafe poll(&entries, nfds_t(entries.count), -1)
            guard count > 0 else { continue }
            if entries[0].revents != 0 {
                while unsafe read(wake, &drain, drain.count) > 0 {}
            }
            for (entry, watch) in zip(entries.dropFirst(), watched) where entry.revents != 0 {
                state.withLock { $0.entries.removeValue(forKey: watch.number) }?.callback()
            }
        }
    }
}
