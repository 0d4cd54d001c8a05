// A memory's first bytes, kept as a file in memory that instances map privately: they share its pages until they write to
// them, and nothing is copied when an instance is made. One kind of image is what a module's data segments make of its
// memory, the other what a memory is like when all of its instance has been made.

import CApus
import InternalUtilities
import Synchronization
import WasmBinary
import WasmTypes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The first bytes of a memory. Never changes.
@safe final class MemoryImage: Sendable {
    private let descriptor: CInt
    /// A multiple of the system's page size; beyond it the memory is zero.
    let byteCount: Int
    /// The file itself, which is only read once it is filled.
    private nonisolated(unsafe) let contents: UnsafeMutableRawPointer

    /// The most that is copied to make a memory what it was, in bytes.
    private static let greatestCopy = 64 << 20

    /// Nil if the system cannot make one.
    private init?(byteCount: Int, fill: (UnsafeMutableRawPointer) -> Void) {
        self.byteCount = byteCount
        descriptor = unsafe apus_memory_file("memory image")
        guard descriptor >= 0 else { return nil }
        guard ftruncate(descriptor, off_t(byteCount)) == 0,
            let mapped = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            unsafe mapped != MAP_FAILED
        else {
            close(descriptor)
            return nil
        }
        unsafe contents = mapped
        unsafe fill(mapped)
        unsafe mprotect(mapped, byteCount, PROT_READ)
        unsafe apus_map_page_by_page(mapped, UInt64(byteCount))
        forgetContents()
    }

    /// Takes the file's pages out of this process's map, where each counts as memory in use; they stay in the file.
    func forgetContents() { unsafe madvise(contents, byteCount, MADV_DONTNEED) }

    fileprivate convenience init?(_ segments: [(offset: Int, bytes: ByteExtent)], source: ByteSource) {
        let end = segments.map { $0.offset + $0.bytes.count }.max() ?? 0
        unsafe self.init(byteCount: LinearMemory.roundedUp(end)) { mapped in
            for segment in segments {
                let target = unsafe UnsafeMutableRawBufferPointer(start: mapped + segment.offset, count: segment.bytes.count)
                unsafe source.copy(segment.bytes.lowerBound..<segment.bytes.lowerBound + segment.bytes.count, to: target)
            }
        }
    }

    /// An image of these bytes, which are whole pages of the system's.
    convenience init?(of bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, bytes.count % LinearMemory.systemPage == 0 else { return nil }
        unsafe self.init(byteCount: bytes.count) { mapped in
            let page = LinearMemory.systemPage
            for offset in stride(from: 0, to: bytes.count, by: page) {
                // A page of zeros takes no room in the file.
                let words = unsafe UnsafeRawBufferPointer(start: base + offset, count: page).bindMemory(to: UInt64.self)
                if unsafe words.allSatisfy({ $0 == 0 }) { continue }
                unsafe (mapped + offset).copyMemory(from: base + offset, byteCount: page)
            }
        }
    }

    deinit {
        unsafe munmap(contents, byteCount)
        close(descriptor)
    }

    /// Whether the image is of these bytes.
    func equals(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == byteCount, let base = bytes.baseAddress else { return false }
        defer { forgetContents() }
        return unsafe memcmp(base, contents, byteCount) == 0
    }

    /// Whether the image is of these bytes as far as the ranges go.
    func equals(_ base: UnsafeRawPointer, in ranges: [Range<Int>]) -> Bool {
        ranges.allSatisfy { range in
            guard range.upperBound <= byteCount else { return false }
            return unsafe memcmp(base + range.lowerBound, contents + range.lowerBound, range.count) == 0
        }
    }

    /// The parts of a mapping that were written to, ascending, in whole pages; nil where the system cannot tell.
    static func writtenRanges(at base: UnsafeMutableRawPointer, count: Int) -> [Range<Int>]? {
        var found: [Range<Int>] = []
        let isComplete = unsafe forEachWrittenRange(at: base, count: count) { found.append($0) }
        return isComplete ? found : nil
    }

