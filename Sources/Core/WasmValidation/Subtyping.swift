// Matching of value types (core specification, section 3.3) on their packed words, and the bottom types that stand for
// what unreachable code has on its stack.

import InternalUtilities
import WasmTypes

/// Words of types that no program can write.
enum BottomType {
    /// Matches every type.
    static let value: UInt32 = 0
    /// `(ref bot)`: matches every reference.
    static let reference: UInt32 = 0x001
    /// `(ref null bot)`
    static let nullReference: UInt32 = 0x101
    static let nullableBit: UInt32 = 0x100
}

extension TypeTable {
    /// Whether a value of type `actual` may stand where `expected` is wanted.
    @inline(__always)
    func matches(_ actual: UInt32, _ expected: UInt32) -> Bool {
        actual == expected || matchesSlowly(actual, expected)
    }

    @inline(never)
    func matchesSlowly(_ actual: UInt32, _ expected: UInt32) -> Bool {
        if actual == expected || actual == BottomType.value { return true }
        guard actual & 0xFF == 1, expected & 0xFF == 1 else { return false }
        if actual & BottomType.nullableBit != 0, expected & BottomType.nullableBit == 0 { return false }
        // Without the nullable bit the words are the heap types.
        let heap = actual & ~BottomType.nullableBit
        let wanted = expected & ~BottomType.nullableBit
        if heap == wanted || heap == BottomType.reference { return true }
        guard let actualHeap = ValueType(word: actual).heapType, let wantedHeap = ValueType(word: expected).heapType else {
            return false
        }
        return matches(actualHeap, wantedHeap)
    }

    private func matches(_ actual: HeapType, _ expected: HeapType) -> Bool {
        switch (actual, expected) {
        case (.defined(let index), .defined(let other)):
            return matches(type: index.rawValue, other.rawValue)
        case (.defined(let index), .function), (.noFunction, .defined(let index)):
            return types.at(index.rawValue)?.kind == .function
        case (.defined(let index), .structure):
            return types.at(index.rawValue)?.kind == .structure
        case (.defined(let index), .array):
            return types.at(index.rawValue)?.kind == .array
        case (.defined(let index), .any), (.defined(let index), .eq), (.none, .defined(let index)):
            return types.at(index.rawValue).map { $0.kind != .function } ?? false
        case (.noFunction, .function), (.noExternal, .external), (.noException, .exception): return true
        case (.none, .any), (.none, .eq), (.none, .i31), (.none, .structure), (.none, .array): return true
        case (.eq, .any), (.i31, .any), (.structure, .any), (.array, .any): return true
        case (.i31, .eq), (.structure, .eq), (.array, .eq): return true
        default: return false
        }
    }

    /// Whether a defined type is another or one of its subtypes.
    private func matches(type: UInt32, _ other: UInt32) -> Bool {
        guard let wanted = canonicalTypes.at(other) else { return false }
        var type = type
        // A supertype's index is below the subtype's, so the walk ends; the depth is limited by validation.
        while let canonical = canonicalTypes.at(type), let supertype = supertypes.at(type) {
            if canonical == wanted { return true }
            guard supertype < type else { return false }
            type = supertype
        }
        return false
    }
}
