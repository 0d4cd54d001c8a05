// A guest of the world `wasi:http/proxy` that does what the path of a request names, well or badly.
#include "http.h"

// MARK: What it says

static uint8_t report[8192];
static uint32_t reported;

static void put(uint8_t byte) {
    if (reported < sizeof report) report[reported++] = byte;
}

static void print(string text) {
    for (uint32_t i = 0; i < text.length; i++) put(text.data[i]);
}

static void line(const char *name) {
    print(text(name));
    put('\n');
}

static void expect(const char *name, bool holds) {
    if (!holds) print(STRING("FAILED "));
    else print(STRING("ok "));
    line(name);
}

static void number(uint64_t value) {
    char digits[20];
    int count = 0;
    do digits[count++] = (char)('0' + value % 10);
    while (value /= 10);
    while (count) put((uint8_t)digits[--count]);
}

static void print_error(error_code error) {
    print(STRING("error "));
    number(error.tag);
    if (error.tag == ERROR_REQUEST_BODY_SIZE || error.tag == ERROR_RESPONSE_BODY_SIZE) {
        put(' ');
        if (error.size.is_some) number(error.size.value);
    }
    put('\n');
}

// MARK: Answering

static int32_t outparam, response, body, stream;

static void open_response(int32_t status, int32_t headers) {
    response = outgoing_response_new(headers);
    if (outgoing_response_set_status(response, status)) __builtin_trap();
    result_handle result;
    outgoing_response_body(response, &result);
    if (result.is_error) __builtin_trap();
    body = result.ok;
}

static void set_response(void) { response_outparam_set(outparam, 0, response, 0, 0, 0, 0, 0, 0); }

static void open_stream(void) {
    result_handle result;
    outgoing_body_write(body, &result);
    if (result.is_error) __builtin_trap();
    stream = result.ok;
}

// Writes in pieces that `blocking-write-and-flush` takes; false if the stream is closed or failed.
static bool write(const uint8_t *data, uint32_t length) {
    while (length) {
        uint32_t count = length < 4096 ? length : 4096;
        result_none result;
        output_stream_blocking_write_and_flush(stream, data, count, &result);
        if (result.is_error) {
            if (result.error.tag == STREAM_LAST_OPERATION_FAILED) {
                option_error code;
                http_error_code(result.error.error, &code);
                if (code.is_some) print_error(code.value);
                else line("an error that is not of HTTP");
                error_drop(result.error.error);
            } else {
                line("closed");
            }
            return false;
        }
        data += count;
        length -= count;
    }
    return true;
}

static void close_body(int32_t has_trailers, int32_t trailers) {
    output_stream_drop(stream);
    result_error result;
    outgoing_body_finish(body, has_trailers, trailers, &result);
    if (result.is_error) print_error(result.error);
}

static void answer(int32_t status) {
    open_response(status, fields_new());
    set_response();
    open_stream();
    write(report, reported);
    close_body(0, 0);
}

// Says on standard error what was reported.
static void complain(void) {
    int32_t out = get_stderr();
    result_none result;
    output_stream_blocking_write_and_flush(out, report, reported, &result);
    output_stream_drop(out);
}

// MARK: Fields

static result_header append(int32_t fields, const char *name, const char *value) {
    result_header result;
    string n = text(name), v = text(value);
    fields_append(fields, n.data, n.length, v.data, v.length, &result);
    return result;
}

static bool is_error(result_header result, uint8_t error) { return result.is_error && result.error == error; }

enum { INVALID_SYNTAX, FORBIDDEN, IMMUTABLE };

static void print_entries(int32_t fields) {
    field_list list;
    fields_entries(fields, &list);
    for (uint32_t i = 0; i < list.length; i++) {
        print(list.data[i].name);
        put('=');
        print(list.data[i].value);
        put('\n');
    }
}

