// Memory and strings for guests without a C library: see guest.h.
#include "guest.h"

extern uint8_t __heap_base;
static uint32_t top;

void *allocate(uint32_t size, uint32_t alignment) {
    if (!top) top = (uint32_t)(uintptr_t)&__heap_base;
    uint32_t start = (top + alignment - 1) & -alignment;
    uint32_t end = start + size;
    uint32_t limit = __builtin_wasm_memory_size(0) << 16;
    if (end < start) __builtin_trap();
    if (end > limit && __builtin_wasm_memory_grow(0, (end - limit + 0xffff) >> 16) == (size_t)-1) __builtin_trap();
    top = end;
    return (void *)(uintptr_t)start;
}

uint32_t mark(void) { return top; }
void release(uint32_t mark) { top = mark; }

EXPORT("cabi_realloc")
void *cabi_realloc(void *old, uint32_t old_size, uint32_t alignment, uint32_t new_size) {
    void *new = allocate(new_size, alignment);
    if (old_size) memcpy(new, old, old_size < new_size ? old_size : new_size);
    return new;
}

void *memcpy(void *to, const void *from, size_t count) {
    uint8_t *t = to;
    const uint8_t *f = from;
    while (count--) {
        *t++ = *f++;
        __asm__ volatile("");
    }
    return to;
}

void *memmove(void *to, const void *from, size_t count) {
    if (to <= from) return memcpy(to, from, count);
    while (count--) {
        ((uint8_t *)to)[count] = ((const uint8_t *)from)[count];
        __asm__ volatile("");
    }
    return to;
}

void *memset(void *to, int value, size_t count) {
    uint8_t *t = to;
    while (count--) {
        *t++ = (uint8_t)value;
        __asm__ volatile("");
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t count) {
    const uint8_t *x = a, *y = b;
    for (; count; count--, x++, y++)
        if (*x != *y) return *x < *y ? -1 : 1;
    return 0;
}

size_t strlen(const char *s) {
    size_t length = 0;
    while (s[length]) {
        length++;
        __asm__ volatile("");
    }
    return length;
}

string text(const char *literal) { return (string){(uint8_t *)literal, strlen(literal)}; }
bool same(string a, string b) { return a.length == b.length && memcmp(a.data, b.data, a.length) == 0; }
bool equal(string a, const char *b) { return same(a, text(b)); }
