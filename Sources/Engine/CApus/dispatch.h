// How a handler takes its operands and passes control on.
//
// The machine's state is six arguments that `preserve_none` keeps in registers; every handler ends in a tail call of the
// next one, so there is no loop, no shared dispatch branch and nothing to spill between instructions.
#pragma once

#include "CApus.h"

#if !__has_attribute(musttail) || !__has_attribute(preserve_none)
#error "The register machine needs a Clang with musttail and preserve_none (19 or later)."
#endif

#define APUS_STATE \
    const uint64_t *pc, apus_slot *fp, uint8_t *memory, uint64_t memory_size, apus_instance *instance, \
        apus_activation *activation
#define APUS_ARGUMENTS pc, fp, memory, memory_size, instance, activation

#define APUS_CONVENTION __attribute__((preserve_none))
#define APUS_LIKELY(x) __builtin_expect(!!(x), 1)
#define APUS_UNLIKELY(x) __builtin_expect(!!(x), 0)

typedef void(APUS_CONVENTION *apus_handler_type)(APUS_STATE);

/// The handler of a vector instruction that this processor runs faster than the baseline's; NULL if there is none.
apus_handler_type apus_vector_handler(apus_instruction instruction);

#define APUS_INSTRUCTION(name) APUS_CONVENTION void apus_op_##name(APUS_STATE)

#define APUS_DISPATCH() __attribute__((musttail)) return ((apus_handler_type)(uintptr_t)*pc)(APUS_ARGUMENTS)
#define APUS_NEXT(words) \
    do { \
        pc += (words); \
        APUS_DISPATCH(); \
    } while (0)
#define APUS_TRAP(why) __attribute__((musttail)) return apus_trap_##why(APUS_ARGUMENTS)

// The operand word behind the handler, by its parts.
#define APUS_U16(n) (((const uint16_t *)(pc + 1))[n])
#define APUS_I16(n) (((const int16_t *)(pc + 1))[n])
#define APUS_U32(n) (((const uint32_t *)(pc + 1))[n])
#define APUS_I32(n) (((const int32_t *)(pc + 1))[n])

#define APUS_RELOAD_MEMORY() \
    do { \
        memory = instance->memories[0]->base; \
        memory_size = instance->memories[0]->size; \
    } while (0)

/// How many bytes an instruction writes at once before it looks whether the guest was asked for something: a guest that
/// fills a gigabyte must not hold up others for so long.
#define APUS_PIECE ((uint64_t)1 << 20)

/// Lets others run, if that was asked for. Returns 0 to go on, or a trap code, which `status` is then too. Nobody else grows or
/// shrinks what the guest's store has meanwhile, nor frees its objects.
static inline uint32_t apus_meet_interrupt(apus_activation *activation) {
    if (APUS_LIKELY(apus_interrupt(activation) == 0)) return 0;
    return activation->status = activation->runtime->interrupted(activation);
}

/// Copies bytes that may overlap, in pieces. Returns 0, or a trap code as above.
uint32_t apus_move_in_pieces(apus_activation *activation, uint8_t *to, const uint8_t *from, uint64_t count);

// Why a guest stops; the numbers are those of the Swift enumeration `TrapCode`.
#define APUS_TRAPS(X) \
    X(unreachable, 1) X(division_by_zero, 2) X(integer_overflow, 3) X(invalid_conversion, 4) X(memory_bounds, 5) \
    X(table_bounds, 6) X(undefined_element, 7) X(uninitialized_element, 8) X(call_type, 9) X(stack_exhausted, 10) \
    X(null_reference, 11) X(null_function, 12) X(null_exception, 13) X(unaligned_atomic, 15) X(internal, 19) \
    X(null_structure, 21) X(null_array, 22) X(null_i31, 23) X(array_bounds, 24) X(cast, 25) X(status, 0)

#define APUS_TRAP_ROW(name, code) APUS_CONVENTION void apus_trap_##name(APUS_STATE);
APUS_TRAPS(APUS_TRAP_ROW)
#undef APUS_TRAP_ROW

static inline float apus_f32(apus_slot slot) {
    float value;
    uint32_t bits = (uint32_t)slot;
    __builtin_memcpy(&value, &bits, 4);
    return value;
}

static inline double apus_f64(apus_slot slot) {
    double value;
    __builtin_memcpy(&value, &slot, 8);
    return value;
}

static inline apus_slot apus_from_f32(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, 4);
    return bits;
}

static inline apus_slot apus_from_f64(double value) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, 8);
    return bits;
}