static void fields_checks(int32_t request) {
    int32_t fields = fields_new();
    result_header result;
    expect("append", !append(fields, "Color", "red").is_error && !append(fields, "x", "1").is_error && !append(fields, "color", "blue").is_error);
    expect("append invalid name", is_error(append(fields, "a b", "1"), INVALID_SYNTAX));
    expect("append invalid value", is_error(append(fields, "a", "1\r\n2"), INVALID_SYNTAX));
    expect("append forbidden", is_error(append(fields, "Connection", "close"), FORBIDDEN));
    expect("append bad length", is_error(append(fields, "content-length", "+1"), INVALID_SYNTAX));
    expect("has", fields_has(fields, "COLOR", 5) && !fields_has(fields, "c", 1) && !fields_has(fields, "a b", 3));
    value_list values;
    fields_get(fields, "coloR", 5, &values);
    expect("get", values.length == 2 && equal(values.data[0], "red") && equal(values.data[1], "blue"));
    fields_get(fields, "none", 4, &values);
    expect("get none", values.length == 0);
    int32_t clone = fields_clone(fields);
    string two[] = {STRING("green"), STRING("")};
    fields_set(clone, "color", 5, two, 2, &result);
    expect("set", !result.is_error);
    fields_delete(clone, "X", 1, &result);
    expect("delete", !result.is_error);
    fields_delete(clone, "host", 4, &result);
    expect("delete forbidden", is_error(result, FORBIDDEN));
    print_entries(fields);
    line("--");
    print_entries(clone);

    field list[] = {{STRING("a"), STRING("1")}, {STRING("B"), STRING("2")}, {STRING("A"), STRING("3")}};
    result_fields made;
    fields_from_list(list, 3, &made);
    expect("from-list", !made.is_error);
    line("--");
    print_entries(made.ok);
    list[1].name = STRING("upgrade");
    fields_from_list(list, 3, &made);
    expect("from-list forbidden", made.is_error && made.error == FORBIDDEN);
    list[1].name = STRING("");
    fields_from_list(list, 3, &made);
    expect("from-list invalid", made.is_error && made.error == INVALID_SYNTAX);

    int32_t headers = incoming_request_headers(request);
    expect("incoming headers are immutable", is_error(append(headers, "a", "1"), IMMUTABLE));
    fields_set(headers, "a", 1, two, 1, &result);
    expect("set immutable", is_error(result, IMMUTABLE));
    fields_delete(headers, "a", 1, &result);
    expect("delete immutable", is_error(result, IMMUTABLE));
    int32_t copy = fields_clone(headers);
    expect("their clone is not", !append(copy, "a", "1").is_error);
    fields_drop(headers);
    int32_t other = outgoing_response_new(fields);
    headers = outgoing_response_headers(other);
    expect("outgoing headers are immutable", is_error(append(headers, "a", "1"), IMMUTABLE));
    expect("and have what was set", fields_has(headers, "color", 5));
    fields_drop(headers);
    outgoing_response_drop(other);
    fields_drop(clone);
    fields_drop(copy);
}

// MARK: The request

static void print_named(named value, const char *const *names, uint8_t other) {
    if (value.tag == other) {
        print(STRING("other "));
        print(value.other);
    } else {
        print(text(names[value.tag]));
    }
    put('\n');
}

static const char *const methods[] = {"get", "head", "post", "put", "delete", "connect", "options", "trace", "patch"};
static const char *const schemes[] = {"HTTP", "HTTPS"};

static void print_option(option_string value) {
    if (value.is_some) print(value.value);
    else print(STRING("none"));
    put('\n');
}

static void describe(int32_t request) {
    named method;
    incoming_request_method(request, &method);
    print_named(method, methods, METHOD_OTHER);
    option_named scheme;
    incoming_request_scheme(request, &scheme);
    if (scheme.is_some) print_named(scheme.value, schemes, SCHEME_OTHER);
    else line("none");
    option_string text;
    incoming_request_authority(request, &text);
    print_option(text);
    incoming_request_path(request, &text);
    print_option(text);
    int32_t headers = incoming_request_headers(request);
    print_entries(headers);
    fields_drop(headers);
}

// MARK: Bodies

static int32_t consume(int32_t request) {
    result_handle result;
    incoming_request_consume(request, &result);
    if (result.is_error) __builtin_trap();
    return result.ok;
}

// Waits for the trailers of a body that is given up.
static result_trailers trailers_of(int32_t incoming) {
    int32_t future = incoming_body_finish(incoming);
    future_trailers_value value;
    for (;;) {
        future_trailers_get(future, &value);
        if (value.is_some) break;
        int32_t pollable = future_trailers_subscribe(future);
        pollable_block(pollable);
        pollable_drop(pollable);
    }
    future_trailers_value again;
    future_trailers_get(future, &again);
    if (!again.is_some || !again.value.is_error) __builtin_trap();
    future_trailers_drop(future);
    return value.value.ok;
}

// Copies a body into the response by splicing, and its trailers.
static void copy(int32_t incoming) {
    result_handle source;
    incoming_body_stream(incoming, &source);
    if (source.is_error) __builtin_trap();
    result_handle second;
    incoming_body_stream(incoming, &second);
    if (!second.is_error) __builtin_trap();
    for (;;) {
        result_count count;
        output_stream_blocking_splice(stream, source.ok, 1 << 20, &count);
        if (!count.is_error) continue;
        if (count.error.tag == STREAM_LAST_OPERATION_FAILED) {
            option_error code;
            http_error_code(count.error.error, &code);
            if (code.is_some) print_error(code.value);
            error_drop(count.error.error);
        }
        break;
    }
    input_stream_drop(source.ok);
    result_trailers trailers = trailers_of(incoming);
    if (trailers.is_error) {
        print(STRING("trailers: "));
        print_error(trailers.error);
        output_stream_drop(stream);
        outgoing_body_drop(body);
    } else if (trailers.ok.is_some) {
        int32_t own = fields_clone(trailers.ok.value);
        fields_drop(trailers.ok.value);
        append(own, "x-echo", "yes");
        close_body(1, own);
    } else {
        close_body(0, 0);
    }
}

