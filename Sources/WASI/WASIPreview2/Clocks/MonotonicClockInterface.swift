// `wasi:clocks/monotonic-clock`

import ComponentRuntime
import WASIHost

enum MonotonicClockInterface {
    static let interface = HostInterface(wasi: "clocks/monotonic-clock") { interface in
        interface.declarePollable()
        interface.function("now") { (context: inout HostContext) throws -> UInt64 in
            try context.wasi.monotonicClock.now
        }
        interface.function("resolution") { (context: inout HostContext) throws -> UInt64 in
            try context.wasi.monotonicClock.resolution
        }
        interface.function("subscribe-instant") {
            (context: inout HostContext, instant: UInt64) throws -> Owned<PollableResource> in
            let clock = try context.wasi.monotonicClock
            return Owned(PollableResource(.condition(clock.pollable(at: instant))))
        }
        interface.function("subscribe-duration") {
            (context: inout HostContext, duration: UInt64) throws -> Owned<PollableResource> in
            let clock = try context.wasi.monotonicClock
            return Owned(PollableResource(.condition(clock.pollable(after: duration))))
        }
    }
}
