// Calls WASI 0.1 by hand, without a library: layouts, numbers and edge cases that libraries keep from their programs.
// Compiled for both module names; WASI_UNSTABLE says which. The first argument is what is to be done, `all` unless said.
#include <stdint.h>

#ifdef WASI_UNSTABLE
#define MODULE "wasi_unstable"
enum { CUR = 0, END = 1, SET = 2, FILESTAT_SIZE = 24, SUBSCRIPTION = 56, CLOCK = 24 };
#else
#define MODULE "wasi_snapshot_preview1"
enum { SET = 0, CUR = 1, END = 2, FILESTAT_SIZE = 32, SUBSCRIPTION = 48, CLOCK = 16 };
#endif
#define WASI(name) __attribute__((import_module(MODULE), import_name(#name))) uint32_t name

typedef struct { const void *data; uint32_t length; } piece;

WASI(args_sizes_get)(uint32_t *, uint32_t *);
WASI(args_get)(char **, char *);
WASI(fd_write)(uint32_t, const piece *, uint32_t, uint32_t *);
WASI(fd_read)(uint32_t, const piece *, uint32_t, uint32_t *);
WASI(fd_pread)(uint32_t, const piece *, uint32_t, uint64_t, uint32_t *);
WASI(fd_pwrite)(uint32_t, const piece *, uint32_t, uint64_t, uint32_t *);
WASI(fd_seek)(uint32_t, int64_t, uint32_t, uint64_t *);
WASI(fd_tell)(uint32_t, uint64_t *);
WASI(fd_close)(uint32_t);
WASI(fd_renumber)(uint32_t, uint32_t);
WASI(fd_fdstat_get)(uint32_t, void *);
WASI(fd_fdstat_set_flags)(uint32_t, uint32_t);
WASI(fd_prestat_get)(uint32_t, void *);
WASI(fd_prestat_dir_name)(uint32_t, char *, uint32_t);
WASI(fd_filestat_get)(uint32_t, void *);
WASI(fd_readdir)(uint32_t, void *, uint32_t, uint64_t, uint32_t *);
WASI(path_open)(uint32_t, uint32_t, const char *, uint32_t, uint32_t, uint64_t, uint64_t, uint32_t, uint32_t *);
WASI(path_filestat_get)(uint32_t, uint32_t, const char *, uint32_t, void *);
WASI(path_readlink)(uint32_t, const char *, uint32_t, char *, uint32_t, uint32_t *);
WASI(path_symlink)(const char *, uint32_t, uint32_t, const char *, uint32_t);
WASI(path_unlink_file)(uint32_t, const char *, uint32_t);
WASI(poll_oneoff)(const void *, void *, uint32_t, uint32_t *);
WASI(clock_time_get)(uint32_t, uint64_t, uint64_t *);
WASI(random_get)(void *, uint32_t);
WASI(sched_yield)(void);
WASI(proc_raise)(uint32_t);
WASI(sock_recv)(uint32_t, const piece *, uint32_t, uint32_t, uint32_t *, uint16_t *);
__attribute__((import_module(MODULE), import_name("proc_exit"), noreturn)) void proc_exit(uint32_t);

enum { READ = 1 << 1, WRITE = 1 << 6, CREATE = 1, DIRECTORY = 2, TRUNCATE = 8, APPEND = 1, DSYNC = 2, NONBLOCK = 4 };

void *memset(void *to, int value, unsigned long count) {
    for (unsigned long i = 0; i < count; i++) ((volatile char *)to)[i] = value;
    return to;
}

static uint32_t length(const char *text) {
    uint32_t count = 0;
    while (text[count]) count++;
    return count;
}

