// The types of the interface `kinds`, laid out as they are in memory.
#ifndef KINDS_H
#define KINDS_H

#include "guest.h"

#define LIST_OF(type) struct { type *data; uint32_t length; }

typedef struct { int32_t x; double y; } point;
typedef struct { uint8_t is_some; uint32_t value; } option_char;
typedef LIST_OF(uint16_t) list_u16;
typedef struct { uint8_t a; uint64_t b; string c; list_u16 d; option_char e; uint8_t f; } mixed;
typedef struct { float a; uint8_t b; int64_t c; } rotated;
typedef struct { uint8_t is_some; uint32_t value; } option_u32;
typedef struct { uint8_t is_some; option_u32 value; } option_option_u32;
typedef struct { uint8_t is_some; string value; } maybe_string;
typedef struct { uint8_t is_error; union { string ok; uint32_t error; }; } result_string_u32;
typedef struct { uint8_t is_some; result_string_u32 value; } nested;
typedef struct { uint8_t is_error; uint64_t ok; } result_ok;
typedef struct { uint8_t is_error; string error; } result_error;
typedef struct { uint8_t is_some; int32_t handle; } option_counter;

enum { NONE, CIRCLE, SQUARE, LABEL, CORNER, COUNT, LETTER, SMALL };
typedef struct {
    uint8_t tag;
    union { float circle; double square; string label; point corner; uint64_t count; uint32_t letter; int8_t small; };
} shape;

enum { FLOAT, WORD, NOTHING };
typedef struct { uint8_t tag; union { float real; uint32_t word; }; } narrow;

typedef struct {
    uint8_t a; int8_t b; uint16_t c; int16_t d; uint32_t e; int32_t f; uint64_t g; int64_t h; float i; double j;
    uint32_t k; uint8_t l; string m; uint8_t n; uint8_t o; option_u32 p; point q;
} everything;

typedef struct { uint32_t a[16]; uint8_t q; } seventeen_parameters;

typedef LIST_OF(uint8_t) list_bool;
typedef LIST_OF(uint32_t) list_u32;
typedef LIST_OF(uint64_t) list_u64;
typedef LIST_OF(float) list_f32;
typedef LIST_OF(double) list_f64;
typedef LIST_OF(string) list_string;
typedef LIST_OF(mixed) list_mixed;
typedef LIST_OF(list_u16) list_list;
typedef LIST_OF(shape) list_shape;
typedef LIST_OF(nested) list_nested;
typedef LIST_OF(int32_t) list_handle;

static inline uint32_t float_bits(float f) { uint32_t bits; __builtin_memcpy(&bits, &f, 4); return bits; }
static inline float bits_float(uint32_t bits) { float f; __builtin_memcpy(&f, &bits, 4); return f; }
static inline uint64_t double_bits(double f) { uint64_t bits; __builtin_memcpy(&bits, &f, 8); return bits; }
static inline double bits_double(uint64_t bits) { double f; __builtin_memcpy(&f, &bits, 8); return f; }

#endif
