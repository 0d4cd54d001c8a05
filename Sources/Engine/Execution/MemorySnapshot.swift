// A memory as it was at one moment, and back to it.

import CApus
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a memory's bytes were. Stores whose memories were alike share it.
final class MemorySnapshot: Sendable {
    fileprivate enum Content: Sendable {
        case copy([UInt8])
        case image(MemoryImage)
    }

    /// The memory's size, in bytes.
    fileprivate let byteCount: Int
    fileprivate let content: Content

    /// Below this many bytes a copy of all is quicker than asking the system what has changed.
    private static let leastImage = 64 << 10

    /// Nil if the system has no room.
    fileprivate init?(of bytes: UnsafeRawBufferPointer, byteCount: Int) {
        self.byteCount = byteCount
        if bytes.count <= Self.leastImage {
            content = unsafe .copy(Array(bytes))
        } else if let image = unsafe MemoryImage(of: bytes) {
            content = .image(image)
        } else {
            return nil
        }
    }

    /// How the snapshot differs from the image that memories like this one began with: so that of the next one only those
    /// pages have to be looked at that are not the image's any more.
    private struct Origin {
        let image: MemoryImage
        let changed: [Range<Int>]
    }

    private let origin = Mutex<Origin?>(nil)

    /// - Parameter start: the image that the memory began with, if it did.
    fileprivate func equals(
        _ bytes: UnsafeMutableRawBufferPointer, byteCount: Int, startingWith start: MemoryImage?
    ) -> Bool {
        guard byteCount == self.byteCount, let base = bytes.baseAddress else { return false }
        switch content {
        case .copy(let copy): return unsafe copy.elementsEqual(bytes)
        case .image(let image):
            let written = start.flatMap { _ in unsafe MemoryImage.writtenRanges(at: base, count: bytes.count) }
            if let start, let written, let origin = origin.withLock({ $0 }), origin.image === start {
                // A page that was changed then and was not written to now is as good as different.
                let isCovered = origin.changed.allSatisfy { range in written.contains { $0.contains(range) } }
                return unsafe isCovered && image.equals(base, in: written)
            }
            guard unsafe image.equals(UnsafeRawBufferPointer(bytes)) else { return false }
            if let start, let written { origin.withLock { $0 = Origin(image: start, changed: written) } }
            return true
        }
    }
}

/// The snapshots of stores that were made alike, by the place of the memory in its store. Safe to use from any thread.
package final class SharedSnapshots: Sendable {
    private let snapshots = Mutex<[Int: MemorySnapshot]>([:])

    package init() {}

    /// A snapshot of a memory: one that another store has made, if the bytes are the same.
    fileprivate func snapshot(
        of bytes: UnsafeMutableRawBufferPointer, byteCount: Int, startingWith start: MemoryImage?, place: Int
    ) -> MemorySnapshot? {
        if let known = snapshots.withLock({ $0[place] }),
            unsafe known.equals(bytes, byteCount: byteCount, startingWith: start)
        {
            return known
        }
        guard let made = unsafe MemorySnapshot(of: UnsafeRawBufferPointer(bytes), byteCount: byteCount) else { return nil }
        let first = snapshots.withLock { snapshots in
            if snapshots[place] == nil { snapshots[place] = made }
            return snapshots[place]
        }
        // Another store may have made one at the same time.
        if let first, first !== made, unsafe first.equals(bytes, byteCount: byteCount, startingWith: start) { return first }
        return made
    }
}

extension LinearMemory {
    /// The memory's bytes in whole pages of the system's; what is beyond its size is zero. Nil if it has none.
    private var pages: UnsafeMutableRawBufferPointer? {
        guard let reservation, byteCount > 0 else { return nil }
        return unsafe UnsafeMutableRawBufferPointer(start: reservation.base, count: Self.roundedUp(byteCount))
    }

    /// Notes what the bytes are; nil if the system has no room for that. An image may take the place of the memory's pages.
    ///
    /// - Parameter place: which memory of its store this is.
    func takeSnapshot(_ shared: SharedSnapshots, place: Int) -> MemorySnapshot? {
        guard let pages = unsafe pages else { return nil }
        guard
            let snapshot = unsafe shared.snapshot(
                of: pages, byteCount: byteCount, startingWith: reservation?.image, place: place),
            let base = pages.baseAddress
        else { return nil }
        if case .image(let image) = snapshot.content {
            guard unsafe image.map(at: base, isKept: true) else { return nil }
            hasSnapshot = true
        }
        return snapshot
    }

    /// Makes the memory what it was, if that can be done. `base` is where it was then.
    func restore(_ snapshot: MemorySnapshot, base: UnsafeMutableRawPointer) -> Bool {
        guard let pages = unsafe pages, let current = pages.baseAddress, unsafe current == base else { return false }
        let kept = Self.roundedUp(snapshot.byteCount)
        guard kept <= pages.count else { return false }
        if kept < pages.count {
            #if os(Linux)
                // What was added is zero when it is added again. To give very much back takes longer than a new memory.
                guard pages.count - kept <= Reservation.greatestAtOnce else { return false }
                guard unsafe madvise(current + kept, pages.count - kept, MADV_DONTNEED) == 0 else { return false }
            #else
                return false
            #endif
        }
        switch snapshot.content {
        case .copy(let copy): unsafe copy.withUnsafeBytes { unsafe pages.copyMemory(from: $0) }
        case .image(let image): guard unsafe image.restore(at: current) else { return false }
        }
        unsafe record.pointee.size = UInt64(snapshot.byteCount)
        return true
    }

    /// Gives the pages back of a memory that was restored and not touched since; they will be the snapshot's.
    func rest(_ snapshot: MemorySnapshot) {
        guard case .image(let image) = snapshot.content, byteCount == snapshot.byteCount, let base = unsafe pages?.baseAddress
        else { return }
        _ = unsafe image.discard(at: base)
    }
}
