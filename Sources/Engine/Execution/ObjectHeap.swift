// The memory that structures and arrays lie in, and its collector: mark and sweep, nothing is ever moved.
//
// One reservation of address space, cut into blocks. A block has cells of one size, or a large object takes a run of
// blocks. So whether any word is the address of an object is answered by looking at the table of blocks, which is what
// allows roots to be words that may or may not be references (the guest's stack), and what makes a stray word harmless.

import CApus
import WasmTypes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The objects of one store. Used by one thread at a time.
// Invariant: of the blocks below `usedEnd`, those that are `.small` have a header word at each cell, which is 0 exactly if
// the cell is free, and then the cell is in its class's list; the first block of a `.large` run begins with an object.
// A header that is not 0 is the address of a type's descriptor, and the collector's bit.
@safe final class ObjectHeap {
    private enum BlockKind: UInt8 {
        case free
        case small
        case large
        /// Another block of a large object than its first.
        case rest
    }

    private struct Block {
        var kind = BlockKind.free
        /// The bytes of a cell.
        var cellSize: UInt32 = 0
        /// How many blocks a large object takes.
        var length: UInt32 = 0
    }

    private static let blockShift: UInt = 16
    private static let blockSize: UInt = 1 << blockShift
    private static let mark: UInt64 = 1
    /// How many blocks are swept between two pauses.
    private static let blocksAtOnce = 64
    /// How many blocks may be in use before it is worth looking what of them is.
    private static let smallestThreshold = 64

    /// What code takes small objects from.
    let record: UnsafeMutablePointer<apus_heap>
    let limit: UInt64
    private let blockLimit: Int
    /// Nil until the first object.
    private var region: UnsafeMutableRawPointer?
    private var blocks: [Block] = []
    /// Where the search for free blocks begins.
    private var cursor = 0
    private var usedBlockCount = 0
    private var threshold = ObjectHeap.smallestThreshold
    /// Whether the last collection found too little for it to be worth another, with all blocks in use.
    private(set) var isExhausted = false
    /// Objects that are reached, but whose references were not looked at yet.
    private var pending: [UInt] = []

    init(limit: UInt64) {
        self.limit = limit
        blockLimit = Int(min(limit, 1 << 40) >> UInt64(Self.blockShift))
        unsafe record = UnsafeMutablePointer<apus_heap>.allocate(capacity: 1)
        unsafe record.initialize(to: apus_heap())
        var units = 0
        for (index, size) in Self.cellSizes.enumerated() {
            while units * Int(APUS_OBJECT_UNIT.rawValue) <= size {
                unsafe withUnsafeMutableBytes(of: &record.pointee.size_class) { classes in
                    if units < classes.count { unsafe classes[units] = UInt8(truncatingIfNeeded: index) }
                }
                units += 1
            }
        }
    }

    deinit {
        if let region = unsafe region {
            let shift = Int(Self.blockShift)
            unsafe Reservation.unmap(region, blockLimit << shift, used: blocks.count << shift)
        }
        unsafe record.deallocate()
    }

    /// The sizes of cells, ascending: each unit, then steps of a quarter.
    private static let cellSizes: [Int] = {
        let unit = Int(APUS_OBJECT_UNIT.rawValue)
        let greatest = Int(APUS_GREATEST_SMALL_OBJECT.rawValue)
        var sizes: [Int] = []
        var size = unit
        while size <= greatest {
            sizes.append(size)
            var step = unit
            while step * 8 <= size { step *= 2 }
            size += step
        }
        return sizes
    }()

    private var isReserved: Bool { unsafe region != nil }
    /// Whether there was never an object.
    var isEmpty: Bool { !isReserved }
    private var base: UInt { unsafe UInt(bitPattern: region) }

    // MARK: - Allocation

    /// Whether a collection should come before more blocks are taken.
    var isCollectionDue: Bool { usedBlockCount >= threshold }

    /// A cell from the lists; nil where there is none, or the object is too large for one.
    func takeCell(_ byteCount: UInt64) -> UnsafeMutablePointer<apus_object>? {
        unsafe apus_take_cell(record, byteCount)
    }