// Reads a body in pieces, counting and summing up.
static void count(int32_t incoming) {
    result_handle source;
    incoming_body_stream(incoming, &source);
    uint64_t length = 0, sum = 0;
    for (;;) {
        uint32_t here = mark();
        result_bytes piece;
        input_stream_blocking_read(source.ok, 10000, &piece);
        if (piece.is_error) {
            expect("closed", piece.error.tag == STREAM_CLOSED);
            break;
        }
        length += piece.ok.length;
        for (uint32_t i = 0; i < piece.ok.length; i++) sum += piece.ok.data[i];
        release(here);
    }
    number(length);
    put(' ');
    number(sum);
    put('\n');
    input_stream_drop(source.ok);
    incoming_body_drop(incoming);
}

// Writes as much as `check-write` permits until nothing is permitted.
static void fill(void) {
    uint64_t total = 0;
    for (;;) {
        result_count permit;
        output_stream_check_write(stream, &permit);
        if (permit.is_error || !permit.ok) break;
        result_none result;
        output_stream_write_zeroes(stream, permit.ok, &result);
        if (result.is_error) break;
        total += permit.ok;
    }
    number(total);
    put('\n');
}

// MARK: Requests of its own

static string header(int32_t headers, const char *name) {
    value_list values;
    string n = text(name);
    fields_get(headers, n.data, n.length, &values);
    return values.length ? values.data[0] : STRING("");
}

static int32_t wait_for_response(int32_t future) {
    future_response_value value;
    for (;;) {
        future_response_get(future, &value);
        if (value.is_some) break;
        int32_t pollable = future_response_subscribe(future);
        pollable_block(pollable);
        pollable_drop(pollable);
    }
    future_response_value again;
    future_response_get(future, &again);
    if (!again.is_some || !again.value.is_error) __builtin_trap();
    future_response_drop(future);
    if (value.value.ok.is_error) {
        print_error(value.value.ok.error);
        return -1;
    }
    return value.value.ok.ok;
}

// Makes the request that the headers describe, with the request's body, and gives on the answer.
static void forward(int32_t request) {
    int32_t headers = incoming_request_headers(request);
    int32_t own = fields_new();
    append(own, "x-from", "guest");
    int32_t outgoing = outgoing_request_new(own);
    string authority = header(headers, "x-authority"), path = header(headers, "x-path"), scheme = header(headers, "x-scheme");
    if (authority.length) outgoing_request_set_authority(outgoing, 1, authority.data, authority.length);
    if (path.length) outgoing_request_set_path(outgoing, 1, path.data, path.length);
    if (equal(scheme, "http")) outgoing_request_set_scheme(outgoing, 1, SCHEME_HTTP, 0, 0);
    else if (scheme.length) outgoing_request_set_scheme(outgoing, 1, SCHEME_OTHER, scheme.data, scheme.length);
    outgoing_request_set_method(outgoing, METHOD_POST, 0, 0);
    int32_t options = request_options_new();
    request_options_set_connect(options, 1, 1000);
    request_options_set_first_byte(options, 1, 2000);
    fields_drop(headers);

    result_handle sent, source;
    outgoing_request_body(outgoing, &sent);
    if (sent.is_error) __builtin_trap();
    result_handle_or_error future;
    outgoing_handle(outgoing, 1, options, &future);
    if (future.is_error) {
        print_error(future.error);
        outgoing_body_drop(sent.ok);
        answer(502);
        return;
    }
    result_handle sink;
    outgoing_body_write(sent.ok, &sink);
    int32_t incoming = consume(request);
    incoming_body_stream(incoming, &source);
    for (;;) {
        result_count spliced;
        output_stream_blocking_splice(sink.ok, source.ok, 65536, &spliced);
        if (spliced.is_error) break;
    }
    input_stream_drop(source.ok);
    incoming_body_drop(incoming);
    output_stream_drop(sink.ok);
    result_error finished;
    outgoing_body_finish(sent.ok, 0, 0, &finished);

    int32_t arrived = wait_for_response(future.ok);
    if (arrived < 0) {
        answer(502);
        return;
    }
    int32_t arrived_headers = incoming_response_headers(arrived);
    int32_t copied = fields_clone(arrived_headers);
    fields_drop(arrived_headers);
    open_response(incoming_response_status(arrived), copied);
    set_response();
    open_stream();
    result_handle content, second;
    incoming_response_consume(arrived, &content);
    incoming_response_consume(arrived, &second);
    if (content.is_error || !second.is_error) __builtin_trap();
    incoming_response_drop(arrived);
    copy(content.ok);
}

