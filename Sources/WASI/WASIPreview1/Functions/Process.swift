// `proc_exit`, `proc_raise`, `sched_yield` and `random_get`.

import WasmTypes
import Execution
import WASIHost

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension ModuleFunction {
    static let process = [
        // A system hands on the lower eight bits of what a program ends with, and so does this.
        ModuleFunction.leaving("proc_exit") { (call, status: UInt32) in
            throw GuestExit(code: UInt8(truncatingIfNeeded: status))
        },
        ModuleFunction("proc_raise") { (call, signal: Signal) in
            switch signal.effect {
            case .nothing: return
            case .stops: throw Errno.notsup
            case .ends: throw Trap(.host, detail: "the guest raised the signal \(signal)")
            }
        },
        ModuleFunction("sched_yield") { call in
            sched_yield()
        },
        ModuleFunction("random_get") { (call, buffer: List<UInt8>) in
            let limit = call.configuration.limits.randomLength
            guard buffer.count <= limit else {
                throw Trap(.host, detail: "\(buffer.count) random bytes are more than the limit of \(limit)")
            }
            try unsafe call.configuration.secureRandom.fill(call.memory.bytes(of: buffer))
        },
    ]
}
