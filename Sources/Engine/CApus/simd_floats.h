// Vectors of floating-point numbers (core specification, section 4.3.3), as floats.c has the scalars: NaN results are what
// the machine gives; abs and neg work on the bits.
#include "simd.h"

// A product and a sum are rounded each, but where an instruction says otherwise.
#pragma STDC FP_CONTRACT OFF

#define COMPARISONS(shape, type) \
    BINARY(shape##_eq, type, a == b) \
    BINARY(shape##_ne, type, a != b) \
    BINARY(shape##_lt, type, a < b) \
    BINARY(shape##_gt, type, a > b) \
    BINARY(shape##_le, type, a <= b) \
    BINARY(shape##_ge, type, a >= b)

#if defined(__x86_64__)

// The machine's minimum and maximum give the second operand where one is NaN or both are zeros, so both orders are taken:
// their bits combined make the right zero, and a NaN is made the canonical one.
#define EXTREMES(shape, type, u, shift) \
    INLINE type shape##_minimum(type a, type b) { \
        u nan = (u)(a != a) | (u)(b != b); \
        u either = (u)CHOOSE(type, a < b, a, b) | (u)CHOOSE(type, b < a, b, a); \
        return (type)((either | nan) & ~(nan >> shift)); \
    } \
    INLINE type shape##_maximum(type a, type b) { \
        u nan = (u)(a != a) | (u)(b != b); \
        u both = (u)CHOOSE(type, a > b, a, b) & (u)CHOOSE(type, b > a, b, a); \
        return (type)((both | nan) & ~(nan >> shift)); \
    } \
    INLINE type shape##_relaxed_minimum(type a, type b) { return CHOOSE(type, a < b, a, b); } \
    INLINE type shape##_relaxed_maximum(type a, type b) { return CHOOSE(type, a > b, a, b); }

EXTREMES(f32x4, f32x4, u32x4, 10)
EXTREMES(f64x2, f64x2, u64x2, 13)

#else

INLINE f32x4 f32x4_minimum(f32x4 a, f32x4 b) { return (f32x4)vminq_f32((float32x4_t)a, (float32x4_t)b); }
INLINE f32x4 f32x4_maximum(f32x4 a, f32x4 b) { return (f32x4)vmaxq_f32((float32x4_t)a, (float32x4_t)b); }
INLINE f64x2 f64x2_minimum(f64x2 a, f64x2 b) { return (f64x2)vminq_f64((float64x2_t)a, (float64x2_t)b); }
INLINE f64x2 f64x2_maximum(f64x2 a, f64x2 b) { return (f64x2)vmaxq_f64((float64x2_t)a, (float64x2_t)b); }
#define f32x4_relaxed_minimum f32x4_minimum
#define f32x4_relaxed_maximum f32x4_maximum
#define f64x2_relaxed_minimum f64x2_minimum
#define f64x2_relaxed_maximum f64x2_maximum

#endif

#if APUS_AVX2 || defined(__aarch64__)
#define ROUND(type, operation) __builtin_elementwise_##operation(a)
#define MULTIPLY_ADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
// The library's rounding passes a signalling NaN through; the sum quiets it.
#define ROUND(type, operation) CHOOSE(type, a != a, a + a, __builtin_elementwise_##operation(a))
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif

#define FLOATS(shape, type, u, sign) \
    COMPARISONS(shape, type) \
    UNARY(shape##_abs, u, a & ~(sign)) \
    UNARY(shape##_neg, u, a ^ (sign)) \
    UNARY(shape##_sqrt, type, __builtin_elementwise_sqrt(a)) \
    UNARY(shape##_ceil, type, ROUND(type, ceil)) \
    UNARY(shape##_floor, type, ROUND(type, floor)) \
    UNARY(shape##_trunc, type, ROUND(type, trunc)) \
    UNARY(shape##_nearest, type, ROUND(type, rint)) \
    BINARY(shape##_add, type, a + b) \
    BINARY(shape##_sub, type, a - b) \
    BINARY(shape##_mul, type, a *b) \
    BINARY(shape##_div, type, a / b) \
    BINARY(shape##_min, type, shape##_minimum(a, b)) \
    BINARY(shape##_max, type, shape##_maximum(a, b)) \
    BINARY(shape##_pmin, type, CHOOSE(type, b < a, b, a)) \
    BINARY(shape##_pmax, type, CHOOSE(type, a < b, b, a)) \
    BINARY(shape##_relaxed_min, type, shape##_relaxed_minimum(a, b)) \
    BINARY(shape##_relaxed_max, type, shape##_relaxed_maximum(a, b)) \
    TERNARY(shape##_relaxed_madd, type, MULTIPLY_ADD(a, b, c)) \
    TERNARY(shape##_relaxed_nmadd, type, MULTIPLY_ADD(-a, b, c))

FLOATS(f32x4, f32x4, u32x4, UINT32_C(0x80000000))
FLOATS(f64x2, f64x2, u64x2, UINT64_C(0x8000000000000000))

// MARK: Conversions

#define WITH_ZEROS(v) __builtin_shufflevector(v, (__typeof__(v)){0}, 0, 1, 2, 3)

UNARY(f32x4_convert_i32x4_s, s32x4, __builtin_convertvector(a, f32x4))
UNARY(f32x4_convert_i32x4_u, u32x4, __builtin_convertvector(a, f32x4))
UNARY(f64x2_convert_low_i32x4_s, s32x4, __builtin_convertvector(FIRST_HALF_2(a), f64x2))
UNARY(f64x2_convert_low_i32x4_u, u32x4, __builtin_convertvector(FIRST_HALF_2(a), f64x2))
UNARY(f64x2_promote_low_f32x4, f32x4, __builtin_convertvector(FIRST_HALF_2(a), f64x2))
UNARY(f32x4_demote_f64x2_zero, f64x2, WITH_ZEROS(__builtin_convertvector(a, f32x2)))

#if defined(__x86_64__)

// The machine's truncation gives 0x80000000 for what does not fit, and for NaN.
INLINE s32x4 truncate_f32(f32x4 a) { return (s32x4)_mm_cvttps_epi32((__m128)a); }
INLINE s32x4 truncate_f64(f64x2 a) { return (s32x4)_mm_cvttpd_epi32((__m128d)a); }

INLINE s32x4 truncate_f32_s(f32x4 a) {
    s32x4 is_number = a == a;
    f32x4 number = (f32x4)((s32x4)a & is_number);
    return truncate_f32(number) ^ (s32x4)(a >= 2147483648.0f);
}
// What is beyond 2^31 is truncated by itself, and added.
INLINE s32x4 truncate_f32_u(f32x4 a) {
    a = CHOOSE(f32x4, a > 0.0f, a, (f32x4){0});
    f32x4 beyond = a - 2147483648.0f;
    s32x4 upper = truncate_f32(beyond) ^ (s32x4)(beyond >= 2147483648.0f);
    return (s32x4)((u32x4)truncate_f32(a) + (u32x4)__builtin_elementwise_max(upper, (s32x4){0}));
}
INLINE s32x4 truncate_f64_s(f64x2 a) {
    s64x2 is_number = a == a;
    f64x2 number = (f64x2)((s64x2)a & is_number);
    f64x2 greatest = {2147483647.0, 2147483647.0};
    return truncate_f64(CHOOSE(f64x2, number < greatest, number, greatest));
}
INLINE s32x4 truncate_f64_u(f64x2 a) {
    f64x2 greatest = {4294967295.0, 4294967295.0};
    a = CHOOSE(f64x2, a > 0.0, a, (f64x2){0});
    a = CHOOSE(f64x2, a < greatest, a, greatest);
    s32x4 upper = truncate_f64(a - 2147483648.0);
    return (s32x4)((u32x4)truncate_f64(a) + (u32x4)__builtin_elementwise_max(upper, (s32x4){0}));
}

#else

INLINE s32x4 truncate_f32_s(f32x4 a) { return (s32x4)vcvtq_s32_f32((float32x4_t)a); }
INLINE s32x4 truncate_f32_u(f32x4 a) { return (s32x4)vcvtq_u32_f32((float32x4_t)a); }
INLINE s32x4 truncate_f64_s(f64x2 a) {
    return (s32x4)vcombine_s32(vqmovn_s64(vcvtq_s64_f64((float64x2_t)a)), vdup_n_s32(0));
}
INLINE s32x4 truncate_f64_u(f64x2 a) {
    return (s32x4)vcombine_u32(vqmovn_u64(vcvtq_u64_f64((float64x2_t)a)), vdup_n_u32(0));
}

#endif

UNARY(i32x4_trunc_sat_f32x4_s, f32x4, truncate_f32_s(a))
UNARY(i32x4_trunc_sat_f32x4_u, f32x4, truncate_f32_u(a))
UNARY(i32x4_trunc_sat_f64x2_s_zero, f64x2, truncate_f64_s(a))
UNARY(i32x4_trunc_sat_f64x2_u_zero, f64x2, truncate_f64_u(a))
UNARY(i32x4_relaxed_trunc_f32x4_s, f32x4, truncate_f32_s(a))
UNARY(i32x4_relaxed_trunc_f32x4_u, f32x4, truncate_f32_u(a))
UNARY(i32x4_relaxed_trunc_f64x2_s_zero, f64x2, truncate_f64_s(a))
UNARY(i32x4_relaxed_trunc_f64x2_u_zero, f64x2, truncate_f64_u(a))
