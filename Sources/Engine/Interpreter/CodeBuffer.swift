// The words of the function being translated, the branches that wait for their targets, and what the last instruction
// was, so that it can still be changed: given another destination, or fused with a branch.

import CApus

/// How two slots, or a slot and an immediate, are compared. The codes stand in the order of the opcodes.
struct Comparison {
    enum Family: UInt8 {
        case i32
        case i64
        case f32
        case f64

        var isInteger: Bool { self == .i32 || self == .i64 }
    }

    var family: Family
    /// eq, ne, lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u for integers; eq, ne, lt, gt, le, ge for floats.
    var code: UInt16
    var left: UInt16
    var right: UInt16
    /// Compared with instead of `right`.
    var immediate: Int32?
    /// The branch is taken where the comparison does not hold. Integers take the opposite comparison instead.
    var isNegated = false

    /// The comparison that holds exactly where this one does not.
    var inverted: Comparison {
        var inverted = self
        if family.isInteger {
            inverted.code = Self.opposites[Int(code)]
        } else {
            inverted.isNegated.toggle()
        }
        return inverted
    }

    private static let opposites: [UInt16] = [1, 0, 8, 9, 6, 7, 4, 5, 2, 3]

    /// The comparison with its operands exchanged.
    static func mirrored(_ code: UInt16) -> UInt16 {
        switch code {
        case 2: 4
        case 3: 5
        case 4: 2
        case 5: 3
        case 6: 8
        case 7: 9
        case 8: 6
        case 9: 7
        default: code
        }
    }
}

/// Branches to one place that is not known yet: the head of a list in the buffer, or -1.
struct PendingBranches {
    fileprivate(set) var head: Int32 = -1
    var isEmpty: Bool { head < 0 }
}

struct CodeBuffer {
    private struct Pending {
        /// The word that holds the offset, in its upper half unless it is a table's entry.
        var word: Int32
        /// The word that the offset counts from.
        var base: Int32
        var isTableEntry: Bool
        var next: Int32
    }

    private let handlers = HandlerAddresses.shared
    private(set) var words: [UInt64] = []
    private var pending: [Pending] = []

    /// The last instruction, as long as nothing can jump behind it: its first word, and the slot it writes.
    private var lastStart = -1
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
        lastDestination = UInt16(truncatingIfNeeded: operands)
        words.append(handlers[instruction])
        words.append(operands)
        if let extra { words.append(extra) }
    }

    mutating func emitComparison(_ comparison: Comparison, to destination: UInt16) {
        let operands: UInt64
        if let immediate = comparison.immediate {
            operands = Self.pack(destination, comparison.left, immediate: UInt32(bitPattern: immediate))
        } else {
            operands = Self.pack(destination, comparison.left, comparison.right)
        }
        emitDefinition(Self.value(comparison), operands)
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
        let (instruction, operands) = Self.branch(comparison)
        emit(instruction, operands)
        return start
    }

    mutating func resolve(conditionalAt start: Int, backTo target: Int) {
        words[start + 1] |= Self.offset(from: start, to: target)
    }

    mutating func link(conditionalAt start: Int, _ label: inout PendingBranches) {
        link(start + 1, base: start, isTableEntry: false, &label)
    }

    mutating func link(_ word: Int, base: Int, isTableEntry: Bool, _ label: inout PendingBranches) {
        pending.append(
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

    /// The instruction that computes a comparison's value.
    private static func value(_ comparison: Comparison) -> apus_instruction {
        switch (comparison.family, comparison.immediate) {
        case (.i32, nil): APUS_i32_eq_dab.advanced(by: comparison.code)
        case (.i32, _): APUS_i32_eq_dai.advanced(by: comparison.code)
        case (.i64, nil): APUS_i64_eq_dab.advanced(by: comparison.code)
        case (.i64, _): APUS_i64_eq_dai.advanced(by: comparison.code)
        case (.f32, _): APUS_f32_eq_dab.advanced(by: comparison.code)
        case (.f64, _): APUS_f64_eq_dab.advanced(by: comparison.code)
        }
    }

    /// The instruction that branches on a comparison, and its operands without the offset.
    private static func branch(_ comparison: Comparison) -> (apus_instruction, UInt64) {
        let slots = pack(comparison.left, comparison.right, 0)
        switch comparison.family {
        case .i32, .i64:
            let isNarrow = comparison.family == .i32
            if let immediate = comparison.immediate {
                if immediate == 0, comparison.code <= 1 {
                    let operand = UInt64(comparison.left)
                    if comparison.code == 0 { return (isNarrow ? APUS_br_zero : APUS_br_zero_i64, operand) }
                    return (isNarrow ? APUS_br_nonzero : APUS_br_nonzero_i64, operand)
                }
                let operands = pack(comparison.left, UInt16(truncatingIfNeeded: immediate), 0)
                return ((isNarrow ? APUS_i32_eq_aio : APUS_i64_eq_aio).advanced(by: comparison.code), operands)
            }
            return ((isNarrow ? APUS_i32_eq_abo : APUS_i64_eq_abo).advanced(by: comparison.code), slots)
        case .f32:
            return ((comparison.isNegated ? APUS_f32_eq_abo_not : APUS_f32_eq_abo).advanced(by: comparison.code), slots)
        case .f64:
            return ((comparison.isNegated ? APUS_f64_eq_abo_not : APUS_f64_eq_abo).advanced(by: comparison.code), slots)
        }
    }
}
