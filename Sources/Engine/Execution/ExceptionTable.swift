// The exceptions that guests hold by reference (`exnref`), and their collection.
//
// A reference is an index, plus one, under a generation that is never 0. Nobody counts references: when the table has grown
// to twice what was alive before, those exceptions are freed that no word of the guest's stack, no table or global that
// can hold an exception, and no living exception names. Words of the stack are not told apart by type, so a number that
// looks like a reference keeps its exception alive; an i32 never does. What frees an index raises its generation, so a
// reference that the host kept for itself is found out rather than taken for another's.

import CApus
import WasmTypes

/// A thrown exception: its tag and its values' slots.
struct ThrownException {
    var tag: Tag
    var values: [UInt64]
}

struct ExceptionTable {
    private struct Entry {
        var exception: ThrownException?
        var generation: UInt32 = 1
        var isMarked = false
    }

    private let limit: Int
    private var entries: [Entry] = []
    private var free: [Int] = []
    /// Exceptions that are reached, but whose own values were not looked at yet.
    private var pending: [Int] = []
    private var liveCount = 0
    /// How many may live before it is worth looking which of them do.
    private var threshold: Int

    private static let smallestThreshold = 1024

    init(limit: Int) {
        self.limit = limit
        threshold = min(limit, Self.smallestThreshold)
    }

    /// Whether a collection should come before the next exception.
    var isCollectionDue: Bool { liveCount >= threshold }

    /// Keeps an exception and gives its reference; nil where there are too many.
    mutating func insert(_ exception: ThrownException) -> UInt64? {
        guard liveCount < limit else { return nil }
        liveCount += 1
        guard let index = free.popLast() else {
            entries.append(Entry(exception: exception))
            return Self.reference(entries.count - 1, 1)
        }
        entries[index].exception = exception
        return Self.reference(index, entries[index].generation)
    }

    subscript(reference: UInt64) -> ThrownException? {
        index(of: reference).flatMap { entries[$0].exception }
    }

    private static func reference(_ index: Int, _ generation: UInt32) -> UInt64 {
        UInt64(generation) << 32 | UInt64(index + 1)
    }

    private func index(of reference: UInt64) -> Int? {
        let index = Int(reference & 0xFFFF_FFFF) - 1
        guard entries.indices.contains(index), UInt64(entries[index].generation) == reference >> 32 else { return nil }
        return index
    }

    // MARK: - Collection

    /// Notes that a word names an exception, if it does.
    mutating func mark(_ word: UInt64) {
        guard word >> 32 != 0, let index = index(of: word), !entries[index].isMarked, entries[index].exception != nil else {
            return
        }
        entries[index].isMarked = true
        pending.append(index)
    }

    /// Frees what was not marked, nor is named by what was.
    mutating func sweep() {
        while let index = pending.popLast() {
            for value in entries[index].exception?.values ?? [] { mark(value) }
        }
        liveCount = 0
        for index in entries.indices {
            if entries[index].isMarked {
                entries[index].isMarked = false
                liveCount += 1
            } else if entries[index].exception != nil {
                entries[index].exception = nil
                // An index whose generations are used up is not used again.
                entries[index].generation &+= 1
                if entries[index].generation != 0 { free.append(index) }
            }
        }
        threshold = min(limit, max(Self.smallestThreshold, liveCount * 2))
    }
}

extension Store {
    /// Keeps an exception that is being thrown in `frame`, the innermost; nil where too many are kept.
    func hold(
        _ exception: ThrownException, thrownAt pc: UnsafePointer<UInt64>?, frame: UnsafeMutablePointer<UInt64>?,
        in instance: Instance
    ) -> UInt64? {
        if exceptions.isCollectionDue {
            for value in exception.values { exceptions.mark(value) }
            unsafe collectExceptions(pc, frame, instance)
        }
        return exceptions.insert(exception)
    }

    private func collectExceptions(
        _ pc: UnsafePointer<UInt64>?, _ frame: UnsafeMutablePointer<UInt64>?, _ instance: Instance
    ) {
        guard let pc = unsafe pc, let frame = unsafe frame else { return }
        // Without its function's record the frame could be as large as any; the stack's mapping reaches that far.
        var frameSlots = 1 << 16
        if let function = unsafe instance.module.function(at: pc), let code = unsafe instance.module.record(of: function) {
            frameSlots = unsafe Int(code.pointee.frame_slots)
        }
        var slot = unsafe stack.firstSlot
        let end = unsafe UnsafePointer(frame + frameSlots)
        while unsafe slot < end {
            unsafe exceptions.mark(slot.pointee)
            unsafe slot += 1
        }
        for instance in instances {
            for table in instance.tables where table.type.elementType.mayNameException {
                for index in 0..<table.count { exceptions.mark(table[raw: index] ?? 0) }
            }
            for global in instance.globals where global.type.valueType.mayNameException { exceptions.mark(global.rawValue) }
        }
        exceptions.sweep()
    }
}

extension ValueType {
    fileprivate var mayNameException: Bool { heapType == .exception }
}
