// The rows of `Instruction`, in the form that loops over code want: indexed by opcode number, eight or so bytes each,
// with nothing to retain and no bounds to check.

import WasmTypes

/// What hot loops need to know of an instruction.
@usableFromInline
package struct InstructionEntry: Sendable {
    /// Meaningless where `isDefined` is false.
    @usableFromInline package var opcode: Opcode
    @usableFromInline package var isDefined: Bool
    @usableFromInline package var immediates: Immediates
    /// `hasSignature` says whether it holds.
    @usableFromInline package var signature: Signature
    @usableFromInline package var hasSignature: Bool
    @usableFromInline package var alignment: UInt8
    @usableFromInline package var lanes: UInt8
    /// The number of the feature's bit in a `FeatureSet`; 63 for none.
    @usableFromInline package var featureBit: UInt8
}

/// The instructions by opcode number.
// Invariant: `entries` points to `count` initialised entries that are never changed nor freed, which makes the pointer
// safe to share; a subscript is masked to less than `count`.
@safe @usableFromInline
package struct InstructionTable: @unchecked Sendable {
    @usableFromInline static let count = 0x800

    @usableFromInline let entries: UnsafePointer<InstructionEntry>

    /// The one table, which lives as long as the process.
    package static let shared = InstructionTable()

    private init() {
        let none = InstructionEntry(
            opcode: .unreachable, isDefined: false, immediates: .none, signature: Signature(bits: 0), hasSignature: false,
            alignment: 0, lanes: 0, featureBit: 63)
        let storage = UnsafeMutablePointer<InstructionEntry>.allocate(capacity: Self.count)
        unsafe storage.initialize(repeating: none, count: Self.count)
        for row in Instruction.all {
            unsafe storage[Int(row.opcode.rawValue) & (Self.count - 1)] = InstructionEntry(
                opcode: row.opcode, isDefined: true, immediates: row.immediates,
                signature: row.signature ?? Signature(bits: 0), hasSignature: row.signature != nil,
                alignment: row.alignment, lanes: row.lanes,
                featureBit: row.feature.isEmpty ? 63 : UInt8(row.feature.rawValue.trailingZeroBitCount))
        }
        unsafe entries = UnsafePointer(storage)
    }

    /// The entry of an opcode number as `Opcode` has them.
    @inlinable package subscript(code: UInt16) -> InstructionEntry {
        unsafe entries[Int(code) & (Self.count &- 1)]
    }
}
