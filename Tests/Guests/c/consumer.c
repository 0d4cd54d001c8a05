// Imports the interface `kinds`, passes values of every kind through it and checks what comes back.
#include "kinds.h"
#include "wasi.h"

#define KINDS(name) IMPORT("apus:guests/kinds", name)

KINDS("not") int32_t not_(int32_t);
KINDS("next-u8") int32_t next_u8(int32_t);
KINDS("next-s8") int32_t next_s8(int32_t);
KINDS("next-u16") int32_t next_u16(int32_t);
KINDS("next-s16") int32_t next_s16(int32_t);
KINDS("next-u32") uint32_t next_u32(uint32_t);
KINDS("next-s32") int32_t next_s32(int32_t);
KINDS("next-u64") uint64_t next_u64(uint64_t);
KINDS("next-s64") int64_t next_s64(int64_t);
KINDS("same-f32") float same_f32(float);
KINDS("same-f64") double same_f64(double);
KINDS("next-char") uint32_t next_char(uint32_t);
KINDS("same-string") void same_string(const uint8_t *, uint32_t, string *);
KINDS("join") void join(const string *, uint32_t, string *);
KINDS("reverse-bytes") void reverse_bytes(const uint8_t *, uint32_t, bytes *);
KINDS("reverse-bools") void reverse_bools(const uint8_t *, uint32_t, list_bool *);
KINDS("reverse-u16") void reverse_u16(const uint16_t *, uint32_t, list_u16 *);
KINDS("reverse-u32") void reverse_u32(const uint32_t *, uint32_t, list_u32 *);
KINDS("reverse-u64") void reverse_u64(const uint64_t *, uint32_t, list_u64 *);
KINDS("reverse-f32") void reverse_f32(const float *, uint32_t, list_f32 *);
KINDS("reverse-f64") void reverse_f64(const double *, uint32_t, list_f64 *);
KINDS("reverse-chars") void reverse_chars(const uint32_t *, uint32_t, list_u32 *);
KINDS("reverse-strings") void reverse_strings(const string *, uint32_t, list_string *);
KINDS("reverse-mixed") void reverse_mixed(const mixed *, uint32_t, list_mixed *);
KINDS("reverse-lists") void reverse_lists(const list_u16 *, uint32_t, list_list *);
KINDS("reverse-shapes") void reverse_shapes(const shape *, uint32_t, list_shape *);
KINDS("reverse-some") void reverse_some(const uint16_t *, uint32_t, list_u16 *);
KINDS("reverse-big") void reverse_big(const uint16_t *, uint32_t, list_u16 *);
KINDS("reverse-nested") void reverse_nested(const nested *, uint32_t, list_nested *);
KINDS("mirror") void mirror(int32_t, double, point *);
KINDS("same-mixed") void same_mixed(
    uint32_t, uint64_t, const uint8_t *, uint32_t, const uint16_t *, uint32_t, uint32_t, uint32_t, uint32_t, mixed *);
