// Arithmetic, comparisons and conversions. Families of register instructions stand in the order of the opcodes, so a
// row is found by the opcode's distance from its family's first.

import CApus
import WasmBinary

extension FunctionTranslator {
    /// Translates a numeric instruction; returns false for any other.
    mutating func translateNumeric(_ opcode: Opcode) throws -> Bool {
        let number = opcode.rawValue
        switch number {
        case Opcode.i32Eqz.rawValue: try equalsZero(.i32)
        case Opcode.i64Eqz.rawValue: try equalsZero(.i64)
        case Opcode.i32Eq.rawValue...Opcode.i32GeU.rawValue: try compare(.i32, number - Opcode.i32Eq.rawValue)
        case Opcode.i64Eq.rawValue...Opcode.i64GeU.rawValue: try compare(.i64, number - Opcode.i64Eq.rawValue)
        case Opcode.f32Eq.rawValue...Opcode.f32Ge.rawValue: try compare(.f32, number - Opcode.f32Eq.rawValue)
        case Opcode.f64Eq.rawValue...Opcode.f64Ge.rawValue: try compare(.f64, number - Opcode.f64Eq.rawValue)
        case Opcode.i32Clz.rawValue...Opcode.i32Popcnt.rawValue:
            try unary(APUS_i32_clz.advanced(by: number - Opcode.i32Clz.rawValue))
        case Opcode.i64Clz.rawValue...Opcode.i64Popcnt.rawValue:
            try unary(APUS_i64_clz.advanced(by: number - Opcode.i64Clz.rawValue))
        case Opcode.i32Add.rawValue...Opcode.i32Rotr.rawValue:
            try integer(number - Opcode.i32Add.rawValue, slots: APUS_i32_add_dab, immediate: APUS_i32_add_dai, isNarrow: true)
        case Opcode.i64Add.rawValue...Opcode.i64Rotr.rawValue:
            try integer(number - Opcode.i64Add.rawValue, slots: APUS_i64_add_dab, immediate: APUS_i64_add_dai, isNarrow: false)
        case Opcode.f32Abs.rawValue...Opcode.f32Sqrt.rawValue:
            try unary(APUS_f32_abs.advanced(by: number - Opcode.f32Abs.rawValue))
        case Opcode.f64Abs.rawValue...Opcode.f64Sqrt.rawValue:
            try unary(APUS_f64_abs.advanced(by: number - Opcode.f64Abs.rawValue))
        case Opcode.f32Add.rawValue...Opcode.f32Copysign.rawValue:
            try binary(APUS_f32_add.advanced(by: number - Opcode.f32Add.rawValue))
        case Opcode.f64Add.rawValue...Opcode.f64Copysign.rawValue:
            try binary(APUS_f64_add.advanced(by: number - Opcode.f64Add.rawValue))
        case Opcode.i64ExtendI32U.rawValue,
            Opcode.i32ReinterpretF32.rawValue...Opcode.f64ReinterpretI64.rawValue:
            // The bits stay as they are: an i32 or f32 lies zero-extended in its slot.
            break
        case Opcode.i32WrapI64.rawValue...Opcode.f64PromoteF32.rawValue:
            try unary(APUS_i32_wrap_i64.advanced(by: number - Opcode.i32WrapI64.rawValue))
        case Opcode.i32Extend8S.rawValue...Opcode.i64Extend32S.rawValue:
            try unary(APUS_i32_extend8_s.advanced(by: number - Opcode.i32Extend8S.rawValue))
        case Opcode.i32TruncSatF32S.rawValue...Opcode.i64TruncSatF64U.rawValue:
            try unary(APUS_i32_trunc_sat_f32_s.advanced(by: number - Opcode.i32TruncSatF32S.rawValue))
        default: return false
        }
        return true
    }

    private mutating func unary(_ instruction: apus_instruction) throws {
        let operand = read(try stack.pop())
        code.emitDefinition(instruction, CodeBuffer.pack(stack.pushHome(), operand, 0))
    }

    private mutating func binary(_ instruction: apus_instruction) throws {
        let right = read(try stack.pop())
        let left = read(try stack.pop())
        code.emitDefinition(instruction, CodeBuffer.pack(stack.pushHome(), left, right))
    }

    /// A constant as an immediate of 32 bits; nil if it does not fit.
    private func immediate(_ operand: Operand, isNarrow: Bool) -> Int32? {
        guard operand.location == .constant else { return nil }
        if isNarrow { return Int32(truncatingIfNeeded: operand.payload) }
        return Int32(exactly: Int64(bitPattern: operand.payload))
    }

    /// Whether the operation of this distance from `add` may exchange its operands: add, mul, and, or, xor.
    private func isCommutative(_ distance: UInt16) -> Bool {
        distance == 0 || distance == 2 || (7...9).contains(distance)
    }

    private mutating func integer(
        _ distance: UInt16, slots: apus_instruction, immediate form: apus_instruction, isNarrow: Bool
    ) throws {
        var right = try stack.pop()
        var left = try stack.pop()
        if left.location == .constant, right.location != .constant, isCommutative(distance) { swap(&left, &right) }
        if let value = immediate(right, isNarrow: isNarrow) {
            let slot = read(left)
            code.emitDefinition(
                form.advanced(by: distance),
                CodeBuffer.pack(stack.pushHome(), slot, immediate: UInt32(bitPattern: value)))
            return
        }
        let (leftSlot, rightSlot) = (read(left), read(right))
        code.emitDefinition(slots.advanced(by: distance), CodeBuffer.pack(stack.pushHome(), leftSlot, rightSlot))
    }

    private mutating func compare(_ family: Comparison.Family, _ code: UInt16) throws {
        var code = code
        var right = try stack.pop()
        var left = try stack.pop()
        if family.isInteger {
            if left.location == .constant, right.location != .constant {
                swap(&left, &right)
                code = Comparison.mirrored(code)
            }
            if let value = immediate(right, isNarrow: family == .i32) {
                let slot = read(left)
                self.code.emitComparison(
                    Comparison(family: family, code: code, left: slot, right: 0, immediate: value), to: stack.pushHome())
                return
            }
        }
        let (leftSlot, rightSlot) = (read(left), read(right))
        self.code.emitComparison(
            Comparison(family: family, code: code, left: leftSlot, right: rightSlot), to: stack.pushHome())
    }

    private mutating func equalsZero(_ family: Comparison.Family) throws {
        let operand = try stack.pop()
        if family == .i32, operand.location == .home, let comparison = code.takeComparison(operand.home) {
            if comparison.family.isInteger {
                code.emitComparison(comparison.inverted, to: stack.pushHome())
                return
            }
            // A float comparison has no opposite among the comparisons; only a branch can be taken on its failing.
            code.emitComparison(comparison, to: operand.home)
        }
        code.emitComparison(
            Comparison(family: family, code: 0, left: read(operand), right: 0, immediate: 0), to: stack.pushHome())
    }
}
