// Vector loads and stores.
//
//     of a whole vector, or of less that is widened, splatted or zero-extended: operands as the scalar loads have them
//     of one lane: destination, address, vector, lane (a store has no destination), and the offset in the third word
//     _at: any memory and address type; the operands of both kinds alike, the offset in the third word, the memory in the fourth
#include "simd.h"

#define CHECKED(address, bytes, size) \
    if (APUS_UNLIKELY((address) + (bytes) > (size))) APUS_TRAP(memory_bounds)

// An address of 64 bits plus an offset of 64 may wrap; an i32 lies zero-extended in its slot.
#define NAMED_MEMORY(address_part, bytes) \
    const apus_memory *named = instance->memories[pc[3]]; \
    uint64_t address; \
    if (APUS_UNLIKELY(__builtin_add_overflow(fp[APUS_U16(address_part)], pc[2], &address) || address > named->size || \
                      named->size - address < (bytes))) \
        APUS_TRAP(memory_bounds); \
    uint8_t *place = named->base + address

#define ADDRESS(n) (uint64_t)(uint32_t) fp[APUS_U16(n)]

#define LOAD(name, bytes, expression) \
    APUS_VECTOR(name) { \
        uint64_t address = ADDRESS(1) + APUS_U32(1); \
        CHECKED(address, bytes, memory_size); \
        const uint8_t *place = memory + address; \
        RESULT(expression); \
        APUS_NEXT(2); \
    } \
    APUS_VECTOR(name##_at) { \
        NAMED_MEMORY(1, bytes); \
        RESULT(expression); \
        APUS_NEXT(4); \
    }

LOAD(v128_load, 16, READ(u64x2, place))
LOAD(v128_load8x8_s, 8, __builtin_convertvector(READ(s8x8, place), s16x8))
LOAD(v128_load8x8_u, 8, __builtin_convertvector(READ(u8x8, place), u16x8))
LOAD(v128_load16x4_s, 8, __builtin_convertvector(READ(s16x4, place), s32x4))
LOAD(v128_load16x4_u, 8, __builtin_convertvector(READ(u16x4, place), u32x4))
LOAD(v128_load32x2_s, 8, __builtin_convertvector(READ(s32x2, place), s64x2))
LOAD(v128_load32x2_u, 8, __builtin_convertvector(READ(u32x2, place), u64x2))
LOAD(v128_load8_splat, 1, SPLAT_8(*place))
LOAD(v128_load16_splat, 2, ({ uint16_t x = READ(uint16_t, place); SPLAT_16(x); }))
LOAD(v128_load32_splat, 4, ({ uint32_t x = READ(uint32_t, place); SPLAT_32(x); }))
LOAD(v128_load64_splat, 8, ({ uint64_t x = READ(uint64_t, place); SPLAT_64(x); }))
LOAD(v128_load32_zero, 4, ((u64x2){READ(uint32_t, place), 0}))
LOAD(v128_load64_zero, 8, ((u64x2){READ(uint64_t, place), 0}))

APUS_VECTOR(v128_load_ai) {
    uint64_t address = (uint64_t)(uint32_t)((uint32_t)fp[APUS_U16(1)] + (uint32_t)pc[2]) + APUS_U32(1);
    CHECKED(address, 16, memory_size);
    RESULT(READ(u64x2, memory + address));
    APUS_NEXT(3);
}
APUS_VECTOR(v128_load_ab) {
    uint64_t address = (uint64_t)(uint32_t)((uint32_t)fp[APUS_U16(1)] + (uint32_t)fp[APUS_U16(2)]) + APUS_U16(3);
    CHECKED(address, 16, memory_size);
    RESULT(READ(u64x2, memory + address));
    APUS_NEXT(2);
}

APUS_VECTOR(v128_store) {
    uint64_t address = ADDRESS(0) + APUS_U32(1);
    CHECKED(address, 16, memory_size);
    WRITE(memory + address, OPERAND(u64x2, 1));
    APUS_NEXT(2);
}
APUS_VECTOR(v128_store_ai) {
    uint64_t address = (uint64_t)(uint32_t)((uint32_t)fp[APUS_U16(0)] + (uint32_t)pc[2]) + APUS_U32(1);
    CHECKED(address, 16, memory_size);
    WRITE(memory + address, OPERAND(u64x2, 1));
    APUS_NEXT(3);
}
APUS_VECTOR(v128_store_at) {
    NAMED_MEMORY(0, 16);
    WRITE(place, OPERAND(u64x2, 1));
    APUS_NEXT(4);
}

// The frame is memory, too: a lane is a number at its place in a slot.
#define LANE(type, operand, lane) READ(type, (const uint8_t *)(fp + APUS_U16(operand)) + sizeof(type) * APUS_U16(lane))

#define LOAD_INTO_LANE(type) \
    type loaded = READ(type, place); \
    uint8_t *lane = (uint8_t *)(fp + APUS_U16(0)) + sizeof(type) * APUS_U16(3); \
    RESULT(OPERAND(u64x2, 2)); \
    WRITE(lane, loaded);

#define LANE_ACCESSES(bits, type) \
    APUS_VECTOR(v128_load##bits##_lane) { \
        uint64_t address = ADDRESS(1) + pc[2]; \
        CHECKED(address, sizeof(type), memory_size); \
        const uint8_t *place = memory + address; \
        LOAD_INTO_LANE(type) \
        APUS_NEXT(3); \
    } \
    APUS_VECTOR(v128_load##bits##_lane_at) { \
        NAMED_MEMORY(1, sizeof(type)); \
        LOAD_INTO_LANE(type) \
        APUS_NEXT(4); \
    } \
    APUS_VECTOR(v128_store##bits##_lane) { \
        uint64_t address = ADDRESS(0) + pc[2]; \
        CHECKED(address, sizeof(type), memory_size); \
        WRITE(memory + address, LANE(type, 1, 2)); \
        APUS_NEXT(3); \
    } \
    APUS_VECTOR(v128_store##bits##_lane_at) { \
        NAMED_MEMORY(0, sizeof(type)); \
        WRITE(place, LANE(type, 1, 2)); \
        APUS_NEXT(4); \
    }

LANE_ACCESSES(8, uint8_t)
LANE_ACCESSES(16, uint16_t)
LANE_ACCESSES(32, uint32_t)
LANE_ACCESSES(64, uint64_t)
