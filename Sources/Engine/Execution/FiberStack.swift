// A stack for host code that runs on behalf of one guest: the handlers, the host functions, and what these call.

import WasmTypes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One mapping: a page that nobody may touch, and above it the stack, of which the system gives pages only where frames
/// have been. Used by one fiber at a time, and by another when that one has ended.
// Proof of Sendable: the two values never change; what lies in the mapping belongs to the fiber that runs on it, and a
// fiber's owner hands the stack on only after the fiber has ended.
@safe package final class FiberStack: @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    private let byteCount: Int

    /// Enough for `StoreLimits.hostCallDepth` calls from host to guest inside each other, and for the host's own.
    package static let defaultByteCount = 1 << 20

    /// Throws if the system has no room.
    package init(byteCount: Int = defaultByteCount) throws(Trap) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let rounded = (max(byteCount, 64 << 10) + page - 1) / page * page + page
        #if os(Linux)
            let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK
        #else
            let flags = MAP_PRIVATE | MAP_ANON
        #endif
        guard let mapped = unsafe mmap(nil, rounded, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe mapped != MAP_FAILED,
            unsafe mprotect(mapped, page, PROT_NONE) == 0
        else { throw Trap(.resourceLimit, detail: "the system has no room for a stack of \(byteCount) bytes") }
        unsafe base = mapped
        self.byteCount = rounded
    }

    /// The highest address.
    var top: UnsafeMutableRawPointer { unsafe base + byteCount }

    deinit { unsafe munmap(base, byteCount) }
}
