// Loads, stores and bulk operations on linear memories, every access checked against the memory's size.
//
// An address is a slot taken as 64 bits: an i32 lies zero-extended in it, so the sum with a 32-bit offset cannot wrap.
#include <string.h>

#include "dispatch.h"

#define LOAD_FROM(name, cell_type, widened_type, words, address_expression, base, size) \
    APUS_INSTRUCTION(name) { \
        uint64_t address = address_expression; \
        if (APUS_UNLIKELY(address + sizeof(cell_type) > size)) APUS_TRAP(memory_bounds); \
        cell_type cell; \
        __builtin_memcpy(&cell, base + address, sizeof cell); \
        fp[APUS_U16(0)] = (widened_type)cell; \
        APUS_NEXT(words); \
    }

#define STORE_TO(name, cell_type, words, address_expression, value, base, size) \
    APUS_INSTRUCTION(name) { \
        uint64_t address = address_expression; \
        if (APUS_UNLIKELY(address + sizeof(cell_type) > size)) APUS_TRAP(memory_bounds); \
        cell_type cell = (cell_type)(value); \
        __builtin_memcpy(base + address, &cell, sizeof cell); \
        APUS_NEXT(words); \
    }

#define SLOT(n) (uint32_t) fp[APUS_U16(n)]
#define OTHER instance->memories[pc[2]]

