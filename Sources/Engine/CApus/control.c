// Branches, calls, exceptions, and the way into and out of the machine.
#include <string.h>

#include "dispatch.h"

#define APUS_ROW(name) APUS_INSTRUCTION(name);
APUS_INSTRUCTIONS(APUS_ROW)
#undef APUS_ROW

static const apus_handler_type handlers[APUS_INSTRUCTION_COUNT] = {
#define APUS_ROW(name) apus_op_##name,
    APUS_INSTRUCTIONS(APUS_ROW)
#undef APUS_ROW
};

uint64_t apus_handler(apus_instruction instruction) {
    apus_handler_type chosen = apus_vector_handler(instruction);
    if (chosen != NULL) return (uint64_t)(uintptr_t)chosen;
    return (uint64_t)(uintptr_t)handlers[(uint32_t)instruction < APUS_INSTRUCTION_COUNT ? instruction : APUS_internal_error];
}

void apus_code_initialize(apus_code *code, bool is_host) {
    code->stub[0] = apus_handler(is_host ? APUS_call_host : APUS_translate);
    code->stub[1] = (uint64_t)(uintptr_t)code;
    code->entry = code->stub;
}

void apus_code_publish(apus_code *code, const uint64_t *entry) { __atomic_store_n(&code->entry, entry, __ATOMIC_RELEASE); }

#define APUS_TRAP_ROW(name, code) \
    APUS_CONVENTION void apus_trap_##name(APUS_STATE) { \
        (void)memory; \
        (void)memory_size; \
        if (code != 0) activation->status = code; \
        activation->trap_pc = pc; \
        activation->trap_frame = fp; \
        activation->trap_instance = instance; \
    }
APUS_TRAPS(APUS_TRAP_ROW)
#undef APUS_TRAP_ROW

APUS_INSTRUCTION(unreachable) { APUS_TRAP(unreachable); }
APUS_INSTRUCTION(internal_error) { APUS_TRAP(internal); }
APUS_INSTRUCTION(exit) {
    (void)pc, (void)fp, (void)memory, (void)memory_size, (void)instance;
    activation->status = 0;
}

uint32_t apus_enter(apus_activation *activation, const apus_function *function) {
    static uint64_t exit_code[1];
    // Every writer stores the same word.
    __atomic_store_n(&exit_code[0], (uint64_t)(uintptr_t)apus_op_exit, __ATOMIC_RELAXED);

    apus_slot *base = activation->top, *fp = base;
    apus_code *code = function->code;
    apus_instance *instance = function->instance;
    apus_slot *header = fp + code->header_slot;
    header[APUS_HEADER_RETURN_ADDRESS] = (uint64_t)(uintptr_t)exit_code;
    header[APUS_HEADER_CALLER_FRAME] = 0;
    header[APUS_HEADER_CALLER_INSTANCE] = (uint64_t)(uintptr_t)instance;

    // The callee's prologue is the same as after a call, so enter through one.
    uint8_t *memory = NULL;
    uint64_t memory_size = 0;
    if (instance) APUS_RELOAD_MEMORY();
    const uint64_t *pc = __atomic_load_n(&code->entry, __ATOMIC_ACQUIRE);
    if (fp + code->frame_slots > activation->stack_limit) {
        activation->status = 10;
        activation->trap_pc = pc;
        activation->trap_frame = fp;
        activation->trap_instance = instance;
        return activation->status;
    }
    memset(header + APUS_HEADER_SLOTS, 0, code->zeroed_slots * sizeof(apus_slot));
    ((apus_handler_type)(uintptr_t)*pc)(APUS_ARGUMENTS);
    activation->top = base;
    return activation->status;
}

// The rest of a call, once `code` is known and the header is written: check the stack and the interrupt, zero the
// locals, go. A trap here is the callee's.
#define BEGIN_CALLEE() \
    do { \
        pc = __atomic_load_n(&code->entry, __ATOMIC_ACQUIRE); \
        if (APUS_UNLIKELY(fp + code->frame_slots > activation->stack_limit)) APUS_TRAP(stack_exhausted); \
        apus_slot *zeroed = fp + code->header_slot + APUS_HEADER_SLOTS; \
        for (uint32_t n = code->zeroed_slots; n != 0; n--) *zeroed++ = 0; \
        if (APUS_UNLIKELY(activation->interrupt)) \
            __attribute__((musttail)) return interrupted_at_call(APUS_ARGUMENTS); \
        APUS_DISPATCH(); \
    } while (0)

