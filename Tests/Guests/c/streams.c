// Every method of wasi:io/streams, on files, standard input and the standard outputs. Needs a preopened directory with
// a file `in` of 10,000 bytes, byte n being n modulo 251.
#include "filesystem.h"

static int32_t directory;

static int32_t open(const char *path, int32_t open_flags, int32_t flags) {
    fs_handle result;
    open_at(directory, PATH_SYMLINK_FOLLOW, path, strlen(path), open_flags, flags, &result);
    if (result.is_error) {
        say("cannot open %s: %u\n", path, result.code);
        flush();
        exit(1);
    }
    return result.ok;
}

static int32_t reading(int32_t file, uint64_t offset) {
    fs_handle result;
    read_via_stream(file, offset, &result);
    check("read-via-stream", !result.is_error);
    return result.ok;
}

static int32_t writing(int32_t file, uint64_t offset) {
    fs_handle result;
    write_via_stream(file, offset, &result);
    check("write-via-stream", !result.is_error);
    return result.ok;
}

static uint64_t size(int32_t file) {
    fs_stat result;
    stat(file, &result);
    return result.is_error ? UINT64_MAX : result.ok.size;
}

static bool pattern(bytes data, uint64_t offset) {
    for (uint32_t i = 0; i < data.length; i++)
        if (data.data[i] != (offset + i) % 251) return false;
    return true;
}

static bool closed(uint8_t is_error, stream_error error) { return is_error && error.tag == STREAM_CLOSED; }

static void files_in(void) {
    int32_t file = open("in", 0, READ);
    int32_t stream = reading(file, 0);
    result_bytes r;
    result_count c;
    input_stream_blocking_read(stream, 100, &r);
    check("blocking-read", !r.is_error && r.ok.length == 100 && pattern(r.ok, 0));
    input_stream_blocking_skip(stream, 900, &c);
    check("blocking-skip", !c.is_error && c.ok == 900);
    uint64_t at = 1000;
    int32_t pollable = input_stream_subscribe(stream);
    pollable_block(pollable);
    check("subscribe: ready", pollable_ready(pollable));
    // Nothing need come of a read or skip that does not wait, but after waiting something does.
    do {
        pollable_block(pollable);
        input_stream_read(stream, 50, &r);
    } while (!r.is_error && r.ok.length == 0);
    check("read", !r.is_error && r.ok.length <= 50 && pattern(r.ok, at));
    at += r.ok.length;
    do {
        pollable_block(pollable);
        input_stream_skip(stream, 10, &c);
    } while (!c.is_error && c.ok == 0);
    check("skip", !c.is_error && c.ok <= 10);
    at += c.ok;
    bool good = true;
    for (;;) {
        input_stream_blocking_read(stream, 1 << 20, &r);
        if (r.is_error) break;
        good &= r.ok.length > 0 && pattern(r.ok, at);
        at += r.ok.length;
    }
    check("blocking-read to the end", good && at == 10000 && closed(r.is_error, r.error));
    input_stream_read(stream, 1, &r);
    check("read after the end", closed(r.is_error, r.error));
    input_stream_skip(stream, 1, &c);
    check("skip after the end", closed(c.is_error, c.error));
    input_stream_blocking_skip(stream, 1, &c);
    check("blocking-skip after the end", closed(c.is_error, c.error));
    check("subscribe: still ready", pollable_ready(pollable));
    pollable_drop(pollable);
    input_stream_drop(stream);

    stream = reading(file, 9990);
    input_stream_blocking_read(stream, 100, &r);
    check("stream from an offset", !r.is_error && r.ok.length == 10 && pattern(r.ok, 9990));
    input_stream_drop(stream);
    stream = reading(file, 20000);
    input_stream_blocking_read(stream, 100, &r);
    check("stream from past the end", closed(r.is_error, r.error));
    input_stream_drop(stream);

    // A stream outlives the descriptor that it was made of.
    stream = reading(file, 0);
    descriptor_drop(file);
    input_stream_blocking_read(stream, 4, &r);
    check("stream after its descriptor", !r.is_error && r.ok.length == 4);
    input_stream_drop(stream);
}

