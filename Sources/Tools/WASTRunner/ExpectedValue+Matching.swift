// Compares results with what a script expects of them: bits, the two classes of NaN, references.

import Execution
import WasmText

extension NumberPattern {
    /// Whether a number of `width` bits, in the lowest bits of `value`, fits.
    func matches(_ value: UInt64, bits width: Int) -> Bool {
        switch self {
        case .bits(let bits): return value == bits
        case .canonicalNaN:
            return width == 32 ? value & 0x7FFF_FFFF == 0x7FC0_0000 : value & 0x7FFF_FFFF_FFFF_FFFF == 0x7FF8_0000_0000_0000
        case .arithmeticNaN:
            let quiet: UInt64 = width == 32 ? 0x7FC0_0000 : 0x7FF8_0000_0000_0000
            return value & quiet == quiet
        }
    }
}

extension ReferencePattern {
    func matches(_ reference: UInt64, in store: Store) -> Bool {
        if reference == 0 { return false }
        let kind = store.kind(ofReference: reference)
        switch self {
        case .anything: return true
        case .any: return kind != nil
        case .eq: return kind == .i31 || kind == .structure || kind == .array
        case .i31: return kind == .i31
        case .structure: return kind == .structure
        case .array: return kind == .array
        }
    }
}

extension ExpectedValue {
    /// How many slots the result takes.
    var slotCount: Int {
        switch self {
        case .vector: 2
        case .either(let alternatives): alternatives.first?.slotCount ?? 1
        case .number, .null, .reference, .externReference, .component: 1
        }
    }

    /// Whether a result in `slots`, which are as many as `slotCount` says, fits.
    func matches(_ slots: ArraySlice<UInt64>, in store: Store) -> Bool {
        guard slots.count == slotCount, let first = slots.first else { return false }
        switch self {
        case .number(let pattern, let bits):
            return pattern.matches(first, bits: bits)
        case .vector(let lanes, let bits):
            let mask = bits >= 64 ? UInt64.max : (1 << UInt64(bits)) - 1
            return lanes.enumerated().allSatisfy { index, pattern in
                let offset = index * bits
                guard offset < 128 else { return false }
                return pattern.matches(slots[slots.startIndex + offset / 64] >> UInt64(offset % 64) & mask, bits: bits)
            }
        case .null: return first == 0
        case .reference(let pattern): return pattern.matches(first, in: store)
        case .externReference(let number): return first == ScriptValue.externReference(number).slots[0]
        case .either(let alternatives): return alternatives.contains { $0.matches(slots, in: store) }
        case .component: return false
        }
    }
}

extension [ExpectedValue] {
    /// Whether the results, slot by slot, are these.
    func match(_ slots: [UInt64], in store: Store) -> Bool {
        var position = 0
        for expected in self {
            let end = position + expected.slotCount
            guard end <= slots.count, expected.matches(slots[position..<end], in: store) else { return false }
            position = end
        }
        return position == slots.count
    }
}

extension ScriptValue {
    /// The value as it lies in a frame.
    var slots: [UInt64] {
        switch self {
        case .number(let bits): [bits]
        case .vector(let low, let high): [low, high]
        case .null: [0]
        case .externReference(let number): [Reference.host(UInt64(number))]
        case .component: []
        }
    }
}
