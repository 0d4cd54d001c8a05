// What every guest in C shares: no C library, just the canonical ABI written out by hand. Structures here are laid out
// as the component model lays out records and variants in memory, which on wasm32 is also how C lays them out.
#ifndef GUEST_H
#define GUEST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef WASI_VERSION
#define WASI_VERSION "0.2.12"
#endif

#define WASI(interface) "wasi:" interface "@" WASI_VERSION
#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))
#define EXPORT_RUN EXPORT(WASI("cli/run") "#run")

typedef struct { uint8_t *data; uint32_t length; } bytes;
typedef bytes string;
#define STRING(literal) ((string){(uint8_t *)(literal), sizeof(literal) - 1})

// Memory: a bump allocator. What was allocated after a mark goes with `release`.
void *allocate(uint32_t size, uint32_t alignment);
uint32_t mark(void);
void release(uint32_t mark);

// Output: buffered, flushed when the guest returns or calls `flush`.
// %s C string, %S string*, %d int, %u unsigned, %D int64, %U uint64, %x unsigned in hex, %X uint64 in hex, %c, %q
// string* quoted with non-printing bytes escaped.
void say(const char *format, ...);
void flush(void);
// Prints `ok NAME` or `FAILED NAME`; `failures` counts the latter.
void check(const char *name, bool passed);
extern int failures;

// Arguments.
extern string *arguments;
extern uint32_t argument_count;
void read_arguments(void);
bool equal(string a, const char *b);
bool same(string a, string b);
string text(const char *literal);
bool argument_is(uint32_t index, const char *literal);

void *memcpy(void *, const void *, size_t);
void *memset(void *, int, size_t);
void *memmove(void *, const void *, size_t);
int memcmp(const void *, const void *, size_t);
size_t strlen(const char *);

#endif
