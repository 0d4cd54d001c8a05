// Atomic accesses (the threads proposal), sequentially consistent.
//
// One form serves all memories. The operand word has up to four slots: a load's are destination and address, a store's
// address and value, a read-modify-write's destination, address, operand and, for an exchange under a condition, the
// replacement. The offset, of 64 bits, is the third word, the memory's index the fourth. An address that is not a multiple
// of the access's width traps whether or not it is inside the memory.
#include "dispatch.h"

#define ATOMIC_ADDRESS(slot, cell_type) \
    const apus_memory *named = instance->memories[pc[3]]; \
    uint64_t address; \
    if (APUS_UNLIKELY(__builtin_add_overflow(fp[APUS_U16(slot)], pc[2], &address))) APUS_TRAP(memory_bounds); \
    if (APUS_UNLIKELY(address % sizeof(cell_type) != 0)) APUS_TRAP(unaligned_atomic); \
    if (APUS_UNLIKELY(named->size < sizeof(cell_type) || address > named->size - sizeof(cell_type))) \
        APUS_TRAP(memory_bounds); \
    cell_type *cell = (cell_type *)(void *)(named->base + address);

#define LOAD(name, cell_type) \
    APUS_INSTRUCTION(name) { \
        ATOMIC_ADDRESS(1, cell_type) \
        fp[APUS_U16(0)] = __atomic_load_n(cell, __ATOMIC_SEQ_CST); \
        APUS_NEXT(4); \
    }

#define STORE(name, cell_type) \
    APUS_INSTRUCTION(name) { \
        ATOMIC_ADDRESS(0, cell_type) \
        __atomic_store_n(cell, (cell_type)fp[APUS_U16(1)], __ATOMIC_SEQ_CST); \
        APUS_NEXT(4); \
    }

#define MODIFY(name, cell_type, operation) \
    APUS_INSTRUCTION(name) { \
        ATOMIC_ADDRESS(1, cell_type) \
        fp[APUS_U16(0)] = operation(cell, (cell_type)fp[APUS_U16(2)], __ATOMIC_SEQ_CST); \
        APUS_NEXT(4); \
    }

// What is compared is the whole operand, also where the cell is narrower: an operand that does not fit is never equal.
#define COMPARE(name, cell_type, operand_type) \
    APUS_INSTRUCTION(name) { \
        ATOMIC_ADDRESS(1, cell_type) \
        operand_type wanted = (operand_type)fp[APUS_U16(2)]; \
        cell_type expected = (cell_type)wanted; \
        if (expected == wanted) \
            __atomic_compare_exchange_n(cell, &expected, (cell_type)fp[APUS_U16(3)], false, __ATOMIC_SEQ_CST, \
                                        __ATOMIC_SEQ_CST); \
        else \
            expected = __atomic_load_n(cell, __ATOMIC_SEQ_CST); \
        fp[APUS_U16(0)] = expected; \
        APUS_NEXT(4); \
    }

#define MODIFY_ALL(name, operation) \
    MODIFY(i32_atomic_rmw_##name, uint32_t, operation) \
    MODIFY(i64_atomic_rmw_##name, uint64_t, operation) \
    MODIFY(i32_atomic_rmw8_##name##_u, uint8_t, operation) \
    MODIFY(i32_atomic_rmw16_##name##_u, uint16_t, operation) \
    MODIFY(i64_atomic_rmw8_##name##_u, uint8_t, operation) \
    MODIFY(i64_atomic_rmw16_##name##_u, uint16_t, operation) \
    MODIFY(i64_atomic_rmw32_##name##_u, uint32_t, operation)

LOAD(i32_atomic_load, uint32_t)
LOAD(i64_atomic_load, uint64_t)
LOAD(i32_atomic_load8_u, uint8_t)
LOAD(i32_atomic_load16_u, uint16_t)
LOAD(i64_atomic_load8_u, uint8_t)
LOAD(i64_atomic_load16_u, uint16_t)
LOAD(i64_atomic_load32_u, uint32_t)
STORE(i32_atomic_store, uint32_t)
STORE(i64_atomic_store, uint64_t)
STORE(i32_atomic_store8, uint8_t)
STORE(i32_atomic_store16, uint16_t)
STORE(i64_atomic_store8, uint8_t)
STORE(i64_atomic_store16, uint16_t)
STORE(i64_atomic_store32, uint32_t)
MODIFY_ALL(add, __atomic_fetch_add)
MODIFY_ALL(sub, __atomic_fetch_sub)
MODIFY_ALL(and, __atomic_fetch_and)
MODIFY_ALL(or, __atomic_fetch_or)
MODIFY_ALL(xor, __atomic_fetch_xor)
MODIFY_ALL(xchg, __atomic_exchange_n)
COMPARE(i32_atomic_rmw_cmpxchg, uint32_t, uint32_t)
COMPARE(i64_atomic_rmw_cmpxchg, uint64_t, uint64_t)
COMPARE(i32_atomic_rmw8_cmpxchg_u, uint8_t, uint32_t)
COMPARE(i32_atomic_rmw16_cmpxchg_u, uint16_t, uint32_t)
COMPARE(i64_atomic_rmw8_cmpxchg_u, uint8_t, uint64_t)
COMPARE(i64_atomic_rmw16_cmpxchg_u, uint16_t, uint64_t)
COMPARE(i64_atomic_rmw32_cmpxchg_u, uint32_t, uint64_t)

APUS_INSTRUCTION(atomic_fence) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    APUS_NEXT(2);
}
