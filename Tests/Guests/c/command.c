// Output, arguments and the exported wasi:cli/run of the guests that are commands: see guest.h.
#include "wasi.h"

// MARK: Output

static uint8_t buffer[4096];
static uint32_t used;
static int32_t out = -1;

void flush(void) {
    if (!used) return;
    if (out < 0) out = get_stdout();
    result_none result;
    output_stream_blocking_write_and_flush(out, buffer, used, &result);
    used = 0;
    if (result.is_error) exit(1);
}

static void put(uint8_t byte) {
    if (used == sizeof buffer) flush();
    buffer[used++] = byte;
}

static void put_number(uint64_t value, unsigned base) {
    char digits[20];
    int count = 0;
    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    while (count) put(digits[--count]);
}

static void put_signed(int64_t value) {
    if (value < 0) put('-');
    put_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

static void put_quoted(string s) {
    put('"');
    uint32_t shown = s.length > 80 ? 40 : s.length;
    for (uint32_t i = 0; i < shown; i++) {
        uint8_t byte = s.data[i];
        if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
            put(byte);
        } else {
            put('\\');
            put("0123456789abcdef"[byte >> 4]);
            put("0123456789abcdef"[byte & 15]);
        }
    }
    put('"');
    if (shown < s.length) {
        put('+');
        put_number(s.length - shown, 10);
    }
}

void say(const char *format, ...) {
    va_list list;
    va_start(list, format);
    for (const char *f = format; *f; f++) {
        if (*f != '%') {
            put(*f);
            continue;
        }
        switch (*++f) {
        case 's': {
            string s = text(va_arg(list, const char *));
            for (uint32_t i = 0; i < s.length; i++) put(s.data[i]);
            break;
        }
        case 'S': {
            string *s = va_arg(list, string *);
            for (uint32_t i = 0; i < s->length; i++) put(s->data[i]);
            break;
        }
        case 'q': put_quoted(*va_arg(list, string *)); break;
        case 'd': put_signed(va_arg(list, int)); break;
        case 'D': put_signed(va_arg(list, int64_t)); break;
        case 'u': put_number(va_arg(list, unsigned), 10); break;
        case 'U': put_number(va_arg(list, uint64_t), 10); break;
        case 'x': put_number(va_arg(list, unsigned), 16); break;
        case 'X': put_number(va_arg(list, uint64_t), 16); break;
        case 'c': put(va_arg(list, int)); break;
        default: put(*f);
        }
    }
    va_end(list);
}

int failures;

void check(const char *name, bool passed) {
    say(passed ? "ok %s\n" : "FAILED %s\n", name);
    failures += !passed;
    flush();
}

// MARK: Arguments

string *arguments;
uint32_t argument_count;

void read_arguments(void) {
    strings all;
    get_arguments(&all);
    arguments = all.data;
    argument_count = all.length;
}

bool argument_is(uint32_t index, const char *literal) {
    return index < argument_count && equal(arguments[index], literal);
}

// MARK: The exported wasi:cli/run

bool run(void);

EXPORT_RUN int32_t exported_run(void) {
    read_arguments();
    bool succeeded = run();
    flush();
    return !succeeded || failures;
}