KINDS("rotate") void rotate(uint32_t, int64_t, float, rotated *);
KINDS("next-color") uint32_t next_color(uint32_t);
KINDS("next-big") uint32_t next_big(uint32_t);
KINDS("invert-few") uint32_t invert_few(uint32_t);
KINDS("invert-some") uint32_t invert_some(uint32_t);
KINDS("invert-many") uint32_t invert_many(uint32_t);
KINDS("grow") void grow(uint32_t, uint64_t, uint64_t, shape *);
KINDS("same-narrow") void same_narrow(uint32_t, uint32_t, narrow *);
KINDS("same-option") void same_option(uint32_t, uint32_t, option_u32 *);
KINDS("deeper") void deeper(uint32_t, uint32_t, uint32_t, option_option_u32 *);
KINDS("same-option-string") void same_option_string(uint32_t, const uint8_t *, uint32_t, maybe_string *);
KINDS("swap-result") void swap_result(uint32_t, uint32_t, uint32_t, result_string_u32 *);
KINDS("same-ok") void same_ok(uint32_t, uint64_t, result_ok *);
KINDS("same-error") void same_error(uint32_t, const uint8_t *, uint32_t, result_error *);
KINDS("flip") uint32_t flip(uint32_t);
KINDS("sixteen") uint64_t sixteen(
    uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t,
    uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
KINDS("seventeen") uint64_t seventeen(const seventeen_parameters *);
KINDS("all") void all(const everything *, everything *);
KINDS("[resource-drop]counter") void counter_drop(int32_t);
KINDS("[constructor]counter") int32_t counter_new(uint32_t);
KINDS("[method]counter.add") uint32_t counter_add(int32_t, uint32_t);
KINDS("[method]counter.value") uint32_t counter_value(int32_t);
KINDS("[method]counter.absorb") void counter_absorb(int32_t, int32_t);
KINDS("[method]counter.copy") void counter_copy(int32_t, int32_t);
KINDS("[method]counter.clone") int32_t counter_clone(int32_t);
KINDS("[static]counter.total") uint64_t counter_total(const int32_t *, uint32_t);
KINDS("[static]counter.split") void counter_split(int32_t, uint32_t, list_handle *);
KINDS("same-counter") void same_counter(uint32_t, int32_t, option_counter *);
KINDS("live-counters") uint32_t live_counters(void);
KINDS("post-returns") uint32_t post_returns(void);
KINDS("wrong-char") uint32_t wrong_char(uint32_t);
KINDS("wrong-bool") uint32_t wrong_bool(uint32_t);
KINDS("wrong-color") uint32_t wrong_color(uint32_t);
KINDS("wrong-string") void wrong_string(uint32_t, string *);
KINDS("wrong-list") void wrong_list(uint32_t, list_u32 *);
KINDS("wrong-option") void wrong_option(uint32_t, option_u32 *);
KINDS("wrong-results") void wrong_results(uint32_t, point *);
KINDS("fail") void fail(void);

// MARK: Numbers

static void numbers(void) {
    check("bool", not_(0) == 1 && not_(1) == 0);
    check("bool: anything but 0 is true", not_(2) == 0 && not_(-1) == 0 && not_(0x100) == 0);
    check("u8", next_u8(0) == 1 && next_u8(127) == 128 && next_u8(255) == 0);
    check("u8: upper bits are dropped", next_u8(0x1234) == 0x35);
    check("s8", next_s8(-1) == 0 && next_s8(127) == -128 && next_s8(-128) == -127);
    check("s8: sign comes from bit 7", next_s8(0x80) == -127);
    check("u16", next_u16(0xffff) == 0 && next_u16(0x7fff) == 0x8000 && next_u16(0x12340) == 0x2341);
    check("s16", next_s16(-1) == 0 && next_s16(0x7fff) == -0x8000 && next_s16(0x8000) == -0x7fff);
    check("u32", next_u32(0xffffffff) == 0 && next_u32(0x7fffffff) == 0x80000000);
    check("s32", next_s32(-1) == 0 && next_s32(0x7fffffff) == INT32_MIN);
    check("u64", next_u64(UINT64_MAX) == 0 && next_u64(0xffffffff) == 0x100000000);
    check("s64", next_s64(-1) == 0 && next_s64(INT64_MAX) == INT64_MIN);

    const uint32_t singles[] = {0, 0x80000000, 1, 0x007fffff, 0x3f800000, 0xff7fffff, 0x7f800000, 0xff800000};
    bool good = true;
    for (int i = 0; i < 8; i++) good &= float_bits(same_f32(bits_float(singles[i]))) == singles[i];
    check("f32", good);
    const uint64_t doubles[] = {0, 1ull << 63, 1, 0x3ff0000000000000, 0x7fefffffffffffff, 0xfff0000000000000};
    good = true;
    for (int i = 0; i < 6; i++) good &= double_bits(same_f64(bits_double(doubles[i]))) == doubles[i];
    check("f64", good);
    // Which NaN comes back is not said.
    float f = same_f32(bits_float(0x7fc00001)), signalling = same_f32(bits_float(0xffa00000));
    check("f32 NaN", f != f && signalling != signalling);
    double d = same_f64(bits_double(0x7ff8000000000001));
    check("f64 NaN", d != d);

    check("char", next_char('a') == 'b' && next_char(0x1f600) == 0x1f601);
    check("char: borders", next_char(0xd7ff) == 0xe000 && next_char(0xe000) == 0xe001 && next_char(0x10ffff) == 0);
}

// MARK: Strings

static bool string_survives(string s) {
    string result;
    same_string(s.data, s.length, &result);
    return same(s, result);
}

static void strings_(void) {
    check("string", string_survives(STRING("hello")));
    check("string: empty", string_survives(STRING("")));
    check("string: zero byte", string_survives((string){(uint8_t *)"a\0b", 3}));
    check("string: 1 to 4 bytes a character", string_survives(STRING("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")));
    check("string: borders", string_survives(STRING("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf"
                                                    "\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")));
    enum { LONG = 300000 };
    string big = {allocate(LONG, 1), LONG};
    for (uint32_t i = 0; i < LONG; i += 3) memcpy(big.data + i, i % 2 ? "\xe2\x82\xac" : "abc", 3);
    check("string: long", string_survives(big));

    string parts[] = {STRING("one"), STRING(""), STRING(" \xe2\x82\xac "), STRING("three")};
    string joined;
    join(parts, 4, &joined);
    check("list<string>", equal(joined, "one \xe2\x82\xac three"));
    join(NULL, 0, &joined);
    check("list<string>: empty", joined.length == 0);
}

// MARK: Lists

#define REVERSES(name, list, element, function, ...)                                                                   \
    {                                                                                                                  \
        const element values[] = {__VA_ARGS__};                                                                        \
        uint32_t count = sizeof values / sizeof(element);                                                              \
        list result;                                                                                                   \
        function(values, count, &result);                                                                              \
        bool good = result.length == count;                                                                            \
        for (uint32_t i = 0; good && i < count; i++)                                                                   \
            good = memcmp(&result.data[i], &values[count - 1 - i], sizeof(element)) == 0;                              \
        check("list<" name ">", good);                                                                                 \
        function(NULL, 0, &result);                                                                                    \
        check("list<" name ">: empty", result.length == 0);                                                            \
    }

static bool same_mixed_values(const mixed *a, const mixed *b) {
    return a->a == b->a && a->b == b->b && same(a->c, b->c) && a->d.length == b->d.length &&
        memcmp(a->d.data, b->d.data, a->d.length * 2) == 0 && a->e.is_some == b->e.is_some &&
        (!a->e.is_some || a->e.value == b->e.value) && a->f == b->f;
}

static bool same_shapes(const shape *a, const shape *b) {
    if (a->tag != b->tag) return false;
    switch (a->tag) {
    case NONE: return true;
    case CIRCLE: return a->circle == b->circle;
    case SQUARE: return a->square == b->square;
    case LABEL: return same(a->label, b->label);
    case CORNER: return a->corner.x == b->corner.x && a->corner.y == b->corner.y;
    case COUNT: return a->count == b->count;
    case LETTER: return a->letter == b->letter;
    case SMALL: return a->small == b->small;
    default: return false;
    }
}

static uint16_t three[] = {1, 2, 0xffff};

static void lists(void) {
    REVERSES("u8", bytes, uint8_t, reverse_bytes, 1, 2, 255, 0)
    REVERSES("bool", list_bool, uint8_t, reverse_bools, 1, 0, 0)
    REVERSES("u16", list_u16, uint16_t, reverse_u16, 1, 0xffff, 3)
    REVERSES("u32", list_u32, uint32_t, reverse_u32, 1, 0xffffffff, 3, 4)
    REVERSES("u64", list_u64, uint64_t, reverse_u64, 1, UINT64_MAX, 3)
    REVERSES("f32", list_f32, float, reverse_f32, 1, -0.0f, 3.5f)
    REVERSES("f64", list_f64, double, reverse_f64, 1, -0.0, 1e300)
    REVERSES("char", list_u32, uint32_t, reverse_chars, 'a', 0xd7ff, 0x10ffff)
    REVERSES("flags", list_u16, uint16_t, reverse_some, 1, 0x100, 0x1ff, 0)
    REVERSES("enum", list_u16, uint16_t, reverse_big, 1, 299, 256)

    enum { LONG = 1 << 20 };
    bytes big = {allocate(LONG, 1), LONG}, back;
    for (uint32_t i = 0; i < LONG; i++) big.data[i] = (uint8_t)(i * 7 + (i >> 8));
    reverse_bytes(big.data, LONG, &back);
    bool good = back.length == LONG;
    for (uint32_t i = 0; good && i < LONG; i++) good = back.data[i] == big.data[LONG - 1 - i];
    check("list<u8>: a megabyte", good);

    string names[] = {STRING("first"), STRING(""), STRING("\xc3\xa9")};
    list_string reversed;
    reverse_strings(names, 3, &reversed);
    check("list<string>: reversed", reversed.length == 3 && same(reversed.data[0], names[2]) &&
        same(reversed.data[1], names[1]) && same(reversed.data[2], names[0]));

    mixed records[] = {
        {1, 2, STRING("three"), {three, 3}, {1, 0x10ffff}, 1},
        {255, UINT64_MAX, STRING(""), {NULL, 0}, {0, 0}, 0},
    };
    list_mixed turned;
    reverse_mixed(records, 2, &turned);
    check("list<record>", turned.length == 2 && same_mixed_values(&turned.data[0], &records[1]) &&
        same_mixed_values(&turned.data[1], &records[0]));
    reverse_mixed(NULL, 0, &turned);
    check("list<record>: empty", turned.length == 0);

    list_u16 lists[] = {{three, 3}, {NULL, 0}, {three + 1, 1}};
    list_list inverted;
    reverse_lists(lists, 3, &inverted);
    check("list<list<u16>>", inverted.length == 3 && inverted.data[0].length == 1 && inverted.data[0].data[0] == 2 &&
        inverted.data[1].length == 0 && inverted.data[2].length == 3 && inverted.data[2].data[2] == 0xffff);

    shape shapes[] = {
        {NONE}, {CIRCLE, .circle = 1.5f}, {SQUARE, .square = -2.25}, {LABEL, .label = STRING("label")},
        {CORNER, .corner = {-7, 0.5}}, {COUNT, .count = UINT64_MAX}, {LETTER, .letter = 0x1f600}, {SMALL, .small = -3},
    };
    list_shape mirrored;
    reverse_shapes(shapes, 8, &mirrored);
    good = mirrored.length == 8;
    for (int i = 0; good && i < 8; i++) good = same_shapes(&mirrored.data[i], &shapes[7 - i]);
    check("list<variant>", good);

    nested values[] = {{0}, {1, {0, .ok = STRING("fine")}}, {1, {1, .error = 77}}};
    list_nested result;
    reverse_nested(values, 3, &result);
    check("list<option<result<string, u32>>>", result.length == 3 && result.data[0].is_some &&
        result.data[0].value.is_error == 1 && result.data[0].value.error == 77 && result.data[1].is_some &&
        !result.data[1].value.is_error && equal(result.data[1].value.ok, "fine") && !result.data[2].is_some);
}

// MARK: Records, tuples, enums, flags

static void records(void) {
    point p;
    mirror(7, -1.5, &p);
    check("record", p.x == -7 && p.y == 1.5);
    mixed in = {200, 1ull << 40, STRING("text"), {three, 3}, {1, 'x'}, 1}, out;
    same_mixed(in.a, in.b, in.c.data, in.c.length, in.d.data, in.d.length, in.e.is_some, in.e.value, in.f, &out);
    check("record of many kinds", same_mixed_values(&in, &out));
    rotated r;
    rotate(250, INT64_MIN, 0.25f, &r);
    check("tuple", r.a == 0.25f && r.b == 250 && r.c == INT64_MIN);
    check("enum", next_color(0) == 1 && next_color(2) == 0);
    check("enum with 300 cases", next_big(0) == 1 && next_big(255) == 256 && next_big(299) == 0);
    check("flags: 3", invert_few(0) == 7 && invert_few(5) == 2 && invert_few(0xf7) == 0);
    check("flags: 9", invert_some(0x100) == 0xff && invert_some(0) == 0x1ff && invert_some(0xfe01) == 0x1fe);
    check("flags: 32", invert_many(0) == 0xffffffff && invert_many(0x80000001) == 0x7ffffffe);
}

// MARK: Variants

static void variants(void) {
    shape s;
    grow(NONE, 0xdeadbeefdeadbeef, 1, &s);
    check("variant without payload", s.tag == NONE);
    grow(CIRCLE, float_bits(1.5f), 0, &s);
    check("variant: f32 in an i64", s.tag == CIRCLE && s.circle == 3);
    grow(CIRCLE, 0xffffffff00000000 | float_bits(1.5f), 0, &s);
    check("variant: upper half is dropped", s.tag == CIRCLE && s.circle == 3);
    grow(SQUARE, double_bits(-0.125), 0, &s);
    check("variant: f64 in an i64", s.tag == SQUARE && s.square == -0.25);
    grow(LABEL, (uint32_t)(uintptr_t) "ab\xc3\xa9", 4, &s);
    check("variant: string", s.tag == LABEL && equal(s.label, "ab\xc3\xa9" "ab\xc3\xa9"));
    grow(CORNER, (uint32_t)-4, double_bits(2.5), &s);
    check("variant: record", s.tag == CORNER && s.corner.x == -8 && s.corner.y == 5);
    grow(COUNT, 1ull << 62, 0, &s);
    check("variant: u64", s.tag == COUNT && s.count == 1ull << 63);
    grow(LETTER, 'a', 0, &s);
    check("variant: char", s.tag == LETTER && s.letter == 'b');
    grow(SMALL, (uint32_t)-5, 0, &s);
    check("variant: s8", s.tag == SMALL && s.small == -10);
    narrow n;
    same_narrow(FLOAT, float_bits(-0.0f), &n);
    check("variant: f32 in an i32", n.tag == FLOAT && n.word == 0x80000000);
    same_narrow(WORD, 0xffffffff, &n);
    check("variant: u32 beside f32", n.tag == WORD && n.word == 0xffffffff);
    same_narrow(NOTHING, 5, &n);
    check("variant: nothing beside f32", n.tag == NOTHING);

    option_u32 o;
    same_option(1, 9, &o);
    check("option: some", o.is_some == 1 && o.value == 9);
    same_option(0, 9, &o);
    check("option: none", o.is_some == 0);
    option_option_u32 oo;
    deeper(0, 0, 0, &oo);
    check("option<option>: none", oo.is_some == 1 && oo.value.is_some == 0);
    deeper(1, 0, 0, &oo);
    check("option<option>: some none", oo.is_some == 1 && oo.value.is_some == 1 && oo.value.value == 0);
    deeper(1, 1, 41, &oo);
    check("option<option>: some some", oo.is_some == 1 && oo.value.is_some == 1 && oo.value.value == 42);
    maybe_string os;
    same_option_string(1, (const uint8_t *)"text", 4, &os);
    check("option<string>: some", os.is_some == 1 && equal(os.value, "text"));
    same_option_string(0, (const uint8_t *)0xffffffff, 0xffffffff, &os);
    check("option<string>: none, payload unread", os.is_some == 0);

    result_string_u32 r;
    swap_result(0, 77, 0, &r);
    check("result: ok to error", r.is_error == 1 && r.error == 77);
    swap_result(1, (uint32_t)(uintptr_t) "bad", 3, &r);
    check("result: error to ok", r.is_error == 0 && equal(r.ok, "bad"));
    result_ok ok;
    same_ok(0, UINT64_MAX, &ok);
    check("result<T>: ok", ok.is_error == 0 && ok.ok == UINT64_MAX);
    same_ok(1, 0, &ok);
    check("result<T>: error", ok.is_error == 1);
    result_error error;
    same_error(1, (const uint8_t *)"worse", 5, &error);
    check("result<_, E>: error", error.is_error == 1 && equal(error.error, "worse"));
    same_error(0, NULL, 0, &error);
    check("result<_, E>: ok", error.is_error == 0);
    check("result", flip(0) == 1 && flip(1) == 0);
}

// MARK: Many parameters

static void parameters(void) {
    uint64_t wanted = 0;
    seventeen_parameters many;
    for (uint32_t i = 0; i < 16; i++) {
        many.a[i] = i * i + 0x10000000;
        wanted += (uint64_t)many.a[i] * (i + 1);
    }
    many.q = 255;
    uint32_t *a = many.a;
    check("16 flat parameters", wanted == sixteen(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10],
        a[11], a[12], a[13], a[14], a[15]));
    check("17 parameters, in memory", seventeen(&many) == wanted + 255 * 17);

    everything in = {1, -2, 3, -4, 5, -6, 7, INT64_MIN + 1, 1.5f, -2.5, 0x10ffff, 1, STRING("many"), 2, 5, {1, 99}, {8, 0.5}};
    everything out;
    all(&in, &out);
    check("parameters of every kind, in memory", out.a == 2 && out.b == -2 && out.c == 3 && out.d == -4 && out.e == 5 &&
        out.f == -6 && out.g == 7 && out.h == INT64_MIN && out.i == 1.5f && out.j == -2.5 && out.k == 0x10ffff &&
        out.l == 1 && equal(out.m, "many") && out.n == 0 && out.o == 5 && out.p.is_some && out.p.value == 99 &&
        out.q.x == -8 && out.q.y == 0.5);
}

