// Constants, lanes, shuffles, and what treats a vector as 128 bits (core specification, section 4.3.6).
#include "simd.h"

APUS_VECTOR(v128_const) {
    RESULT(((u64x2){pc[2], pc[3]}));
    APUS_NEXT(4);
}

#define SPLAT(name, type, make) \
    APUS_VECTOR(name) { \
        type x = (type)fp[APUS_U16(1)]; \
        RESULT(make(x)); \
        APUS_NEXT(2); \
    }

SPLAT(i8x16_splat, uint8_t, SPLAT_8)
SPLAT(i16x8_splat, uint16_t, SPLAT_16)
SPLAT(i32x4_splat, uint32_t, SPLAT_32)
SPLAT(i64x2_splat, uint64_t, SPLAT_64)
SPLAT(f32x4_splat, uint32_t, SPLAT_32)
SPLAT(f64x2_splat, uint64_t, SPLAT_64)

// Operands: destination, vector, lane; or destination, vector, value, lane.
#define EXTRACT(name, type, widened) \
    APUS_VECTOR(name) { \
        fp[APUS_U16(0)] = (widened)LANE(type, 1, 2); \
        APUS_NEXT(2); \
    }
#define REPLACE(name, type) \
    APUS_VECTOR(name) { \
        type value = (type)fp[APUS_U16(2)]; \
        uint8_t *lane = (uint8_t *)(fp + APUS_U16(0)) + sizeof(type) * APUS_U16(3); \
        RESULT(OPERAND(u64x2, 1)); \
        WRITE(lane, value); \
        APUS_NEXT(2); \
    }

EXTRACT(i8x16_extract_lane_s, int8_t, uint32_t)
EXTRACT(i8x16_extract_lane_u, uint8_t, uint32_t)
REPLACE(i8x16_replace_lane, uint8_t)
EXTRACT(i16x8_extract_lane_s, int16_t, uint32_t)
EXTRACT(i16x8_extract_lane_u, uint16_t, uint32_t)
REPLACE(i16x8_replace_lane, uint16_t)
EXTRACT(i32x4_extract_lane, uint32_t, uint32_t)
REPLACE(i32x4_replace_lane, uint32_t)
EXTRACT(i64x2_extract_lane, uint64_t, uint64_t)
REPLACE(i64x2_replace_lane, uint64_t)
EXTRACT(f32x4_extract_lane, uint32_t, uint32_t)
REPLACE(f32x4_replace_lane, uint32_t)
EXTRACT(f64x2_extract_lane, uint64_t, uint64_t)
REPLACE(f64x2_replace_lane, uint64_t)

// MARK: Shuffles

#if APUS_AVX2

// The instruction makes a zero where an index has its highest bit set; the saturating sum sets it in all above 15.
INLINE u8x16 beyond_15_to_zero(u8x16 indices) { return (u8x16)_mm_adds_epu8((__m128i)indices, _mm_set1_epi8(0x70)); }
INLINE u8x16 look_up(u8x16 a, u8x16 indices) { return (u8x16)_mm_shuffle_epi8((__m128i)a, (__m128i)indices); }
INLINE u8x16 swizzle(u8x16 a, u8x16 indices) { return look_up(a, beyond_15_to_zero(indices)); }
INLINE u8x16 relaxed_swizzle(u8x16 a, u8x16 indices) { return look_up(a, indices); }
INLINE u8x16 shuffle(u8x16 a, u8x16 b, u8x16 lanes) { return swizzle(a, lanes) | swizzle(b, lanes - 16); }

#elif defined(__aarch64__)

INLINE u8x16 swizzle(u8x16 a, u8x16 indices) { return (u8x16)vqtbl1q_u8((uint8x16_t)a, (uint8x16_t)indices); }
INLINE u8x16 relaxed_swizzle(u8x16 a, u8x16 indices) { return swizzle(a, indices); }
INLINE u8x16 shuffle(u8x16 a, u8x16 b, u8x16 lanes) {
    uint8x16x2_t both = {{(uint8x16_t)a, (uint8x16_t)b}};
    return (u8x16)vqtbl2q_u8(both, (uint8x16_t)lanes);
}

#else

// SSE2 cannot look bytes up.
INLINE u8x16 shuffle(u8x16 a, u8x16 b, u8x16 lanes) {
    uint8_t bytes[32], result[16];
    WRITE(bytes, a);
    WRITE(bytes + 16, b);
    for (int i = 0; i < 16; i++) result[i] = bytes[lanes[i] & 31];
    return READ(u8x16, result);
}
INLINE u8x16 swizzle(u8x16 a, u8x16 indices) {
    u8x16 clamped = __builtin_elementwise_min(indices, SPLAT_8(16));
    return shuffle(a, (u8x16){0}, clamped);
}
INLINE u8x16 relaxed_swizzle(u8x16 a, u8x16 indices) { return swizzle(a, indices); }

#endif

// The lanes stand in the third and fourth word.
APUS_VECTOR(i8x16_shuffle) {
    u8x16 a = OPERAND(u8x16, 1), b = OPERAND(u8x16, 2);
    RESULT(shuffle(a, b, READ(u8x16, pc + 2)));
    APUS_NEXT(4);
}
BINARY(i8x16_swizzle, u8x16, swizzle(a, b))
BINARY(i8x16_relaxed_swizzle, u8x16, relaxed_swizzle(a, b))

// MARK: 128 bits

UNARY(v128_not, u64x2, ~a)
BINARY(v128_and, u64x2, a & b)
BINARY(v128_andnot, u64x2, a & ~b)
BINARY(v128_or, u64x2, a | b)
BINARY(v128_xor, u64x2, a ^ b)
TERNARY(v128_bitselect, u64x2, choose(c, a, b))
TERNARY(i8x16_relaxed_laneselect, u64x2, choose(c, a, b))
TERNARY(i16x8_relaxed_laneselect, u64x2, choose(c, a, b))
TERNARY(i32x4_relaxed_laneselect, u64x2, choose(c, a, b))
TERNARY(i64x2_relaxed_laneselect, u64x2, choose(c, a, b))

APUS_VECTOR(v128_any_true) {
    const apus_slot *a = fp + APUS_U16(1);
    fp[APUS_U16(0)] = (a[0] | a[1]) != 0;
    APUS_NEXT(2);
}