static bool write_all(int32_t stream, const uint8_t *data, uint32_t length) {
    int32_t pollable = output_stream_subscribe(stream);
    while (length) {
        result_count permit;
        result_none none;
        output_stream_check_write(stream, &permit);
        if (permit.is_error) return false;
        uint32_t part = permit.ok < length ? (uint32_t)permit.ok : length;
        if (part) {
            output_stream_write(stream, data, part, &none);
            if (none.is_error) return false;
            data += part, length -= part;
        } else {
            pollable_block(pollable);
        }
    }
    pollable_drop(pollable);
    result_none none;
    output_stream_blocking_flush(stream, &none);
    return !none.is_error;
}

static void files_out(void) {
    int32_t file = open("out", OPEN_CREATE | OPEN_TRUNCATE, READ | WRITE);
    int32_t stream = writing(file, 0);
    result_none none;
    result_count count;
    output_stream_check_write(stream, &count);
    check("check-write", !count.is_error && count.ok > 0);
    uint8_t *data = allocate(200000, 1);
    for (uint32_t i = 0; i < 200000; i++) data[i] = i % 251;
    check("write what may be written", write_all(stream, data, 200000) && size(file) == 200000);
    output_stream_blocking_write_and_flush(stream, data, 4096, &none);
    check("blocking-write-and-flush of 4096", !none.is_error && size(file) == 204096);
    output_stream_blocking_write_and_flush(stream, data, 0, &none);
    check("blocking-write-and-flush of nothing", !none.is_error && size(file) == 204096);
    output_stream_blocking_write_zeroes_and_flush(stream, 4096, &none);
    check("blocking-write-zeroes-and-flush", !none.is_error && size(file) == 208192);
    int32_t pollable = output_stream_subscribe(stream);
    do {
        pollable_block(pollable);
        output_stream_check_write(stream, &count);
    } while (!count.is_error && count.ok < 1000);
    pollable_drop(pollable);
    output_stream_write_zeroes(stream, 1000, &none);
    check("write-zeroes", !none.is_error);
    output_stream_flush(stream, &none);
    check("flush", !none.is_error);
    output_stream_blocking_flush(stream, &none);
    check("blocking-flush", !none.is_error && size(file) == 209192);
    output_stream_drop(stream);
    fs_read read;
    read_at(file, 10, 199995, &read);
    check("what was written", !read.is_error && read.ok.data.length == 10 && read.ok.data.data[4] == 199999 % 251 &&
        read.ok.data.data[5] == 0 && read.ok.data.data[6] == 1);
    read_at(file, 2000, 208000, &read);
    bool zero = !read.is_error;
    for (uint32_t i = 0; zero && i < read.ok.data.length; i++) zero = read.ok.data.data[i] == 0;
    check("zeroes", zero && read.ok.data.length == 1192);

    fs_handle appending;
    append_via_stream(file, &appending);
    output_stream_blocking_write_and_flush(appending.ok, "end", 3, &none);
    check("append-via-stream", !none.is_error && size(file) == 209195);
    output_stream_drop(appending.ok);
    stream = writing(file, 300000);
    output_stream_blocking_write_and_flush(stream, "far", 3, &none);
    check("write past the end", !none.is_error && size(file) == 300003);
    output_stream_drop(stream);
    descriptor_drop(file);
}

static void splices(void) {
    int32_t source = open("in", 0, READ), target = open("spliced", OPEN_CREATE | OPEN_TRUNCATE, READ | WRITE);
    int32_t in = reading(source, 0), out = writing(target, 0);
    result_count count;
    uint64_t at = 0;
    output_stream_blocking_splice(out, in, 100, &count);
    check("blocking-splice", !count.is_error && count.ok > 0 && count.ok <= 100);
    at += count.ok;
    bool good = true;
    int32_t readable = input_stream_subscribe(in), writable = output_stream_subscribe(out);
    while (at < 5000) {
        pollable_block(readable);
        pollable_block(writable);
        output_stream_splice(out, in, 5000 - at, &count);
        if (count.is_error) {
            good = false;
            break;
        }
        at += count.ok;
    }
    pollable_drop(readable);
    pollable_drop(writable);
    check("splice", good && at == 5000);
    for (;;) {
        output_stream_blocking_splice(out, in, 1 << 20, &count);
        if (count.is_error) break;
        at += count.ok;
    }
    check("blocking-splice to the end", at == 10000 && closed(count.is_error, count.error));
    output_stream_splice(out, in, 10, &count);
    check("splice after the end", closed(count.is_error, count.error));
    result_none none;
    output_stream_blocking_flush(out, &none);
    input_stream_drop(in);
    output_stream_drop(out);
    fs_read read;
    read_at(target, 10001, 0, &read);
    check("what was spliced", !read.is_error && read.ok.data.length == 10000 && pattern(read.ok.data, 0));
    descriptor_drop(source);
    descriptor_drop(target);
}

