// Exports the interface `kinds`: for each kind of value a function that gives it back, changed a little.
#include "kinds.h"

#define KINDS(name) EXPORT("apus:guests/kinds#" name)
#define POST(name) EXPORT("cabi_post_apus:guests/kinds#" name)

static uint32_t post_returns;

// Results lie in memory until post-return: nothing outlives a call here but the counters, which are static.
static void post(void) {
    post_returns++;
    release(0);
}

static void *result_area(uint32_t size) { return allocate(size, 8); }

// MARK: Numbers, characters, strings

KINDS("not") int32_t not_(int32_t value) { return value == 1 ? 0 : value == 0 ? 1 : (__builtin_trap(), 0); }
KINDS("next-u8") int32_t next_u8(int32_t value) { return (uint8_t)(value + 1); }
KINDS("next-s8") int32_t next_s8(int32_t value) { return (int8_t)(value + 1); }
KINDS("next-u16") int32_t next_u16(int32_t value) { return (uint16_t)(value + 1); }
KINDS("next-s16") int32_t next_s16(int32_t value) { return (int16_t)(value + 1); }
KINDS("next-u32") uint32_t next_u32(uint32_t value) { return value + 1; }
KINDS("next-s32") uint32_t next_s32(uint32_t value) { return value + 1; }
KINDS("next-u64") uint64_t next_u64(uint64_t value) { return value + 1; }
KINDS("next-s64") uint64_t next_s64(uint64_t value) { return value + 1; }
KINDS("same-f32") float same_f32(float value) { return value; }
KINDS("same-f64") double same_f64(double value) { return value; }
KINDS("next-char") uint32_t next_char(uint32_t value) {
    return value == 0xd7ff ? 0xe000 : value == 0x10ffff ? 0 : value + 1;
}

#define AT_POST(export_as, function) POST(export_as) void post_##function(void *result) { (void)result; post(); }

KINDS("same-string") string *same_string(uint8_t *data, uint32_t length) {
    string *result = result_area(sizeof *result);
    *result = (string){data, length};
    return result;
}
AT_POST("same-string", same_string)

KINDS("join") string *join(string *strings, uint32_t count) {
    string *result = result_area(sizeof *result);
    uint32_t length = 0;
    for (uint32_t i = 0; i < count; i++) length += strings[i].length;
    *result = (string){allocate(length, 1), length};
    uint8_t *to = result->data;
    for (uint32_t i = 0; i < count; to += strings[i].length, i++) memcpy(to, strings[i].data, strings[i].length);
    return result;
}
AT_POST("join", join)

// MARK: Lists

#define REVERSE(name, function, list, element)                                                                         \
    KINDS(name) list *function(element *values, uint32_t count) {                                                      \
        list *result = result_area(sizeof *result);                                                                    \
        result->data = allocate(count * sizeof(element), _Alignof(element));                                           \
        result->length = count;                                                                                        \
        for (uint32_t i = 0; i < count; i++) memcpy(result->data + i, values + (count - 1 - i), sizeof(element));      \
        return result;                                                                                                 \
    }                                                                                                                  \
    AT_POST(name, function)

REVERSE("reverse-bytes", reverse_bytes, bytes, uint8_t)
REVERSE("reverse-bools", reverse_bools, list_bool, uint8_t)
REVERSE("reverse-u16", reverse_u16, list_u16, uint16_t)
REVERSE("reverse-u32", reverse_u32, list_u32, uint32_t)
REVERSE("reverse-u64", reverse_u64, list_u64, uint64_t)
REVERSE("reverse-f32", reverse_f32, list_f32, float)
REVERSE("reverse-f64", reverse_f64, list_f64, double)
REVERSE("reverse-chars", reverse_chars, list_u32, uint32_t)
REVERSE("reverse-strings", reverse_strings, list_string, string)
REVERSE("reverse-mixed", reverse_mixed, list_mixed, mixed)
REVERSE("reverse-lists", reverse_lists, list_list, list_u16)
REVERSE("reverse-shapes", reverse_shapes, list_shape, shape)
REVERSE("reverse-some", reverse_some, list_u16, uint16_t)
REVERSE("reverse-big", reverse_big, list_u16, uint16_t)
REVERSE("reverse-nested", reverse_nested, list_nested, nested)