#define PUSH_FRAME(base, words) \
    do { \
        apus_slot *callee = fp + (base); \
        apus_slot *header = callee + code->header_slot; \
        header[APUS_HEADER_RETURN_ADDRESS] = (uint64_t)(uintptr_t)(pc + (words)); \
        header[APUS_HEADER_CALLER_FRAME] = (uint64_t)(uintptr_t)fp; \
        header[APUS_HEADER_CALLER_INSTANCE] = (uint64_t)(uintptr_t)instance; \
        fp = callee; \
    } while (0)

#define SWITCH_INSTANCE(next) \
    do { \
        apus_instance *switched = (next); \
        if (switched != NULL && switched != instance) { \
            instance = switched; \
            APUS_RELOAD_MEMORY(); \
        } \
    } while (0)

#define POP_FRAME(header_slot) \
    do { \
        const apus_slot *header = fp + (header_slot); \
        pc = (const uint64_t *)(uintptr_t)header[APUS_HEADER_RETURN_ADDRESS]; \
        apus_instance *caller = (apus_instance *)(uintptr_t)header[APUS_HEADER_CALLER_INSTANCE]; \
        fp = (apus_slot *)(uintptr_t)header[APUS_HEADER_CALLER_FRAME]; \
        if (APUS_UNLIKELY(caller != instance)) { \
            instance = caller; \
            if (instance) APUS_RELOAD_MEMORY(); \
        } \
        APUS_DISPATCH(); \
    } while (0)

static APUS_CONVENTION void interrupted_at_call(APUS_STATE) {
    activation->status = activation->runtime->interrupted(activation);
    if (activation->status != 0) APUS_TRAP(status);
    APUS_DISPATCH();
}

APUS_INSTRUCTION(translate) {
    apus_code *code = (apus_code *)(uintptr_t)pc[1];
    activation->status = activation->runtime->translate(activation, code);
    if (activation->status != 0) APUS_TRAP(status);
    BEGIN_CALLEE();
}

APUS_INSTRUCTION(call_host) {
    apus_code *code = (apus_code *)(uintptr_t)pc[1];
    activation->top = fp + code->header_slot + APUS_HEADER_SLOTS;
    activation->status = activation->runtime->call_host(activation, code, fp, instance);
    if (APUS_UNLIKELY(activation->status != 0)) APUS_TRAP(status);
    const apus_slot *header = fp + code->header_slot;
    pc = (const uint64_t *)(uintptr_t)header[APUS_HEADER_RETURN_ADDRESS];
    instance = (apus_instance *)(uintptr_t)header[APUS_HEADER_CALLER_INSTANCE];
    fp = (apus_slot *)(uintptr_t)header[APUS_HEADER_CALLER_FRAME];
    // The host may have grown the memory, by itself or by calling back.
    if (instance) APUS_RELOAD_MEMORY();
    APUS_DISPATCH();
}

APUS_INSTRUCTION(br) { APUS_NEXT((int64_t)pc[1] >> 32); }

// A branch backwards; the taken side of a fused comparison comes here too while an interrupt is asked for. All have the
// offset in the upper half of the operand word.
APUS_INSTRUCTION(br_back) {
    if (APUS_UNLIKELY(activation->interrupt)) {
        activation->status = activation->runtime->interrupted(activation);
        if (activation->status != 0) APUS_TRAP(status);
    }
    APUS_NEXT(APUS_I32(1));
}

#define BRANCH_ON(name, type, operator) \
    APUS_INSTRUCTION(name) { \
        if ((type)fp[APUS_U16(0)] operator 0) { \
            if (APUS_UNLIKELY(activation->interrupt)) \
                __attribute__((musttail)) return apus_op_br_back(APUS_ARGUMENTS); \
            APUS_NEXT(APUS_I32(1)); \
        } \
        APUS_NEXT(2); \
    }
BRANCH_ON(br_nonzero, uint32_t, !=)
BRANCH_ON(br_zero, uint32_t, ==)
BRANCH_ON(br_nonzero_i64, uint64_t, !=)
BRANCH_ON(br_zero_i64, uint64_t, ==)

APUS_INSTRUCTION(br_table) {
    uint32_t index = (uint32_t)fp[APUS_U16(0)], count = APUS_U32(1);
    if (index > count) index = count;
    if (APUS_UNLIKELY(activation->interrupt)) {
        activation->status = activation->runtime->interrupted(activation);
        if (activation->status != 0) APUS_TRAP(status);
    }
    APUS_NEXT((int64_t)pc[2 + index]);
}

