// Integer arithmetic and comparisons, in the forms slot-slot, slot-immediate, and fused with a branch.
#include "dispatch.h"

#define BINARY(type, unsigned_type, signed_type, name, expression) \
    APUS_INSTRUCTION(type##_##name##_dab) { \
        unsigned_type a = (unsigned_type)fp[APUS_U16(1)], b = (unsigned_type)fp[APUS_U16(2)]; \
        fp[APUS_U16(0)] = (unsigned_type)(expression); \
        APUS_NEXT(2); \
    } \
    APUS_INSTRUCTION(type##_##name##_dai) { \
        unsigned_type a = (unsigned_type)fp[APUS_U16(1)], b = (unsigned_type)(signed_type)APUS_I32(1); \
        fp[APUS_U16(0)] = (unsigned_type)(expression); \
        APUS_NEXT(2); \
    }

#define DIVISION(type, unsigned_type, signed_type, name, check, expression) \
    APUS_INSTRUCTION(type##_##name##_dab) { \
        unsigned_type a = (unsigned_type)fp[APUS_U16(1)], b = (unsigned_type)fp[APUS_U16(2)]; \
        if (APUS_UNLIKELY(b == 0)) APUS_TRAP(division_by_zero); \
        check fp[APUS_U16(0)] = (unsigned_type)(expression); \
        APUS_NEXT(2); \
    } \
    APUS_INSTRUCTION(type##_##name##_dai) { \
        unsigned_type a = (unsigned_type)fp[APUS_U16(1)], b = (unsigned_type)(signed_type)APUS_I32(1); \
        if (APUS_UNLIKELY(b == 0)) APUS_TRAP(division_by_zero); \
        check fp[APUS_U16(0)] = (unsigned_type)(expression); \
        APUS_NEXT(2); \
    }

#define COMPARISON(type, operand_type, immediate_type, name, operator) \
    APUS_INSTRUCTION(type##_##name##_dab) { \
        operand_type a = (operand_type)fp[APUS_U16(1)], b = (operand_type)fp[APUS_U16(2)]; \
        fp[APUS_U16(0)] = a operator b; \
        APUS_NEXT(2); \
    } \
    APUS_INSTRUCTION(type##_##name##_dai) { \
        operand_type a = (operand_type)fp[APUS_U16(1)], b = (operand_type)(immediate_type)APUS_I32(1); \
        fp[APUS_U16(0)] = a operator b; \
        APUS_NEXT(2); \
    } \
    APUS_INSTRUCTION(type##_##name##_abo) { \
        operand_type a = (operand_type)fp[APUS_U16(0)], b = (operand_type)fp[APUS_U16(1)]; \
        if (a operator b) { \
            if (APUS_UNLIKELY(activation->interrupt)) \
                __attribute__((musttail)) return apus_op_br_back(APUS_ARGUMENTS); \
            APUS_NEXT(APUS_I32(1)); \
        } \
        APUS_NEXT(2); \
    } \
    APUS_INSTRUCTION(type##_##name##_aio) { \
        operand_type a = (operand_type)fp[APUS_U16(0)], b = (operand_type)(immediate_type)APUS_I16(1); \
        if (a operator b) { \
            if (APUS_UNLIKELY(activation->interrupt)) \
                __attribute__((musttail)) return apus_op_br_back(APUS_ARGUMENTS); \
            APUS_NEXT(APUS_I32(1)); \
        } \
        APUS_NEXT(2); \
    } \
    APUS_INSTRUCTION(type##_##name##_ako) { \
        operand_type a = (operand_type)fp[APUS_U16(0)], b = (operand_type)pc[2]; \
        if (a operator b) { \
            if (APUS_UNLIKELY(activation->interrupt)) \
                __attribute__((musttail)) return apus_op_br_back(APUS_ARGUMENTS); \
            APUS_NEXT(APUS_I32(1)); \
        } \
        APUS_NEXT(3); \
    }

APUS_INSTRUCTION(br_back);

#define OVERFLOW_CHECK(minimum) \
    if (APUS_UNLIKELY(a == (minimum) && b + 1 == 0)) APUS_TRAP(integer_overflow);

