// What an instruction is: one row of one table, from which the decoder, the validator and the printers and parsers draw.
//
// A row gives the mnemonic, the kind of the immediates, the operand types where they do not depend on anything but the
// row itself (or on the memory accessed), the natural alignment of a memory access and the feature that the instruction
// belongs to. The rows stand in `Instruction+….swift`, by the chapters of the specification.

package import WasmTypes

/// What stands between an instruction's opcode and the next instruction.
@usableFromInline
package enum Immediates: UInt8, Hashable, Sendable {
    case none
    case blockType
    case label
    case labelTable
    case function
    case type
    /// The type first, then the table, as in the binary.
    case typeAndTable
    case valueTypes
    case tag
    case tryTable
    case local
    case global
    case table
    /// Destination, then source.
    case tableAndTable
    case element
    /// The segment first, then the table.
    case elementAndTable
    case memory
    /// Destination, then source.
    case memoryAndMemory
    case data
    /// The segment first, then the memory.
    case dataAndMemory
    case memoryArgument
    case memoryArgumentAndLane
    case i32
    case i64
    case f32
    case f64
    case v128
    /// Sixteen lane numbers.
    case shuffle
    case lane
    case heapType
    case typeAndField
    case typeAndCount
    case typeAndData
    case typeAndElement
    case typeAndType
    /// Flags, a label and two heap types.
    case branchCast
    case zeroByte
}

/// The operands and results of an instruction, packed: four bits each, four operands (the top of the stack first, which is
/// the order in which they are popped), then two results (the first result first).
@usableFromInline
package struct Signature: Hashable, Sendable {
    /// What one operand or result is.
    @usableFromInline
    package enum Operand: UInt8, Hashable, Sendable {
        case none = 0
        case i32 = 1
        case i64 = 2
        case f32 = 3
        case f64 = 4
        case v128 = 5
        /// An address of the memory that the immediate names: i32 or i64.
        case address = 6
    }

    @usableFromInline package var bits: UInt32

    @inlinable package var operandCount: Int {
        (bits & 0xF != 0 ? 1 : 0) + (bits & 0xF0 != 0 ? 1 : 0) + (bits & 0xF00 != 0 ? 1 : 0) + (bits & 0xF000 != 0 ? 1 : 0)
    }

    @inlinable package var resultCount: Int {
        (bits & 0xF_0000 != 0 ? 1 : 0) + (bits & 0xF0_0000 != 0 ? 1 : 0)
    }

    /// The operands, the deepest first.
    package var operands: [Operand] { (0..<operandCount).reversed().map(field) }

    /// The results, the deepest first.
    package var results: [Operand] { (0..<resultCount).map { field($0 + 4) } }

    private func field(_ index: Int) -> Operand {
        Operand(rawValue: UInt8(truncatingIfNeeded: bits >> UInt32(index * 4)) & 0xF) ?? .none
    }
}

extension Signature: ExpressibleByStringLiteral {
    /// Letters of the operands, a colon, letters of the results: i, l, f, d for i32, i64, f32, f64; v for v128; a for an
    /// address.
    @usableFromInline package init(stringLiteral value: StaticString) {
        var operands: UInt32 = 0
        var results: UInt32 = 0
        var resultShift: UInt32 = 0
        var isResult = false
        value.withUTF8Buffer { text in
            for unsafe letter in unsafe text {
                var operand = Operand.none
                switch letter {
                case UInt8(ascii: "i"): operand = .i32
                case UInt8(ascii: "l"): operand = .i64
                case UInt8(ascii: "f"): operand = .f32
                case UInt8(ascii: "d"): operand = .f64
                case UInt8(ascii: "v"): operand = .v128
                case UInt8(ascii: "a"): operand = .address
                default:
                    isResult = true
                    continue
                }
                if isResult {
                    results |= UInt32(operand.rawValue) << resultShift
                    resultShift += 4
                } else {
                    operands = operands << 4 | UInt32(operand.rawValue)
                }
            }
        }
        bits = operands | results << 16
    }
}

/// One row of the table of instructions.
package struct Instruction: Sendable {
    package let opcode: Opcode
    package let mnemonic: StaticString
    package let immediates: Immediates
    /// nil where the types depend on the immediates or on the operands themselves.
    package let signature: Signature?
    /// The binary logarithm of the natural alignment of a memory access.
    package let alignment: UInt8
    /// The number of lanes that a lane immediate can name.
    package let lanes: UInt8
    /// The feature that must be on; empty for the instructions of WebAssembly 1.0.
    package let feature: FeatureSet

    init(
        _ opcode: Opcode, _ mnemonic: StaticString, _ immediates: Immediates = .none, _ signature: Signature? = nil,
        alignment: UInt8 = 0, lanes: UInt8 = 0, _ feature: FeatureSet = []
    ) {
        self.opcode = opcode
        self.mnemonic = mnemonic
        self.immediates = immediates
        self.signature = signature
        self.alignment = alignment
        self.lanes = immediates == .memoryArgumentAndLane ? 16 >> alignment : lanes
        self.feature = feature
    }

    init(_ opcode: Opcode, _ mnemonic: StaticString, _ feature: FeatureSet) {
        self.init(opcode, mnemonic, .none, nil, feature)
    }

    init(_ opcode: Opcode, _ mnemonic: StaticString, _ signature: Signature, _ feature: FeatureSet = []) {
        self.init(opcode, mnemonic, .none, signature, feature)
    }

    init(_ opcode: Opcode, _ mnemonic: StaticString, _ immediates: Immediates, _ feature: FeatureSet) {
        self.init(opcode, mnemonic, immediates, nil, feature)
    }

    init(
        _ opcode: Opcode, _ mnemonic: StaticString, _ immediates: Immediates, _ signature: Signature, _ feature: FeatureSet
    ) {
        self.init(opcode, mnemonic, immediates, signature, alignment: 0, feature)
    }

    /// Every row, in the order of the opcodes.
    package static let all: [Instruction] =
        controlRows() + numericRows() + referenceRows() + bulkRows() + vectorRows() + atomicRows()

    private static let positions: [Opcode: Int] = {
        var positions: [Opcode: Int] = [:]
        for (position, row) in all.enumerated() { positions[row.opcode] = position }
        return positions
    }()

    /// The row of an opcode. Not for hot paths: those index `InstructionTable`.
    package static func row(of opcode: Opcode) -> Instruction? {
        positions[opcode].map { all[$0] }
    }
}

extension Opcode {
    /// The text format's name of the instruction.
    package var mnemonic: String {
        Instruction.row(of: self).map { String(describing: $0.mnemonic) } ?? "<unknown instruction>"
    }
}

extension Opcode: CustomStringConvertible {
    @usableFromInline package var description: String { mnemonic }
}
