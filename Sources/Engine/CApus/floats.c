// Floating-point arithmetic, comparisons and conversions (core specification, section 4.3.3).
//
// NaN results are whatever the machine gives, which the specification allows; abs, neg and copysign work on the bits,
// since they must not quiet a signalling NaN.
#include <math.h>

#include "dispatch.h"

APUS_INSTRUCTION(br_back);

#define BINARY(type, name, expression) \
    APUS_INSTRUCTION(type##_##name) { \
        __auto_type a = apus_##type(fp[APUS_U16(1)]); \
        __auto_type b = apus_##type(fp[APUS_U16(2)]); \
        fp[APUS_U16(0)] = apus_from_##type(expression); \
        APUS_NEXT(2); \
    }

#define CONSTANT(type, name, expression) \
    APUS_INSTRUCTION(type##_##name##_dak) { \
        __auto_type a = apus_##type(fp[APUS_U16(1)]); \
        __auto_type k = apus_##type(pc[2]); \
        fp[APUS_U16(0)] = apus_from_##type(expression); \
        APUS_NEXT(3); \
    }

#define UNARY(type, name, expression) \
    APUS_INSTRUCTION(type##_##name) { \
        __auto_type a = apus_##type(fp[APUS_U16(1)]); \
        fp[APUS_U16(0)] = apus_from_##type(expression); \
        APUS_NEXT(2); \
    }

#define BITS(type, name, bits_type, expression) \
    APUS_INSTRUCTION(type##_##name) { \
        bits_type a = (bits_type)fp[APUS_U16(1)], b = (bits_type)fp[APUS_U16(2)]; \
        (void)b; \
        fp[APUS_U16(0)] = (bits_type)(expression); \
        APUS_NEXT(2); \
    }

