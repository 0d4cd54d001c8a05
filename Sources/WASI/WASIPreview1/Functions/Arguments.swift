// `args_get`, `args_sizes_get`, `environ_get` and `environ_sizes_get`.

import WASIHost
import Execution

extension ModuleFunction {
    static let arguments = [
        ModuleFunction("args_sizes_get") { (call, count: Pointer<UInt32>, size: Pointer<UInt32>) in
            try call.storeSizes(of: call.configuration.arguments, count, size)
        },
        ModuleFunction("args_get") { (call, pointers: Pointer<Pointer<UInt8>>, buffer: Pointer<UInt8>) in
            try call.store(call.configuration.arguments, pointers, buffer)
        },
        ModuleFunction("environ_sizes_get") { (call, count: Pointer<UInt32>, size: Pointer<UInt32>) in
            try call.storeSizes(of: call.environment, count, size)
        },
        ModuleFunction("environ_get") { (call, pointers: Pointer<Pointer<UInt8>>, buffer: Pointer<UInt8>) in
            try call.store(call.environment, pointers, buffer)
        },
    ]
}

extension GuestCall {
    fileprivate var environment: [String] {
        configuration.environment.map { "\($0.name)=\($0.value)" }
    }

    fileprivate func storeSizes(
        of strings: [String], _ count: Pointer<UInt32>, _ size: Pointer<UInt32>
    ) throws {
        let bytes = strings.reduce(0) { $0 + $1.utf8.count + 1 }
        guard let count32 = UInt32(exactly: strings.count), let bytes = UInt32(exactly: bytes) else { throw Errno.overflow }
        try memory.store(count32, to: count)
        try memory.store(bytes, to: size)
    }

    /// Stores strings one after the other, each with a NUL behind it, and the address of each.
    fileprivate func store(
        _ strings: [String], _ pointers: Pointer<Pointer<UInt8>>, _ buffer: Pointer<UInt8>
    ) throws {
        let size = strings.reduce(0) { $0 + $1.utf8.count + 1 }
        let bytes = unsafe try memory.bytes(at: buffer.address, count: UInt64(size))
        let table = try memory.record(at: pointers.address, size: UInt32(clamping: strings.count * 4), alignment: 4)
        var offset = 0
        for (index, string) in strings.enumerated() {
            table.set(buffer.address &+ UInt32(truncatingIfNeeded: offset), at: 4 * index)
            let count = string.utf8.count
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + count]).copyBytes(from: string.utf8)
            unsafe bytes[offset + count] = 0
            offset += count + 1
        }
    }
}
