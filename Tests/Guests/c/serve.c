// Answers requests in every way that a server must bear, chosen by the path.
#include "answering.h"

static uint64_t total;
static bool count_piece(bytes piece) { total += piece.length; return true; }
static bool echo_piece(bytes piece) { return put(piece.data, piece.length); }

static bool begins(string text, const char *prefix) {
    uint32_t length = (uint32_t)strlen(prefix);
    return text.length >= length && !memcmp(text.data, prefix, length);
}

// Copies a stream into another to its end, and lets go of both; false if one of them failed.
static bool splice(int32_t sink, int32_t source) {
    result_count count;
    do output_stream_blocking_splice(sink, source, 1 << 20, &count);
    while (!count.is_error);
    if (count.error.tag == STREAM_LAST_OPERATION_FAILED) error_drop(count.error.error);
    output_stream_drop(sink);
    input_stream_drop(source);
    return count.error.tag == STREAM_CLOSED;
}

static void refuse(int32_t fields, error_code error) {
    begin(fields, 502);
    print("error ");
    print_number(error.tag);
    print("\n");
    finish(0);
}

// Makes the request whose URL is the query, with the method and body of the one that came, and gives on the answer.
static void forward(int32_t fields) {
    int32_t outgoing = outgoing_request_new(fields_new());
    int32_t scheme = begins(query, "https://") ? SCHEME_HTTPS : SCHEME_HTTP;
    uint32_t start = scheme == SCHEME_HTTPS ? 8 : 7, slash = start;
    while (slash < query.length && query.data[slash] != '/') slash++;
    outgoing_request_set_scheme(outgoing, 1, scheme, 0, 0);
    outgoing_request_set_authority(outgoing, 1, query.data + start, slash - start);
    outgoing_request_set_path(outgoing, 1, query.data + slash, query.length - slash);
    named asked;
    incoming_request_method(request, &asked);
    outgoing_request_set_method(outgoing, asked.tag, asked.other.data, asked.other.length);
    result_handle sent, result;
    bool has_body = asked.tag == METHOD_POST || asked.tag == METHOD_PUT;
    if (has_body) outgoing_request_body(outgoing, &sent);
    result_handle_or_error future;
    outgoing_handle(outgoing, 0, 0, &future);
    if (future.is_error) {
        if (has_body) outgoing_body_drop(sent.ok);
        return refuse(fields, future.error);
    }
    if (has_body) {
        outgoing_body_write(sent.ok, &result);
        int32_t sink = result.ok;
        incoming_request_consume(request, &result);
        int32_t incoming = result.ok;
        incoming_body_stream(incoming, &result);
        splice(sink, result.ok);
        incoming_body_drop(incoming);
        result_error finished;
        outgoing_body_finish(sent.ok, 0, 0, &finished);
    }
    future_response_value value;
    for (;;) {
        future_response_get(future.ok, &value);
        if (value.is_some) break;
        int32_t pollable = future_response_subscribe(future.ok);
        pollable_block(pollable);
        pollable_drop(pollable);
    }
    future_response_drop(future.ok);
    if (value.value.ok.is_error) return refuse(fields, value.value.ok.error);
    int32_t arrived = value.value.ok.ok;
    begin(fields, incoming_response_status(arrived));
    incoming_response_consume(arrived, &result);
    incoming_response_drop(arrived);
    int32_t content = result.ok;
    incoming_body_stream(content, &result);
    bool whole = splice(stream, result.ok);
    incoming_body_drop(content);
    result_error finished;
    if (whole) outgoing_body_finish(body, 0, 0, &finished);
    else outgoing_body_drop(body);
}

static uint32_t uses;

