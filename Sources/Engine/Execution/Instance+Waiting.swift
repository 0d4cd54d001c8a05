// Waiting and notifying on addresses of a memory (the threads proposal).
//
// A store is used by one thread, so nobody else ever waits or notifies: a notification wakes nobody, and a wait for a
// value that is there ends by its timeout or not at all.

import CApus
import WasmTypes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Instance {
    /// Checks the access of `memory.atomic.*` with its address at `operands[0]`, and gives the address.
    private func atomicAddress(
        _ address: UInt64, width: UInt64, in memory: LinearMemory, offset: UnsafePointer<UInt32>
    ) throws(Trap) -> UInt64 {
        let offset = unsafe UInt64(offset[0]) | UInt64(offset[1]) << 32
        let (sum, overflow) = address.addingReportingOverflow(offset)
        if overflow { throw Trap(.memoryOutOfBounds) }
        guard sum % width == 0 else { throw Trap(.unalignedAtomic) }
        guard unsafe memory.bytes(at: sum, count: width) != nil else { throw Trap(.memoryOutOfBounds) }
        return sum
    }

    /// `operands`: the address and how many to wake; how many were woken comes first.
    func atomicNotify(
        _ operands: UnsafeMutablePointer<UInt64>, memory: UInt32, offset: UnsafePointer<UInt32>
    ) throws(Trap) {
        _ = unsafe try atomicAddress(operands[0], width: 4, in: self.memory(memory), offset: offset)
        unsafe operands[0] = 0
    }

    /// `operands`: the address, the value expected there and the timeout in nanoseconds; 1 comes first where another value
    /// is there, 2 where the time has passed.
    func atomicWait(
        _ operands: UnsafeMutablePointer<UInt64>, width: UInt64, memory: UInt32, offset: UnsafePointer<UInt32>
    ) throws(Trap) {
        let memory = try self.memory(memory)
        let address = unsafe try atomicAddress(operands[0], width: width, in: memory, offset: offset)
        guard memory.type.isShared else { throw Trap(.expectedSharedMemory) }
        guard let bytes = unsafe memory.bytes(at: address, count: width) else { throw Trap(.memoryOutOfBounds) }
        let found = unsafe width == 4
            ? UInt64(bytes.load(as: UInt32.self)) : bytes.load(as: UInt64.self)
        let expected = unsafe width == 4 ? operands[1] & 0xFFFF_FFFF : operands[1]
        guard found == expected else {
            unsafe operands[0] = 1
            return
        }
        let timeout = unsafe Int64(bitPattern: operands[2])
        if timeout < 0 {
            throw Trap(.host, detail: "the guest waits for a notification that no other thread can give")
        }
        try sleep(nanoseconds: timeout)
        unsafe operands[0] = 2
    }

    /// Sleeps in short steps, so that an interrupt ends it.
    private func sleep(nanoseconds: Int64) throws(Trap) {
        let step: Int64 = 10_000_000
        var remaining = nanoseconds
        while remaining > 0 {
            if unsafe apus_interrupt(store.stack.activation) != 0, store.meetInterrupt() != 0 { throw Trap(.interrupted) }
            var time = timespec(tv_sec: 0, tv_nsec: Int(min(remaining, step)))
            _ = unsafe nanosleep(&time, nil)
            remaining -= step
        }
    }
}