// Standard input to standard output, by splicing; says on standard error how much.
static void standard(void) {
    int32_t in = get_stdin(), out_stream = get_stdout();
    result_count count;
    uint64_t total = 0;
    for (;;) {
        output_stream_blocking_splice(out_stream, in, 1 << 20, &count);
        if (count.is_error) break;
        total += count.ok;
    }
    result_none none;
    output_stream_blocking_flush(out_stream, &none);
    string text = total == 1000000 ? STRING("a million bytes, then ") : STRING("some other number of bytes, then ");
    int32_t standard_error = get_stderr();
    output_stream_blocking_write_and_flush(standard_error, text.data, text.length, &none);
    text = count.error.tag == STREAM_CLOSED ? STRING("closed\n") : STRING("failed\n");
    output_stream_blocking_write_and_flush(standard_error, text.data, text.length, &none);
    output_stream_drop(standard_error);
    input_stream_drop(in);
    output_stream_drop(out_stream);
}

// Two handles of standard output are one stream; dropping one leaves the other.
static void handles(void) {
    int32_t a = get_stdout(), b = get_stdout();
    result_none none;
    output_stream_blocking_write_and_flush(a, "a\n", 2, &none);
    output_stream_drop(a);
    output_stream_blocking_write_and_flush(b, "b\n", 2, &none);
    check("dropping one handle leaves the other", !none.is_error);
    output_stream_drop(b);
    int32_t c = get_stdin();
    input_stream_drop(c);
    c = get_stdin();
    result_bytes r;
    input_stream_blocking_read(c, 5, &r);
    check("standard input once more", !r.is_error && r.ok.length > 0 && r.ok.length <= 5);
    input_stream_drop(c);
}

// Writes to standard output until that fails; says on standard error how.
static void broken(void) {
    int32_t stream = get_stdout(), standard_error = get_stderr();
    static uint8_t data[4096];
    memset(data, 'x', sizeof data);
    result_none none;
    for (int i = 0; i < 100000; i++) {
        output_stream_blocking_write_and_flush(stream, data, sizeof data, &none);
        if (none.is_error) break;
    }
    string text = !none.is_error ? STRING("never failed\n")
        : none.error.tag == STREAM_CLOSED ? STRING("closed\n") : STRING("failed\n");
    output_stream_blocking_write_and_flush(standard_error, text.data, text.length, &none);
}

// What a guest may not do.
static void wrong(void) {
    int32_t stream = argument_is(3, "stdout") ? get_stdout() : writing(open("out", OPEN_CREATE, WRITE), 0);
    uint8_t *data = allocate(1 << 24, 1);
    result_none none;
    result_count count;
    if (argument_is(2, "blocking-write-and-flush")) {
        output_stream_blocking_write_and_flush(stream, data, 4097, &none);
    } else if (argument_is(2, "blocking-write-zeroes-and-flush")) {
        output_stream_blocking_write_zeroes_and_flush(stream, 4097, &none);
    } else if (argument_is(2, "write")) {
        output_stream_check_write(stream, &count);
        output_stream_write(stream, data, (uint32_t)count.ok + 1, &none);
    } else if (argument_is(2, "write-zeroes")) {
        output_stream_check_write(stream, &count);
        output_stream_write_zeroes(stream, count.ok + 1, &none);
    } else if (argument_is(2, "write-unchecked")) {
        output_stream_write(stream, data, 1, &none);
    } else if (argument_is(2, "huge-read")) {
        result_bytes r;
        int32_t in = reading(open("in", 0, READ), 0);
        input_stream_blocking_read(in, UINT64_MAX, &r);
        say("%u bytes\n", r.ok.length);
        return;
    }
    if (none.is_error) say("error: %s\n", none.error.tag == STREAM_CLOSED ? "closed" : "failed");
    else say("passed\n");
}

bool run(void) {
    preopens directories;
    get_directories(&directories);
    if (directories.length) directory = directories.data[0].descriptor;
    if (argument_is(1, "files")) {
        files_in();
        files_out();
        splices();
    } else if (argument_is(1, "standard")) {
        standard();
    } else if (argument_is(1, "handles")) {
        handles();
    } else if (argument_is(1, "broken")) {
        broken();
    } else if (argument_is(1, "wrong")) {
        wrong();
    } else {
        return false;
    }
    return true;
}