    private static func forEachWrittenRange(
        at base: UnsafeMutableRawPointer, count: Int, _ body: (Range<Int>) -> Void
    ) -> Bool {
        let capacity = 64
        return unsafe withUnsafeTemporaryAllocation(of: apus_page_range.self, capacity: capacity) { ranges in
            guard let first = ranges.baseAddress else { return false }
            var walked: UInt64 = 0
            while walked < UInt64(count) {
                let start = walked
                let found = unsafe apus_written_pages(base, start, UInt64(count), first, capacity, &walked)
                guard found >= 0, walked > start else { return false }
                for index in 0..<found { unsafe body(Int(ranges[index].start)..<Int(ranges[index].end)) }
            }
            return true
        }
    }

    /// Makes memory where the image was mapped what it was then.
    func restore(at base: UnsafeMutableRawPointer) -> Bool {
        // Only pages that were written to are the memory's own. Writing to them once more is far quicker than to give
        // them back and have the system copy them anew.
        var written = 0
        let isComplete = unsafe Self.forEachWrittenRange(at: base, count: byteCount) { range in
            written += range.count
            if written > Self.greatestCopy { return }
            unsafe (base + range.lowerBound).copyMemory(from: contents + range.lowerBound, byteCount: range.count)
        }
        if isComplete, written <= Self.greatestCopy { return true }
        // So much that nobody should wait for it.
        if written > Reservation.greatestAtOnce { return false }
        return unsafe discard(at: base)
    }

    /// Gives the memory's own pages back, after which the image's are there again.
    func discard(at base: UnsafeMutableRawPointer) -> Bool {
        #if os(Linux)
            unsafe madvise(base, byteCount, MADV_DONTNEED) == 0
        #else
            unsafe map(at: base)
        #endif
    }

    /// Puts the image at the start of a reservation; answers whether the system could.
    ///
    /// - Parameter isKept: whether what is mapped will be used many times, so that it pays to map as little as possible.
    func map(at base: UnsafeMutableRawPointer, isKept: Bool = false) -> Bool {
        let flags = MAP_PRIVATE | MAP_FIXED
        guard unsafe mmap(base, byteCount, PROT_READ | PROT_WRITE, flags, descriptor, 0) == base else { return false }
        if isKept { unsafe apus_map_page_by_page(base, UInt64(byteCount)) }
        return true
    }
}

/// Makes a module's image when it pays.
final class MemoryImageSource: Sendable {
    private enum State {
        /// Instances made so far.
        case counting(Int)
        case made(MemoryImage)
        case impossible
    }

    private let state = Mutex(State.counting(0))

    /// Below this many bytes, copying is quicker than the faults of the pages.
    private static let leastBytes = 8 << 10

    /// The image of the module's memory; nil before the second instance is made, and where there cannot be one.
    func image(of module: Module) -> MemoryImage? {
        state.withLock { state in
            switch state {
            case .made(let image): return image
            case .impossible: return nil
            case .counting(let count) where count == 0:
                state = .counting(1)
                return nil
            case .counting:
                if let segments = module.binary.imageSegments(leastBytes: Self.leastBytes),
                    let image = MemoryImage(segments, source: module.binary.source)
                {
                    state = .made(image)
                    return image
                }
                state = .impossible
                return nil
            }
        }
    }
}

extension BinaryModule {
    /// The data segments if they do no more than fill the module's one memory, at places that are known, and inside it.
    fileprivate func imageSegments(leastBytes: Int) -> [(offset: Int, bytes: ByteExtent)]? {
        guard importedMemoryCount == 0, memories.count == 1, memories[0].pageSizeLog2 == 16 else { return nil }
        let (size, overflow) = memories[0].limits.minimum.multipliedReportingOverflow(by: 1 << 16)
        guard !overflow, size <= 1 << 32 else { return nil }
        var segments: [(offset: Int, bytes: ByteExtent)] = []
        var total = 0
        for data in data {
            guard case .active(_, let expression) = data.mode else { continue }
            guard let offset = integerConstant(expression) else { return nil }
            let count = UInt64(data.bytes.count)
            guard offset <= size, count <= size - offset else { return nil }
            segments.append((Int(offset), data.bytes))
            total += data.bytes.count
        }
        return total >= leastBytes ? segments : nil
    }

    /// The value of an expression that is a lone constant of an address type.
    private func integerConstant(_ expression: ConstantExpression) -> UInt64? {
        guard let operations = try? operations(of: expression), operations.count == 1 else { return nil }
        switch operations[0] {
        case .i32Const(let value): return UInt64(UInt32(bitPattern: value))
        case .i64Const(let value): return UInt64(bitPattern: value)
        default: return nil
        }
    }
}
