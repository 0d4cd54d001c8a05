// Has guests that compute let others run. One thread for the process looks at the loops every few milliseconds; a guest
// that it finds running twice is asked to yield at its next loop head or call. If it had not had the processor for most of
// the time, it is spared once: a guest that is put aside for what other processes do would only hold its instance for longer.
// While no guest runs the thread sleeps.

import Execution
import InternalUtilities
import NIOConcurrencyHelpers
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The clock that divides time between guests.
final class YieldTicker: Sendable {
    /// What one event loop has running.
    final class Slot: Sendable {
        private struct State {
            var handle: InterruptHandle?
            var run: UInt64 = 0
            var seen: UInt64 = 0
            /// The loop's thread's, and what it showed when the run was seen first.
            var clock: ThreadClock?
            var seenTime: Int64?
            var isSpared = false
        }

        private let state = Mutex(State())
        private let ticker: YieldTicker

        fileprivate init(_ ticker: YieldTicker) {
            self.ticker = ticker
        }

        /// A guest begins to run, or goes on.
        func begin(_ handle: InterruptHandle) {
            state.withLock { state in
                state.handle = handle
                state.run &+= 1
                if state.clock == nil { state.clock = ThreadClock() }
            }
            ticker.wake()
        }

        /// The guest that ran does not any more.
        func end() {
            state.withLock { $0.handle = nil }
        }

        /// Answers whether a guest runs.
        fileprivate func tick() -> Bool {
            state.withLock { state in
                guard let handle = state.handle else { return false }
                let time = state.clock?.nanoseconds
                if state.run == state.seen {
                    if !state.isSpared, let time, let seenTime = state.seenTime, time - seenTime < YieldTicker.leastTime {
                        state.isSpared = true
                        return true
                    }
                    handle.requestYield()
                }
                state.seen = state.run
                state.seenTime = time
                state.isSpared = false
                return true
            }
        }
    }

    static let shared = YieldTicker()

    /// What a guest must have computed between two looks, in nanoseconds: half of the time.
    private static let leastTime = Int64(microseconds(ServerLimits.timeSlice)) * 500

    private let slots = Mutex<[Slot]>([])
    private let isAsleep = Atomic(true)
    private let isWanted = ConditionLock(value: false)

    private init() {}

    /// A slot for a loop. The ticker keeps it for ever, as the loops of a server are kept for its life.
    func makeSlot() -> Slot {
        let slot = Slot(self)
        let isFirst = slots.withLock { slots in
            slots.append(slot)
            return slots.count == 1
        }
        if isFirst { DetachedThread.start { YieldTicker.shared.run() } }
        return slot
    }

    /// Takes a slot out again.
    func remove(_ slot: Slot) {
        slots.withLock { slots in slots.removeAll { $0 === slot } }
    }

    private func wake() {
        guard isAsleep.load(ordering: .sequentiallyConsistent) else { return }
        isAsleep.store(false, ordering: .sequentiallyConsistent)
        isWanted.lock()
        isWanted.unlock(withValue: true)
    }

    private func run() {
        let pause = Self.microseconds(ServerLimits.timeSlice)
        var idleTicks = 0
        while true {
            if idleTicks > 20 {
                isAsleep.store(true, ordering: .sequentiallyConsistent)
                // Somebody who began before that may not have seen it.
                if !tick() {
                    isWanted.lock(whenValue: true)
                    isWanted.unlock(withValue: false)
                }
                isAsleep.store(false, ordering: .sequentiallyConsistent)
                idleTicks = 0
            }
            usleep(pause)
            idleTicks = tick() ? 0 : idleTicks + 1
        }
    }

    private func tick() -> Bool {
        let slots = self.slots.withLock { $0 }
        var isBusy = false
        for slot in slots where slot.tick() { isBusy = true }
        return isBusy
    }

    private static func microseconds(_ duration: Duration) -> UInt32 {
        UInt32(clamping: duration.components.attoseconds / 1_000_000_000_000)
    }
}
