// A linear memory: address space reserved once, so that its base never moves, and committed as it grows.
//
// All accesses by guest code are checked against the size in the record, so a reservation is not needed for safety, only
// for the base to stay. Where it cannot be had (a small machine, a limit on address space), the memory holds exactly its
// size and moves when it grows; whoever keeps the base across a call back into the guest must read it again.

package import CApus
public import WasmTypes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A guest's memory. Belongs to its store and to the thread that uses the store.
@safe public final class LinearMemory {
    public let type: MemoryType
    /// What generated code reads; its address is fixed.
    package let record: UnsafeMutablePointer<apus_memory>
    /// Bytes of address space at the record's base.
    private var reserved: Int
    private let limit: UInt64
    private let pageSize: UInt64

    private static let systemPage: Int = 4096

    /// Makes a memory of its type's minimum size, all zero.
    ///
    /// Traps with `.resourceLimit` if the minimum exceeds `limit` bytes or the system has no room.
    package init(type: MemoryType, limit: UInt64) throws(Trap) {
        self.type = type
        let pageSize = UInt64(1) << UInt64(type.pageSizeLog2)
        self.pageSize = pageSize
        // With pages of a byte a size is a number of the address type.
        let greatest = (type.addressType == .i32 ? UInt64(1) << 32 : UInt64(1) << 48) - (pageSize == 1 ? 1 : 0)
        let declared = type.limits.maximum.map { $0.multipliedReportingOverflow(by: pageSize) }
        let maximum = min(declared.map { $0.overflow ? greatest : $0.partialValue } ?? greatest, greatest)
        self.limit = min(limit, maximum)
        let minimum = type.limits.minimum.multipliedReportingOverflow(by: pageSize)
        guard !minimum.overflow, minimum.partialValue <= limit, minimum.partialValue <= greatest else {
            throw Trap(.resourceLimit, detail: "a memory of \(type.limits.minimum) pages exceeds the limit of \(limit) bytes")
        }
        let size = Int(minimum.partialValue)
        unsafe record = UnsafeMutablePointer<apus_memory>.allocate(capacity: 1)
        unsafe record.initialize(to: apus_memory())
        // A memory of 64-bit addresses may be allowed more than any machine can reserve; it then moves when it grows.
        let wanted = max(Int(clamping: min(self.limit, 1 << 40)), size)
        reserved = 0
        if wanted == 0 { return }
        if let base = unsafe Self.reserve(wanted), unsafe Self.commit(base, size) {
            unsafe record.pointee.base = base.assumingMemoryBound(to: UInt8.self)
            reserved = Self.roundedUp(wanted)
        } else if let base = unsafe Self.reserve(size), unsafe Self.commit(base, size) {
            unsafe record.pointee.base = base.assumingMemoryBound(to: UInt8.self)
            reserved = Self.roundedUp(size)
        } else if size > 0 {
            unsafe record.deallocate()
            throw Trap(.resourceLimit, detail: "the system has no room for a memory of \(size) bytes")
        }
        unsafe record.pointee.size = UInt64(size)
    }

    deinit {
        if reserved > 0 { unsafe munmap(record.pointee.base, reserved) }
        unsafe record.deallocate()
    }

    /// In bytes.
    public var byteCount: Int { unsafe Int(truncatingIfNeeded: record.pointee.size) }

    /// In the memory's own pages.
    public var pageCount: UInt64 { unsafe record.pointee.size / pageSize }

    /// Adds pages of zeros. Returns the size before, in pages; nil if a limit or the system does not allow it.
    package func grow(by pages: UInt64) -> UInt64? {
        let old = unsafe record.pointee.size
        let (added, overflow) = pages.multipliedReportingOverflow(by: pageSize)
        guard !overflow, added <= limit, old <= limit - added else { return nil }
        if added == 0 { return old / pageSize }
        let size = Int(old + added)
        if size <= reserved, let base = unsafe record.pointee.base {
            guard unsafe Self.commit(UnsafeMutableRawPointer(base), size) else { return nil }
        } else {
            guard let moved = unsafe Self.reserve(size) else { return nil }
            guard unsafe Self.commit(moved, size) else {
                unsafe munmap(moved, Self.roundedUp(size))
                return nil
            }
            if let base = unsafe record.pointee.base {
                unsafe moved.copyMemory(from: base, byteCount: Int(old))
                unsafe munmap(base, reserved)
            }
            unsafe record.pointee.base = moved.assumingMemoryBound(to: UInt8.self)
            reserved = Self.roundedUp(size)
        }
        unsafe record.pointee.size = UInt64(size)
        return old / pageSize
    }

    /// The bytes of a range, valid until the memory grows; nil if the range is not inside the memory.
    package func bytes(at offset: UInt64, count: UInt64) -> UnsafeMutableRawBufferPointer? {
        let size = unsafe record.pointee.size
        guard count <= size, offset <= size - count else { return nil }
        guard let base = unsafe record.pointee.base else {
            return unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
        }
        return unsafe UnsafeMutableRawBufferPointer(start: base + Int(offset), count: Int(count))
    }

    private static func roundedUp(_ count: Int) -> Int {
        (count + systemPage - 1) / systemPage * systemPage
    }

    private static func reserve(_ count: Int) -> UnsafeMutableRawPointer? {
        guard count > 0 else { return nil }
        #if os(Linux)
            let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        #else
            let flags = MAP_PRIVATE | MAP_ANON
        #endif
        let mapped = unsafe mmap(nil, roundedUp(count), PROT_NONE, flags, -1, 0)
        return unsafe mapped == MAP_FAILED ? nil : mapped
    }

    private static func commit(_ base: UnsafeMutableRawPointer, _ count: Int) -> Bool {
        count == 0 ? true : unsafe mprotect(base, roundedUp(count), PROT_READ | PROT_WRITE) == 0
    }
}