// Makes request after request and lets go of nothing, as some languages do. Answers how many were answered.
static void forward_often(int32_t request) {
    int32_t headers = incoming_request_headers(request);
    string authority = header(headers, "x-authority");
    int count = 0;
    for (; count < 100; count++) {
        int32_t outgoing = outgoing_request_new(fields_new());
        outgoing_request_set_authority(outgoing, 1, authority.data, authority.length);
        outgoing_request_set_scheme(outgoing, 1, SCHEME_HTTP, 0, 0);
        result_handle_or_error future;
        outgoing_handle(outgoing, 0, 0, &future);
        if (future.is_error) break;
        future_response_value value;
        future_response_get(future.ok, &value);
        if (!value.is_some || value.value.ok.is_error) break;
        incoming_response_headers(value.value.ok.ok);
        result_handle content, source;
        incoming_response_consume(value.value.ok.ok, &content);
        incoming_body_stream(content.ok, &source);
        result_bytes piece;
        do input_stream_blocking_read(source.ok, 65536, &piece);
        while (!piece.is_error);
    }
    number((uint64_t)count);
    put('\n');
    answer(200);
}

static bool set_method(int32_t request, const char *name) {
    string n = text(name);
    return !outgoing_request_set_method(request, METHOD_OTHER, n.data, n.length);
}

static bool set_path(int32_t request, const char *path) {
    string p = text(path);
    return !outgoing_request_set_path(request, 1, p.data, p.length);
}

static bool set_authority(int32_t request, const char *authority) {
    string a = text(authority);
    return !outgoing_request_set_authority(request, 1, a.data, a.length);
}

static bool set_scheme(int32_t request, const char *scheme) {
    string s = text(scheme);
    return !outgoing_request_set_scheme(request, 1, SCHEME_OTHER, s.data, s.length);
}

static void request_checks(void) {
    int32_t request = outgoing_request_new(fields_new());
    named method;
    outgoing_request_method(request, &method);
    expect("default method", method.tag == METHOD_GET);
    expect("other method", set_method(request, "PROPFIND"));
    outgoing_request_method(request, &method);
    expect("is kept", method.tag == METHOD_OTHER && equal(method.other, "PROPFIND"));
    expect("invalid methods", !set_method(request, "") && !set_method(request, "A B") && !set_method(request, "A\r\nB"));
    expect("known method as other", set_method(request, "PUT"));
    outgoing_request_method(request, &method);
    expect("becomes the known one", method.tag == METHOD_PUT);
    option_string value;
    outgoing_request_path(request, &value);
    expect("default path", !value.is_some);
    expect("path", set_path(request, "/a?b=c"));
    expect("invalid paths", !set_path(request, "/a b") && !set_path(request, "/\n") && !set_path(request, "a") && !set_path(request, "/#"));
    outgoing_request_path(request, &value);
    expect("path is kept", value.is_some && equal(value.value, "/a?b=c"));
    outgoing_request_authority(request, &value);
    expect("default authority", !value.is_some);
    expect("authorities", set_authority(request, "[::1]:80") && set_authority(request, "example.com:8080"));
    expect("invalid authorities", !set_authority(request, "") && !set_authority(request, "a b") && !set_authority(request, "a:99999") && !set_authority(request, "a/b"));
    option_named scheme;
    outgoing_request_scheme(request, &scheme);
    expect("default scheme", !scheme.is_some);
    expect("scheme", set_scheme(request, "gopher"));
    expect("invalid schemes", !set_scheme(request, "") && !set_scheme(request, "1") && !set_scheme(request, "a b"));
    outgoing_request_scheme(request, &scheme);
    expect("scheme is kept", scheme.is_some && scheme.value.tag == SCHEME_OTHER && equal(scheme.value.other, "gopher"));
    result_handle_or_error future;
    outgoing_handle(request, 0, 0, &future);
    print_error(future.error);

    int32_t announcing = fields_new();
    append(announcing, "content-length", "5");
    request = outgoing_request_new(announcing);
    set_authority(request, "a.test");
    outgoing_handle(request, 0, 0, &future);
    print_error(future.error);

    int32_t options = request_options_new();
    option_u64 duration;
    request_options_connect(options, &duration);
    expect("no time-out", !duration.is_some);
    expect("time-outs", !request_options_set_connect(options, 1, 1) && !request_options_set_first_byte(options, 1, -1) && !request_options_set_between_bytes(options, 1, 3));
    request_options_connect(options, &duration);
    expect("connect", duration.is_some && duration.value == 1);
    request_options_first_byte(options, &duration);
    expect("first byte", duration.is_some && duration.value == UINT64_MAX);
    expect("none again", !request_options_set_between_bytes(options, 0, 0));
    request_options_between_bytes(options, &duration);
    expect("between bytes", !duration.is_some);
    request_options_drop(options);

    int32_t other = outgoing_response_new(fields_new());
    expect("default status", outgoing_response_status(other) == 200);
    expect("statuses", !outgoing_response_set_status(other, 404) && !outgoing_response_set_status(other, 999));
    expect("invalid statuses", outgoing_response_set_status(other, 99) && outgoing_response_set_status(other, 1000) && outgoing_response_set_status(other, 0));
    result_handle one, two;
    outgoing_response_body(other, &one);
    outgoing_response_body(other, &two);
    expect("one body", !one.is_error && two.is_error);
    outgoing_response_drop(other);
    result_handle written, twice;
    outgoing_body_write(one.ok, &written);
    outgoing_body_write(one.ok, &twice);
    expect("one stream", !written.is_error && twice.is_error);
    result_count permit;
    output_stream_check_write(written.ok, &permit);
    expect("closed once the response is gone", permit.is_error && permit.error.tag == STREAM_CLOSED);
    output_stream_drop(written.ok);
    outgoing_body_drop(one.ok);
}

