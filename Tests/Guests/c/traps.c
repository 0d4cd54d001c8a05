// A guest that fails in the way that it is told, some calls deep, so that there is a backtrace to show.
#include "wasi.h"

#define KEPT __attribute__((noinline))
static volatile int32_t zero, sink;

KEPT static void reach_unreachable(void) { __builtin_trap(); }
KEPT static void read_out_of_bounds(void) { sink = *(volatile int32_t *)0xfffffff0; }
KEPT static void write_out_of_bounds(void) { *(volatile int32_t *)0x7ffffff0 = 1; }
KEPT static void read_across_the_end(void) {
    sink = *(volatile int32_t *)(uintptr_t)((__builtin_wasm_memory_size(0) << 16) - 2);
}
KEPT static void divide_by_zero(void) {
    // Undefined in C: said in the machine's own words.
    int32_t result;
    __asm__("local.get %1\n i32.const 0\n i32.div_s\n local.set %0" : "=r"(result) : "r"(zero));
    sink = result;
}
KEPT static void overflow_in_division(void) {
    int32_t result;
    __asm__("i32.const 0x80000000\n local.get %1\n i32.const 1\n i32.sub\n i32.div_s\n local.set %0" : "=r"(result) : "r"(zero));
    sink = result;
}
KEPT static void take_remainder_by_zero(void) {
    int32_t result;
    __asm__("local.get %1\n i32.const 0\n i32.rem_u\n local.set %0" : "=r"(result) : "r"(zero));
    sink = result;
}
KEPT static void convert_nan(void) {
    int32_t result;
    float nan = __builtin_nanf("");
    __asm__("local.get %1\n i32.trunc_f32_s\n local.set %0" : "=r"(result) : "r"(nan));
    sink = result;
}
KEPT static void convert_too_large(void) {
    int32_t result;
    double large = 1e10;
    __asm__("local.get %1\n i32.trunc_f64_u\n local.set %0" : "=r"(result) : "r"(large));
    sink = result;
}
KEPT static int recurse(int depth) {
    sink = depth;
    int below = sink == -1 ? 0 : recurse(depth + 1);
    return below + sink;
}
// Well within any stack that a guest may expect to have.
KEPT static int recurse_to(int depth) {
    sink = depth;
    return depth ? recurse_to(depth - 1) + sink : 0;
}
KEPT static int other_type(double x) { return (int)x + sink; }
static int (*volatile function)(double) = other_type;
KEPT static void call_wrong_type(void) { sink = ((int (*)(int))(void (*)(void))function)(1); }
KEPT static void call_null(void) { ((void (*)(void))(uintptr_t)zero)(); }
KEPT static void call_past_table(void) { ((void (*)(void))(uintptr_t)(zero + 100000))(); }
KEPT static void fill_out_of_bounds(void) {
    __asm__("i32.const 0xfff0\n i32.const 0\n i32.const 0x7fffffff\n memory.fill 0");
}

KEPT static void middle(void) {
    sink++;
    if (argument_is(1, "unreachable")) reach_unreachable();
    else if (argument_is(1, "read")) read_out_of_bounds();
    else if (argument_is(1, "write")) write_out_of_bounds();
    else if (argument_is(1, "read-across")) read_across_the_end();
    else if (argument_is(1, "divide")) divide_by_zero();
    else if (argument_is(1, "divide-overflow")) overflow_in_division();
    else if (argument_is(1, "remainder")) take_remainder_by_zero();
    else if (argument_is(1, "convert-nan")) convert_nan();
    else if (argument_is(1, "convert-large")) convert_too_large();
    else if (argument_is(1, "recursion")) recurse(0);
    else if (argument_is(1, "indirect-type")) call_wrong_type();
    else if (argument_is(1, "indirect-null")) call_null();
    else if (argument_is(1, "indirect-range")) call_past_table();
    else if (argument_is(1, "fill")) fill_out_of_bounds();
    sink++;
}

bool run(void) {
    if (argument_is(1, "output-first")) {
        say("before\n");
        flush();
        reach_unreachable();
    }
    if (argument_is(1, "deep")) {
        recurse_to(10000);
        say("ten thousand calls deep\n");
        return true;
    }
    if (argument_is(1, "grow")) {
        int pages = 0;
        while (pages < 65536 && __builtin_wasm_memory_grow(0, 16) != (size_t)-1) pages += 16;
        say(argument_count > 2 ? "%d\n" : pages >= 1024 ? "grew\n" : "%d\n", pages);
        return true;
    }
    if (argument_is(1, "loop"))
        for (;;) sink++;
    middle();
    say("no trap\n");
    return true;
}
