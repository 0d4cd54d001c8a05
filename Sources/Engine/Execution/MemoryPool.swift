// Reservations and guest stacks that are used again. Asking the system for address space and giving it back costs more
// than all else that a small guest needs, and a server makes a guest for each request.
//
// A reservation goes back as it was made: the system is told that the pages are not needed, after which they read as zeros,
// or as the memory image that is mapped there.

import InternalUtilities
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Address space for one memory, with a memory image at its start or without.
@safe struct Reservation {
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    /// How many bytes from the base on may be touched.
    var committed: Int
    /// What the first bytes read as until they are written to.
    let image: MemoryImage?

    /// Gives the address space back, of which at most `used` bytes were touched.
    func free(used: Int) { unsafe Self.unmap(base, byteCount, used: used) }

    /// Gives any mapping back. To take a gigabyte apart takes the system tens of milliseconds, for which nobody should have to
    /// wait.
    static func unmap(_ base: UnsafeMutableRawPointer, _ byteCount: Int, used: Int) {
        let base = UInt(bitPattern: base)
        let unmap = { @Sendable in _ = unsafe munmap(UnsafeMutableRawPointer(bitPattern: base), byteCount) }
        if used <= greatestAtOnce || !DetachedThread.start(unmap) { unmap() }
    }

    /// How many bytes' pages are given back at once, while others wait.
    static let greatestAtOnce = 256 << 20
}

/// What stores have given back. Safe to use from any thread.
package final class MemoryPool: Sendable {
    // Proof of Sendable: a reservation in the pool is nobody else's, so nothing is shared by handing it over.
    private struct Idle: @unchecked Sendable {
        var reservations: [Reservation] = []
        var stacks: [GuestStack] = []
    }

    private let idle = Mutex(Idle())
    private let limit: Int

    /// A pool that keeps so many reservations, and as many stacks.
    package init(limit: Int) {
        self.limit = limit
    }

    deinit {
        idle.withLock { idle in
            for reservation in idle.reservations { reservation.free(used: 0) }
        }
    }

    /// A reservation of just this size and image; nil if there is none.
    func takeReservation(byteCount: Int, image: MemoryImage?) -> Reservation? {
        guard limit > 0 else { return nil }
        return idle.withLock { idle in
            let found = idle.reservations.lastIndex { $0.byteCount == byteCount && $0.image === image }
            return found.map { idle.reservations.remove(at: $0) }
        }
    }

    /// Takes a reservation back. Of its bytes, those from `used` on were never touched.
    func give(_ reservation: Reservation, used: Int) {
        #if os(Linux)
            // Elsewhere the pages need not read as zeros afterwards.
            if limit > 0, used <= Reservation.greatestAtOnce, unsafe used == 0 || madvise(reservation.base, used, MADV_DONTNEED) == 0 {
                // The oldest goes: what was used last is what will be asked for.
                let surplus = idle.withLock { idle in
                    idle.reservations.append(reservation)
                    return idle.reservations.count > limit ? idle.reservations.removeFirst() : nil
                }
                surplus?.free(used: 0)
                return
            }
        #endif
        reservation.free(used: used)
    }

    func takeStack(bytes: Int) -> GuestStack? {
        idle.withLock { idle in
            let found = idle.stacks.lastIndex { $0.requestedBytes == bytes }
            return found.map { idle.stacks.remove(at: $0) }
        }
    }

    /// Takes back a stack on which nothing runs.
    func give(_ stack: GuestStack) {
        guard limit > 0 else { return }
        idle.withLock { idle in
            if idle.stacks.count < limit { idle.stacks.append(stack) }
        }
    }
}