#define INTEGER(type, U, S, bits, minimum) \
    BINARY(type, U, S, add, a + b) \
    BINARY(type, U, S, sub, a - b) \
    BINARY(type, U, S, mul, a *b) \
    DIVISION(type, U, S, div_s, OVERFLOW_CHECK(minimum), (S)a / (S)b) \
    DIVISION(type, U, S, div_u, , a / b) \
    DIVISION(type, U, S, rem_s, , b + 1 == 0 ? 0 : (S)a % (S)b) \
    DIVISION(type, U, S, rem_u, , a % b) \
    BINARY(type, U, S, and, a &b) \
    BINARY(type, U, S, or, a | b) \
    BINARY(type, U, S, xor, a ^ b) \
    BINARY(type, U, S, shl, a << (b & (bits - 1))) \
    BINARY(type, U, S, shr_s, (S)a >> (b & (bits - 1))) \
    BINARY(type, U, S, shr_u, a >> (b & (bits - 1))) \
    BINARY(type, U, S, rotl, (a << (b & (bits - 1))) | (a >> (-b & (bits - 1)))) \
    BINARY(type, U, S, rotr, (a >> (b & (bits - 1))) | (a << (-b & (bits - 1)))) \
    COMPARISON(type, U, S, eq, ==) \
    COMPARISON(type, U, S, ne, !=) \
    COMPARISON(type, S, S, lt_s, <) \
    COMPARISON(type, U, S, lt_u, <) \
    COMPARISON(type, S, S, gt_s, >) \
    COMPARISON(type, U, S, gt_u, >) \
    COMPARISON(type, S, S, le_s, <=) \
    COMPARISON(type, U, S, le_u, <=) \
    COMPARISON(type, S, S, ge_s, >=) \
    COMPARISON(type, U, S, ge_u, >=)

INTEGER(i32, uint32_t, int32_t, 32, UINT32_C(0x80000000))
INTEGER(i64, uint64_t, int64_t, 64, UINT64_C(0x8000000000000000))

#define UNARY(name, type, expression) \
    APUS_INSTRUCTION(name) { \
        type a = (type)fp[APUS_U16(1)]; \
        fp[APUS_U16(0)] = (expression); \
        APUS_NEXT(2); \
    }

UNARY(i32_clz, uint32_t, a == 0 ? 32 : (apus_slot)__builtin_clz(a))
UNARY(i32_ctz, uint32_t, a == 0 ? 32 : (apus_slot)__builtin_ctz(a))
UNARY(i32_popcnt, uint32_t, (apus_slot)__builtin_popcount(a))
UNARY(i64_clz, uint64_t, a == 0 ? 64 : (apus_slot)__builtin_clzll(a))
UNARY(i64_ctz, uint64_t, a == 0 ? 64 : (apus_slot)__builtin_ctzll(a))
UNARY(i64_popcnt, uint64_t, (apus_slot)__builtin_popcountll(a))

UNARY(i32_wrap_i64, uint64_t, (uint32_t)a)
UNARY(i64_extend_i32_s, int32_t, (uint64_t)(int64_t)a)
UNARY(i64_extend_i32_u, uint32_t, a)
UNARY(i32_extend8_s, int8_t, (uint32_t)(int32_t)a)
UNARY(i32_extend16_s, int16_t, (uint32_t)(int32_t)a)
UNARY(i64_extend8_s, int8_t, (uint64_t)(int64_t)a)
UNARY(i64_extend16_s, int16_t, (uint64_t)(int64_t)a)
UNARY(i64_extend32_s, int32_t, (uint64_t)(int64_t)a)

// An operand under a mask: what tests of flags are.
#define MASK(name, operator) \
    APUS_INSTRUCTION(i32_mask_##name##_dai) { \
        fp[APUS_U16(0)] = ((uint32_t)fp[APUS_U16(1)] & APUS_U32(1)) operator 0; \
        APUS_NEXT(2); \
    } \
    APUS_INSTRUCTION(i32_mask_##name##_ako) { \
        if (((uint32_t)fp[APUS_U16(0)] & (uint32_t)pc[2]) operator 0) { \
            if (APUS_UNLIKELY(activation->interrupt)) \
                __attribute__((musttail)) return apus_op_br_back(APUS_ARGUMENTS); \
            APUS_NEXT(APUS_I32(1)); \
        } \
        APUS_NEXT(3); \
    }
MASK(zero, ==)
MASK(nonzero, !=)

// An element's address: a base, and an index shifted by a constant.
APUS_INSTRUCTION(i32_add_shl) {
    fp[APUS_U16(0)] = (uint32_t)((uint32_t)fp[APUS_U16(1)] + ((uint32_t)fp[APUS_U16(2)] << APUS_U16(3)));
    APUS_NEXT(2);
}
APUS_INSTRUCTION(i64_add_shl) {
    fp[APUS_U16(0)] = fp[APUS_U16(1)] + (fp[APUS_U16(2)] << APUS_U16(3));
    APUS_NEXT(2);
}