// MARK: Records, tuples, enums, flags

KINDS("mirror") point *mirror(int32_t x, double y) {
    point *result = result_area(sizeof *result);
    *result = (point){-x, -y};
    return result;
}
AT_POST("mirror", mirror)

KINDS("same-mixed") mixed *same_mixed(
    uint32_t a, uint64_t b, uint8_t *c, uint32_t c_length, uint16_t *d, uint32_t d_length, uint32_t e_some, uint32_t e,
    uint32_t f) {
    mixed *result = result_area(sizeof *result);
    *result = (mixed){a, b, {c, c_length}, {d, d_length}, {e_some, e}, f};
    return result;
}
AT_POST("same-mixed", same_mixed)

KINDS("rotate") rotated *rotate(uint32_t a, int64_t b, float c) {
    rotated *result = result_area(sizeof *result);
    *result = (rotated){c, a, b};
    return result;
}
AT_POST("rotate", rotate)

KINDS("next-color") uint32_t next_color(uint32_t value) { return (value + 1) % 3; }
KINDS("next-big") uint32_t next_big(uint32_t value) { return (value + 1) % 300; }
KINDS("invert-few") uint32_t invert_few(uint32_t value) { return ~value & 7; }
KINDS("invert-some") uint32_t invert_some(uint32_t value) { return ~value & 0x1ff; }
KINDS("invert-many") uint32_t invert_many(uint32_t value) { return ~value; }

// MARK: Variants

KINDS("grow") shape *grow(uint32_t tag, uint64_t first, uint64_t second) {
    shape *result = result_area(sizeof *result);
    result->tag = tag;
    switch (tag) {
    case NONE: break;
    case CIRCLE: result->circle = bits_float((uint32_t)first) * 2; break;
    case SQUARE: result->square = bits_double(first) * 2; break;
    case LABEL: {
        uint32_t length = (uint32_t)second;
        result->label = (string){allocate(length * 2, 1), length * 2};
        memcpy(result->label.data, (uint8_t *)(uintptr_t)first, length);
        memcpy(result->label.data + length, (uint8_t *)(uintptr_t)first, length);
        break;
    }
    case CORNER: result->corner = (point){(int32_t)first * 2, bits_double(second) * 2}; break;
    case COUNT: result->count = first * 2; break;
    case LETTER: result->letter = (uint32_t)first + 1; break;
    case SMALL: result->small = (int8_t)((int32_t)first * 2); break;
    default: __builtin_trap();
    }
    return result;
}
AT_POST("grow", grow)

KINDS("same-narrow") narrow *same_narrow(uint32_t tag, uint32_t payload) {
    narrow *result = result_area(sizeof *result);
    result->tag = tag;
    result->word = payload;
    return result;
}
AT_POST("same-narrow", same_narrow)

KINDS("same-option") option_u32 *same_option(uint32_t is_some, uint32_t value) {
    option_u32 *result = result_area(sizeof *result);
    *result = (option_u32){is_some, value};
    return result;
}
AT_POST("same-option", same_option)

KINDS("deeper") option_option_u32 *deeper(uint32_t outer, uint32_t inner, uint32_t value) {
    option_option_u32 *result = result_area(sizeof *result);
    // none -> some(none) -> some(some(0)); some(some(n)) -> some(some(n + 1))
    *result = !outer ? (option_option_u32){1, {0, 0}} : (option_option_u32){1, {1, inner ? value + 1 : 0}};
    return result;
}
AT_POST("deeper", deeper)

