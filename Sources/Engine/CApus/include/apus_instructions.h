// The register machine's instructions, one row each.
//
// An instruction is a handler's address and then its operands, in words of 64 bits. In the word behind the handler:
//
//     dab    three slots of 16 bits: destination, left, right        dai    destination, operand, 32-bit immediate
//     abo    two slots and a 32-bit branch offset                    aio    slot, 16-bit immediate, branch offset
//     dak    destination and operand; a constant in a third word     ako    slot, branch offset; a constant in a third word
//
// Loads and stores have their address in one slot, plus an offset of 32 bits. Other forms of them:
//
//     _at    of another memory than 0, which a third word names      _ai    slot plus a wrapping immediate in a third word
//     _ab    the wrapping sum of two slots, offset of 16 bits        _abk   the same, the second shifted by a third word
//     _k     the address itself, 32 bits                             _i     the stored value is an immediate of 16 bits
//     _wide  a 64-bit address in a slot; the operand word names the memory, the third word is the offset
//
// A destination is always the lowest 16 bits. Branch offsets count words from the instruction's own first word.
// Rows of one family stand in the order of the WebAssembly opcodes, so a translator finds a row by addition.
#pragma once

#define APUS_INTEGER_COMPARISONS(X, type, form) \
    X(type##_eq_##form) X(type##_ne_##form) X(type##_lt_s_##form) X(type##_lt_u_##form) X(type##_gt_s_##form) \
    X(type##_gt_u_##form) X(type##_le_s_##form) X(type##_le_u_##form) X(type##_ge_s_##form) X(type##_ge_u_##form)

#define APUS_INTEGER_BINARIES(X, type, form) \
    X(type##_add_##form) X(type##_sub_##form) X(type##_mul_##form) X(type##_div_s_##form) X(type##_div_u_##form) \
    X(type##_rem_s_##form) X(type##_rem_u_##form) X(type##_and_##form) X(type##_or_##form) X(type##_xor_##form) \
    X(type##_shl_##form) X(type##_shr_s_##form) X(type##_shr_u_##form) X(type##_rotl_##form) X(type##_rotr_##form)

#define APUS_FLOAT_COMPARISONS(X, type, form) \
    X(type##_eq_##form) X(type##_ne_##form) X(type##_lt_##form) X(type##_gt_##form) X(type##_le_##form) X(type##_ge_##form)

#define APUS_FLOAT_ARITHMETIC(X, type) \
    X(type##_abs) X(type##_neg) X(type##_ceil) X(type##_floor) X(type##_trunc) X(type##_nearest) X(type##_sqrt) \
    X(type##_add) X(type##_sub) X(type##_mul) X(type##_div) X(type##_min) X(type##_max) X(type##_copysign)

// With a constant for one operand; rsub and rdiv have it on the left.
#define APUS_FLOAT_CONSTANT_ARITHMETIC(X, type) \
    X(type##_add_dak) X(type##_sub_dak) X(type##_mul_dak) X(type##_div_dak) X(type##_rsub_dak) X(type##_rdiv_dak)

#define APUS_CONVERSIONS(X) \
    X(i32_wrap_i64) X(i32_trunc_f32_s) X(i32_trunc_f32_u) X(i32_trunc_f64_s) X(i32_trunc_f64_u) X(i64_extend_i32_s) \
    X(i64_extend_i32_u) X(i64_trunc_f32_s) X(i64_trunc_f32_u) X(i64_trunc_f64_s) X(i64_trunc_f64_u) \
    X(f32_convert_i32_s) X(f32_convert_i32_u) X(f32_convert_i64_s) X(f32_convert_i64_u) X(f32_demote_f64) \
    X(f64_convert_i32_s) X(f64_convert_i32_u) X(f64_convert_i64_s) X(f64_convert_i64_u) X(f64_promote_f32)

#define APUS_SIGN_EXTENSIONS(X) \
    X(i32_extend8_s) X(i32_extend16_s) X(i64_extend8_s) X(i64_extend16_s) X(i64_extend32_s)

#define APUS_SATURATING_TRUNCATIONS(X) \
    X(i32_trunc_sat_f32_s) X(i32_trunc_sat_f32_u) X(i32_trunc_sat_f64_s) X(i32_trunc_sat_f64_u) \
    X(i64_trunc_sat_f32_s) X(i64_trunc_sat_f32_u) X(i64_trunc_sat_f64_s) X(i64_trunc_sat_f64_u)

// Loads and stores in the order of the opcodes 0x28…0x3E. `form` is empty for memory 0, `_at` for a memory that is named.
#define APUS_MEMORY_ACCESSES(X, form) APUS_LOADS(X, form) APUS_STORES(X, form)

#define APUS_LOADS(X, form) \
    X(i32_load##form) X(i64_load##form) X(f32_load##form) X(f64_load##form) X(i32_load8_s##form) X(i32_load8_u##form) \
    X(i32_load16_s##form) X(i32_load16_u##form) X(i64_load8_s##form) X(i64_load8_u##form) X(i64_load16_s##form) \
    X(i64_load16_u##form) X(i64_load32_s##form) X(i64_load32_u##form)

#define APUS_STORES(X, form) \
    X(i32_store##form) X(i64_store##form) X(f32_store##form) X(f64_store##form) X(i32_store8##form) X(i32_store16##form) X(i64_store8##form) \
    X(i64_store16##form) X(i64_store32##form)

#define APUS_WIDE_ARITHMETIC(X) X(i64_add128) X(i64_sub128) X(i64_mul_wide_s) X(i64_mul_wide_u)

#define APUS_ATOMIC_MODIFICATIONS(X, name) \
    X(i32_atomic_rmw_##name) X(i64_atomic_rmw_##name) X(i32_atomic_rmw8_##name##_u) X(i32_atomic_rmw16_##name##_u) \
    X(i64_atomic_rmw8_##name##_u) X(i64_atomic_rmw16_##name##_u) X(i64_atomic_rmw32_##name##_u)

// In the order of the opcodes 0xFE 0x10…0x4E; the fence, which has a form of its own, comes last.
#define APUS_ATOMICS(X) \
    X(i32_atomic_load) X(i64_atomic_load) X(i32_atomic_load8_u) X(i32_atomic_load16_u) X(i64_atomic_load8_u) \
    X(i64_atomic_load16_u) X(i64_atomic_load32_u) X(i32_atomic_store) X(i64_atomic_store) X(i32_atomic_store8) \
    X(i32_atomic_store16) X(i64_atomic_store8) X(i64_atomic_store16) X(i64_atomic_store32) \
    APUS_ATOMIC_MODIFICATIONS(X, add) APUS_ATOMIC_MODIFICATIONS(X, sub) APUS_ATOMIC_MODIFICATIONS(X, and) \
    APUS_ATOMIC_MODIFICATIONS(X, or) APUS_ATOMIC_MODIFICATIONS(X, xor) APUS_ATOMIC_MODIFICATIONS(X, xchg) \
    APUS_ATOMIC_MODIFICATIONS(X, cmpxchg) X(atomic_fence)

// Objects. Fields and elements are accessed by how they lie in memory; where a type is needed, the third word is its
// `apus_type`.
#define APUS_OBJECT_LOADS(X, name) \
    X(name##_8_s) X(name##_8_u) X(name##_16_s) X(name##_16_u) X(name##_32) X(name##_64) X(name##_128)
#define APUS_OBJECT_STORES(X, name) X(name##_8) X(name##_16) X(name##_32) X(name##_64) X(name##_128)
#define APUS_OBJECTS(X) \
    X(struct_new) X(struct_new_default) X(array_new) X(array_new_default) X(array_new_fixed) X(array_len) X(array_fill) \
    X(array_copy) APUS_OBJECT_LOADS(X, struct_get) APUS_OBJECT_STORES(X, struct_set) APUS_OBJECT_LOADS(X, array_get) \
    APUS_OBJECT_STORES(X, array_set) X(ref_i31) X(i31_get_s) X(i31_get_u) X(ref_test_type) X(ref_test_kind) \
    X(ref_cast_type) X(ref_cast_kind)

// Rows of the later proposals.
#define APUS_LATER_INSTRUCTIONS(X) \
    APUS_MEMORY_ACCESSES(X, _wide) APUS_WIDE_ARITHMETIC(X) APUS_ATOMICS(X) APUS_OBJECTS(X)

// The vector instructions, relaxed ones included, in the order of the opcodes, whose numbers have gaps.
#define APUS_VECTORS(X) \
    X(v128_load) X(v128_load8x8_s) X(v128_load8x8_u) X(v128_load16x4_s) X(v128_load16x4_u) X(v128_load32x2_s) \
    X(v128_load32x2_u) X(v128_load8_splat) X(v128_load16_splat) X(v128_load32_splat) X(v128_load64_splat) \
    X(v128_store) X(v128_const) X(i8x16_shuffle) X(i8x16_swizzle) X(i8x16_splat) X(i16x8_splat) X(i32x4_splat) \
    X(i64x2_splat) X(f32x4_splat) X(f64x2_splat) X(i8x16_extract_lane_s) X(i8x16_extract_lane_u) X(i8x16_replace_lane) \
    X(i16x8_extract_lane_s) X(i16x8_extract_lane_u) X(i16x8_replace_lane) X(i32x4_extract_lane) X(i32x4_replace_lane) \
    X(i64x2_extract_lane) X(i64x2_replace_lane) X(f32x4_extract_lane) X(f32x4_replace_lane) X(f64x2_extract_lane) \
    X(f64x2_replace_lane) X(i8x16_eq) X(i8x16_ne) X(i8x16_lt_s) X(i8x16_lt_u) X(i8x16_gt_s) X(i8x16_gt_u) \
    X(i8x16_le_s) X(i8x16_le_u) X(i8x16_ge_s) X(i8x16_ge_u) X(i16x8_eq) X(i16x8_ne) X(i16x8_lt_s) X(i16x8_lt_u) \
    X(i16x8_gt_s) X(i16x8_gt_u) X(i16x8_le_s) X(i16x8_le_u) X(i16x8_ge_s) X(i16x8_ge_u) X(i32x4_eq) X(i32x4_ne) \
    X(i32x4_lt_s) X(i32x4_lt_u) X(i32x4_gt_s) X(i32x4_gt_u) X(i32x4_le_s) X(i32x4_le_u) X(i32x4_ge_s) X(i32x4_ge_u) \
    X(f32x4_eq) X(f32x4_ne) X(f32x4_lt) X(f32x4_gt) X(f32x4_le) X(f32x4_ge) X(f64x2_eq) X(f64x2_ne) X(f64x2_lt) \
    X(f64x2_gt) X(f64x2_le) X(f64x2_ge) X(v128_not) X(v128_and) X(v128_andnot) X(v128_or) X(v128_xor) \
    X(v128_bitselect) X(v128_any_true) X(v128_load8_lane) X(v128_load16_lane) X(v128_load32_lane) X(v128_load64_lane) \
    X(v128_store8_lane) X(v128_store16_lane) X(v128_store32_lane) X(v128_store64_lane) X(v128_load32_zero) \
    X(v128_load64_zero) X(f32x4_demote_f64x2_zero) X(f64x2_promote_low_f32x4) X(i8x16_abs) X(i8x16_neg) \
    X(i8x16_popcnt) X(i8x16_all_true) X(i8x16_bitmask) X(i8x16_narrow_i16x8_s) X(i8x16_narrow_i16x8_u) X(f32x4_ceil) \
    X(f32x4_floor) X(f32x4_trunc) X(f32x4_nearest) X(i8x16_shl) X(i8x16_shr_s) X(i8x16_shr_u) X(i8x16_add) \
    X(i8x16_add_sat_s) X(i8x16_add_sat_u) X(i8x16_sub) X(i8x16_sub_sat_s) X(i8x16_sub_sat_u) X(f64x2_ceil) \
    X(f64x2_floor) X(i8x16_min_s) X(i8x16_min_u) X(i8x16_max_s) X(i8x16_max_u) X(f64x2_trunc) X(i8x16_avgr_u) \
    X(i16x8_extadd_pairwise_i8x16_s) X(i16x8_extadd_pairwise_i8x16_u) X(i32x4_extadd_pairwise_i16x8_s) \
    X(i32x4_extadd_pairwise_i16x8_u) X(i16x8_abs) X(i16x8_neg) X(i16x8_q15mulr_sat_s) X(i16x8_all_true) \
    X(i16x8_bitmask) X(i16x8_narrow_i32x4_s) X(i16x8_narrow_i32x4_u) X(i16x8_extend_low_i8x16_s) \
    X(i16x8_extend_high_i8x16_s) X(i16x8_extend_low_i8x16_u) X(i16x8_extend_high_i8x16_u) X(i16x8_shl) X(i16x8_shr_s) \
    X(i16x8_shr_u) X(i16x8_add) X(i16x8_add_sat_s) X(i16x8_add_sat_u) X(i16x8_sub) X(i16x8_sub_sat_s) \
    X(i16x8_sub_sat_u) X(f64x2_nearest) X(i16x8_mul) X(i16x8_min_s) X(i16x8_min_u) X(i16x8_max_s) X(i16x8_max_u) \
    X(i16x8_avgr_u) X(i16x8_extmul_low_i8x16_s) X(i16x8_extmul_high_i8x16_s) X(i16x8_extmul_low_i8x16_u) \
    X(i16x8_extmul_high_i8x16_u) X(i32x4_abs) X(i32x4_neg) X(i32x4_all_true) X(i32x4_bitmask) \
    X(i32x4_extend_low_i16x8_s) X(i32x4_extend_high_i16x8_s) X(i32x4_extend_low_i16x8_u) X(i32x4_extend_high_i16x8_u) \
    X(i32x4_shl) X(i32x4_shr_s) X(i32x4_shr_u) X(i32x4_add) X(i32x4_sub) X(i32x4_mul) X(i32x4_min_s) X(i32x4_min_u) \
    X(i32x4_max_s) X(i32x4_max_u) X(i32x4_dot_i16x8_s) X(i32x4_extmul_low_i16x8_s) X(i32x4_extmul_high_i16x8_s) \
    X(i32x4_extmul_low_i16x8_u) X(i32x4_extmul_high_i16x8_u) X(i64x2_abs) X(i64x2_neg) X(i64x2_all_true) \
    X(i64x2_bitmask) X(i64x2_extend_low_i32x4_s) X(i64x2_extend_high_i32x4_s) X(i64x2_extend_low_i32x4_u) \
    X(i64x2_extend_high_i32x4_u) X(i64x2_shl) X(i64x2_shr_s) X(i64x2_shr_u) X(i64x2_add) X(i64x2_sub) X(i64x2_mul) \
    X(i64x2_eq) X(i64x2_ne) X(i64x2_lt_s) X(i64x2_gt_s) X(i64x2_le_s) X(i64x2_ge_s) X(i64x2_extmul_low_i32x4_s) \
    X(i64x2_extmul_high_i32x4_s) X(i64x2_extmul_low_i32x4_u) X(i64x2_extmul_high_i32x4_u) X(f32x4_abs) X(f32x4_neg) \
    X(f32x4_sqrt) X(f32x4_add) X(f32x4_sub) X(f32x4_mul) X(f32x4_div) X(f32x4_min) X(f32x4_max) X(f32x4_pmin) \
    X(f32x4_pmax) X(f64x2_abs) X(f64x2_neg) X(f64x2_sqrt) X(f64x2_add) X(f64x2_sub) X(f64x2_mul) X(f64x2_div) \
    X(f64x2_min) X(f64x2_max) X(f64x2_pmin) X(f64x2_pmax) X(i32x4_trunc_sat_f32x4_s) X(i32x4_trunc_sat_f32x4_u) \
    X(f32x4_convert_i32x4_s) X(f32x4_convert_i32x4_u) X(i32x4_trunc_sat_f64x2_s_zero) X(i32x4_trunc_sat_f64x2_u_zero) \
    X(f64x2_convert_low_i32x4_s) X(f64x2_convert_low_i32x4_u) X(i8x16_relaxed_swizzle) X(i32x4_relaxed_trunc_f32x4_s) \
    X(i32x4_relaxed_trunc_f32x4_u) X(i32x4_relaxed_trunc_f64x2_s_zero) X(i32x4_relaxed_trunc_f64x2_u_zero) \
    X(f32x4_relaxed_madd) X(f32x4_relaxed_nmadd) X(f64x2_relaxed_madd) X(f64x2_relaxed_nmadd) \
    X(i8x16_relaxed_laneselect) X(i16x8_relaxed_laneselect) X(i32x4_relaxed_laneselect) X(i64x2_relaxed_laneselect) \
    X(f32x4_relaxed_min) X(f32x4_relaxed_max) X(f64x2_relaxed_min) X(f64x2_relaxed_max) X(i16x8_relaxed_q15mulr_s) \
    X(i16x8_relaxed_dot_i8x16_i7x16_s) X(i32x4_relaxed_dot_i8x16_i7x16_add_s)

// Those of them that access memory, in the same order.
#define APUS_VECTOR_ACCESSES(X, form) \
    X(v128_load##form) X(v128_load8x8_s##form) X(v128_load8x8_u##form) X(v128_load16x4_s##form) \
    X(v128_load16x4_u##form) X(v128_load32x2_s##form) X(v128_load32x2_u##form) X(v128_load8_splat##form) \
    X(v128_load16_splat##form) X(v128_load32_splat##form) X(v128_load64_splat##form) X(v128_store##form) \
    X(v128_load8_lane##form) X(v128_load16_lane##form) X(v128_load32_lane##form) X(v128_load64_lane##form) \
    X(v128_store8_lane##form) X(v128_store16_lane##form) X(v128_store32_lane##form) X(v128_store64_lane##form) \
    X(v128_load32_zero##form) X(v128_load64_zero##form)

#define APUS_VECTOR_INSTRUCTIONS(X) \
    APUS_VECTORS(X) APUS_VECTOR_ACCESSES(X, _at) X(v128_load_ai) X(v128_load_ab) X(v128_store_ai)

#define APUS_INSTRUCTIONS(X) \
    X(unreachable) X(translate) X(call_host) X(exit) X(internal_error) \
    X(copy) X(copy2) X(copy_pair) X(const32) X(const64) X(select) X(select2) \
    X(br) X(br_back) X(br_nonzero) X(br_zero) X(br_nonzero_i64) X(br_zero_i64) X(br_table) \
    X(return0) X(return1) \
    X(call) X(call_import) X(call_indirect) X(call_ref) \
    X(return_call) X(return_call_import) X(return_call_indirect) X(return_call_ref) \
    X(throw) X(throw_ref) \
    X(global_get) X(global_set) X(global_get2) X(global_set2) \
    X(table_get) X(table_set) X(table_size) X(table_fill) X(table_copy) \
    X(memory_size) X(memory_copy) X(memory_fill) X(serve) X(memory_grow) X(ref_is_null) X(ref_as_non_null) \
    X(i32_clz) X(i32_ctz) X(i32_popcnt) X(i64_clz) X(i64_ctz) X(i64_popcnt) \
    APUS_INTEGER_COMPARISONS(X, i32, dab) APUS_INTEGER_COMPARISONS(X, i32, dai) APUS_INTEGER_COMPARISONS(X, i32, abo) \
    APUS_INTEGER_COMPARISONS(X, i32, aio) APUS_INTEGER_COMPARISONS(X, i32, ako) \
    APUS_INTEGER_COMPARISONS(X, i64, dab) APUS_INTEGER_COMPARISONS(X, i64, dai) APUS_INTEGER_COMPARISONS(X, i64, abo) \
    APUS_INTEGER_COMPARISONS(X, i64, aio) APUS_INTEGER_COMPARISONS(X, i64, ako) \
    X(i32_mask_zero_dai) X(i32_mask_nonzero_dai) X(i32_mask_zero_ako) X(i32_mask_nonzero_ako) X(i32_add_shl) X(i64_add_shl) \
    APUS_INTEGER_BINARIES(X, i32, dab) APUS_INTEGER_BINARIES(X, i32, dai) \
    APUS_INTEGER_BINARIES(X, i64, dab) APUS_INTEGER_BINARIES(X, i64, dai) \
    APUS_FLOAT_COMPARISONS(X, f32, dab) APUS_FLOAT_COMPARISONS(X, f32, abo) APUS_FLOAT_COMPARISONS(X, f32, abo_not) \
    APUS_FLOAT_COMPARISONS(X, f32, ako) APUS_FLOAT_COMPARISONS(X, f32, ako_not) \
    APUS_FLOAT_COMPARISONS(X, f64, dab) APUS_FLOAT_COMPARISONS(X, f64, abo) APUS_FLOAT_COMPARISONS(X, f64, abo_not) \
    APUS_FLOAT_COMPARISONS(X, f64, ako) APUS_FLOAT_COMPARISONS(X, f64, ako_not) \
    APUS_FLOAT_CONSTANT_ARITHMETIC(X, f32) APUS_FLOAT_CONSTANT_ARITHMETIC(X, f64) \
    APUS_FLOAT_ARITHMETIC(X, f32) APUS_FLOAT_ARITHMETIC(X, f64) \
    APUS_CONVERSIONS(X) APUS_SIGN_EXTENSIONS(X) APUS_SATURATING_TRUNCATIONS(X) \
    APUS_MEMORY_ACCESSES(X, ) APUS_MEMORY_ACCESSES(X, _at) APUS_MEMORY_ACCESSES(X, _ai) APUS_MEMORY_ACCESSES(X, _k) \
    APUS_LOADS(X, _ab) APUS_LOADS(X, _abk) APUS_STORES(X, _i) \
    APUS_LATER_INSTRUCTIONS(X) APUS_VECTOR_INSTRUCTIONS(X)

// What `ref_test_kind` and `ref_cast_kind` look for in a reference that is not null.
typedef enum apus_reference_kind {
    APUS_REFERENCE_ANYTHING,
    APUS_REFERENCE_EQ,
    APUS_REFERENCE_I31_NUMBER,
    APUS_REFERENCE_STRUCTURE,
    APUS_REFERENCE_ARRAY,
    APUS_REFERENCE_NOTHING,
} apus_reference_kind;

typedef enum apus_instruction {
#define APUS_ROW(name) APUS_##name,
    APUS_INSTRUCTIONS(APUS_ROW)
#undef APUS_ROW
    APUS_INSTRUCTION_COUNT
} apus_instruction;