APUS_INSTRUCTION(return0) { POP_FRAME(APUS_U16(0)); }
APUS_INSTRUCTION(return1) {
    fp[0] = fp[APUS_U16(1)];
    POP_FRAME(APUS_U16(0));
}

APUS_INSTRUCTION(call) {
    apus_code *code = (apus_code *)(uintptr_t)pc[2];
    PUSH_FRAME(APUS_U16(0), 3);
    BEGIN_CALLEE();
}

APUS_INSTRUCTION(call_import) {
    const apus_function *function = instance->imports[APUS_U32(1)];
    apus_code *code = function->code;
    PUSH_FRAME(APUS_U16(0), 2);
    SWITCH_INSTANCE(function->instance);
    BEGIN_CALLEE();
}

#define FIND_INDIRECT() \
    const apus_table *table = instance->tables[APUS_U32(1)]; \
    uint64_t index = fp[APUS_U16(1)]; \
    if (APUS_UNLIKELY(index >= table->count)) APUS_TRAP(undefined_element); \
    const apus_function *function = (const apus_function *)(uintptr_t)table->elements[index]; \
    if (APUS_UNLIKELY(function == NULL)) APUS_TRAP(uninitialized_element); \
    const apus_type *wanted = (const apus_type *)(uintptr_t)pc[2]; \
    if (APUS_UNLIKELY(function->type != wanted) && !apus_type_matches(function->type, wanted)) APUS_TRAP(call_type); \
    apus_code *code = function->code;

#define FIND_REFERENCED() \
    const apus_function *function = (const apus_function *)(uintptr_t)fp[APUS_U16(1)]; \
    if (APUS_UNLIKELY(function == NULL)) APUS_TRAP(null_function); \
    apus_code *code = function->code;

APUS_INSTRUCTION(call_indirect) {
    FIND_INDIRECT()
    PUSH_FRAME(APUS_U16(0), 3);
    SWITCH_INSTANCE(function->instance);
    BEGIN_CALLEE();
}

APUS_INSTRUCTION(call_ref) {
    FIND_REFERENCED()
    PUSH_FRAME(APUS_U16(0), 2);
    SWITCH_INSTANCE(function->instance);
    BEGIN_CALLEE();
}

// A tail call's operands: the arguments' first slot (16 bits 0), this function's header slot (16 bits 1 of the last word).
// The frame keeps its base and its caller; only the header's place may differ.
#define REPLACE_FRAME(arguments, own_header) \
    do { \
        uint32_t header_ = (own_header), count_ = code->parameter_slots; \
        const apus_slot *from_ = fp + (arguments); \
        if (APUS_UNLIKELY(header_ != code->header_slot || count_ > 4)) { \
            replace_frame(fp, from_, header_, code); \
        } else { \
            for (uint32_t slot_ = 0; slot_ < count_; slot_ += 1) { \
                fp[slot_] = from_[slot_]; \
                /* Or the compiler would call the library for a slot or two. */ \
                __asm__ volatile("" ::: "memory"); \
            } \
        } \
    } while (0)

// Saves the registers that it uses itself, so that the handlers need not.
static __attribute__((noinline, preserve_most)) void replace_frame(
    apus_slot *fp, const apus_slot *from, uint32_t own_header, const apus_code *code) {
    apus_slot kept[APUS_HEADER_SLOTS];
    memcpy(kept, fp + own_header, sizeof kept);
    memmove(fp, from, code->parameter_slots * sizeof(apus_slot));
    memcpy(fp + code->header_slot, kept, sizeof kept);
}

APUS_INSTRUCTION(return_call) {
    apus_code *code = (apus_code *)(uintptr_t)pc[2];
    REPLACE_FRAME(APUS_U16(0), APUS_U16(1));
    BEGIN_CALLEE();
}

APUS_INSTRUCTION(return_call_import) {
    const apus_function *function = instance->imports[APUS_U32(1)];
    apus_code *code = function->code;
    REPLACE_FRAME(APUS_U16(0), APUS_U16(1));
    SWITCH_INSTANCE(function->instance);
    BEGIN_CALLEE();
}

APUS_INSTRUCTION(return_call_indirect) {
    FIND_INDIRECT()
    REPLACE_FRAME(APUS_U16(0), (uint16_t)pc[3]);
    SWITCH_INSTANCE(function->instance);
    BEGIN_CALLEE();
}

APUS_INSTRUCTION(return_call_ref) {
    FIND_REFERENCED()
    REPLACE_FRAME(APUS_U16(0), APUS_U16(2));
    SWITCH_INSTANCE(function->instance);
    BEGIN_CALLEE();
}