// MARK: Resources

static void resources(void) {
    check("resource: none at first", live_counters() == 0);
    int32_t a = counter_new(10);
    check("resource: constructor", counter_value(a) == 10 && live_counters() == 1);
    check("resource: method", counter_add(a, 5) == 15 && counter_value(a) == 15);
    int32_t b = counter_clone(a);
    check("resource: own result", b != a && counter_value(b) == 15 && live_counters() == 2);
    counter_add(b, 85);
    counter_copy(a, b);
    check("resource: borrow parameter", counter_value(a) == 100 && counter_value(b) == 100);
    counter_copy(a, a);
    check("resource: borrowed twice at once", counter_value(a) == 100);
    counter_absorb(a, b);
    check("resource: own parameter", counter_value(a) == 200 && live_counters() == 1);
    int32_t some[] = {a, counter_new(1), counter_new(2), a};
    check("resource: list<borrow>", counter_total(some, 4) == 403);
    check("resource: list<borrow>, empty", counter_total(NULL, 0) == 0);
    counter_drop(some[1]);
    counter_drop(some[2]);
    check("resource: drop calls the destructor", live_counters() == 1);
    list_handle parts;
    counter_split(a, 7, &parts);
    uint32_t sum = 0;
    for (uint32_t i = 0; i < parts.length; i++) sum += counter_value(parts.data[i]);
    check("resource: list<own>", parts.length == 7 && sum == 200 && live_counters() == 7);
    option_counter o;
    same_counter(1, parts.data[0], &o);
    check("resource: option<own>", o.is_some && counter_value(o.handle) == 29 && live_counters() == 7);
    counter_drop(o.handle);
    same_counter(0, 12345, &o);
    check("resource: option<own>, none", !o.is_some);
    for (uint32_t i = 1; i < parts.length; i++) counter_drop(parts.data[i]);
    check("resource: none at last", live_counters() == 0);

    int32_t first = counter_new(1);
    counter_drop(first);
    check("resource: a free handle is used again", counter_new(2) == first);
    counter_drop(first);
    enum { MANY = 900 };
    int32_t *many = allocate(MANY * 4, 4);
    for (uint32_t i = 0; i < MANY; i++) many[i] = counter_new(i);
    bool good = counter_total(many, MANY) == MANY * (MANY - 1) / 2;
    for (uint32_t i = 0; i < MANY; i++) counter_drop(many[i]);
    check("resource: many", good && live_counters() == 0);
}

