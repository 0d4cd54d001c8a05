// Compares results with what a script expects of them: bits, the two classes of NaN, references.

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

extension ExpectedValue {
    /// How many slots the result takes.
    var slotCount: Int {
        switch self {
        case .vector: 2
        case .either(let alternatives): alternatives.first?.slotCount ?? 1
        case .number, .null, .anyReference, .externReference, .component: 1
        }
    }

    /// Whether a result in `slots`, which are as many as `slotCount` says, fits.
    func matches(_ slots: ArraySlice<UInt64>) -> Bool {
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
        case .anyReference: return first != 0
        case .externReference(let number): return first == ScriptValue.externReference(number).slots[0]
        case .either(let alternatives): return alternatives.contains { $0.matches(slots) }
        case .component: return false
        }
    }
}

extension [ExpectedValue] {
    /// Whether the results, slot by slot, are these.
    func match(_ slots: [UInt64]) -> Bool {
        var position = 0
        for expected in self {
            let end = position + expected.slotCount
            guard end <= slots.count, expected.matches(slots[position..<end]) else { return false }
            position = end
        }
        return position == slots.count
    }
}

extension ScriptValue {
    /// The value as it lies in a frame. The host's references are their numbers plus one, since 0 is null.
    var slots: [UInt64] {
        switch self {
        case .number(let bits): [bits]
        case .vector(let low, let high): [low, high]
        case .null: [0]
        case .externReference(let number): [UInt64(number) + 1]
        case .component: []
        }
    }
}
