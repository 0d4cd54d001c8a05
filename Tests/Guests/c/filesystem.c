// Carries out a script of calls to wasi:filesystem that it reads from standard input, and prints each line of it with
// what came of it. Which calls are made, on which paths, is thus data: see cases/filesystem.
//
// A line is `SLOT METHOD ARGUMENT...`; slots 0 to 9 hold descriptors, first those of the preopened directories. In an
// argument `%HH` is a byte, `@TEXT*COUNT` is TEXT repeated, a lone `''` is empty. Flags are letters, `-` is none:
//   path flags  f symlink-follow
//   open flags  c create  d directory  x exclusive  t truncate
//   flags       r read  w write  i file-integrity-sync  s data-integrity-sync  q requested-write-sync  m mutate-directory
// A time is `keep`, `now` or SECONDS[.NANOSECONDS].
#include "filesystem.h"

static const char *const error_names[] = {
    "access", "would-block", "already", "bad-descriptor", "busy", "deadlock", "quota", "exist", "file-too-large",
    "illegal-byte-sequence", "in-progress", "interrupted", "invalid", "io", "is-directory", "loop", "too-many-links",
    "message-size", "name-too-long", "no-device", "no-entry", "no-lock", "insufficient-memory", "insufficient-space",
    "not-directory", "not-empty", "not-recoverable", "unsupported", "no-tty", "no-such-device", "overflow",
    "not-permitted", "pipe", "read-only", "invalid-seek", "text-file-busy", "cross-device",
};
static const char *const type_names[] = {
    "unknown", "block-device", "character-device", "directory", "fifo", "symbolic-link", "regular-file", "socket",
};

enum { SLOTS = 10 };
static int32_t slots[SLOTS];
static bool used[SLOTS];

// MARK: The words of a line

enum { WORDS = 10 };
static string words[WORDS];
static uint32_t word_count;