    /// Room for an object in blocks that were not in use; nil if the limit does not allow it.
    func takeFromNewBlocks(_ byteCount: UInt64) -> UnsafeMutablePointer<apus_object>? {
        guard byteCount <= limit, reserve() else { return nil }
        guard byteCount > UInt64(APUS_GREATEST_SMALL_OBJECT.rawValue) else {
            guard let block = takeBlocks(1) else { return nil }
            let unit = Int(APUS_OBJECT_UNIT.rawValue)
            let units = (Int(byteCount) + unit - 1) / unit
            let index = unsafe withUnsafeBytes(of: &record.pointee.size_class) { unsafe Int($0[min(units, $0.count - 1)]) }
            guard Self.cellSizes.indices.contains(index) else { return nil }
            blocks[block].kind = .small
            blocks[block].cellSize = UInt32(Self.cellSizes[index])
            unsafe withFreeCells { lists in unsafe clear(block, &lists[index]) }
            return unsafe takeCell(byteCount)
        }
        let count = Int((UInt(byteCount) + Self.blockSize - 1) >> Self.blockShift)
        guard let block = takeBlocks(count) else { return nil }
        blocks[block].kind = .large
        blocks[block].length = UInt32(truncatingIfNeeded: count)
        for rest in block + 1..<block + count { blocks[rest].kind = .rest }
        let object = unsafe UnsafeMutableRawPointer(bitPattern: address(of: block))?
            .bindMemory(to: apus_object.self, capacity: 1)
        unsafe object?.pointee.type = 0
        return unsafe object
    }

    private func reserve() -> Bool {
        if isReserved { return true }
        guard blockLimit > 0 else { return false }
        #if os(Linux)
            let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        #else
            let flags = MAP_PRIVATE | MAP_ANON
        #endif
        guard let mapped = unsafe mmap(nil, blockLimit << Int(Self.blockShift), PROT_READ | PROT_WRITE, flags, -1, 0),
            unsafe mapped != MAP_FAILED
        else { return false }
        unsafe region = mapped
        return true
    }

    private func address(of block: Int) -> UInt { base + UInt(block) << Self.blockShift }

    /// Finds `count` free blocks in a row and counts them as used; the first one's number.
    private func takeBlocks(_ count: Int) -> Int? {
        guard count <= blockLimit - usedBlockCount else { return nil }
        guard let found = freeRun(count, from: cursor) ?? freeRun(count, from: 0) else { return nil }
        while blocks.count < found + count { blocks.append(Block()) }
        cursor = found + count
        usedBlockCount += count
        return found
    }

    private func freeRun(_ count: Int, from start: Int) -> Int? {
        var first = start
        var position = start
        while position - first < count {
            guard position < blockLimit else { return nil }
            // Beyond the last block that was ever used all are free.
            if position >= blocks.count { return first + count <= blockLimit ? first : nil }
            if blocks[position].kind != .free { first = position + 1 }
            position += 1
        }
        return first
    }

    private func withFreeCells(
        _ body: (inout UnsafeMutableBufferPointer<UnsafeMutablePointer<UInt64>?>) -> Void
    ) {
        unsafe withUnsafeMutablePointer(to: &record.pointee.free_cells) { lists in
            let count = Int(APUS_SIZE_CLASSES.rawValue)
            unsafe lists.withMemoryRebound(to: UnsafeMutablePointer<UInt64>?.self, capacity: count) { first in
                var buffer = unsafe UnsafeMutableBufferPointer(start: first, count: count)
                unsafe body(&buffer)
            }
        }
    }

    /// Makes all cells of a block free.
    private func clear(_ block: Int, _ list: inout UnsafeMutablePointer<UInt64>?) {
        let size = UInt(blocks[block].cellSize)
        let start = address(of: block)
        var offset = (Self.blockSize / size) * size
        while offset > 0 {
            offset -= size
            guard let cell = unsafe UnsafeMutablePointer<UInt64>(bitPattern: start + offset) else { return }
            unsafe cell[0] = 0
            unsafe cell[1] = UInt64(UInt(bitPattern: list))
            unsafe list = cell
        }
    }

    // MARK: - Looking at words

    /// The object whose address a word is; nil if there is none.
    func object(at word: UInt64) -> UnsafeMutablePointer<apus_object>? {
        let start = UInt64(base)
        guard word >= start, start != 0, word & 15 == 0 else { return nil }
        let offset = UInt(word - start)
        let block = Int(offset >> Self.blockShift)
        guard block < blocks.count else { return nil }
        let inside = offset & (Self.blockSize - 1)
        switch blocks[block].kind {
        case .free, .rest: return nil
        case .large: if inside != 0 { return nil }
        case .small:
            let size = UInt(blocks[block].cellSize)
            if inside % size != 0 || inside + size > Self.blockSize { return nil }
        }
        guard let object = unsafe UnsafeMutablePointer<apus_object>(bitPattern: UInt(word)),
            unsafe object.pointee.type != 0
        else { return nil }
        return unsafe object
    }

    // MARK: - Collection