KINDS("same-option-string") maybe_string *same_option_string(uint32_t is_some, uint8_t *data, uint32_t length) {
    maybe_string *result = result_area(sizeof *result);
    *result = (maybe_string){is_some, {data, length}};
    return result;
}
AT_POST("same-option-string", same_option_string)

KINDS("swap-result") result_string_u32 *swap_result(uint32_t is_error, uint32_t first, uint32_t second) {
    result_string_u32 *result = result_area(sizeof *result);
    result->is_error = !is_error;
    if (is_error) result->ok = (string){(uint8_t *)(uintptr_t)first, second};
    else result->error = first;
    return result;
}
AT_POST("swap-result", swap_result)

KINDS("same-ok") result_ok *same_ok(uint32_t is_error, uint64_t value) {
    result_ok *result = result_area(sizeof *result);
    *result = (result_ok){is_error, value};
    return result;
}
AT_POST("same-ok", same_ok)

KINDS("same-error") result_error *same_error(uint32_t is_error, uint8_t *data, uint32_t length) {
    result_error *result = result_area(sizeof *result);
    *result = (result_error){is_error, {data, length}};
    return result;
}
AT_POST("same-error", same_error)

KINDS("flip") uint32_t flip(uint32_t is_error) { return !is_error; }

// MARK: Many parameters

static uint64_t weigh(const uint32_t *values, int count) {
    uint64_t sum = 0;
    for (int i = 0; i < count; i++) sum += (uint64_t)values[i] * (i + 1);
    return sum;
}

KINDS("sixteen") uint64_t sixteen(
    uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f, uint32_t g, uint32_t h, uint32_t i,
    uint32_t j, uint32_t k, uint32_t l, uint32_t m, uint32_t n, uint32_t o, uint32_t p) {
    return weigh((uint32_t[]){a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p}, 16);
}

KINDS("seventeen") uint64_t seventeen(seventeen_parameters *all) { return weigh(all->a, 16) + all->q * 17; }

KINDS("all") everything *all(everything *parameters) {
    everything *result = result_area(sizeof *result);
    *result = *parameters;
    result->a++;
    result->h--;
    result->n = (result->n + 1) % 3;
    result->q.x = -result->q.x;
    return result;
}
AT_POST("all", all)

// MARK: A resource

#define OWN(name) IMPORT("[export]apus:guests/kinds", name)
OWN("[resource-new]counter") int32_t counter_new(uint32_t rep);
OWN("[resource-rep]counter") uint32_t counter_rep(int32_t handle);
OWN("[resource-drop]counter") void counter_drop(int32_t handle);

// The representation is an index, not an address, and never 0, so that nobody can take a handle for it by accident.
enum { FIRST_REP = 1000, CAPACITY = 1000 };
static struct { bool live; uint32_t value; } counters[CAPACITY];
static uint32_t live;

static uint32_t make_counter(uint32_t value) {
    for (uint32_t i = 0; i < CAPACITY; i++) {
        if (counters[i].live) continue;
        counters[i].live = true;
        counters[i].value = value;
        live++;
        return FIRST_REP + i;
    }
    __builtin_trap();
}

static uint32_t *value_of(uint32_t rep) {
    uint32_t index = rep - FIRST_REP;
    if (index >= CAPACITY || !counters[index].live) __builtin_trap();
    return &counters[index].value;
}

KINDS("[dtor]counter") void counter_destructor(uint32_t rep) {
    value_of(rep);
    counters[rep - FIRST_REP].live = false;
    live--;
}