// MARK: What the interfaces say, item by item

static result_header set(int32_t fields, const char *name, const string *values, uint32_t count) {
    result_header result;
    string n = text(name);
    fields_set(fields, n.data, n.length, values, count, &result);
    return result;
}

static result_header delete(int32_t fields, const char *name) {
    result_header result;
    string n = text(name);
    fields_delete(fields, n.data, n.length, &result);
    return result;
}

static uint32_t count_of(int32_t fields, const char *name) {
    value_list values;
    string n = text(name);
    fields_get(fields, n.data, n.length, &values);
    return values.length;
}

static void fields_items(void) {
    static const char *const forbidden[] = {
        "connection", "Keep-Alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "transfer-encoding",
        "upgrade", "HOST", "http2-settings",
    };
    static const char *const names[] = {"", " ", "a b", "a:", "a\n", "\x7f", "caf\xc3\xa9", "a(", "a,b", ":path"};
    static const char *const values[] = {"a\n", "a\rb", "\x01", "\x7f"};
    string one[] = {STRING("1")}, pair[] = {STRING("1"), STRING("2")}, bad[] = {STRING("1"), STRING("a\nb")};
    int32_t fields = fields_new();
    bool holds = true;
    for (uint32_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        field list[] = {{text(forbidden[i]), STRING("x")}};
        result_fields made;
        fields_from_list(list, 1, &made);
        holds = holds && is_error(append(fields, forbidden[i], "x"), FORBIDDEN) && is_error(set(fields, forbidden[i], one, 1), FORBIDDEN)
            && made.is_error && made.error == FORBIDDEN && !count_of(fields, forbidden[i]);
    }
    expect("forbidden names", holds);
    holds = true;
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
        field list[] = {{text(names[i]), STRING("x")}};
        result_fields made;
        fields_from_list(list, 1, &made);
        string n = text(names[i]);
        holds = holds && is_error(append(fields, names[i], "x"), INVALID_SYNTAX) && is_error(set(fields, names[i], one, 1), INVALID_SYNTAX)
            && made.is_error && made.error == INVALID_SYNTAX && !fields_has(fields, n.data, n.length) && !count_of(fields, names[i]);
    }
    expect("names that are none", holds);
    holds = true;
    for (uint32_t i = 0; i < sizeof values / sizeof *values; i++) {
        field list[] = {{STRING("a"), text(values[i])}};
        result_fields made;
        fields_from_list(list, 1, &made);
        holds = holds && is_error(append(fields, "a", values[i]), INVALID_SYNTAX) && made.is_error && made.error == INVALID_SYNTAX;
    }
    field nul[] = {{STRING("a"), STRING("a\0b")}};
    result_fields made;
    fields_from_list(nul, 1, &made);
    expect("values that are none", holds && made.is_error && is_error(set(fields, "a", bad, 2), INVALID_SYNTAX));
    expect("nothing of it was kept", !count_of(fields, "a"));
    expect("values of all other bytes", !append(fields, "a", "\xff\x80\t ~").is_error && count_of(fields, "a") == 1);
    expect("set replaces all", !set(fields, "A", pair, 2).is_error && count_of(fields, "a") == 2);
    expect("set to nothing removes", !set(fields, "a", 0, 0).is_error && !fields_has(fields, "a", 1));
    expect("delete of what is not there", !delete(fields, "nothing").is_error);
    append(fields, "x", "1");
    append(fields, "X", "2");
    expect("delete of all values", !delete(fields, "x").is_error && !count_of(fields, "x"));
    expect("an empty value", !append(fields, "empty", "").is_error && count_of(fields, "empty") == 1);
    field_list entries;
    fields_entries(fields, &entries);
    expect("entries", entries.length == 1 && equal(entries.data[0].name, "empty") && entries.data[0].value.length == 0);
    int32_t clone = fields_clone(fields);
    append(clone, "b", "1");
    expect("a clone is another", count_of(clone, "b") == 1 && !count_of(fields, "b"));
    fields_from_list(0, 0, &made);
    expect("a list of nothing", !made.is_error);
    fields_entries(made.ok, &entries);
    expect("gives no entries", entries.length == 0);

    int32_t outgoing = outgoing_request_new(clone);
    int32_t headers = outgoing_request_headers(outgoing);
    expect("an outgoing request's headers are immutable", is_error(append(headers, "a", "1"), IMMUTABLE)
        && is_error(set(headers, "a", one, 1), IMMUTABLE) && is_error(delete(headers, "b"), IMMUTABLE) && count_of(headers, "b") == 1);
    int32_t again = fields_clone(headers);
    expect("their clone is mutable", !append(again, "a", "1").is_error);
    fields_drop(headers);
    outgoing_request_drop(outgoing);
}

