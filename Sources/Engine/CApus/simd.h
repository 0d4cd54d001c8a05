// What the vector handlers are made of: vectors by lane, reading and writing them in frames, and a few operations that the
// two machines have an instruction for and C has no word.
//
// Every vector handler is compiled twice on x86-64: for the baseline (SSE2), and for AVX2 and FMA, which `apus_handler`
// chooses where the processor has them. The file that includes this one says which of the two it is, by `APUS_AVX2`.
#pragma once

#include "dispatch.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#else
#error "The vector instructions are written for x86-64 and arm64."
#endif

#if APUS_AVX2
#define APUS_TARGET __attribute__((target("avx2,fma")))
#define APUS_VECTOR(name) APUS_TARGET APUS_CONVENTION void apus_avx2_##name(APUS_STATE)
#else
#define APUS_TARGET
#define APUS_VECTOR(name) APUS_INSTRUCTION(name)
#endif

#define INLINE static inline __attribute__((always_inline)) APUS_TARGET

#define VECTOR(type, bytes) type __attribute__((vector_size(bytes)))
typedef VECTOR(uint8_t, 16) u8x16;
typedef VECTOR(int8_t, 16) s8x16;
typedef VECTOR(uint16_t, 16) u16x8;
typedef VECTOR(int16_t, 16) s16x8;
typedef VECTOR(uint32_t, 16) u32x4;
typedef VECTOR(int32_t, 16) s32x4;
typedef VECTOR(uint64_t, 16) u64x2;
typedef VECTOR(int64_t, 16) s64x2;
typedef VECTOR(float, 16) f32x4;
typedef VECTOR(double, 16) f64x2;
typedef VECTOR(uint8_t, 8) u8x8;
typedef VECTOR(int8_t, 8) s8x8;
typedef VECTOR(uint16_t, 8) u16x4;
typedef VECTOR(int16_t, 8) s16x4;
typedef VECTOR(uint32_t, 8) u32x2;
typedef VECTOR(int32_t, 8) s32x2;
typedef VECTOR(float, 8) f32x2;

// A vector in memory or in a frame, where nothing is aligned to more than 8 bytes.
#define READ(type, place) \
    ({ \
        type read_; \
        __builtin_memcpy(&read_, (place), sizeof read_); \
        read_; \
    })
#define WRITE(place, value) \
    do { \
        __auto_type written_ = (value); \
        __builtin_memcpy((place), &written_, sizeof written_); \
    } while (0)

// The operand that the n-th part of the operand word names, and the destination.
#define OPERAND(type, n) READ(type, fp + APUS_U16(n))
#define RESULT(value) WRITE(fp + APUS_U16(0), value)

#define FIRST_HALF_8(v) __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)
#define SECOND_HALF_8(v) __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15)
#define FIRST_HALF_4(v) __builtin_shufflevector(v, v, 0, 1, 2, 3)
#define SECOND_HALF_4(v) __builtin_shufflevector(v, v, 4, 5, 6, 7)
#define FIRST_HALF_2(v) __builtin_shufflevector(v, v, 0, 1)
#define SECOND_HALF_2(v) __builtin_shufflevector(v, v, 2, 3)

#define SPLAT_8(x) ((u8x16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x})
#define SPLAT_16(x) ((u16x8){x, x, x, x, x, x, x, x})
#define SPLAT_32(x) ((u32x4){x, x, x, x})
#define SPLAT_64(x) ((u64x2){x, x})

/// Bits of `a` where the mask is set, of `b` where it is not.
INLINE u64x2 choose(u64x2 mask, u64x2 a, u64x2 b) { return (mask & a) | (~mask & b); }

#define CHOOSE(type, mask, a, b) ((type)choose((u64x2)(mask), (u64x2)(a), (u64x2)(b)))

// A handler of one, two or three vectors that makes one.
#define UNARY(name, type, expression) \
    APUS_VECTOR(name) { \
        type a = OPERAND(type, 1); \
        RESULT(expression); \
        APUS_NEXT(2); \
    }
#define BINARY(name, type, expression) \
    APUS_VECTOR(name) { \
        type a = OPERAND(type, 1), b = OPERAND(type, 2); \
        RESULT(expression); \
        APUS_NEXT(2); \
    }
#define TERNARY(name, type, expression) \
    APUS_VECTOR(name) { \
        type a = OPERAND(type, 1), b = OPERAND(type, 2), c = OPERAND(type, 3); \
        RESULT(expression); \
        APUS_NEXT(2); \
    }
/// A vector shifted by a number of bits, taken modulo the lanes' width.
#define SHIFT(name, type, lane, operator) \
    APUS_VECTOR(name) { \
        type a = OPERAND(type, 1); \
        lane n = (lane)(fp[APUS_U16(2)] & (sizeof(lane) * 8 - 1)); \
        RESULT(a operator n); \
        APUS_NEXT(2); \
    }
/// A vector that makes an i32.
#define TEST(name, type, expression) \
    APUS_VECTOR(name) { \
        type a = OPERAND(type, 1); \
        fp[APUS_U16(0)] = (uint32_t)(expression); \
        APUS_NEXT(2); \
    }