EXPORT_HANDLE void handle(int32_t given_request, int32_t given_outparam) {
    string path = take_up(given_request, given_outparam);
    uses++;
    int32_t fields = fields_new();

    if (path_is(path, "/hello")) {
        add(fields, "content-type", "text/plain");
        begin(fields, 200);
        print("hello\n");
        finish(0);
    } else if (path_is(path, "/echo")) {
        begin(fields, 200);
        // An echo that could not be completed is not finished, so that the other end learns of it.
        if (read_all(echo_piece, 0)) finish(0);
    } else if (path_is(path, "/forward")) {
        forward(fields);
    } else if (path_is(path, "/count")) {
        total = 0;
        read_all(count_piece, number());
        begin(fields, 200);
        print_number(total);
        finish(0);
    } else if (path_is(path, "/request")) {
        named asked;
        option_string authority;
        field_list list;
        incoming_request_method(request, &asked);
        incoming_request_authority(request, &authority);
        int32_t headers = incoming_request_headers(request);
        fields_entries(headers, &list);
        begin(fields, 200);
        print("method ");
        print_number(asked.tag);
        if (asked.tag == 9) { print(" "); put(asked.other.data, asked.other.length); }
        print("\nauthority ");
        if (authority.is_some) put(authority.value.data, authority.value.length);
        print("\n");
        for (uint32_t index = 0; index < list.length; index++) {
            put(list.data[index].name.data, list.data[index].name.length);
            print(": ");
            put(list.data[index].value.data, list.data[index].value.length);
            print("\n");
        }
        fields_drop(headers);
        finish(0);
    } else if (path_is(path, "/status")) {
        begin(fields, (int32_t)number());
        finish(0);
    } else if (path_is(path, "/large")) {
        static uint8_t block[4096];
        begin(fields, 200);
        uint64_t rest = number();
        while (rest) {
            uint32_t piece = rest < sizeof block ? (uint32_t)rest : sizeof block;
            if (!put(block, piece)) break;
            rest -= piece;
        }
        finish(0);
    } else if (path_is(path, "/large-field") || path_is(path, "/large-trailer")) {
        uint32_t length = (uint32_t)number();
        char *value = allocate(length + 1, 1);
        for (uint32_t index = 0; index < length; index++) value[index] = 'x';
        value[length] = 0;
        bool is_trailer = path_is(path, "/large-trailer");
        int32_t trailers = fields_new();
        add(is_trailer ? trailers : fields, "x-large", value);
        begin(fields, 200);
        print("large\n");
        finish(is_trailer ? trailers : 0);
    } else if (path_is(path, "/length-of-nothing")) {
        add(fields, "content-length", "0");
        begin(fields, 204);
        finish(0);
    } else if (path_is(path, "/length")) {
        add(fields, "content-length", "10");
        begin(fields, 200);
        print("0123456789");
        finish(0);
    } else if (path_is(path, "/short")) {
        add(fields, "content-length", "10");
        begin(fields, 200);
        print("01234");
        finish(0);
    } else if (path_is(path, "/trailers")) {
        add(fields, "trailer", "x-sum");
        begin(fields, 200);
        print("body\n");
        int32_t trailers = fields_new();
        add(trailers, "x-sum", "5");
        finish(trailers);
    } else if (path_is(path, "/drip")) {
        begin(fields, 200);
        for (int index = 0; index < 5; index++) {
            print("drip\n");
            nap(number());
        }
        finish(0);
    } else if (path_is(path, "/sleep")) {
        nap(number());
        begin(fields, 200);
        print("awake\n");
        finish(0);
    } else if (path_is(path, "/compute")) {
        compute(number());
        begin(fields, 200);
        print("computed\n");
        finish(0);
    } else if (path_is(path, "/for-ever")) {
        for (;;) work++;
    } else if (path_is(path, "/uses")) {
        begin(fields, 200);
        print_number(uses);
        finish(0);
    } else if (path_is(path, "/trap")) {
        __builtin_trap();
    } else if (path_is(path, "/trap-late")) {
        begin(fields, 200);
        print("the beginning\n");
        nap(20);
        __builtin_trap();
    } else if (path_is(path, "/trap-after")) {
        begin(fields, 200);
        print("all of it\n");
        finish(0);
        __builtin_trap();
    } else if (path_is(path, "/silent")) {
        // No answer.
    } else if (path_is(path, "/twice")) {
        begin(fields, 200);
        response_outparam_set(outparam, 0, outgoing_response_new(fields_new()), 0, 0, 0, 0, 0, 0);
    } else if (path_is(path, "/error")) {
        // `HTTP-request-denied`
        response_outparam_set(outparam, 1, 15, 0, 0, 0, 0, 0, 0);
    } else if (path_is(path, "/memory")) {
        for (;;) allocate(1 << 20, 16);
    } else {
        begin(fields, 404);
        print("no such path\n");
        finish(0);
    }
}
