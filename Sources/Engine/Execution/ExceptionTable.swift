// The exceptions that guests hold by reference (`exnref`), and their collection.
//
// A reference is an index, plus one, under a generation that is never 0. Nobody counts references: when the table has grown
// to twice what was alive before, the store looks what is still reached (`Store+Collection.swift`). Words of the stack are
// not told apart by type, so a number that looks like a reference keeps its exception alive; an i32 never does. What frees
// an index raises its generation, so a reference that the host kept for itself is found out rather than taken for another's.

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

    /// Whether no exception was ever kept.
    var isUnused: Bool { entries.isEmpty }

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

    /// The values of an exception that is marked and was not looked at yet; nil if there is none left.
    mutating func takeMarked() -> [UInt64]? {
        pending.popLast().map { entries[$0].exception?.values ?? [] }
    }

    /// Frees what was not marked.
    mutating func sweep() {
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
        if exceptions.isCollectionDue, let pc = unsafe pc, let frame = unsafe frame {
            // The values have left the stack.
            let count = constantOperands.count
            for value in exception.values { constantOperands.append(ConstantValue(low: value)) }
            unsafe collect(upTo: stackEnd(pc, frame, in: instance))
            constantOperands.removeSubrange(count...)
        }
        return exceptions.insert(exception)
    }
}