// A request of which a body of 11 bytes is announced, and what came of writing `content`.
static void announced(const char *name, const char *content, bool fails, uint64_t size) {
    int32_t headers = fields_new();
    append(headers, "Content-Length", "11");
    int32_t outgoing = outgoing_request_new(headers);
    result_handle sent, second, sink;
    outgoing_request_body(outgoing, &sent);
    outgoing_request_body(outgoing, &second);
    outgoing_body_write(sent.ok, &sink);
    result_none written;
    string c = text(content);
    output_stream_blocking_write_and_flush(sink.ok, c.data, c.length, &written);
    bool holds = second.is_error && written.is_error == (size > 11);
    if (written.is_error && written.error.tag == STREAM_LAST_OPERATION_FAILED) {
        option_error code;
        http_error_code(written.error.error, &code);
        holds = holds && code.is_some && code.value.tag == ERROR_REQUEST_BODY_SIZE && code.value.size.value == size;
        string debug;
        error_to_debug_string(written.error.error, &debug);
        holds = holds && debug.length > 0;
        error_drop(written.error.error);
    }
    output_stream_drop(sink.ok);
    result_error finished;
    outgoing_body_finish(sent.ok, 0, 0, &finished);
    holds = holds && finished.is_error == fails;
    if (fails) holds = holds && finished.error.tag == ERROR_REQUEST_BODY_SIZE && finished.error.size.is_some && finished.error.size.value == size;
    outgoing_request_drop(outgoing);
    expect(name, holds);
}

static void request_items(void) {
    announced("a body as long as announced", "long enough", false, 11);
    announced("a body that is shorter", "msg", true, 3);
    announced("a body that is longer", "more than 11 bytes", true, 18);

    int32_t outgoing = outgoing_request_new(fields_new());
    option_string value;
    option_named scheme;
    set_authority(outgoing, "example.com");
    set_path(outgoing, "/x");
    outgoing_request_set_scheme(outgoing, 1, SCHEME_HTTPS, 0, 0);
    outgoing_request_scheme(outgoing, &scheme);
    expect("the scheme", scheme.is_some && scheme.value.tag == SCHEME_HTTPS);
    expect("nothing again", !outgoing_request_set_authority(outgoing, 0, 0, 0) && !outgoing_request_set_path(outgoing, 0, 0, 0)
        && !outgoing_request_set_scheme(outgoing, 0, 0, 0, 0));
    outgoing_request_authority(outgoing, &value);
    bool holds = !value.is_some;
    outgoing_request_path(outgoing, &value);
    holds = holds && !value.is_some;
    outgoing_request_scheme(outgoing, &scheme);
    expect("is nothing", holds && !scheme.is_some);
    static const char *const authorities[] = {"a", "a:1", "127.0.0.1:80", "[::]", "[::]:443", "a.b.c.", "xn--nxasmq6b:65535"};
    static const char *const others[] = {"bad-\nhost", "a:b", "a:65536", "[::", "a b", "[x]", "a/b", "a?b", "a#b"};
    holds = true;
    for (uint32_t i = 0; i < sizeof authorities / sizeof *authorities; i++) holds = holds && set_authority(outgoing, authorities[i]);
    expect("authorities of all kinds", holds);
    holds = true;
    for (uint32_t i = 0; i < sizeof others / sizeof *others; i++) holds = holds && !set_authority(outgoing, others[i]);
    expect("what is no authority", holds);
    outgoing_request_authority(outgoing, &value);
    expect("what failed changed nothing", value.is_some && equal(value.value, "xn--nxasmq6b:65535"));
    expect("what is no scheme", !set_scheme(outgoing, "bad\nscheme") && !set_scheme(outgoing, "a:"));
    expect("what is no path", !set_path(outgoing, "/bad\npath") && !set_path(outgoing, "/\x7f"));
    expect("paths", set_path(outgoing, "/%20?a=b&c=%2F/?") && set_path(outgoing, "/"));
    expect("what is no method", !set_method(outgoing, "invalid method") && !set_method(outgoing, "bad\nmethod"));
    for (int32_t tag = 0; tag < METHOD_OTHER; tag++) {
        named method;
        bool is_set = !outgoing_request_set_method(outgoing, tag, 0, 0);
        outgoing_request_method(outgoing, &method);
        if (!is_set || method.tag != tag) expect("a known method", false);
    }
    outgoing_request_drop(outgoing);

    // The body goes on when the request is gone, and nobody reads it.
    outgoing = outgoing_request_new(fields_new());
    result_handle sent, sink;
    outgoing_request_body(outgoing, &sent);
    outgoing_body_write(sent.ok, &sink);
    result_none written;
    output_stream_blocking_write_and_flush(sink.ok, "request-body", 12, &written);
    expect("a body that is not sent yet", !written.is_error);
    outgoing_request_drop(outgoing);
    output_stream_blocking_write_and_flush(sink.ok, "more", 4, &written);
    expect("one that never will be", written.is_error && written.error.tag == STREAM_CLOSED);
    output_stream_drop(sink.ok);
    outgoing_body_drop(sent.ok);

    int32_t options = request_options_new();
    option_u64 duration;
    holds = !request_options_set_connect(options, 1, 0) && !request_options_set_first_byte(options, 1, 5)
        && !request_options_set_between_bytes(options, 1, 7);
    request_options_connect(options, &duration);
    holds = holds && duration.is_some && duration.value == 0;
    request_options_between_bytes(options, &duration);
    holds = holds && duration.is_some && duration.value == 7 && !request_options_set_first_byte(options, 0, 0);
    request_options_first_byte(options, &duration);
    expect("options of all kinds", holds && !duration.is_some);
    request_options_drop(options);
}