    /// Notes that a word names an object, if it does.
    func mark(_ word: UInt64) {
        guard let object = unsafe object(at: word) else { return }
        let type = unsafe object.pointee.type
        guard type & Self.mark == 0 else { return }
        unsafe object.pointee.type = type | Self.mark
        if let descriptor = unsafe UnsafePointer<apus_type>(bitPattern: UInt(type)), unsafe descriptor.pointee.holds_references {
            pending.append(UInt(word))
        }
    }

    /// Takes an object that is marked and gives its references to `visit`; false if there is none left.
    func visitNext(_ visit: (UInt64) -> Void) -> Bool {
        guard let address = pending.popLast(), let object = unsafe UnsafeRawPointer(bitPattern: address) else { return false }
        let header = unsafe object.load(as: apus_object.self)
        guard let type = unsafe UnsafePointer<apus_type>(bitPattern: UInt(header.type & ~Self.mark)) else { return true }
        if unsafe apus_type_kind(UInt32(type.pointee.kind)) == APUS_KIND_ARRAY {
            let elements = unsafe (object + Int(APUS_ARRAY_HEADER.rawValue)).assumingMemoryBound(to: UInt64.self)
            for index in 0..<Int(header.length) { visit(unsafe elements[index]) }
        } else {
            for index in 0..<Int(unsafe type.pointee.field_count) {
                let field = unsafe type.pointee.fields[index]
                if field.storage == APUS_STORAGE_REFERENCE.rawValue {
                    visit(unsafe object.load(fromByteOffset: Int(field.offset), as: UInt64.self))
                }
            }
        }
        return true
    }

    /// Frees what was not marked.
    ///
    /// - Parameter pause: called now and then.
    func sweep(_ pause: () -> Void) {
        pending = []
        var freed: UInt = 0
        unsafe withFreeCells { lists in
            for index in lists.indices { unsafe lists[index] = nil }
            var block = blocks.count
            // Downwards, so that the lists begin with the lowest addresses.
            while block > 0 {
                block -= 1
                if block % Self.blocksAtOnce == 0 { pause() }
                switch blocks[block].kind {
                case .free, .rest: break
                case .large: freed += sweepLarge(block)
                case .small:
                    let index = Self.classIndex(ofCellSize: Int(blocks[block].cellSize))
                    unsafe freed += sweepSmall(block, &lists[index])
                }
            }
        }
        cursor = 0
        threshold = min(blockLimit, max(Self.smallestThreshold, usedBlockCount * 2))
        isExhausted = usedBlockCount >= blockLimit && UInt64(freed) < limit / 32
    }

    /// Whether it is exhausted; the guest is stopped for it then, and the next one may try again.
    func takeExhaustion() -> Bool {
        defer { isExhausted = false }
        return isExhausted
    }

    private static func classIndex(ofCellSize size: Int) -> Int {
        var low = 0
        var high = cellSizes.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cellSizes[middle] < size { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func sweepLarge(_ block: Int) -> UInt {
        guard let object = unsafe UnsafeMutablePointer<apus_object>(bitPattern: address(of: block)) else { return 0 }
        let type = unsafe object.pointee.type
        if type & Self.mark != 0 {
            unsafe object.pointee.type = type & ~Self.mark
            return 0
        }
        let count = Int(blocks[block].length)
        unsafe object.pointee.type = 0
        for index in block..<min(block + count, blocks.count) { blocks[index] = Block() }
        usedBlockCount -= count
        _ = unsafe madvise(object, count << Int(Self.blockShift), MADV_DONTNEED)
        return UInt(count) << Self.blockShift
    }

    private func sweepSmall(_ block: Int, _ list: inout UnsafeMutablePointer<UInt64>?) -> UInt {
        let size = UInt(blocks[block].cellSize)
        let start = address(of: block)
        let before = unsafe list
        var freed: UInt = 0
        var isInUse = false
        var offset = (Self.blockSize / size) * size
        while offset > 0 {
            offset -= size
            guard let cell = unsafe UnsafeMutablePointer<UInt64>(bitPattern: start + offset) else { break }
            let header = unsafe cell[0]
            if header & Self.mark != 0 {
                unsafe cell[0] = header & ~Self.mark
                isInUse = true
            } else {
                if header != 0 { freed += size }
                unsafe cell[0] = 0
                unsafe cell[1] = UInt64(UInt(bitPattern: list))
                unsafe list = cell
            }
        }
        if !isInUse {
            unsafe list = before
            blocks[block] = Block()
            usedBlockCount -= 1
        }
        return freed
    }
}