#define COMPARISON(type, name, operator) \
    APUS_INSTRUCTION(type##_##name##_dab) { \
        fp[APUS_U16(0)] = apus_##type(fp[APUS_U16(1)]) operator apus_##type(fp[APUS_U16(2)]); \
        APUS_NEXT(2); \
    } \
    APUS_INSTRUCTION(type##_##name##_abo) { \
        if (apus_##type(fp[APUS_U16(0)]) operator apus_##type(fp[APUS_U16(1)])) { \
            if (APUS_UNLIKELY(activation->interrupt)) \
                __attribute__((musttail)) return apus_op_br_back(APUS_ARGUMENTS); \
            APUS_NEXT(APUS_I32(1)); \
        } \
        APUS_NEXT(2); \
    } \
    APUS_INSTRUCTION(type##_##name##_ako) { \
        if (apus_##type(fp[APUS_U16(0)]) operator apus_##type(pc[2])) { \
            if (APUS_UNLIKELY(activation->interrupt)) \
                __attribute__((musttail)) return apus_op_br_back(APUS_ARGUMENTS); \
            APUS_NEXT(APUS_I32(1)); \
        } \
        APUS_NEXT(3); \
    } \
    APUS_INSTRUCTION(type##_##name##_ako_not) { \
        if (!(apus_##type(fp[APUS_U16(0)]) operator apus_##type(pc[2]))) { \
            if (APUS_UNLIKELY(activation->interrupt)) \
                __attribute__((musttail)) return apus_op_br_back(APUS_ARGUMENTS); \
            APUS_NEXT(APUS_I32(1)); \
        } \
        APUS_NEXT(3); \
    } \
    APUS_INSTRUCTION(type##_##name##_abo_not) { \
        if (!(apus_##type(fp[APUS_U16(0)]) operator apus_##type(fp[APUS_U16(1)]))) { \
            if (APUS_UNLIKELY(activation->interrupt)) \
                __attribute__((musttail)) return apus_op_br_back(APUS_ARGUMENTS); \
            APUS_NEXT(APUS_I32(1)); \
        } \
        APUS_NEXT(2); \
    }

static inline float minimum_f32(float a, float b) {
    if (a != a || b != b) return a + b;
    if (a == b) return apus_f32(apus_from_f32(a) | apus_from_f32(b));
    return a < b ? a : b;
}
static inline float maximum_f32(float a, float b) {
    if (a != a || b != b) return a + b;
    if (a == b) return apus_f32(apus_from_f32(a) & apus_from_f32(b));
    return a > b ? a : b;
}
static inline double minimum_f64(double a, double b) {
    if (a != a || b != b) return a + b;
    if (a == b) return apus_f64(apus_from_f64(a) | apus_from_f64(b));
    return a < b ? a : b;
}
static inline double maximum_f64(double a, double b) {
    if (a != a || b != b) return a + b;
    if (a == b) return apus_f64(apus_from_f64(a) & apus_from_f64(b));
    return a > b ? a : b;
}

// The library's rounding passes a signalling NaN through where it has no instruction for it; the sum quiets it.
#define ROUND(function) (a != a ? a + a : function(a))

#define FLOAT(type, U, sign, f) \
    BITS(type, abs, U, a & ~(sign)) \
    BITS(type, neg, U, a ^ (sign)) \
    BITS(type, copysign, U, (a & ~(sign)) | (b & (sign))) \
    UNARY(type, ceil, ROUND(__builtin_ceil##f)) \
    UNARY(type, floor, ROUND(__builtin_floor##f)) \
    UNARY(type, trunc, ROUND(__builtin_trunc##f)) \
    UNARY(type, nearest, ROUND(__builtin_rint##f)) \
    UNARY(type, sqrt, __builtin_sqrt##f(a)) \
    BINARY(type, add, a + b) \
    BINARY(type, sub, a - b) \
    BINARY(type, mul, a *b) \
    BINARY(type, div, a / b) \
    CONSTANT(type, add, a + k) \
    CONSTANT(type, sub, a - k) \
    CONSTANT(type, mul, a *k) \
    CONSTANT(type, div, a / k) \
    CONSTANT(type, rsub, k - a) \
    CONSTANT(type, rdiv, k / a) \
    BINARY(type, min, minimum_##type(a, b)) \
    BINARY(type, max, maximum_##type(a, b)) \
    COMPARISON(type, eq, ==) \
    COMPARISON(type, ne, !=) \
    COMPARISON(type, lt, <) \
    COMPARISON(type, gt, >) \
    COMPARISON(type, le, <=) \
    COMPARISON(type, ge, >=)

FLOAT(f32, uint32_t, UINT32_C(0x80000000), f)
FLOAT(f64, uint64_t, UINT64_C(0x8000000000000000), )

#define TRUNCATE(name, from, low, high, result) \
    APUS_INSTRUCTION(name) { \
        __auto_type a = apus_##from(fp[APUS_U16(1)]); \
        if (APUS_UNLIKELY(a != a)) APUS_TRAP(invalid_conversion); \
        if (APUS_UNLIKELY(!(a low && a high))) APUS_TRAP(integer_overflow); \
        fp[APUS_U16(0)] = result; \
        APUS_NEXT(2); \
    }

#define SATURATE(name, from, low, lowest, high, highest, result) \
    APUS_INSTRUCTION(name) { \
        __auto_type a = apus_##from(fp[APUS_U16(1)]); \
        fp[APUS_U16(0)] = a != a ? 0 : !(a low) ? (apus_slot)(lowest) : !(a high) ? (apus_slot)(highest) : (result); \
        APUS_NEXT(2); \
    }

#define TO_I32 (uint32_t)(int32_t)a
#define TO_U32 (uint32_t)a
#define TO_I64 (uint64_t)(int64_t)a
#define TO_U64 (uint64_t)a

TRUNCATE(i32_trunc_f32_s, f32, >= -2147483648.0f, < 2147483648.0f, TO_I32)
TRUNCATE(i32_trunc_f32_u, f32, > -1.0f, < 4294967296.0f, TO_U32)
TRUNCATE(i32_trunc_f64_s, f64, > -2147483649.0, < 2147483648.0, TO_I32)
TRUNCATE(i32_trunc_f64_u, f64, > -1.0, < 4294967296.0, TO_U32)
TRUNCATE(i64_trunc_f32_s, f32, >= -9223372036854775808.0f, < 9223372036854775808.0f, TO_I64)
TRUNCATE(i64_trunc_f32_u, f32, > -1.0f, < 18446744073709551616.0f, TO_U64)
TRUNCATE(i64_trunc_f64_s, f64, >= -9223372036854775808.0, < 9223372036854775808.0, TO_I64)
TRUNCATE(i64_trunc_f64_u, f64, > -1.0, < 18446744073709551616.0, TO_U64)

SATURATE(i32_trunc_sat_f32_s, f32, >= -2147483648.0f, 0x80000000u, < 2147483648.0f, 0x7FFFFFFFu, TO_I32)
SATURATE(i32_trunc_sat_f32_u, f32, > -1.0f, 0, < 4294967296.0f, 0xFFFFFFFFu, TO_U32)
SATURATE(i32_trunc_sat_f64_s, f64, > -2147483649.0, 0x80000000u, < 2147483648.0, 0x7FFFFFFFu, TO_I32)
SATURATE(i32_trunc_sat_f64_u, f64, > -1.0, 0, < 4294967296.0, 0xFFFFFFFFu, TO_U32)
SATURATE(i64_trunc_sat_f32_s, f32, >= -9223372036854775808.0f, INT64_MIN, < 9223372036854775808.0f, INT64_MAX, TO_I64)
SATURATE(i64_trunc_sat_f32_u, f32, > -1.0f, 0, < 18446744073709551616.0f, UINT64_MAX, TO_U64)
SATURATE(i64_trunc_sat_f64_s, f64, >= -9223372036854775808.0, INT64_MIN, < 9223372036854775808.0, INT64_MAX, TO_I64)
SATURATE(i64_trunc_sat_f64_u, f64, > -1.0, 0, < 18446744073709551616.0, UINT64_MAX, TO_U64)

#define CONVERT(name, from, to, result) \
    APUS_INSTRUCTION(name) { \
        from a = (from)fp[APUS_U16(1)]; \
        fp[APUS_U16(0)] = apus_from_##to(result); \
        APUS_NEXT(2); \
    }

CONVERT(f32_convert_i32_s, int32_t, f32, (float)a)
CONVERT(f32_convert_i32_u, uint32_t, f32, (float)a)
CONVERT(f32_convert_i64_s, int64_t, f32, (float)a)
CONVERT(f32_convert_i64_u, uint64_t, f32, (float)a)
CONVERT(f64_convert_i32_s, int32_t, f64, (double)a)
CONVERT(f64_convert_i32_u, uint32_t, f64, (double)a)
CONVERT(f64_convert_i64_s, int64_t, f64, (double)a)
CONVERT(f64_convert_i64_u, uint64_t, f64, (double)a)
CONVERT(f32_demote_f64, uint64_t, f32, (float)apus_f64(a))
CONVERT(f64_promote_f32, uint64_t, f64, (double)apus_f32(a))