static void response_items(int32_t request) {
    static const int32_t refused[] = {0, 1, 99, 1000, 65535};
    int32_t other = outgoing_response_new(fields_new());
    bool holds = true;
    for (uint32_t i = 0; i < sizeof refused / sizeof *refused; i++) holds = holds && outgoing_response_set_status(other, refused[i]);
    expect("what is no status", holds && outgoing_response_status(other) == 200);
    for (int32_t status = 100; status < 1000; status++)
        if (outgoing_response_set_status(other, status) || outgoing_response_status(other) != status) expect("a status", false);
    int32_t headers = outgoing_response_headers(other);
    string one[] = {STRING("1")};
    expect("an outgoing response's headers are immutable", is_error(append(headers, "a", "1"), IMMUTABLE)
        && is_error(set(headers, "content-length", one, 1), IMMUTABLE) && is_error(delete(headers, "a"), IMMUTABLE));
    fields_drop(headers);
    outgoing_response_drop(other);

    // An error that is not of HTTP: there is none such in this world, so a closed stream must do.
    int32_t incoming = consume(request);
    result_handle source;
    incoming_body_stream(incoming, &source);
    result_bytes piece;
    input_stream_blocking_read(source.ok, 10, &piece);
    expect("no body is an empty one", piece.is_error && piece.error.tag == STREAM_CLOSED);
    input_stream_drop(source.ok);
    int32_t future = incoming_body_finish(incoming);
    int32_t ready = future_trailers_subscribe(future);
    pollable_block(ready);
    expect("ready", pollable_ready(ready));
    pollable_drop(ready);
    future_trailers_value value;
    future_trailers_get(future, &value);
    expect("no trailers", value.is_some && !value.value.is_error && !value.value.ok.is_error && !value.value.ok.ok.is_some);
    future_trailers_get(future, &value);
    expect("only once", value.is_some && value.value.is_error);
    future_trailers_drop(future);
}

// MARK: The paths

static string path;

static bool is(const char *name) { return equal(path, name); }

static void with_length(const char *length, const char *content) {
    int32_t headers = fields_new();
    append(headers, "content-length", length);
    open_response(200, headers);
    set_response();
    open_stream();
    string c = text(content);
    write(c.data, c.length);
    close_body(0, 0);
    complain();
}

