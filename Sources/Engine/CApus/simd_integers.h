// Vectors of integers (core specification, sections 4.3.2 and 4.3.6). Arithmetic that wraps is unsigned.
#include "simd.h"

#define COMPARISONS(shape, u, s) \
    BINARY(shape##_eq, u, a == b) \
    BINARY(shape##_ne, u, a != b) \
    BINARY(shape##_lt_s, s, a < b) \
    BINARY(shape##_lt_u, u, a < b) \
    BINARY(shape##_gt_s, s, a > b) \
    BINARY(shape##_gt_u, u, a > b) \
    BINARY(shape##_le_s, s, a <= b) \
    BINARY(shape##_le_u, u, a <= b) \
    BINARY(shape##_ge_s, s, a >= b) \
    BINARY(shape##_ge_u, u, a >= b)

COMPARISONS(i8x16, u8x16, s8x16)
COMPARISONS(i16x8, u16x8, s16x8)
COMPARISONS(i32x4, u32x4, s32x4)
BINARY(i64x2_eq, u64x2, a == b)
BINARY(i64x2_ne, u64x2, a != b)
BINARY(i64x2_lt_s, s64x2, a < b)
BINARY(i64x2_gt_s, s64x2, a > b)
BINARY(i64x2_le_s, s64x2, a <= b)
BINARY(i64x2_ge_s, s64x2, a >= b)

// What all shapes have. A lane that is zero compares as all ones, so no lane is zero where the comparison is.
#define COMMON(shape, u, s, u_lane, s_lane) \
    UNARY(shape##_abs, s, __builtin_elementwise_abs(a)) \
    UNARY(shape##_neg, u, -a) \
    BINARY(shape##_add, u, a + b) \
    BINARY(shape##_sub, u, a - b) \
    SHIFT(shape##_shl, u, u_lane, <<) \
    SHIFT(shape##_shr_s, s, s_lane, >>) \
    SHIFT(shape##_shr_u, u, u_lane, >>) \
    TEST(shape##_all_true, u, ({ u64x2 zeros = (u64x2)(a == 0); (zeros[0] | zeros[1]) == 0; }))

COMMON(i8x16, u8x16, s8x16, uint8_t, int8_t)
COMMON(i16x8, u16x8, s16x8, uint16_t, int16_t)
COMMON(i32x4, u32x4, s32x4, uint32_t, int32_t)
COMMON(i64x2, u64x2, s64x2, uint64_t, int64_t)

#define EXTREMES(shape, u, s) \
    BINARY(shape##_min_s, s, __builtin_elementwise_min(a, b)) \
    BINARY(shape##_min_u, u, __builtin_elementwise_min(a, b)) \
    BINARY(shape##_max_s, s, __builtin_elementwise_max(a, b)) \
    BINARY(shape##_max_u, u, __builtin_elementwise_max(a, b))

EXTREMES(i8x16, u8x16, s8x16)
EXTREMES(i16x8, u16x8, s16x8)
EXTREMES(i32x4, u32x4, s32x4)

#define SATURATING(shape, u, s) \
    BINARY(shape##_add_sat_s, s, __builtin_elementwise_add_sat(a, b)) \
    BINARY(shape##_add_sat_u, u, __builtin_elementwise_add_sat(a, b)) \
    BINARY(shape##_sub_sat_s, s, __builtin_elementwise_sub_sat(a, b)) \
    BINARY(shape##_sub_sat_u, u, __builtin_elementwise_sub_sat(a, b))

SATURATING(i8x16, u8x16, s8x16)
SATURATING(i16x8, u16x8, s16x8)

BINARY(i16x8_mul, u16x8, a *b)
BINARY(i32x4_mul, u32x4, a *b)
BINARY(i64x2_mul, u64x2, a *b)
UNARY(i8x16_popcnt, u8x16, __builtin_elementwise_popcount(a))

// MARK: Widening

#define EXTENSIONS(wide, narrow, to_s, to_u, from_s, from_u, FIRST_HALF, SECOND_HALF) \
    UNARY(wide##_extend_low_##narrow##_s, from_s, __builtin_convertvector(FIRST_HALF(a), to_s)) \
    UNARY(wide##_extend_high_##narrow##_s, from_s, __builtin_convertvector(SECOND_HALF(a), to_s)) \
    UNARY(wide##_extend_low_##narrow##_u, from_u, __builtin_convertvector(FIRST_HALF(a), to_u)) \
    UNARY(wide##_extend_high_##narrow##_u, from_u, __builtin_convertvector(SECOND_HALF(a), to_u)) \
    BINARY(wide##_extmul_low_##narrow##_s, from_s, \
           __builtin_convertvector(FIRST_HALF(a), to_s) * __builtin_convertvector(FIRST_HALF(b), to_s)) \
    BINARY(wide##_extmul_high_##narrow##_s, from_s, \
           __builtin_convertvector(SECOND_HALF(a), to_s) * __builtin_convertvector(SECOND_HALF(b), to_s)) \
    BINARY(wide##_extmul_low_##narrow##_u, from_u, \
           __builtin_convertvector(FIRST_HALF(a), to_u) * __builtin_convertvector(FIRST_HALF(b), to_u)) \
    BINARY(wide##_extmul_high_##narrow##_u, from_u, \
           __builtin_convertvector(SECOND_HALF(a), to_u) * __builtin_convertvector(SECOND_HALF(b), to_u))

EXTENSIONS(i16x8, i8x16, s16x8, u16x8, s8x16, u8x16, FIRST_HALF_8, SECOND_HALF_8)
EXTENSIONS(i32x4, i16x8, s32x4, u32x4, s16x8, u16x8, FIRST_HALF_4, SECOND_HALF_4)
EXTENSIONS(i64x2, i32x4, s64x2, u64x2, s32x4, u32x4, FIRST_HALF_2, SECOND_HALF_2)

// The lanes of even and odd number, widened in place.
#define EVEN(v, u, s, bits) ((u)((s)((u)(v) << bits) >> bits))
#define ODD(v, u, s, bits) ((u)((s)(v) >> bits))

UNARY(i16x8_extadd_pairwise_i8x16_s, u8x16, EVEN(a, u16x8, s16x8, 8) + ODD(a, u16x8, s16x8, 8))
UNARY(i16x8_extadd_pairwise_i8x16_u, u16x8, (a & 0xFF) + (a >> 8))
UNARY(i32x4_extadd_pairwise_i16x8_s, u16x8, EVEN(a, u32x4, s32x4, 16) + ODD(a, u32x4, s32x4, 16))
UNARY(i32x4_extadd_pairwise_i16x8_u, u32x4, (a & 0xFFFF) + (a >> 16))

// The second operand has seven bits a lane; with eight, the result is one of those that the specification leaves open.
INLINE u16x8 dot_i8x16(u8x16 a, u8x16 b) {
    return EVEN(a, u16x8, s16x8, 8) * EVEN(b, u16x8, s16x8, 8) + ODD(a, u16x8, s16x8, 8) * ODD(b, u16x8, s16x8, 8);
}
INLINE u32x4 dot_i8x16_add(u8x16 a, u8x16 b, u8x16 c) {
    u16x8 sums = dot_i8x16(a, b);
    return EVEN(sums, u32x4, s32x4, 16) + ODD(sums, u32x4, s32x4, 16) + (u32x4)c;
}
BINARY(i16x8_relaxed_dot_i8x16_i7x16_s, u8x16, dot_i8x16(a, b))
TERNARY(i32x4_relaxed_dot_i8x16_i7x16_add_s, u8x16, dot_i8x16_add(a, b, c))

// MARK: What only the machines can say

#if defined(__x86_64__)

#define M(v) ((__m128i)(v))

INLINE u8x16 average_8(u8x16 a, u8x16 b) { return (u8x16)_mm_avg_epu8(M(a), M(b)); }
INLINE u16x8 average_16(u16x8 a, u16x8 b) { return (u16x8)_mm_avg_epu16(M(a), M(b)); }
INLINE u32x4 dot_i16x8(s16x8 a, s16x8 b) { return (u32x4)_mm_madd_epi16(M(a), M(b)); }

INLINE s8x16 narrow_16_s(s16x8 a, s16x8 b) { return (s8x16)_mm_packs_epi16(M(a), M(b)); }
INLINE u8x16 narrow_16_u(s16x8 a, s16x8 b) { return (u8x16)_mm_packus_epi16(M(a), M(b)); }
INLINE s16x8 narrow_32_s(s32x4 a, s32x4 b) { return (s16x8)_mm_packs_epi32(M(a), M(b)); }

INLINE uint32_t bitmask_8(u8x16 a) { return (uint32_t)_mm_movemask_epi8(M(a)); }
INLINE uint32_t bitmask_16(u16x8 a) { return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(M(a), _mm_setzero_si128())); }
INLINE uint32_t bitmask_32(u32x4 a) { return (uint32_t)_mm_movemask_ps((__m128)a); }
INLINE uint32_t bitmask_64(u64x2 a) { return (uint32_t)_mm_movemask_pd((__m128d)a); }

#if APUS_AVX2
INLINE u16x8 narrow_32_u(s32x4 a, s32x4 b) { return (u16x8)_mm_packus_epi32(M(a), M(b)); }
// The one product that does not fit comes out as -32768.
INLINE u16x8 q15_product_relaxed(s16x8 a, s16x8 b) { return (u16x8)_mm_mulhrs_epi16(M(a), M(b)); }
INLINE u16x8 q15_product(s16x8 a, s16x8 b) {
    u16x8 product = q15_product_relaxed(a, b);
    return product ^ (u16x8)(product == 0x8000);
}
#else
// SSE2 narrows to signed numbers only, so what is not negative moves down to be one and back.
INLINE u16x8 narrow_32_u(s32x4 a, s32x4 b) {
    s32x4 low = (a & ~(a >> 31)) - 32768, high = (b & ~(b >> 31)) - 32768;
    return (u16x8)narrow_32_s(low, high) ^ 0x8000;
}
INLINE u16x8 q15_product(s16x8 a, s16x8 b) {
    __m128i low = _mm_mullo_epi16(M(a), M(b)), high = _mm_mulhi_epi16(M(a), M(b));
    s32x4 first = (s32x4)_mm_unpacklo_epi16(low, high), second = (s32x4)_mm_unpackhi_epi16(low, high);
    return (u16x8)narrow_32_s((first + 0x4000) >> 15, (second + 0x4000) >> 15);
}
INLINE u16x8 q15_product_relaxed(s16x8 a, s16x8 b) { return q15_product(a, b); }
#endif

#else

INLINE u8x16 average_8(u8x16 a, u8x16 b) { return (u8x16)vrhaddq_u8((uint8x16_t)a, (uint8x16_t)b); }
INLINE u16x8 average_16(u16x8 a, u16x8 b) { return (u16x8)vrhaddq_u16((uint16x8_t)a, (uint16x8_t)b); }
INLINE u32x4 dot_i16x8(s16x8 a, s16x8 b) {
    int32x4_t low = vmull_s16(vget_low_s16((int16x8_t)a), vget_low_s16((int16x8_t)b));
    return (u32x4)vpaddq_s32(low, vmull_high_s16((int16x8_t)a, (int16x8_t)b));
}

INLINE s8x16 narrow_16_s(s16x8 a, s16x8 b) {
    return (s8x16)vqmovn_high_s16(vqmovn_s16((int16x8_t)a), (int16x8_t)b);
}
INLINE u8x16 narrow_16_u(s16x8 a, s16x8 b) {
    return (u8x16)vqmovun_high_s16(vqmovun_s16((int16x8_t)a), (int16x8_t)b);
}
INLINE s16x8 narrow_32_s(s32x4 a, s32x4 b) {
    return (s16x8)vqmovn_high_s32(vqmovn_s32((int32x4_t)a), (int32x4_t)b);
}
INLINE u16x8 narrow_32_u(s32x4 a, s32x4 b) {
    return (u16x8)vqmovun_high_s32(vqmovun_s32((int32x4_t)a), (int32x4_t)b);
}

INLINE u16x8 q15_product(s16x8 a, s16x8 b) { return (u16x8)vqrdmulhq_s16((int16x8_t)a, (int16x8_t)b); }
INLINE u16x8 q15_product_relaxed(s16x8 a, s16x8 b) { return q15_product(a, b); }

// Each negative lane leaves its own bit, and the bits are added up.
INLINE uint32_t bitmask_8(u8x16 a) {
    u8x16 bits = (u8x16)((s8x16)a >> 7) & (u8x16){1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t all = (uint8x16_t)bits;
    return vaddv_u8(vget_low_u8(all)) | (uint32_t)vaddv_u8(vget_high_u8(all)) << 8;
}
INLINE uint32_t bitmask_16(u16x8 a) {
    u16x8 bits = (u16x8)((s16x8)a >> 15) & (u16x8){1, 2, 4, 8, 16, 32, 64, 128};
    return vaddvq_u16((uint16x8_t)bits);
}
INLINE uint32_t bitmask_32(u32x4 a) {
    u32x4 bits = (u32x4)((s32x4)a >> 31) & (u32x4){1, 2, 4, 8};
    return vaddvq_u32((uint32x4_t)bits);
}
INLINE uint32_t bitmask_64(u64x2 a) { return (uint32_t)(a[0] >> 63 | a[1] >> 63 << 1); }

#endif

BINARY(i8x16_avgr_u, u8x16, average_8(a, b))
BINARY(i16x8_avgr_u, u16x8, average_16(a, b))
BINARY(i32x4_dot_i16x8_s, s16x8, dot_i16x8(a, b))
BINARY(i8x16_narrow_i16x8_s, s16x8, narrow_16_s(a, b))
BINARY(i8x16_narrow_i16x8_u, s16x8, narrow_16_u(a, b))
BINARY(i16x8_narrow_i32x4_s, s32x4, narrow_32_s(a, b))
BINARY(i16x8_narrow_i32x4_u, s32x4, narrow_32_u(a, b))
BINARY(i16x8_q15mulr_sat_s, s16x8, q15_product(a, b))
BINARY(i16x8_relaxed_q15mulr_s, s16x8, q15_product_relaxed(a, b))
TEST(i8x16_bitmask, u8x16, bitmask_8(a))
TEST(i16x8_bitmask, u16x8, bitmask_16(a))
TEST(i32x4_bitmask, u32x4, bitmask_32(a))
TEST(i64x2_bitmask, u64x2, bitmask_64(a))