#define LOAD(name, cell, widened) \
    LOAD_FROM(name, cell, widened, 2, (uint64_t)SLOT(1) + APUS_U32(1), memory, memory_size) \
    LOAD_FROM(name##_at, cell, widened, 3, (uint64_t)SLOT(1) + APUS_U32(1), OTHER->base, OTHER->size) \
    LOAD_FROM(name##_ai, cell, widened, 3, (uint64_t)(uint32_t)(SLOT(1) + (uint32_t)pc[2]) + APUS_U32(1), memory, memory_size) \
    LOAD_FROM(name##_ab, cell, widened, 2, (uint64_t)(uint32_t)(SLOT(1) + SLOT(2)) + APUS_U16(3), memory, memory_size) \
    LOAD_FROM(name##_abk, cell, widened, 3, (uint64_t)(uint32_t)(SLOT(1) + (SLOT(2) << pc[2])) + APUS_U16(3), memory, memory_size) \
    LOAD_FROM(name##_k, cell, widened, 2, APUS_U32(1), memory, memory_size)

#define STORE(name, cell) \
    STORE_TO(name, cell, 2, (uint64_t)SLOT(0) + APUS_U32(1), fp[APUS_U16(1)], memory, memory_size) \
    STORE_TO(name##_at, cell, 3, (uint64_t)SLOT(0) + APUS_U32(1), fp[APUS_U16(1)], OTHER->base, OTHER->size) \
    STORE_TO(name##_ai, cell, 3, (uint64_t)(uint32_t)(SLOT(0) + (uint32_t)pc[2]) + APUS_U32(1), fp[APUS_U16(1)], memory, memory_size) \
    STORE_TO(name##_k, cell, 2, APUS_U32(1), fp[APUS_U16(1)], memory, memory_size) \
    STORE_TO(name##_i, cell, 2, (uint64_t)SLOT(0) + APUS_U32(1), (int64_t)APUS_I16(1), memory, memory_size)

LOAD(i32_load, uint32_t, uint32_t)
LOAD(i64_load, uint64_t, uint64_t)
LOAD(f32_load, uint32_t, uint32_t)
LOAD(f64_load, uint64_t, uint64_t)
LOAD(i32_load8_s, int8_t, uint32_t)
LOAD(i32_load8_u, uint8_t, uint32_t)
LOAD(i32_load16_s, int16_t, uint32_t)
LOAD(i32_load16_u, uint16_t, uint32_t)
LOAD(i64_load8_s, int8_t, uint64_t)
LOAD(i64_load8_u, uint8_t, uint64_t)
LOAD(i64_load16_s, int16_t, uint64_t)
LOAD(i64_load16_u, uint16_t, uint64_t)
LOAD(i64_load32_s, int32_t, uint64_t)
LOAD(i64_load32_u, uint32_t, uint64_t)
STORE(i32_store, uint32_t)
STORE(i64_store, uint64_t)
STORE(f32_store, uint32_t)
STORE(f64_store, uint64_t)
STORE(i32_store8, uint8_t)
STORE(i32_store16, uint16_t)
STORE(i64_store8, uint8_t)
STORE(i64_store16, uint16_t)
STORE(i64_store32, uint32_t)

static inline bool in_bounds(uint64_t start, uint64_t count, uint64_t size) {
    return start <= size && count <= size - start;
}

APUS_INSTRUCTION(memory_size) {
    const apus_memory *named = instance->memories[(uint32_t)pc[2]];
    fp[APUS_U16(0)] = named->size >> (pc[2] >> 32);
    APUS_NEXT(3);
}

// MARK: - Bulk operations
//
// What is longer than a piece is left to a function of its own, so that what is short costs one comparison more.

static uint32_t fill_in_pieces(apus_activation *activation, uint8_t *place, int value, uint64_t count) {
    for (; count > APUS_PIECE; place += APUS_PIECE, count -= APUS_PIECE) {
        memset(place, value, APUS_PIECE);
        if (apus_meet_interrupt(activation) != 0) return activation->status;
    }
    memset(place, value, count);
    return 0;
}

uint32_t apus_move_in_pieces(apus_activation *activation, uint8_t *to, const uint8_t *from, uint64_t count) {
    // Downwards where the target is above, so that nothing is overwritten that is still to be read.
    bool is_downwards = (uintptr_t)to > (uintptr_t)from;
    while (count > APUS_PIECE) {
        count -= APUS_PIECE;
        if (is_downwards) {
            memmove(to + count, from + count, APUS_PIECE);
        } else {
            memmove(to, from, APUS_PIECE);
            to += APUS_PIECE;
            from += APUS_PIECE;
        }
        if (apus_meet_interrupt(activation) != 0) return activation->status;
    }
    memmove(to, from, count);
    return 0;
}

static APUS_CONVENTION void memory_fill_long(APUS_STATE) {
    const apus_memory *named = instance->memories[pc[2]];
    if (fill_in_pieces(activation, named->base + fp[APUS_U16(0)], (uint8_t)fp[APUS_U16(1)], fp[APUS_U16(2)]) != 0)
        APUS_TRAP(status);
    APUS_NEXT(3);
}

static APUS_CONVENTION void memory_copy_long(APUS_STATE) {
    const apus_memory *to = instance->memories[(uint32_t)pc[2]];
    const apus_memory *from = instance->memories[pc[2] >> 32];
    if (apus_move_in_pieces(activation, to->base + fp[APUS_U16(0)], from->base + fp[APUS_U16(1)], fp[APUS_U16(2)]) != 0)
        APUS_TRAP(status);
    APUS_NEXT(3);
}

static APUS_CONVENTION void table_copy_long(APUS_STATE) {
    const apus_table *to = instance->tables[(uint32_t)pc[2]];
    const apus_table *from = instance->tables[pc[2] >> 32];
    if (apus_move_in_pieces(activation, (uint8_t *)(to->elements + fp[APUS_U16(0)]),
                            (const uint8_t *)(from->elements + fp[APUS_U16(1)]), fp[APUS_U16(2)] * sizeof(uint64_t)) != 0)
        APUS_TRAP(status);
    APUS_NEXT(3);
}

static APUS_CONVENTION void table_fill_long(APUS_STATE) {
    uint64_t *place = instance->tables[pc[2]]->elements + fp[APUS_U16(0)];
    uint64_t value = fp[APUS_U16(1)], count = fp[APUS_U16(2)];
    for (uint64_t i = 0; i < count; i++) {
        if (i % (APUS_PIECE / sizeof(uint64_t)) == 0 && apus_meet_interrupt(activation) != 0) APUS_TRAP(status);
        place[i] = value;
    }
    APUS_NEXT(3);
}

APUS_INSTRUCTION(memory_fill) {
    const apus_memory *named = instance->memories[pc[2]];
    uint64_t start = fp[APUS_U16(0)], count = fp[APUS_U16(2)];
    if (APUS_UNLIKELY(!in_bounds(start, count, named->size))) APUS_TRAP(memory_bounds);
    if (APUS_UNLIKELY(count > APUS_PIECE)) __attribute__((musttail)) return memory_fill_long(APUS_ARGUMENTS);
    if (count != 0) memset(named->base + start, (uint8_t)fp[APUS_U16(1)], count);
    APUS_NEXT(3);
}

APUS_INSTRUCTION(memory_copy) {
    const apus_memory *to = instance->memories[(uint32_t)pc[2]];
    const apus_memory *from = instance->memories[pc[2] >> 32];
    uint64_t target = fp[APUS_U16(0)], start = fp[APUS_U16(1)], count = fp[APUS_U16(2)];
    if (APUS_UNLIKELY(!in_bounds(target, count, to->size) || !in_bounds(start, count, from->size)))
        APUS_TRAP(memory_bounds);
    if (APUS_UNLIKELY(count > APUS_PIECE)) __attribute__((musttail)) return memory_copy_long(APUS_ARGUMENTS);
    if (count != 0) memmove(to->base + target, from->base + start, count);
    APUS_NEXT(3);
}

APUS_INSTRUCTION(table_get) {
    const apus_table *table = instance->tables[APUS_U32(1)];
    uint64_t index = fp[APUS_U16(1)];
    if (APUS_UNLIKELY(index >= table->count)) APUS_TRAP(table_bounds);
    fp[APUS_U16(0)] = table->elements[index];
    APUS_NEXT(2);
}

APUS_INSTRUCTION(table_set) {
    const apus_table *table = instance->tables[APUS_U32(1)];
    uint64_t index = fp[APUS_U16(0)];
    if (APUS_UNLIKELY(index >= table->count)) APUS_TRAP(table_bounds);
    table->elements[index] = fp[APUS_U16(1)];
    APUS_NEXT(2);
}

APUS_INSTRUCTION(table_size) {
    fp[APUS_U16(0)] = instance->tables[APUS_U32(1)]->count;
    APUS_NEXT(2);
}

APUS_INSTRUCTION(table_fill) {
    const apus_table *table = instance->tables[pc[2]];
    uint64_t start = fp[APUS_U16(0)], value = fp[APUS_U16(1)], count = fp[APUS_U16(2)];
    if (APUS_UNLIKELY(!in_bounds(start, count, table->count))) APUS_TRAP(table_bounds);
    if (APUS_UNLIKELY(count > APUS_PIECE / sizeof(uint64_t)))
        __attribute__((musttail)) return table_fill_long(APUS_ARGUMENTS);
    for (uint64_t i = 0; i < count; i++) table->elements[start + i] = value;
    APUS_NEXT(3);
}

APUS_INSTRUCTION(table_copy) {
    const apus_table *to = instance->tables[(uint32_t)pc[2]];
    const apus_table *from = instance->tables[pc[2] >> 32];
    uint64_t target = fp[APUS_U16(0)], start = fp[APUS_U16(1)], count = fp[APUS_U16(2)];
    if (APUS_UNLIKELY(!in_bounds(target, count, to->count) || !in_bounds(start, count, from->count)))
        APUS_TRAP(table_bounds);
    if (APUS_UNLIKELY(count > APUS_PIECE / sizeof(uint64_t)))
        __attribute__((musttail)) return table_copy_long(APUS_ARGUMENTS);
    if (count != 0) memmove(to->elements + target, from->elements + start, count * sizeof(uint64_t));
    APUS_NEXT(3);
}
