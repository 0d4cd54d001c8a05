// Loads and stores on memories whose addresses are 64 bits wide.
//
// The form `_wide` names the memory and has an offset of 64 bits, so the sum of address and offset may overflow, and so
// may that of the sum and the access's width: neither is trusted.
#include "dispatch.h"

// The memory's index is the upper half of the operand word, the offset the third word.
#define WIDE_ADDRESS(slot, cell_type) \
    const apus_memory *named = instance->memories[APUS_U32(1)]; \
    uint64_t address; \
    if (APUS_UNLIKELY(__builtin_add_overflow(fp[APUS_U16(slot)], pc[2], &address) || named->size < sizeof(cell_type) || \
                      address > named->size - sizeof(cell_type))) \
        APUS_TRAP(memory_bounds);

#define LOAD(name, cell_type, widened_type) \
    APUS_INSTRUCTION(name##_wide) { \
        WIDE_ADDRESS(1, cell_type) \
        cell_type cell; \
        __builtin_memcpy(&cell, named->base + address, sizeof cell); \
        fp[APUS_U16(0)] = (widened_type)cell; \
        APUS_NEXT(3); \
    }

#define STORE(name, cell_type) \
    APUS_INSTRUCTION(name##_wide) { \
        WIDE_ADDRESS(0, cell_type) \
        cell_type cell = (cell_type)fp[APUS_U16(1)]; \
        __builtin_memcpy(named->base + address, &cell, sizeof cell); \
        APUS_NEXT(3); \
    }

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