EXPORT_HANDLE void handle(int32_t request, int32_t out) {
    outparam = out;
    reported = 0;
    option_string found;
    incoming_request_path(request, &found);
    path = found.is_some ? found.value : STRING("");

    if (is("/hello")) {
        int32_t headers = fields_new();
        append(headers, "Content-Type", "text/plain");
        open_response(200, headers);
        set_response();
        open_stream();
        write((const uint8_t *)"hello", 5);
        close_body(0, 0);
    } else if (is("/empty")) {
        response_outparam_set(outparam, 0, outgoing_response_new(fields_new()), 0, 0, 0, 0, 0, 0);
    } else if (is("/fields")) {
        fields_checks(request);
        answer(200);
    } else if (is("/requests")) {
        request_checks();
        answer(200);
    } else if (is("/items")) {
        fields_items();
        request_items();
        response_items(request);
        answer(200);
    } else if (is("/echo")) {
        open_response(200, fields_new());
        set_response();
        open_stream();
        copy(consume(request));
        if (reported) complain();
    } else if (is("/count")) {
        count(consume(request));
        answer(200);
    } else if (is("/consume-twice")) {
        consume(request);
        result_handle second;
        incoming_request_consume(request, &second);
        expect("second consume fails", second.is_error);
        answer(200);
    } else if (is("/ignore-body")) {
        incoming_request_drop(request);
        answer(200);
        return;
    } else if (is("/trailers-only")) {
        result_trailers trailers = trailers_of(consume(request));
        expect("no error", !trailers.is_error);
        if (!trailers.is_error && trailers.ok.is_some) print_entries(trailers.ok.value);
        answer(200);
    } else if (is("/fill")) {
        open_response(200, fields_new());
        set_response();
        open_stream();
        fill();
        close_body(0, 0);
        complain();
    } else if (is("/beyond-permit")) {
        open_response(200, fields_new());
        set_response();
        open_stream();
        result_count permit;
        output_stream_check_write(stream, &permit);
        result_none result;
        output_stream_write_zeroes(stream, permit.ok + 1, &result);
    } else if (is("/forward")) {
        forward(request);
    } else if (is("/forward-often")) {
        forward_often(request);
    } else if (is("/never")) {
    } else if (is("/drop")) {
        response_outparam_drop(outparam);
    } else if (is("/error")) {
        response_outparam_set(outparam, 1, ERROR_DESTINATION_NOT_FOUND, 0, 0, 0, 0, 0, 0);
    } else if (is("/error-with-payload")) {
        response_outparam_set(outparam, 1, ERROR_REQUEST_BODY_SIZE, 1, 5000000000, 0, 0, 0, 0);
    } else if (is("/twice")) {
        response_outparam_set(outparam, 0, outgoing_response_new(fields_new()), 0, 0, 0, 0, 0, 0);
        response_outparam_set(outparam, 0, outgoing_response_new(fields_new()), 0, 0, 0, 0, 0, 0);
    } else if (is("/informational-status")) {
        response = outgoing_response_new(fields_new());
        outgoing_response_set_status(response, 103);
        set_response();
    } else if (is("/trap")) {
        __builtin_trap();
    } else if (is("/trap-after")) {
        open_response(200, fields_new());
        set_response();
        open_stream();
        write((const uint8_t *)"some", 4);
        __builtin_trap();
    } else if (is("/body-dropped") || is("/body-left")) {
        open_response(200, fields_new());
        set_response();
        open_stream();
        write((const uint8_t *)"some", 4);
        if (is("/body-dropped")) {
            output_stream_drop(stream);
            outgoing_body_drop(body);
        }
    } else if (is("/finish-with-stream")) {
        open_response(200, fields_new());
        set_response();
        open_stream();
        result_error finished;
        outgoing_body_finish(body, 0, 0, &finished);
    } else if (is("/finish-incoming-with-stream")) {
        int32_t incoming = consume(request);
        result_handle source;
        incoming_body_stream(incoming, &source);
        incoming_body_finish(incoming);
    } else if (is("/unread")) {
        trailers_of(consume(request));
        answer(200);
    } else if (is("/too-short")) {
        with_length("10", "12345");
    } else if (is("/too-long")) {
        with_length("3", "12345");
    } else if (is("/right-length")) {
        with_length("5", "12345");
    } else if (is("/length-without-body")) {
        int32_t headers = fields_new();
        append(headers, "content-length", "5");
        response = outgoing_response_new(headers);
        set_response();
    } else if (is("/head")) {
        with_length("1000", "");
    } else if (is("/many-fields")) {
        int32_t fields = fields_new();
        while (!append(fields, "name", "value").is_error) {}
    } else if (is("/many-messages")) {
        for (;;) outgoing_request_new(fields_new());
#ifdef INFORMATIONAL
    } else if (is("/informational")) {
        result_error sent;
        int32_t hints = fields_new();
        append(hints, "link", "</style.css>");
        response_outparam_send_informational(outparam, 103, hints, &sent);
        if (sent.is_error) print_error(sent.error);
        response_outparam_send_informational(outparam, 200, fields_new(), &sent);
        if (sent.is_error) print_error(sent.error);
        answer(200);
    } else if (is("/informational-large")) {
        // Characters that HPACK has no short codes for.
        static char value[20001];
        for (int index = 0; index < 20000; index++) value[index] = '~';
        result_error sent;
        int32_t hints = fields_new();
        append(hints, "link", value);
        response_outparam_send_informational(outparam, 103, hints, &sent);
        if (sent.is_error) print_error(sent.error);
        answer(200);
    } else if (is("/informational-flood")) {
        result_error sent;
        uint64_t count = 0;
        for (; count < 100000; count++) {
            int32_t hints = fields_new();
            append(hints, "link", "</style.css>");
            response_outparam_send_informational(outparam, 103, hints, &sent);
            if (sent.is_error) break;
        }
        if (sent.is_error) print_error(sent.error);
        number(count);
        answer(200);
#endif
    } else {
        describe(request);
        answer(200);
    }
    incoming_request_drop(request);
}