static int equal(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

static void say(const char *text) {
    uint32_t written;
    piece piece = {text, length(text)};
    if (fd_write(1, &piece, 1, &written)) proc_exit(99);
}

static void number(uint64_t value) {
    char digits[21], *end = digits + 20;
    *end = 0;
    do *--end = '0' + value % 10;
    while (value /= 10);
    say(end);
}

// A line: a name and numbers, ended by -1.
static void tell(const char *name, ...) {
    say(name);
    __builtin_va_list values;
    __builtin_va_start(values, name);
    for (int64_t value; (value = __builtin_va_arg(values, int64_t)) != -1;) say(" "), number(value);
    __builtin_va_end(values);
    say("\n");
}
#define TELL(...) tell(__VA_ARGS__, (int64_t)-1)
#define N(value) ((int64_t)(value))

static uint64_t word(const void *bytes, int offset, int size) {
    uint64_t value = 0;
    for (int i = 0; i < size; i++) value |= (uint64_t)((const uint8_t *)bytes)[offset + i] << 8 * i;
    return value;
}

static uint32_t open_file(const char *path, uint32_t flags, uint64_t rights, uint32_t mode) {
    uint32_t file = 0;
    uint32_t error = path_open(3, 1, path, length(path), flags, rights, rights, mode, &file);
    return error ? 1000 + error : file;
}

static void numbers(void) {
    uint8_t status[24];
    for (uint32_t i = 0; i < 5; i++) {
        uint32_t error = fd_fdstat_get(i, status);
        if (i == 0 || i > 2) TELL("fdstat", N(i), N(error), error ? N(0) : N(status[0] == 3));
    }
    uint8_t prestat[8];
    char name[16] = {0};
    TELL("prestat", N(fd_prestat_get(3, prestat)), N(prestat[0]), N(word(prestat, 4, 4)), N(fd_prestat_get(1, prestat)));
    TELL("short", N(fd_prestat_dir_name(3, name, 1)), N(fd_prestat_dir_name(3, name, 5)));
    say(name), say("\n");
    // The lowest number that is free is the next one.
    uint32_t a = open_file("a", CREATE, READ | WRITE, 0), b = open_file("b", CREATE, READ | WRITE, 0);
    TELL("open", N(a), N(b));
    TELL("close", N(fd_close(a)), N(fd_close(a)));
    TELL("again", N(a = open_file("a", 0, READ, 0)));
    TELL("renumber", N(fd_renumber(b, a)), N(fd_renumber(b, a)), N(fd_renumber(a, 1000000)), N(fd_renumber(a, a)));
    TELL("next", N(open_file("b", 0, READ, 0)));
}

static void pieces(void) {
    uint32_t file = open_file("pieces", CREATE | TRUNCATE, READ | WRITE, 0), count;
    piece out[] = {{"one", 3}, {0, 0}, {"two", 3}, {"three", 5}};
    TELL("write", N(fd_write(file, out, 4, &count)), N(count));
    char a[4] = {0}, b[8] = {0}, c[16] = {0};
    piece in[] = {{a, 3}, {b, 0}, {b, 7}, {c, 15}};
    uint64_t position;
    TELL("seek", N(fd_seek(file, 0, SET, &position)), N(position));
    TELL("read", N(fd_read(file, in, 4, &count)), N(count));
    say(a), say("|"), say(b), say("|"), say(c), say("\n");
    TELL("end", N(fd_read(file, in, 4, &count)), N(count), N(fd_tell(file, &position)), N(position));
    TELL("seek", N(fd_seek(file, -5, END, &position)), N(position), N(fd_seek(file, -1, CUR, &position)), N(position));
    TELL("before", N(fd_seek(file, -100, CUR, &position)), N(fd_seek(file, 0, 9, &position)));
    piece x[] = {{"X", 1}, {"Y", 1}};
    TELL("pwrite", N(fd_pwrite(file, x, 2, 1, &count)), N(count), N(fd_tell(file, &position)), N(position));
    TELL("pread", N(fd_pread(file, in, 3, 0, &count)), N(count));
    say(a), say("|"), say(b), say("\n");
    TELL("none", N(fd_write(file, out, 0, &count)), N(count), N(fd_read(file, in, 0, &count)), N(count));
    // Only what was asked for can be done.
    uint32_t reader = open_file("pieces", 0, READ, 0), writer = open_file("pieces", 0, WRITE, 0);
    TELL("rights", N(fd_write(reader, x, 1, &count)), N(fd_read(writer, in, 1, &count)), N(fd_read(3, in, 1, &count)), N(fd_write(0, x, 1, &count)), N(fd_read(1, in, 1, &count)));
    TELL("streams", N(fd_seek(1, 0, CUR, &position)), N(fd_pwrite(1, x, 1, 0, &count)), N(fd_pread(0, in, 1, 0, &count)), N(fd_tell(3, &position)));
}

static void appending(void) {
    uint32_t file = open_file("log", CREATE | TRUNCATE, READ | WRITE, APPEND), count;
    uint8_t status[24];
    piece line = {"line\n", 5};
    uint64_t position;
    TELL("append", N(fd_write(file, &line, 1, &count)), N(fd_seek(file, 0, SET, &position)), N(fd_write(file, &line, 1, &count)), N(fd_tell(file, &position)), N(position));
    TELL("flags", N(fd_fdstat_get(file, status)), N(word(status, 2, 2)));
    TELL("set", N(fd_fdstat_set_flags(file, NONBLOCK)), N(fd_fdstat_get(file, status)), N(word(status, 2, 2)), N(fd_fdstat_set_flags(file, DSYNC)));
    TELL("write", N(fd_seek(file, 0, SET, &position)), N(fd_write(file, &line, 1, &count)), N(fd_tell(file, &position)), N(position));
    TELL("unknown", N(open_file("log", 0, READ, 64)), N(open_file("log", 64, READ, 0)));
}

static void synchronizing(void) {
    uint32_t file = open_file("synced", CREATE, READ | WRITE, DSYNC);
    uint8_t status[24];
    TELL("dsync", N(fd_fdstat_get(file, status)), N(word(status, 2, 2)), N(fd_fdstat_set_flags(file, DSYNC | APPEND)));
}

static void statuses(void) {
    uint8_t a[64], b[64];
    memset(a, 0xFF, sizeof a);
    uint32_t file = open_file("status", CREATE | TRUNCATE, READ | WRITE, 0), count;
    piece text = {"0123456789", 10};
    fd_write(file, &text, 1, &count);
    TELL("stat", N(fd_filestat_get(file, a)), N(a[16]), N(word(a, FILESTAT_SIZE, 8)));
#ifdef WASI_UNSTABLE
    TELL("links", N(word(a, 20, 4)), N(a[56]));
#else
    TELL("links", N(word(a, 24, 8)), N(a[17]));
#endif
    TELL("path", N(path_filestat_get(3, 0, "status", 6, b)), N(word(a, 8, 8) == word(b, 8, 8)), N(word(a, FILESTAT_SIZE + 16, 8) == word(b, FILESTAT_SIZE + 16, 8)));
    TELL("time", N(word(b, FILESTAT_SIZE + 16, 8) / 1000000000 > 1600000000));
    path_unlink_file(3, "link", 4);
    TELL("symlink", N(path_symlink("status", 6, 3, "link", 4)), N(path_filestat_get(3, 0, "link", 4, b)), N(b[16]), N(path_filestat_get(3, 1, "link", 4, b)), N(b[16]));
    char target[8] = {0};
    TELL("readlink", N(path_readlink(3, "link", 4, target, 3, &count)), N(count));
    say(target), say("\n");
    TELL("refused", N(path_filestat_get(3, 2, "status", 6, b)), N(path_filestat_get(3, 0, "/status", 7, b)), N(path_filestat_get(3, 1, "../x", 4, b)), N(path_filestat_get(3, 0, "\xff", 1, b)), N(path_filestat_get(3, 0, "", 0, b)), N(path_filestat_get(0, 0, "x", 1, b)));
}

// Lists with buffers of every small size: what comes must not depend on where the buffer ends.
static void listing(void) {
    uint32_t folder = open_file("folder", DIRECTORY, READ, 0), count;
    TELL("folder", N(folder < 1000));
    uint64_t first = 0;
    for (uint32_t size = 34; size <= 300; size += 9) {
        uint8_t buffer[300];
        uint64_t cookie = 0, sum = 0, entries = 0;
        while (1) {
            if (fd_readdir(folder, buffer, size, cookie, &count)) proc_exit(98);
            uint32_t offset = 0, taken = 0;
            while (offset + 24 <= count) {
                uint32_t length = word(buffer, offset + 16, 4);
                if (offset + 24 + length > count) break;
                for (uint32_t i = 0; i < length; i++) sum = sum * 31 + buffer[offset + 24 + i];
                cookie = word(buffer, offset, 8);
                offset += 24 + length;
                entries++, taken++;
            }
            if (count < size) break;
            if (!taken) proc_exit(97);
        }
        if (!first) first = sum, TELL("entries", N(entries));
        if (sum != first) TELL("differs", N(size), N(entries));
    }
    // A cookie from the middle, later.
    uint8_t buffer[300];
    fd_readdir(folder, buffer, 300, 0, &count);
    uint64_t cookie = word(buffer, 0, 8);
    uint32_t second = 24 + word(buffer, 16, 4);
    uint64_t inode = word(buffer, second + 8, 8);
    fd_readdir(folder, buffer, 300, 0, &count);
    fd_readdir(folder, buffer, 300, cookie, &count);
    TELL("cookie", N(word(buffer, 8, 8) == inode));
    TELL("file", N(fd_readdir(open_file("a", CREATE, READ, 0), buffer, 300, 0, &count)), N(fd_readdir(0, buffer, 300, 0, &count)));
}

static void subscribe_clock(uint8_t *at, uint64_t user, uint32_t clock, uint64_t timeout, int absolute) {
    memset(at, 0, SUBSCRIPTION);
    *(uint64_t *)at = user;
    *(uint32_t *)(at + CLOCK) = clock;
    *(uint64_t *)(at + CLOCK + 8) = timeout;
    *(uint16_t *)(at + CLOCK + 24) = absolute;
}

static void subscribe_file(uint8_t *at, uint64_t user, int type, uint32_t file) {
    memset(at, 0, SUBSCRIPTION);
    *(uint64_t *)at = user;
    at[8] = type;
    *(uint32_t *)(at + 16) = file;
}

static void events(const char *name, const uint8_t *list, uint32_t count) {
    static uint64_t out[32 * 4];
    uint32_t stored = 0;
    uint32_t error = poll_oneoff(list, out, count, &stored);
    TELL(name, N(error), N(stored));
    if (error) return;
    for (uint32_t i = 0; i < stored; i++) {
        const uint8_t *event = (uint8_t *)(out + 4 * i);
        TELL("  event", N(word(event, 0, 8)), N(word(event, 8, 2)), N(event[10]), N(word(event, 16, 8)), N(word(event, 24, 2)));
    }
}

static void polling(void) {
    static uint64_t space[32 * SUBSCRIPTION / 8];
    uint8_t *list = (uint8_t *)space;
    uint64_t start, end, now;
    uint32_t file = open_file("polled", CREATE | TRUNCATE, READ | WRITE, 0), count;
    piece text = {"0123456789", 10};
    fd_write(file, &text, 1, &count);
    events("nothing", list, 0);
    clock_time_get(1, 0, &start);
    subscribe_clock(list, 7, 1, 20000000, 0);
    events("timer", list, 1);
    clock_time_get(1, 0, &end);
    TELL("passed", N(end - start >= 20000000));
    clock_time_get(1, 0, &now);
    subscribe_clock(list, 8, 1, now + 20000000, 1);
    subscribe_clock(list + SUBSCRIPTION, 9, 0, 3600000000000, 0);
    events("instant", list, 2);
    clock_time_get(1, 0, &end);
    TELL("passed", N(end - now >= 20000000));
    clock_time_get(0, 0, &now);
    subscribe_clock(list, 10, 0, now - 1, 1);
    events("past", list, 1);
    uint64_t position;
    fd_seek(file, 4, SET, &position);
    subscribe_file(list, 1, 1, file);
    subscribe_file(list + SUBSCRIPTION, 2, 2, file);
    subscribe_file(list + 2 * SUBSCRIPTION, 3, 1, 77);
    subscribe_clock(list + 3 * SUBSCRIPTION, 4, 1, 3600000000000, 0);
    subscribe_clock(list + 4 * SUBSCRIPTION, 5, 2, 0, 0);
    subscribe_file(list + 5 * SUBSCRIPTION, 6, 2, 1);
    events("several", list, 6);
    fd_seek(file, 10, SET, &position);
    events("at the end", list, 1);
    for (int i = 0; i < 32; i++) subscribe_clock(list + i * SUBSCRIPTION, i, 1, (i % 2 ? 1 : 3600) * 1000000ull * (i % 2 ? 1 : 1000), 0);
    events("many", list, 32);
}

static void refusals(void) {
    uint64_t time;
    uint32_t count;
    uint16_t flags;
    piece piece = {&time, 8};
    TELL("clocks", N(clock_time_get(4, 0, &time)), N(clock_time_get(0, 1000, &time)));
    TELL("sockets", N(sock_recv(0, &piece, 1, 0, &count, &flags)), N(sock_recv(50, &piece, 1, 0, &count, &flags)));
    TELL("process", N(sched_yield()), N(proc_raise(0)), N(proc_raise(200)), N(random_get(&time, 8)), N(random_get(&time, 0)));
}

static char words[4096], *arguments[64];

__attribute__((export_name("_start"))) void start(void) {
    uint32_t count, size;
    args_sizes_get(&count, &size);
    args_get(arguments, words);
    const char *what = count > 1 ? arguments[1] : "all";
    uint32_t ignored;
    if (equal(what, "bad-pieces")) fd_write(1, (piece *)0xFFFFFFF0, 1, &ignored);
    if (equal(what, "bad-piece")) fd_write(1, &(piece){(void *)0xFFFFFFF0, 32}, 1, &ignored);
    if (equal(what, "bad-result")) fd_write(1, &(piece){words, 1}, 1, (uint32_t *)0xFFFFFFF0);
    if (equal(what, "bad-path")) path_unlink_file(3, (char *)0xFFFFFFF0, 100);
    if (equal(what, "unaligned")) fd_write(1, &(piece){words, 1}, 1, (uint32_t *)(words + 1));
    if (equal(what, "many-pieces")) fd_write(1, (piece *)16, 0x20000000, &ignored);
    if (equal(what, "raise")) proc_raise(6);
    if (equal(what, "exit")) proc_exit(300);
    if (equal(what, "read-only")) {
        TELL("write", N(open_file("new", CREATE, READ | WRITE, 0)), N(open_file("a", 0, WRITE, 0)), N(open_file("a", 0, READ, 0) < 1000));
        proc_exit(0);
    }
    numbers();
    pieces();
    appending();
    if (count > 1) synchronizing();
    statuses();
    listing();
    if (count > 1) polling();
    refusals();
}
