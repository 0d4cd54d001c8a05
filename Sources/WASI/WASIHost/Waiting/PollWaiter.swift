// Waiting by `poll(2)`, for a program that gives a guest a thread of its own. An interruption is a byte in a pipe that
// every wait looks at too, so it holds for waits to come as for those under way, and a signal handler may cause it.

import CWASIHost

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Waits by holding the thread. Safe to use from any thread, and by several at once.
public final class PollWaiter: Waiter {
    /// The pipe that interrupts, if it can be interrupted.
    private let interruption: Pipe?

    private init(interruption: Pipe?) {
        self.interruption = interruption
    }

    /// A waiter that can be interrupted. Throws if the system has no descriptors left.
    public convenience init() throws(HostError) {
        self.init(interruption: try Pipe())
    }

    /// A waiter that cannot be interrupted, and that everybody may share.
    public static let uninterruptible = PollWaiter(interruption: nil)

    /// Ends the waits under way, and all to come until `resume` is called.
    public func interrupt() {
        interruption?.signal()
    }

    /// Waits again after an interruption.
    public func resume() {
        interruption?.drain()
    }

    /// A descriptor that writing a byte to interrupts: all that a signal handler may do. Valid as long as the waiter.
    public var interruptionDescriptor: CInt? { interruption?.writeEnd.rawValue }

    public func wait(for pollables: [Pollable]) throws(WaitInterrupted) -> [Int] {
        while true {
            var round = PollRound(pollables, interruption: interruption?.readEnd)
            if !round.run() { throw WaitInterrupted() }
            if !round.ready.isEmpty { return round.ready }
        }
    }
}

/// One call of `poll` and what belongs to it.
private struct PollRound {
    private let pollables: [Pollable]
    private var entries: [pollfd] = []

    /// The entry that stands for each pollable that is a descriptor.
    private var entryOf: [Int: Int] = [:]

    /// The entry of each descriptor: one may be asked for many times, but the system takes each once.
    private var entryByDescriptor: [CInt: Int] = [:]

    private var signals: [ReadinessSignal] = []
    private var deadline: MonotonicInstant?
    private var isAnyReady = false
    private let hasInterruption: Bool

    /// The positions of the pollables that hold, after `run`.
    private(set) var ready: [Int] = []

    init(_ pollables: [Pollable], interruption: OwnedFileDescriptor?) {
        self.pollables = pollables
        self.hasInterruption = interruption != nil
        if let interruption { _ = entry(for: interruption, events: POLLIN) }
        var now: MonotonicInstant?
        for (index, pollable) in pollables.enumerated() {
            switch pollable {
            case .ready: isAnyReady = true
            case .never: break
            case .instant(let instant):
                let current = now ?? .now
                now = current
                if instant <= current { isAnyReady = true }
                deadline = min(deadline ?? instant, instant)
            case .readable(let descriptor): entryOf[index] = entry(for: descriptor, events: POLLIN)
            case .writable(let descriptor): entryOf[index] = entry(for: descriptor, events: POLLOUT)
            case .raised(let signal):
                if signal.isRaised { isAnyReady = true }
                signals.append(signal)
            }
        }
    }

    private mutating func entry(for descriptor: OwnedFileDescriptor, events: Int32) -> Int {
        let events = Int16(truncatingIfNeeded: events)
        if let index = entryByDescriptor[descriptor.rawValue] {
            entries[index].events |= events
            return index
        }
        entries.append(pollfd(fd: descriptor.rawValue, events: events, revents: 0))
        entryByDescriptor[descriptor.rawValue] = entries.count - 1
        return entries.count - 1
    }

    /// Answers false if the wait was interrupted.
    mutating func run() -> Bool {
        // Signals wake the thread through a pipe of this round; without one it would look again every so often.
        let wake = isAnyReady || signals.isEmpty ? nil : try? Pipe()
        var tokens: [(ReadinessSignal, UInt64)] = []
        if let wake {
            _ = entry(for: wake.readEnd, events: POLLIN)
            for signal in signals { tokens.append((signal, signal.observe { wake.signal() })) }
        }
        defer {
            for (signal, token) in tokens { signal.removeObserver(token) }
        }
        let timeout = timeout(isAwakened: signals.isEmpty || wake != nil)
        if !(timeout == 0 && entries.isEmpty) { poll(timeout) }
        if hasInterruption, entries[0].revents != 0 { return false }
        collect()
        return true
    }

    /// In nanoseconds; below zero is for ever.
    private func timeout(isAwakened: Bool) -> Int64 {
        if isAnyReady { return 0 }
        var timeout: Int64 = isAwakened ? -1 : 10_000_000
        if let deadline {
            let now = MonotonicInstant.now
            let rest = deadline > now ? Int64(clamping: deadline.nanoseconds - now.nanoseconds) : 0
            timeout = timeout < 0 ? rest : min(timeout, rest)
        }
        return timeout
    }

    /// A signal of the system ends this early, and then the round finds nothing and is made again. Should the system
    /// not be able to wait, every descriptor is taken to be ready: who reads or writes it will find out.
    private mutating func poll(_ timeout: Int64) {
        let count = entries.count
        let result = unsafe entries.withUnsafeMutableBytes { bytes in
            unsafe wasihost_poll(bytes.baseAddress, count, timeout)
        }
        if result < 0 {
            let isInterrupted = result == Int(-EINTR)
            for index in entries.indices {
                entries[index].revents = isInterrupted || (hasInterruption && index == 0) ? 0 : entries[index].events
            }
        }
    }

    private mutating func collect() {
        let now = deadline == nil ? nil : MonotonicInstant.now
        for (index, pollable) in pollables.enumerated() {
            let holds =
                switch pollable {
                case .ready: true
                case .never: false
                case .instant(let instant): now.map { instant <= $0 } ?? false
                case .raised(let signal): signal.isRaised
                case .readable: answered(index, POLLIN)
                case .writable: answered(index, POLLOUT)
                }
            if holds { ready.append(index) }
        }
    }

    /// An error or a closed other end, too, is something that reading or writing would not wait for.
    private func answered(_ index: Int, _ events: Int32) -> Bool {
        guard let entry = entryOf[index] else { return false }
        return Int32(entries[entry].revents) & (events | POLLERR | POLLHUP | POLLNVAL) != 0
    }
}

/// A pipe that carries nothing but the fact that something happened.
private final class Pipe: Sendable {
    let readEnd: OwnedFileDescriptor
    let writeEnd: OwnedFileDescriptor

    init() throws(HostError) {
        var ends: (CInt, CInt) = (-1, -1)
        _ = try unsafe withUnsafeMutableBytes(of: &ends) { (bytes) throws(HostError) -> Int in
            try kernelCall { unsafe wasihost_pipe(bytes.bindMemory(to: CInt.self).baseAddress) }
        }
        self.readEnd = OwnedFileDescriptor(owning: ends.0)
        self.writeEnd = OwnedFileDescriptor(owning: ends.1)
    }

    /// A full pipe says it already.
    func signal() {
        var byte: UInt8 = 1
        _ = unsafe withUnsafeBytes(of: &byte) { bytes in
            try? unsafe writeEnd.writeAtPosition(bytes)
        }
    }

    func drain() {
        unsafe withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            while let count = try? unsafe readEnd.readAtPosition(into: buffer), count > 0 {}
        }
    }
}
