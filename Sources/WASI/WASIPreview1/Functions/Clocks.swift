// `clock_res_get` and `clock_time_get`. There are no clocks of processor time: a guest is not told what else its host is
// busy with.

import Execution
import WASIHost

extension ModuleFunction {
    static let clocks = [
        ModuleFunction("clock_res_get") { (call, clock: ClockID, result: Pointer<UInt64>) in
            let resolution =
                switch clock {
                case .realtime: call.configuration.wallClock.resolution.nanosecondsSince1970
                case .monotonic: call.configuration.monotonicClock.resolution
                case .processCPUTime, .threadCPUTime: throw Errno.inval
                }
            try call.memory.store(resolution, to: result)
        },
        ModuleFunction("clock_time_get") { (call, clock: ClockID, precision: UInt64, result: Pointer<UInt64>) in
            let time =
                switch clock {
                case .realtime: call.configuration.wallClock.now.nanosecondsSince1970
                case .monotonic: call.configuration.monotonicClock.now
                case .processCPUTime, .threadCPUTime: throw Errno.inval
                }
            try call.memory.store(time, to: result)
        },
    ]
}
