// The stack that guest frames lie on: one mapping, of which the system gives pages only where frames have been.

import CApus
import WasmTypes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A guest stack and its activation record. Freed with its last owner.
@safe final class GuestStack {
    let activation: UnsafeMutablePointer<apus_activation>
    private let base: UnsafeMutableRawPointer
    private let byteCount: Int
    let requestedBytes: Int

    // A frame's operands are written before its callee checks the limit, so the limit stands this far before the end:
    // the largest slot number, the largest header, and a host function's slots.
    private static let slack = (65_536 * 2 + 1024) * 8

    init(bytes: Int) throws(Trap) {
        requestedBytes = bytes
        byteCount = max(64 << 10, min(bytes, 1 << 40)) + Self.slack
        #if os(Linux)
            let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        #else
            let flags = MAP_PRIVATE | MAP_ANON
        #endif
        guard let mapped = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe mapped != MAP_FAILED else {
            throw Trap(.resourceLimit, detail: "the system has no room for a guest stack of \(bytes) bytes")
        }
        unsafe base = mapped
        unsafe activation = UnsafeMutablePointer<apus_activation>.allocate(capacity: 1)
        unsafe activation.initialize(to: apus_activation())
        reset()
    }

    /// Makes the stack as good as new. Frames set their slots before they read them, so what lies on it may stay.
    func reset() {
        unsafe activation.pointee = apus_activation()
        unsafe activation.pointee.top = base.assumingMemoryBound(to: UInt64.self)
        unsafe activation.pointee.stack_limit = (base + (byteCount - Self.slack)).assumingMemoryBound(to: UInt64.self)
        unsafe activation.pointee.runtime = UnsafePointer(RuntimeServices.table)
    }

    /// Where the first frame begins.
    var firstSlot: UnsafePointer<UInt64> { unsafe UnsafePointer(base.assumingMemoryBound(to: UInt64.self)) }

    deinit {
        unsafe munmap(base, byteCount)
        unsafe activation.deallocate()
    }
}