static int digit(uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

static uint64_t number_from(const uint8_t **at, const uint8_t *end) {
    uint64_t value = 0;
    while (*at < end && **at >= '0' && **at <= '9') value = value * 10 + *(*at)++ - '0';
    return value;
}

static string decoded(string word) {
    if (equal(word, "''")) return (string){word.data, 0};
    if (word.length > 1 && word.data[0] == '@') {
        uint32_t star = 1;
        while (star < word.length && word.data[star] != '*') star++;
        const uint8_t *at = word.data + star + 1;
        uint32_t count = number_from(&at, word.data + word.length), length = star - 1;
        string result = {allocate(count * length, 1), count * length};
        for (uint32_t i = 0; i < count; i++) memcpy(result.data + i * length, word.data + 1, length);
        return result;
    }
    string result = {allocate(word.length, 1), 0};
    for (uint32_t i = 0; i < word.length; i++) {
        if (word.data[i] == '%' && i + 2 < word.length && digit(word.data[i + 1]) >= 0 && digit(word.data[i + 2]) >= 0) {
            result.data[result.length++] = digit(word.data[i + 1]) * 16 + digit(word.data[i + 2]);
            i += 2;
        } else {
            result.data[result.length++] = word.data[i];
        }
    }
    return result;
}

static void split(string line) {
    word_count = 0;
    for (uint32_t i = 0; i < line.length && word_count < WORDS;) {
        while (i < line.length && line.data[i] == ' ') i++;
        uint32_t start = i;
        while (i < line.length && line.data[i] != ' ') i++;
        if (i > start) words[word_count++] = decoded((string){line.data + start, i - start});
    }
}

static uint64_t number_word(uint32_t index) {
    const uint8_t *at = words[index].data;
    return number_from(&at, at + words[index].length);
}

static int32_t flags_word(uint32_t index, const char *letters) {
    int32_t flags = 0;
    for (uint32_t i = 0; index < word_count && i < words[index].length; i++)
        for (int bit = 0; letters[bit]; bit++)
            if (letters[bit] == words[index].data[i]) flags |= 1 << bit;
    return flags;
}

static int32_t slot_word(uint32_t index) {
    uint64_t slot = number_word(index);
    return slot < SLOTS ? slots[slot] : -1;
}

typedef struct { int32_t tag; uint64_t seconds; int32_t nanoseconds; } new_timestamp;

static new_timestamp time_word(uint32_t index) {
    if (equal(words[index], "keep")) return (new_timestamp){NO_CHANGE, 0, 0};
    if (equal(words[index], "now")) return (new_timestamp){NOW, 0, 0};
    const uint8_t *at = words[index].data, *end = at + words[index].length;
    uint64_t seconds = number_from(&at, end);
    at += at < end;
    return (new_timestamp){TIMESTAMP, seconds, (int32_t)number_from(&at, end)};
}

// MARK: What is printed

static void say_error(uint8_t code) { say("%s", code < 37 ? error_names[code] : "?"); }

static void say_none(fs_none *result) {
    if (result->is_error) say_error(result->code);
    else say("ok");
}

static void say_stream_error(stream_error error) {
    if (error.tag == STREAM_CLOSED) {
        say("closed");
        return;
    }
    option_code code;
    filesystem_error_code(error.error, &code);
    say("failed: ");
    if (code.is_some) say_error(code.code);
    else say("none");
    error_drop(error.error);
}

static void say_stat(fs_stat *result) {
    if (result->is_error) {
        say_error(result->code);
        return;
    }
    descriptor_stat *s = &result->ok;
    say("%s", type_names[s->type]);
    // What a directory's links and size are differs between file systems.
    if (s->type == 6) say(" links=%U size=%U", s->link_count, s->size);
    if (!s->accessed.is_some || !s->modified.is_some || !s->changed.is_some) say(" times missing");
}

static void say_times(fs_stat *result) {
    if (result->is_error) say_error(result->code);
    else say("%U.%u %U.%u", result->ok.accessed.value.seconds, result->ok.accessed.value.nanoseconds,
        result->ok.modified.value.seconds, result->ok.modified.value.nanoseconds);
}

static int compare(string a, string b) {
    uint32_t shorter = a.length < b.length ? a.length : b.length;
    int order = memcmp(a.data, b.data, shorter);
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static void say_directory(int32_t descriptor) {
    fs_handle stream;
    read_directory(descriptor, &stream);
    if (stream.is_error) {
        say_error(stream.code);
        return;
    }
    enum { MOST = 1000 };
    directory_entry *entries = allocate(MOST * sizeof *entries, 4);
    uint32_t count = 0;
    for (;;) {
        fs_entry entry;
        read_directory_entry(stream.ok, &entry);
        if (entry.is_error) {
            say("entry: ");
            say_error(entry.code);
            break;
        }
        if (!entry.ok.is_some) break;
        uint32_t i = count < MOST ? count++ : MOST - 1;
        for (; i > 0 && compare(entry.ok.value.name, entries[i - 1].name) < 0; i--) entries[i] = entries[i - 1];
        entries[i] = entry.ok.value;
    }
    directory_entry_stream_drop(stream.ok);
    say("%u entries", count);
    for (uint32_t i = 0; i < count; i++) say("\n   %q %s", &entries[i].name, type_names[entries[i].type]);
}

static void say_read_stream(int32_t descriptor, uint64_t offset) {
    fs_handle stream;
    read_via_stream(descriptor, offset, &stream);
    if (stream.is_error) {
        say_error(stream.code);
        return;
    }
    string all = {allocate(65536, 1), 0};
    for (;;) {
        result_bytes result;
        input_stream_blocking_read(stream.ok, 4096, &result);
        if (result.is_error) {
            say("%q then ", &all);
            say_stream_error(result.error);
            break;
        }
        for (uint32_t i = 0; i < result.ok.length && all.length < 65536; i++) all.data[all.length++] = result.ok.data[i];
    }
    input_stream_drop(stream.ok);
}

static void say_write_stream(fs_handle stream, string text) {
    if (stream.is_error) {
        say_error(stream.code);
        return;
    }
    result_none result;
    output_stream_blocking_write_and_flush(stream.ok, text.data, text.length, &result);
    if (result.is_error) say_stream_error(result.error);
    else say("ok");
    output_stream_drop(stream.ok);
}

static void say_same_hash(fs_hash *a, int32_t other) {
    fs_hash b;
    metadata_hash(other, &b);
    if (a->is_error) say_error(a->code);
    else if (b.is_error) say_error(b.code);
    else say("%s", a->ok.lower == b.ok.lower && a->ok.upper == b.ok.upper ? "same" : "different");
}

// MARK: The calls

static void call(void) {
    uint64_t slot = number_word(0);
    if (slot >= SLOTS || !used[slot] || word_count < 2) {
        say("no such slot");
        return;
    }
    int32_t d = slots[slot];
    string method = words[1], path = words[2];
    fs_none none;
    fs_stat status;
    fs_hash hash;
    if (equal(method, "open")) { // PATH path-flags open-flags flags SLOT
        fs_handle opened;
        open_at(d, flags_word(3, "f"), path.data, path.length, flags_word(4, "cdxt"), flags_word(5, "rwisqm"), &opened);
        if (opened.is_error) {
            say_error(opened.code);
            return;
        }
        uint64_t to = word_count > 6 ? number_word(6) : 9;
        if (to >= SLOTS) to = 9;
        if (used[to]) descriptor_drop(slots[to]);
        slots[to] = opened.ok;
        used[to] = true;
        say("ok");
    } else if (equal(method, "close")) {
        descriptor_drop(d);
        used[slot] = false;
        say("ok");
    } else if (equal(method, "stat")) {
        stat(d, &status);
        say_stat(&status);
    } else if (equal(method, "stat-at")) { // PATH path-flags
        stat_at(d, flags_word(3, "f"), path.data, path.length, &status);
        say_stat(&status);
    } else if (equal(method, "times")) {
        stat(d, &status);
        say_times(&status);
    } else if (equal(method, "times-at")) { // PATH path-flags
        stat_at(d, flags_word(3, "f"), path.data, path.length, &status);
        say_times(&status);
    } else if (equal(method, "get-flags")) {
        fs_byte flags;
        get_flags(d, &flags);
        if (flags.is_error) say_error(flags.code);
        else for (int bit = 0; bit < 8; bit++) if (flags.ok >> bit & 1) say("%c", bit < 6 ? "rwisqm"[bit] : '?');
    } else if (equal(method, "get-type")) {
        fs_byte type;
        get_type(d, &type);
        if (type.is_error) say_error(type.code);
        else say("%s", type.ok < 8 ? type_names[type.ok] : "?");
    } else if (equal(method, "set-size")) {
        set_size(d, number_word(2), &none);
        say_none(&none);
    } else if (equal(method, "set-times")) { // TIME TIME
        new_timestamp a = time_word(2), m = time_word(3);
        set_times(d, a.tag, a.seconds, a.nanoseconds, m.tag, m.seconds, m.nanoseconds, &none);
        say_none(&none);
    } else if (equal(method, "set-times-at")) { // PATH path-flags TIME TIME
        new_timestamp a = time_word(4), m = time_word(5);
        set_times_at(d, flags_word(3, "f"), path.data, path.length, a.tag, a.seconds, a.nanoseconds, m.tag, m.seconds,
            m.nanoseconds, &none);
        say_none(&none);
    } else if (equal(method, "read")) { // LENGTH OFFSET
        fs_read result;
        read_at(d, number_word(2), number_word(3), &result);
        if (result.is_error) say_error(result.code);
        else say("%q%s", &result.ok.data, result.ok.end ? " end" : "");
    } else if (equal(method, "write")) { // TEXT OFFSET
        fs_size result;
        write_at(d, words[2].data, words[2].length, number_word(3), &result);
        if (result.is_error) say_error(result.code);
        else say("%U", result.ok);
    } else if (equal(method, "read-directory")) {
        say_directory(d);
    } else if (equal(method, "read-stream")) { // OFFSET
        say_read_stream(d, number_word(2));
    } else if (equal(method, "write-stream")) { // TEXT OFFSET
        fs_handle stream;
        write_via_stream(d, number_word(3), &stream);
        say_write_stream(stream, words[2]);
    } else if (equal(method, "append-stream")) { // TEXT
        fs_handle stream;
        append_via_stream(d, &stream);
        say_write_stream(stream, words[2]);
    } else if (equal(method, "create-directory")) {
        create_directory_at(d, path.data, path.length, &none);
        say_none(&none);
    } else if (equal(method, "remove-directory")) {
        remove_directory_at(d, path.data, path.length, &none);
        say_none(&none);
    } else if (equal(method, "unlink")) {
        unlink_file_at(d, path.data, path.length, &none);
        say_none(&none);
    } else if (equal(method, "readlink")) {
        fs_string result;
        readlink_at(d, path.data, path.length, &result);
        if (result.is_error) say_error(result.code);
        else say("%q", &result.ok);
    } else if (equal(method, "symlink")) { // OLD NEW
        symlink_at(d, words[2].data, words[2].length, words[3].data, words[3].length, &none);
        say_none(&none);
    } else if (equal(method, "link")) { // OLD path-flags SLOT NEW
        link_at(d, flags_word(3, "f"), path.data, path.length, slot_word(4), words[5].data, words[5].length, &none);
        say_none(&none);
    } else if (equal(method, "rename")) { // OLD SLOT NEW
        rename_at(d, path.data, path.length, slot_word(3), words[4].data, words[4].length, &none);
        say_none(&none);
    } else if (equal(method, "same")) { // SLOT
        say("%s", is_same_object(d, slot_word(2)) ? "same" : "different");
    } else if (equal(method, "hash")) { // SLOT
        metadata_hash(d, &hash);
        say_same_hash(&hash, slot_word(2));
    } else if (equal(method, "hash-at")) { // PATH path-flags SLOT
        metadata_hash_at(d, flags_word(3, "f"), path.data, path.length, &hash);
        say_same_hash(&hash, slot_word(4));
    } else if (equal(method, "sync")) {
        sync_all(d, &none);
        say_none(&none);
    } else if (equal(method, "sync-data")) {
        sync_data(d, &none);
        say_none(&none);
    } else if (equal(method, "advise")) { // OFFSET LENGTH ADVICE
        advise(d, number_word(2), number_word(3), (int32_t)number_word(4), &none);
        say_none(&none);
    } else {
        say("no such method");
    }
}

bool run(void) {
    preopens directories;
    get_directories(&directories);
    say("%u preopened\n", directories.length);
    for (uint32_t i = 0; i < directories.length && i < SLOTS; i++) {
        slots[i] = directories.data[i].descriptor;
        used[i] = true;
        say("%u is %q\n", i, &directories.data[i].name);
    }
    string script = {allocate(1 << 20, 1), 0};
    int32_t input = get_stdin();
    for (;;) {
        uint32_t here = mark();
        result_bytes part;
        input_stream_blocking_read(input, 4096, &part);
        if (part.is_error) break;
        for (uint32_t i = 0; i < part.ok.length && script.length < 1 << 20; i++) script.data[script.length++] = part.ok.data[i];
        release(here);
    }
    for (uint32_t start = 0, end; start < script.length; start = end + 1) {
        for (end = start; end < script.length && script.data[end] != '\n';) end++;
        string line = {script.data + start, end - start};
        say("%S\n", &line);
        if (!line.length || line.data[0] == '#') continue;
        uint32_t here = mark();
        split(line);
        say("   ");
        call();
        say("\n");
        release(here);
    }
    return true;
}