#define THROW(tag) \
    do { \
        activation->status = activation->runtime->throw_exception(activation, instance, pc, fp, (tag), fp + APUS_U16(0)); \
        if (activation->status != 0) APUS_TRAP(status); \
        pc = activation->resume_pc; \
        fp = activation->resume_frame; \
        instance = activation->resume_instance; \
        APUS_RELOAD_MEMORY(); \
        APUS_DISPATCH(); \
    } while (0)

APUS_INSTRUCTION(throw) { THROW(APUS_U32(1)); }
APUS_INSTRUCTION(throw_ref) {
    if (APUS_UNLIKELY(fp[APUS_U16(0)] == 0)) APUS_TRAP(null_exception);
    THROW(UINT32_MAX);
}

APUS_INSTRUCTION(copy) {
    fp[APUS_U16(0)] = fp[APUS_U16(1)];
    APUS_NEXT(2);
}
APUS_INSTRUCTION(copy2) {
    apus_slot low = fp[APUS_U16(1)], high = fp[APUS_U16(1) + 1];
    fp[APUS_U16(0)] = low;
    fp[APUS_U16(0) + 1] = high;
    APUS_NEXT(2);
}
APUS_INSTRUCTION(copy_pair) {
    fp[APUS_U16(0)] = fp[APUS_U16(1)];
    fp[APUS_U16(2)] = fp[APUS_U16(3)];
    APUS_NEXT(2);
}
APUS_INSTRUCTION(const32) {
    fp[APUS_U16(0)] = APUS_U32(1);
    APUS_NEXT(2);
}
APUS_INSTRUCTION(const64) {
    fp[APUS_U16(0)] = pc[2];
    APUS_NEXT(3);
}
APUS_INSTRUCTION(select) {
    fp[APUS_U16(0)] = (uint32_t)fp[APUS_U16(1)] != 0 ? fp[APUS_U16(2)] : fp[APUS_U16(3)];
    APUS_NEXT(2);
}
APUS_INSTRUCTION(select2) {
    const apus_slot *chosen = fp + ((uint32_t)fp[APUS_U16(1)] != 0 ? APUS_U16(2) : APUS_U16(3));
    apus_slot low = chosen[0], high = chosen[1];
    fp[APUS_U16(0)] = low;
    fp[APUS_U16(0) + 1] = high;
    APUS_NEXT(2);
}

APUS_INSTRUCTION(global_get) {
    fp[APUS_U16(0)] = *instance->globals[APUS_U32(1)];
    APUS_NEXT(2);
}
APUS_INSTRUCTION(global_set) {
    *instance->globals[APUS_U32(1)] = fp[APUS_U16(0)];
    APUS_NEXT(2);
}
APUS_INSTRUCTION(global_get2) {
    memcpy(fp + APUS_U16(0), instance->globals[APUS_U32(1)], 16);
    APUS_NEXT(2);
}
APUS_INSTRUCTION(global_set2) {
    memcpy(instance->globals[APUS_U32(1)], fp + APUS_U16(0), 16);
    APUS_NEXT(2);
}

APUS_INSTRUCTION(ref_is_null) {
    fp[APUS_U16(0)] = fp[APUS_U16(1)] == 0;
    APUS_NEXT(2);
}
APUS_INSTRUCTION(ref_as_non_null) {
    if (APUS_UNLIKELY(fp[APUS_U16(0)] == 0)) APUS_TRAP(null_reference);
    APUS_NEXT(2);
}

// A service's operands stand in successive slots; its immediates are the upper half of the operand word and the next word.
APUS_INSTRUCTION(serve) {
    activation->trap_pc = pc;
    activation->trap_frame = fp;
    activation->trap_instance = instance;
    activation->status =
        activation->runtime->serve(activation, instance, APUS_U16(1), fp + APUS_U16(0), (const uint32_t *)(pc + 1) + 1);
    if (APUS_UNLIKELY(activation->status != 0)) APUS_TRAP(status);
    APUS_NEXT(3);
}

APUS_INSTRUCTION(memory_grow) {
    activation->status = activation->runtime->serve(activation, instance, APUS_SERVICE_MEMORY_GROW, fp + APUS_U16(0),
                                                    (const uint32_t *)(pc + 1) + 1);
    if (APUS_UNLIKELY(activation->status != 0)) APUS_TRAP(status);
    APUS_RELOAD_MEMORY();
    APUS_NEXT(3);
}