KINDS("[constructor]counter") int32_t counter_constructor(uint32_t start) { return counter_new(make_counter(start)); }
KINDS("[method]counter.add") uint32_t counter_add(uint32_t self, uint32_t amount) { return *value_of(self) += amount; }
KINDS("[method]counter.value") uint32_t counter_value(uint32_t self) { return *value_of(self); }
KINDS("[method]counter.absorb") void counter_absorb(uint32_t self, int32_t other) {
    *value_of(self) += *value_of(counter_rep(other));
    counter_drop(other);
}
KINDS("[method]counter.copy") void counter_copy(uint32_t self, uint32_t other) { *value_of(self) = *value_of(other); }
KINDS("[method]counter.clone") int32_t counter_clone(uint32_t self) { return counter_new(make_counter(*value_of(self))); }
KINDS("[static]counter.total") uint64_t counter_total(uint32_t *reps, uint32_t count) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) sum += *value_of(reps[i]);
    return sum;
}
KINDS("[static]counter.split") list_handle *counter_split(int32_t whole, uint32_t parts) {
    list_handle *result = result_area(sizeof *result);
    *result = (list_handle){allocate(parts * 4, 4), parts};
    uint32_t value = *value_of(counter_rep(whole));
    for (uint32_t i = 0; i < parts; i++) result->data[i] = counter_new(make_counter(value / parts + (i < value % parts)));
    counter_drop(whole);
    return result;
}
AT_POST("[static]counter.split", counter_split)

KINDS("same-counter") option_counter *same_counter(uint32_t is_some, int32_t handle) {
    option_counter *result = result_area(sizeof *result);
    *result = (option_counter){is_some, handle};
    return result;
}
AT_POST("same-counter", same_counter)

KINDS("live-counters") uint32_t live_counters(void) { return live; }
KINDS("post-returns") uint32_t post_return_count(void) { return post_returns; }

// MARK: Wrong values

KINDS("wrong-char") uint32_t wrong_char(uint32_t bits) { return bits; }
KINDS("wrong-bool") uint32_t wrong_bool(uint32_t bits) { return bits; }
KINDS("wrong-color") uint32_t wrong_color(uint32_t bits) { return bits; }
KINDS("wrong-string") string *wrong_string(uint32_t kind) {
    string *result = result_area(sizeof *result);
    switch (kind) {
    case 0: *result = STRING("\xff"); break;                                         // never in UTF-8
    case 1: *result = STRING("\xed\xa0\x80"); break;                                 // a surrogate
    case 2: *result = STRING("\xc0\x80"); break;                                     // overlong
    case 3: *result = STRING("ab\xe2\x82"); break;                                   // cut short
    case 4: *result = STRING("\xf4\x90\x80\x80"); break;                             // past the last scalar value
    case 5: *result = (string){(uint8_t *)0xfffffff0, 4}; break;                     // out of bounds
    case 6: *result = (string){(uint8_t *)16, 0xfffffff0}; break;                    // end wraps around
    case 7: *result = (string){(uint8_t *)0xfffffff0, 0}; break;                     // empty, out of bounds
    case 8: *result = (string){(uint8_t *)(__builtin_wasm_memory_size(0) << 16), 0}; // empty, just at the end: allowed
    }
    return result;
}
KINDS("wrong-list") list_u32 *wrong_list(uint32_t kind) {
    list_u32 *result = result_area(sizeof *result);
    switch (kind) {
    case 0: *result = (list_u32){(uint32_t *)2, 1}; break;          // misaligned
    case 1: *result = (list_u32){(uint32_t *)8, 0x40000000}; break; // size in bytes overflows 32 bits
    case 2: *result = (list_u32){(uint32_t *)0xfffffffc, 1}; break; // out of bounds
    case 3: *result = (list_u32){(uint32_t *)2, 0}; break;          // misaligned, empty
    }
    return result;
}
KINDS("wrong-option") option_u32 *wrong_option(uint32_t bits) {
    option_u32 *result = result_area(sizeof *result);
    *result = (option_u32){bits, 7};
    return result;
}
KINDS("wrong-results") point *wrong_results(uint32_t pointer) { return (point *)pointer; }
__attribute__((noinline)) static void fail_deep_inside(void) { __builtin_trap(); }
KINDS("fail") void fail(void) { fail_deep_inside(); }