static void post_return(void) {
    uint32_t before = post_returns();
    string result;
    same_string((const uint8_t *)"x", 1, &result);
    check("post-return is called, once", post_returns() == before + 1);
}

// MARK: What must trap

static uint32_t number(string s) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < s.length; i++) value = value * 10 + s.data[i] - '0';
    return value;
}

static bool wrong(void) {
    uint32_t value = argument_count > 3 ? number(arguments[3]) : 0;
    string s;
    list_u32 list;
    option_u32 option;
    point p;
    shape sh;
    uint32_t end = __builtin_wasm_memory_size(0) << 16;
    if (argument_is(2, "char")) say("%u\n", next_char(value));
    else if (argument_is(2, "enum")) say("%u\n", next_color(value));
    else if (argument_is(2, "variant")) grow(value, 0, 0, &sh);
    else if (argument_is(2, "option")) same_option(value, 0, &option);
    else if (argument_is(2, "utf8")) same_string((const uint8_t *)"a\xff", 2, &s);
    else if (argument_is(2, "string-end")) same_string((const uint8_t *)(uintptr_t)(end - 1), 2, &s);
    else if (argument_is(2, "string-far")) same_string((const uint8_t *)0xffffffff, 2, &s);
    else if (argument_is(2, "string-long")) same_string((const uint8_t *)0, 0x80000000, &s);
    else if (argument_is(2, "list-misaligned")) reverse_u32((const uint32_t *)3, 1, &list);
    else if (argument_is(2, "list-long")) reverse_u32((const uint32_t *)8, 0x40000000, &list);
    else if (argument_is(2, "list-chars")) reverse_chars(&value, 1, &list);
    else if (argument_is(2, "result-misaligned")) mirror(1, 1, (point *)(uintptr_t)(value | 4));
    else if (argument_is(2, "result-far")) mirror(1, 1, (point *)(uintptr_t)(end - 8));
    else if (argument_is(2, "returned-char")) say("%u\n", wrong_char(value));
    else if (argument_is(2, "returned-bool")) say("%u\n", wrong_bool(value));
    else if (argument_is(2, "returned-enum")) say("%u\n", wrong_color(value));
    else if (argument_is(2, "returned-string")) wrong_string(value, &s), say("%u\n", s.length);
    else if (argument_is(2, "returned-list")) wrong_list(value, &list), say("%u\n", list.length);
    else if (argument_is(2, "returned-option")) wrong_option(value, &option);
    else if (argument_is(2, "returned-pointer")) wrong_results(value, &p);
    else if (argument_is(2, "fail")) fail();
    else if (argument_is(2, "unknown-handle")) counter_value(12345);
    else if (argument_is(2, "zero-handle")) counter_value(0);
    else if (argument_is(2, "unknown-drop")) counter_drop(12345);
    else if (argument_is(2, "wrong-type")) counter_value(get_stdout());
    else {
        int32_t a = counter_new(1);
        if (argument_is(2, "drop-twice")) counter_drop(a), counter_drop(a);
        else if (argument_is(2, "use-after-drop")) counter_drop(a), counter_value(a);
        else if (argument_is(2, "use-after-move")) counter_absorb(counter_new(2), a), counter_value(a);
        else if (argument_is(2, "absorb-itself")) counter_absorb(a, a);
        else return false;
    }
    say("passed\n");
    return true;
}

bool run(void) {
    if (argument_is(1, "wrong")) return wrong();
    numbers();
    strings_();
    lists();
    records();
    variants();
    parameters();
    resources();
    post_return();
    return true;
}
