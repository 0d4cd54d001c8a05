// Switching between stacks. A fiber is a stack and, while nothing runs on it, the place at its top where the registers
// that a call preserves were saved. All the rest, when a fiber runs and what for, is the business of Swift's `Fiber`.
//
// A switch is a call as the compiler sees it, so only what the calling convention preserves is saved: the registers,
// and the control bits of floating point.

#include "CApus.h"

#if defined(__APPLE__)
#define SYMBOL(name) "_" name
#define FUNCTION_TYPE(name)
#else
#define SYMBOL(name) name
#define FUNCTION_TYPE(name) ".type " name ", %function\n"
#endif

void apus_fiber_start(void);

#if defined(__x86_64__)

__asm__(
    ".text\n"
    ".p2align 4\n"
    ".globl " SYMBOL("apus_fiber_switch") "\n"
    FUNCTION_TYPE("apus_fiber_switch")
    SYMBOL("apus_fiber_switch") ":\n"
    "    pushq %rbp\n"
    "    pushq %rbx\n"
    "    pushq %r12\n"
    "    pushq %r13\n"
    "    pushq %r14\n"
    "    pushq %r15\n"
    "    subq $8, %rsp\n"
    "    stmxcsr (%rsp)\n"
    "    fnstcw 4(%rsp)\n"
    "    movq %rsp, (%rdi)\n"
    "    movq %rsi, %rsp\n"
    "    ldmxcsr (%rsp)\n"
    "    fldcw 4(%rsp)\n"
    "    addq $8, %rsp\n"
    "    popq %r15\n"
    "    popq %r14\n"
    "    popq %r13\n"
    "    popq %r12\n"
    "    popq %rbx\n"
    "    popq %rbp\n"
    "    retq\n"
    // The first thing that runs on a new stack. No frame is above this one: a return address of 0 ends every walk.
    ".p2align 4\n"
    ".globl " SYMBOL("apus_fiber_start") "\n"
    FUNCTION_TYPE("apus_fiber_start")
    SYMBOL("apus_fiber_start") ":\n"
    "    .cfi_startproc\n"
    "    .cfi_undefined rip\n"
    "    movq %r12, %rdi\n"
    "    callq *%rbx\n"
    "    ud2\n"
    "    .cfi_endproc\n");

enum {
    SAVED_CONTROL = 0, SAVED_ENTRY = 5, SAVED_ARGUMENT = 4, SAVED_RETURN_ADDRESS = 7, SAVED_WORDS = 8,
    // Zeros above the first frame: where a walk over frames looks for a caller, and it ends.
    PADDING_WORDS = 2,
};

// The defaults of the ABI: all exceptions masked, round to nearest.
static const uint64_t initial_control = 0x1f80 | (uint64_t)0x037f << 32;

#elif defined(__aarch64__)

__asm__(
    ".text\n"
    ".p2align 2\n"
    ".globl " SYMBOL("apus_fiber_switch") "\n"
    FUNCTION_TYPE("apus_fiber_switch")
    SYMBOL("apus_fiber_switch") ":\n"
    "    sub sp, sp, #176\n"
    "    stp x19, x20, [sp, #0]\n"
    "    stp x21, x22, [sp, #16]\n"
    "    stp x23, x24, [sp, #32]\n"
    "    stp x25, x26, [sp, #48]\n"
    "    stp x27, x28, [sp, #64]\n"
    "    stp x29, x30, [sp, #80]\n"
    "    stp d8, d9, [sp, #96]\n"
    "    stp d10, d11, [sp, #112]\n"
    "    stp d12, d13, [sp, #128]\n"
    "    stp d14, d15, [sp, #144]\n"
    "    mrs x9, fpcr\n"
    "    str x9, [sp, #160]\n"
    "    mov x9, sp\n"
    "    str x9, [x0]\n"
    "    mov sp, x1\n"
    "    ldr x9, [sp, #160]\n"
    "    msr fpcr, x9\n"
    "    ldp x19, x20, [sp, #0]\n"
    "    ldp x21, x22, [sp, #16]\n"
    "    ldp x23, x24, [sp, #32]\n"
    "    ldp x25, x26, [sp, #48]\n"
    "    ldp x27, x28, [sp, #64]\n"
    "    ldp x29, x30, [sp, #80]\n"
    "    ldp d8, d9, [sp, #96]\n"
    "    ldp d10, d11, [sp, #112]\n"
    "    ldp d12, d13, [sp, #128]\n"
    "    ldp d14, d15, [sp, #144]\n"
    "    add sp, sp, #176\n"
    "    ret\n"
    ".p2align 2\n"
    ".globl " SYMBOL("apus_fiber_start") "\n"
    FUNCTION_TYPE("apus_fiber_start")
    SYMBOL("apus_fiber_start") ":\n"
    "    .cfi_startproc\n"
    "    .cfi_undefined x30\n"
    "    mov x0, x20\n"
    "    mov x29, #0\n"
    "    mov x30, #0\n"
    "    blr x19\n"
    "    brk #1\n"
    "    .cfi_endproc\n");

enum {
    SAVED_CONTROL = 20, SAVED_ENTRY = 0, SAVED_ARGUMENT = 1, SAVED_RETURN_ADDRESS = 11, SAVED_WORDS = 22,
    PADDING_WORDS = 2,
};

static const uint64_t initial_control = 0;

#else
#error "switching stacks is written for x86-64 and AArch64"
#endif

void *apus_fiber_prepare(void *stack_top, void (*entry)(void *), void *argument) {
    uint64_t *top = (uint64_t *)((uintptr_t)stack_top & ~(uintptr_t)15) - PADDING_WORDS;
    uint64_t *saved = top - SAVED_WORDS;
    for (int word = 0; word < SAVED_WORDS + PADDING_WORDS; word++) saved[word] = 0;
    saved[SAVED_CONTROL] = initial_control;
    saved[SAVED_ENTRY] = (uint64_t)(uintptr_t)entry;
    saved[SAVED_ARGUMENT] = (uint64_t)(uintptr_t)argument;
    saved[SAVED_RETURN_ADDRESS] = (uint64_t)(uintptr_t)&apus_fiber_start;
    return saved;
}
