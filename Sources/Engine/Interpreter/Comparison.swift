// A comparison whose result is only wanted by a branch, or not known yet to be wanted by anything else.

import CApus

/// How two slots, or a slot and a constant, are compared.
struct Comparison {
    enum Family: UInt8 {
        case i32
        case i64
        case f32
        case f64
        /// The i32 in `left` under a mask, compared with zero: code 0 for equal, 1 for not equal.
        case mask

        var isFloat: Bool { self == .f32 || self == .f64 }
    }

    var family: Family
    /// In the order of the opcodes: eq, ne, lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u for integers; eq, ne, lt, gt,
    /// le, ge for floats.
    var code: UInt16
    var left: UInt16
    var right: UInt16
    /// The bits of what is compared with instead of `right`.
    var constant: UInt64?
    /// The branch is taken where the comparison does not hold. Only floats; integers take the opposite comparison instead.
    var isNegated = false

    /// The comparison that holds exactly where this one does not.
    var inverted: Comparison {
        var inverted = self
        switch family {
        case .i32, .i64: inverted.code = Self.opposites[Int(code)]
        case .mask: inverted.code ^= 1
        case .f32, .f64: inverted.isNegated.toggle()
        }
        return inverted
    }

    private static let opposites: [UInt16] = [1, 0, 8, 9, 6, 7, 4, 5, 2, 3]

    /// The same comparison with its operands exchanged.
    var mirrored: Comparison {
        var mirrored = self
        (mirrored.left, mirrored.right) = (right, left)
        if family.isFloat {
            mirrored.code = [0, 1, 3, 2, 5, 4][Int(code)]
        } else {
            mirrored.code = [0, 1, 4, 5, 2, 3, 8, 9, 6, 7][Int(code)]
        }
        return mirrored
    }

    /// The constant as the 32 bits that a value-producing form can hold; nil if it does not fit.
    private var immediate: UInt32? {
        guard let constant else { return nil }
        switch family {
        case .i32, .mask: return UInt32(truncatingIfNeeded: constant)
        case .i64: return Int32(exactly: Int64(bitPattern: constant)).map(UInt32.init(bitPattern:))
        case .f32, .f64: return nil
        }
    }

    /// The instruction that computes the comparison's value; nil where its constant has no room in one.
    func valueForm(to destination: UInt16) -> (apus_instruction, UInt64)? {
        let form: apus_instruction
        if constant != nil {
            guard let immediate else { return nil }
            switch family {
            case .i32: form = APUS_i32_eq_dai
            case .i64: form = APUS_i64_eq_dai
            case .mask: form = APUS_i32_mask_zero_dai
            case .f32, .f64: return nil
            }
            return (form.advanced(by: code), CodeBuffer.pack(destination, left, immediate: immediate))
        }
        switch family {
        case .i32: form = APUS_i32_eq_dab
        case .i64: form = APUS_i64_eq_dab
        case .f32: form = APUS_f32_eq_dab
        case .f64: form = APUS_f64_eq_dab
        case .mask: return nil
        }
        return (form.advanced(by: code), CodeBuffer.pack(destination, left, right))
    }

    /// The instruction that branches on the comparison, its operands without the offset, and its third word if it has one.
    var branchForm: (apus_instruction, UInt64, UInt64?) {
        let form: apus_instruction
        guard let constant else {
            switch family {
            case .i32, .mask: form = APUS_i32_eq_abo
            case .i64: form = APUS_i64_eq_abo
            case .f32: form = isNegated ? APUS_f32_eq_abo_not : APUS_f32_eq_abo
            case .f64: form = isNegated ? APUS_f64_eq_abo_not : APUS_f64_eq_abo
            }
            return (form.advanced(by: code), CodeBuffer.pack(left, right, 0), nil)
        }
        let isInteger = family == .i32 || family == .i64
        if isInteger, constant == 0, code <= 1 {
            switch (family, code) {
            case (.i32, 0): form = APUS_br_zero
            case (.i32, _): form = APUS_br_nonzero
            case (_, 0): form = APUS_br_zero_i64
            default: form = APUS_br_nonzero_i64
            }
            return (form, UInt64(left), nil)
        }
        if isInteger, let immediate, Int32(bitPattern: immediate) == Int32(Int16(truncatingIfNeeded: immediate)) {
            form = family == .i32 ? APUS_i32_eq_aio : APUS_i64_eq_aio
            return (form.advanced(by: code), CodeBuffer.pack(left, UInt16(truncatingIfNeeded: immediate), 0), nil)
        }
        switch family {
        case .i32: form = APUS_i32_eq_ako
        case .i64: form = APUS_i64_eq_ako
        case .f32: form = isNegated ? APUS_f32_eq_ako_not : APUS_f32_eq_ako
        case .f64: form = isNegated ? APUS_f64_eq_ako_not : APUS_f64_eq_ako
        case .mask: form = APUS_i32_mask_zero_ako
        }
        return (form.advanced(by: code), UInt64(left), constant)
    }
}
