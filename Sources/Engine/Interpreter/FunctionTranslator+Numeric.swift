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
            try float(number - Opcode.f32Add.rawValue, slots: APUS_f32_add, constant: APUS_f32_add_dak)
        case Opcode.f64Add.rawValue...Opcode.f64Copysign.rawValue:
            try float(number - Opcode.f64Add.rawValue, slots: APUS_f64_add, constant: APUS_f64_add_dak)
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

    /// An operation on floats; `distance` counts from `add`: add, sub, mul, div, min, max, copysign.
    private mutating func float(_ distance: UInt16, slots: apus_instruction, constant form: apus_instruction) throws {
        var right = try stack.pop()
        var left = try stack.pop()
        var distance = distance
        let isReversed = left.location == .constant && right.location != .constant && distance < 4
        if isReversed { swap(&left, &right) }
        if right.location == .constant, distance < 4 {
            // On the left, add and mul are what they are on the right; sub and div have forms of their own.
            let form = form.advanced(by: !isReversed ? distance : [0, 4, 2, 5][Int(distance)])
            let slot = read(left)
            code.emitDefinition(form, CodeBuffer.pack(stack.pushHome(), slot, 0), right.payload)
            return
        }
        if isReversed { swap(&left, &right) }
        distance = min(distance, 6)
        let (leftSlot, rightSlot) = (read(left), read(right))
        code.emitDefinition(slots.advanced(by: distance), CodeBuffer.pack(stack.pushHome(), leftSlot, rightSlot))
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
            if isNarrow, distance <= 1, let local = left.localSlot {
                // An address, most likely: a load or store adds it up by itself.
                let addend = UInt32(bitPattern: distance == 0 ? value : 0 &- value)
                stack.pushSum(local, left.location == .sum ? left.addend &+ addend : addend)
                return
            }
            let slot = read(left)
            code.emitDefinition(
                form.advanced(by: distance),
                CodeBuffer.pack(stack.pushHome(), slot, immediate: UInt32(bitPattern: value)))
            return
        }
        if distance == 0, right.location == .home,
            let shift = code.take(isNarrow ? APUS_i32_shl_dai : APUS_i64_shl_dai, defining: right.home)
        {
            let slot = read(left)
            code.emitDefinition(
                isNarrow ? APUS_i32_add_shl : APUS_i64_add_shl,
                CodeBuffer.pack(stack.pushHome(), slot, shift.left, UInt16(shift.immediate & (isNarrow ? 31 : 63))))
            return
        }
        let (leftSlot, rightSlot) = (read(left), read(right))
        code.emitDefinition(slots.advanced(by: distance), CodeBuffer.pack(stack.pushHome(), leftSlot, rightSlot))
    }

    private mutating func compare(_ family: Comparison.Family, _ code: UInt16) throws {
        let right = try stack.pop()
        let left = try stack.pop()
        var comparison = Comparison(family: family, code: code, left: 0, right: 0)
        if !family.isFloat, left.location == .constant, right.location != .constant,
            immediate(left, isNarrow: family == .i32) != nil
        {
            comparison.left = read(right)
            comparison.code = comparison.mirrored.code
            comparison.constant = left.payload
        } else if !family.isFloat, immediate(right, isNarrow: family == .i32) != nil {
            comparison.left = read(left)
            comparison.constant = right.payload
        } else {
            comparison.left = read(left)
            comparison.right = read(right)
        }
        self.code.emitComparison(comparison, to: stack.pushHome())
    }

    private mutating func equalsZero(_ family: Comparison.Family) throws {
        let operand = try stack.pop()
        if family == .i32, operand.location == .home {
            if let comparison = code.takeComparison(operand.home) {
                if !comparison.family.isFloat {
                    code.emitComparison(comparison.inverted, to: stack.pushHome())
                    return
                }
                // A float comparison has no opposite among the comparisons; only a branch can be taken on its failing.
                code.emitComparison(comparison, to: operand.home)
            } else if let mask = code.take(APUS_i32_and_dai, defining: operand.home) {
                code.emitComparison(
                    Comparison(family: .mask, code: 0, left: mask.left, right: 0, constant: UInt64(mask.immediate)),
                    to: stack.pushHome())
                return
            }
        }
        code.emitComparison(
            Comparison(family: family, code: 0, left: read(operand), right: 0, constant: 0), to: stack.pushHome())
    }
}
