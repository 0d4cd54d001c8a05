// The words of the function being translated, the branches that wait for their targets, and what the last instruction
// was, so that it can still be changed: given another destination, or fused with a branch.

import CApus
import InternalUtilities

/// Branches to one place that is not known yet: the head of a list in the buffer, or -1.
struct PendingBranches: BitwiseCopyable {
    fileprivate(set) var head: Int32 = -1
    var isEmpty: Bool { head < 0 }
}

struct CodeBuffer: ~Copyable {
    struct Pending: BitwiseCopyable {
        /// The word that holds the offset, in its upper half unless it is a table's entry.
        var word: Int32
        /// The word that the offset counts from.
        var base: Int32
        var isTableEntry: Bool
        var next: Int32
    }

    private let handlers = HandlerAddresses.shared
    private(set) var words: [UInt64] = []
    private var pending = PlainStack<Pending>()

    /// The last instruction, as long as nothing can jump behind it: its first word, and the slot it writes.
    private var lastStart = -1
    private var lastInstruction = APUS_unreachable
    private var lastDestination: UInt16 = 0
    private var lastComparison: Comparison?
    private var lastCopy = -1

    init(capacity: Int) {
        words.reserveCapacity(capacity)
    }

    var count: Int { words.count }

    /// From here on the last instruction stays as it is: something may jump to this place.
    mutating func seal() {
        lastStart = -1
        lastCopy = -1
        lastComparison = nil
    }

    // MARK: - Emitting

    /// An instruction of two words whose result nobody redirects.
    mutating func emit(_ instruction: apus_instruction, _ operands: UInt64 = 0) {
        seal()
        words.append(handlers[instruction])
        words.append(operands)
    }

    mutating func emit(_ instruction: apus_instruction, _ operands: UInt64, _ extra: UInt64) {
        emit(instruction, operands)
        words.append(extra)
    }

    mutating func append(_ word: UInt64) {
        words.append(word)
    }

    /// An instruction that writes the slot in the lowest 16 bits of its operands.
    mutating func emitDefinition(_ instruction: apus_instruction, _ operands: UInt64, _ extra: UInt64? = nil) {
        seal()
        lastStart = words.count
        lastInstruction = instruction
        lastDestination = UInt16(truncatingIfNeeded: operands)
        words.append(handlers[instruction])
        words.append(operands)
        if let extra { words.append(extra) }
    }

    /// Emits the instruction that computes a comparison's value, which must have one.
    mutating func emitComparison(_ comparison: Comparison, to destination: UInt16) {
        guard let (instruction, operands) = comparison.valueForm(to: destination) else {
            return emit(APUS_internal_error)
        }
        emitDefinition(instruction, operands)
        lastComparison = comparison
    }

    mutating func emitCopy(to destination: UInt16, from source: UInt16) {
        if lastCopy >= 0, lastCopy + 2 == words.count {
            words[lastCopy] = handlers[APUS_copy_pair]
            words[lastCopy + 1] |= UInt64(destination) << 32 | UInt64(source) << 48
            seal()
            return
        }
        let start = words.count
        emit(APUS_copy, Self.pack(destination, source, 0))
        lastCopy = start
    }

    mutating func emitConstant(_ bits: UInt64, to destination: UInt16) {
        if bits <= UInt64(UInt32.max) {
            emitDefinition(APUS_const32, Self.pack(destination, 0, immediate: UInt32(bits)))
        } else {
            emitDefinition(APUS_const64, UInt64(destination), bits)
        }
    }

    // MARK: - Changing the last instruction

    /// Makes the last instruction write `destination`, if it is what computed `slot`.
    mutating func redirect(_ slot: UInt16, to destination: UInt16) -> Bool {
        guard lastStart >= 0, lastDestination == slot else { return false }
        words[lastStart + 1] = words[lastStart + 1] & ~0xFFFF | UInt64(destination)
        lastDestination = destination
        return true
    }

    /// The comparison that computed `slot`, taken back from the code; nil if the last instruction is none.
    mutating func takeComparison(_ slot: UInt16) -> Comparison? {
        guard lastStart >= 0, lastDestination == slot, let comparison = lastComparison else { return nil }
        words.removeSubrange(lastStart...)
        seal()
        return comparison
    }

    /// The operands of the last instruction, taken back from the code, if it is a `wanted` that computed `slot`.
    mutating func take(
        _ wanted: apus_instruction, defining slot: UInt16
    ) -> (left: UInt16, right: UInt16, immediate: UInt32, shift: UInt16)? {
        guard lastStart >= 0, lastDestination == slot, lastInstruction == wanted else { return nil }
        let operands = words[lastStart + 1]
        words.removeSubrange(lastStart...)
        seal()
        return (
            UInt16(truncatingIfNeeded: operands >> 16), UInt16(truncatingIfNeeded: operands >> 32),
            UInt32(truncatingIfNeeded: operands >> 32), UInt16(truncatingIfNeeded: operands >> 48)
        )
    }

    // MARK: - Branches

    /// A branch backwards, to a known place.
    mutating func emitBranch(backTo target: Int) {
        let start = words.count
        emit(APUS_br_back, Self.offset(from: start, to: target))
    }

    mutating func emitBranch(_ label: inout PendingBranches) {
        let start = words.count
        emit(APUS_br)
        link(start + 1, base: start, isTableEntry: false, &label)
    }

    /// A conditional branch whose operand word still lacks the offset; returns its first word.
    mutating func emitConditional(_ comparison: Comparison) -> Int {
        let start = words.count
        let (instruction, operands, constant) = comparison.branchForm
        emit(instruction, operands)
        if let constant { words.append(constant) }
        return start
    }

    mutating func resolve(conditionalAt start: Int, backTo target: Int) {
        words[start + 1] |= Self.offset(from: start, to: target)
    }

    mutating func link(conditionalAt start: Int, _ label: inout PendingBranches) {
        link(start + 1, base: start, isTableEntry: false, &label)
    }

    mutating func link(_ word: Int, base: Int, isTableEntry: Bool, _ label: inout PendingBranches) {
        pending.push(
            Pending(word: Int32(word), base: Int32(base), isTableEntry: isTableEntry, next: label.head))
        label.head = Int32(pending.count - 1)
    }

    mutating func setTableEntry(_ word: Int, base: Int, target: Int) {
        words[word] = UInt64(bitPattern: Int64(target - base))
    }

    /// Makes all branches that wait on the label come here.
    mutating func bind(_ label: inout PendingBranches) {
        seal()
        while label.head >= 0 {
            let waiting = pending[Int(label.head)]
            let base = Int(waiting.base)
            if waiting.isTableEntry {
                setTableEntry(Int(waiting.word), base: base, target: words.count)
            } else {
                words[Int(waiting.word)] |= Self.offset(from: base, to: words.count)
            }
            label.head = waiting.next
        }
    }

    // MARK: - Operand words

    static func pack(_ a: UInt16, _ b: UInt16, _ c: UInt16, _ d: UInt16 = 0) -> UInt64 {
        UInt64(a) | UInt64(b) << 16 | UInt64(c) << 32 | UInt64(d) << 48
    }

    static func pack(_ a: UInt16, _ b: UInt16, immediate: UInt32) -> UInt64 {
        UInt64(a) | UInt64(b) << 16 | UInt64(immediate) << 32
    }

    private static func offset(from start: Int, to target: Int) -> UInt64 {
        UInt64(UInt32(bitPattern: Int32(truncatingIfNeeded: target - start))) << 32
    }
}
