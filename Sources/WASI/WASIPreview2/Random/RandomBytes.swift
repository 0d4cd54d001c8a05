// `wasi:random/random`, `insecure` and `insecure-seed`. The bytes are made where they are to be, in the guest's memory.

import Execution
import ComponentRuntime
import WASIHost

enum RandomBytes {
    static let secure = HostInterface(wasi: "random/random") { interface in
        interface.function("get-random-bytes") { (context: inout HostContext, length: UInt64) throws -> ByteList in
            try context.randomBytes(length, from: context.wasi.configuration.secureRandom)
        }
        interface.function("get-random-u64") { (context: inout HostContext) throws -> UInt64 in
            try context.wasi.configuration.secureRandom.word()
        }
    }

    static let insecure = HostInterface(wasi: "random/insecure") { interface in
        interface.function("get-insecure-random-bytes") {
            (context: inout HostContext, length: UInt64) throws -> ByteList in
            try context.randomBytes(length, from: context.wasi.configuration.insecureRandom)
        }
        interface.function("get-insecure-random-u64") { (context: inout HostContext) throws -> UInt64 in
            try context.wasi.configuration.insecureRandom.word()
        }
    }

    static let insecureSeed = HostInterface(wasi: "random/insecure-seed") { interface in
        interface.function("insecure-seed") { (context: inout HostContext) throws -> Tuple<UInt64, UInt64> in
            let seed = try context.wasi.configuration.insecureSeed
            return Tuple(seed.0, seed.1)
        }
    }
}

extension HostContext {
    /// Traps for more than the limit of one request, and if the source fails: random bytes have no error in WIT.
    fileprivate mutating func randomBytes(_ length: UInt64, from source: any RandomSource) throws -> ByteList {
        let limit = try wasi.limits.randomLength
        guard let count = Int(exactly: length), count <= limit else {
            throw GuestMisuse("\(length) random bytes were asked for, which is more than the limit of \(limit)")
        }
        if count == 0 { return ByteList([]) }
        let store = self.store
        let bytes = try unsafe fill(upTo: count) { (buffer) throws -> Int in
            // To make them takes a while.
            for start in stride(from: 0, to: buffer.count, by: Store.bytesAtOnce) {
                if start > 0 { try store.passInterrupt() }
                let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start..<min(start + Store.bytesAtOnce, buffer.count)])
                try unsafe source.fill(part)
            }
            return buffer.count
        }
        return try bytes.get()
    }
}
