// The types of a function's locals. A body can declare fifty thousand locals in a few bytes, so only the first few
// hundred are laid out one by one; those behind them are found by their runs.

import InternalUtilities

/// Types of parameters and locals by index.
struct LocalTypes: ~Copyable {
    struct Run: BitwiseCopyable {
        /// The index behind the run's last local.
        var end: UInt32
        var word: UInt32
    }

    private static let directCount: UInt32 = 256
    private var direct = PlainStack<UInt32>(capacity: 256)
    private var runs = PlainStack<Run>(capacity: 16)
    private(set) var count: UInt32 = 0

    mutating func reset() {
        direct.truncate(to: 0)
        runs.truncate(to: 0)
        count = 0
    }

    /// Adds `count` locals of one type. The caller keeps the total within 32 bits.
    mutating func append(_ word: UInt32, count added: UInt32) {
        guard added > 0 else { return }
        for _ in 0..<min(added, Self.directCount - min(count, Self.directCount)) { direct.push(word) }
        count += added
        runs.push(Run(end: count, word: word))
    }

    /// The word of a local's type; nil if there is no such local.
    @inline(__always)
    subscript(index: UInt32) -> UInt32? {
        Int(index) < direct.count ? direct[Int(index)] : word(ofDistant: index)
    }

    @inline(never)
    private func word(ofDistant index: UInt32) -> UInt32? {
        guard index < count else { return nil }
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].end <= index { low = middle + 1 } else { high = middle }
        }
        return low < runs.count ? runs[low].word : nil
    }
}

/// Which locals without a default value have been set, undone at the end of each block.
struct InitializedLocals: ~Copyable {
    /// Whether the function has locals without a default value at all.
    var isNeeded = false
    /// Parameters are set from the start.
    var parameterCount: UInt32 = 0
    private var order: [UInt32] = []
    private var set: Set<UInt32> = []

    var count: Int { isNeeded ? order.count : 0 }

    mutating func reset() {
        guard isNeeded else { return }
        isNeeded = false
        order.removeAll()
        set.removeAll()
    }

    mutating func insert(_ local: UInt32) {
        if local >= parameterCount, set.insert(local).inserted { order.append(local) }
    }

    func contains(_ local: UInt32) -> Bool {
        local < parameterCount || set.contains(local)
    }

    mutating func restore(to count: Int) {
        guard isNeeded else { return }
        while order.count > count, let local = order.popLast() { set.remove(local) }
    }
}
