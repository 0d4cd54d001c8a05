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
    /// The address space at the record's base; nil if the memory has none.
    private(set) var reservation: Reservation?
    private let pool: MemoryPool?
    private let limit: UInt64
    private let pageSize: UInt64
    /// Whether a snapshot's image was put at the base.
    var hasSnapshot = false

    static let systemPage: Int = 4096

    /// Makes a memory of its type's minimum size, all zero but for what an image gives.
    ///
    /// Traps with `.resourceLimit` if the minimum exceeds `limit` bytes or the system has no room.
    init(type: MemoryType, limit: UInt64, image: MemoryImage? = nil, pool: MemoryPool? = nil) throws(Trap) {
        self.type = type
        self.pool = pool
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
        if wanted == 0 { return }
        let pooled = pool?.takeReservation(byteCount: Self.roundedUp(wanted), image: image)
        guard var reservation = pooled ?? Self.reserve(wanted, image: image) ?? Self.reserve(size, image: image),
            Self.commit(&reservation, size)
        else {
            if size == 0 { return }
            unsafe record.deallocate()
            throw Trap(.resourceLimit, detail: "the system has no room for a memory of \(size) bytes")
        }
        self.reservation = reservation
        unsafe record.pointee.base = reservation.base.assumingMemoryBound(to: UInt8.self)
        unsafe record.pointee.size = UInt64(size)
    }

    deinit {
        if let reservation {
            // With a snapshot's image in it, it is of no use to others.
            let used = Self.roundedUp(byteCount)
            if let pool, !hasSnapshot { pool.give(reservation, used: used) } else { reservation.free(used: used) }
        }
        unsafe record.deallocate()
    }

    /// Whether the memory began with the image that it was made with. Where the system could not map it, all is zero.
    var isImaged: Bool { reservation?.image != nil }

    /// In bytes.
    public var byteCount: Int { unsafe Int(truncatingIfNeeded: record.pointee.size) }

    /// In the memory's own pages.
    public var pageCount: UInt64 { unsafe record.pointee.size / pageSize }

    /// Adds pages of zeros. Returns the size before, in pages; nil if a limit or the system does not allow it.
    ///
    /// - Parameter pause: called now and then, where the bytes have to be moved. If it throws, the memory is as it was.
    package func grow(by pages: UInt64, _ pause: () throws(Trap) -> Void = {}) throws(Trap) -> UInt64? {
        let old = unsafe record.pointee.size
        let (added, overflow) = pages.multipliedReportingOverflow(by: pageSize)
        guard !overflow, added <= limit, old <= limit - added else { return nil }
        if added == 0 { return old / pageSize }
        let size = Int(old + added)
        if var reservation, size <= reservation.byteCount {
            guard Self.commit(&reservation, size) else { return nil }
            self.reservation = reservation
        } else {
            guard var moved = Self.reserve(size, image: nil) else { return nil }
            guard Self.commit(&moved, size) else {
                moved.free(used: 0)
                return nil
            }
            if let reservation {
                for offset in stride(from: 0, to: Int(old), by: Store.bytesAtOnce) {
                    let count = min(Int(old) - offset, Store.bytesAtOnce)
                    unsafe (moved.base + offset).copyMemory(from: reservation.base + offset, byteCount: count)
                    do throws(Trap) {
                        try pause()
                    } catch {
                        moved.free(used: Int(old))
                        throw error
                    }
                }
                reservation.free(used: Int(old))
            }
            unsafe record.pointee.base = moved.base.assumingMemoryBound(to: UInt8.self)
            reservation = moved
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

    static func roundedUp(_ count: Int) -> Int {
        (count + systemPage - 1) / systemPage * systemPage
    }

    private static func reserve(_ count: Int, image: MemoryImage?) -> Reservation? {
        guard count > 0 else { return nil }
        #if os(Linux)
            let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        #else
            let flags = MAP_PRIVATE | MAP_ANON
        #endif
        let byteCount = roundedUp(count)
        guard let base = unsafe mmap(nil, byteCount, PROT_NONE, flags, -1, 0), unsafe base != MAP_FAILED else { return nil }
        if let image, unsafe image.byteCount > byteCount || !image.map(at: base) {
            unsafe munmap(base, byteCount)
            return nil
        }
        return unsafe Reservation(base: base, byteCount: byteCount, committed: image?.byteCount ?? 0, image: image)
    }

    private static func commit(_ reservation: inout Reservation, _ count: Int) -> Bool {
        if count <= reservation.committed { return true }
        guard unsafe mprotect(reservation.base, roundedUp(count), PROT_READ | PROT_WRITE) == 0 else { return false }
        reservation.committed = roundedUp(count)
        return true
    }
}
