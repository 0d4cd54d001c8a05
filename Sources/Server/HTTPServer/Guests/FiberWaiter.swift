// Waiting on a fiber: what is waited for becomes timers, observers of signals and watched descriptors, each of which wakes
// the guest's task; then the fiber is put aside, and the event loop goes on.

import NIOCore
import WASIHost

/// The waiter of an instance that runs on fibers of one event loop.
// Proof of Sendable: `task` is read and written on the event loop's thread only, where the guest runs too.
final class FiberWaiter: Waiter, @unchecked Sendable {
    /// The call that the instance is at work on.
    var task: GuestTask? {
        willSet { assert((newValue ?? task)?.loop.eventLoop.inEventLoop ?? true) }
    }

    func wait(for pollables: [Pollable]) throws(WaitInterrupted) -> [Int] {
        guard let task, task.loop.current === task else {
            // Outside a call nothing may hold up the loop: only what is ready now.
            let ready = Self.ready(pollables)
            if ready.isEmpty { throw WaitInterrupted() }
            return ready
        }
        while true {
            if task.isInterrupted { throw WaitInterrupted() }
            let ready = Self.ready(pollables)
            if !ready.isEmpty { return ready }
            let round = WaitRound(pollables, task)
            if !round.isOver { task.wait() }
            round.end()
        }
    }

    /// Lets other guests of the loop run.
    func yield() {
        task?.loop.eventLoop.assertInEventLoop()
        guard let task, task.loop.current === task else { return }
        task.yield()
    }

    /// The positions of those that hold.
    private static func ready(_ pollables: [Pollable]) -> [Int] {
        var ready: [Int] = []
        var now: MonotonicInstant?
        for (index, pollable) in pollables.enumerated() {
            switch pollable {
            case .ready: ready.append(index)
            case .never: break
            case .instant(let instant):
                let current = now ?? .now
                now = current
                if instant <= current { ready.append(index) }
            case .readable(let descriptor):
                if DescriptorWatch.isReady(descriptor, .reading) { ready.append(index) }
            case .writable(let descriptor):
                if DescriptorWatch.isReady(descriptor, .writing) { ready.append(index) }
            case .raised(let signal): if signal.isRaised { ready.append(index) }
            }
        }
        return ready
    }
}

/// What wakes a task that waits, while it does.
private final class WaitRound {
    private enum Source: Hashable {
        case reading(ObjectIdentifier)
        case writing(ObjectIdentifier)
        case raised(ObjectIdentifier)
    }

    private var timer: Scheduled<Void>?
    private var signals: [(ReadinessSignal, UInt64)] = []
    private var watches: [DescriptorWatch.Token] = []

    /// Whether a signal was raised while the round was made: waking a task that does not wait yet has no effect.
    var isOver: Bool { signals.contains { $0.0.isRaised } }

    init(_ pollables: [Pollable], _ task: GuestTask) {
        var deadline: MonotonicInstant?
        // A guest may ask for the same thing a hundred thousand times, and is to hold up its loop for no longer than it must.
        var sources: Set<Source> = []
        let isFirst: (Source) -> Bool = { pollables.count == 1 || sources.insert($0).inserted }
        // Not here and now, when the task does not wait yet.
        let wake: @Sendable () -> Void = { task.loop.eventLoop.execute { task.wake() } }
        for pollable in pollables {
            switch pollable {
            case .ready, .never: break
            case .instant(let instant): deadline = min(deadline ?? instant, instant)
            case .readable(let descriptor):
                guard isFirst(.reading(ObjectIdentifier(descriptor))) else { break }
                watches.append(DescriptorWatch.shared.watch(descriptor, .reading, wake))
            case .writable(let descriptor):
                guard isFirst(.writing(ObjectIdentifier(descriptor))) else { break }
                watches.append(DescriptorWatch.shared.watch(descriptor, .writing, wake))
            case .raised(let signal):
                guard isFirst(.raised(ObjectIdentifier(signal))) else { break }
                signals.append((signal, signal.observe { task.wake() }))
            }
        }
        if let deadline {
            let now = MonotonicInstant.now
            let rest = deadline > now ? Int64(clamping: deadline.nanoseconds - now.nanoseconds) : 0
            // Beyond a year the clock will have been looked at again.
            timer = task.loop.eventLoop.scheduleTask(in: .nanoseconds(min(rest, 365 * 86_400 * 1_000_000_000))) {
                task.wakeInTurn()
            }
        }
    }

    func end() {
        timer?.cancel()
        for (signal, token) in signals { signal.removeObserver(token) }
        for token in watches { DescriptorWatch.shared.cancel(token) }
    }
}
