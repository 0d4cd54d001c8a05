// Makes requests, as its arguments say, and prints what comes: fetch [OPTION...] URL...
//
//     -X METHOD    -H NAME:VALUE    -t CONNECT,FIRST-BYTE,BETWEEN-BYTES (milliseconds)
//     -d TEXT      a body, announced by its length        -z COUNT   a body of so many zeroes, not announced
//     -i           the standard input as the body         -T NAME:VALUE   a trailer behind the body
//     -v           print the fields and trailers          -q   print how long the body is, and not what it is
//     -o           drop the response when its head is there
//     -s MS        wait between pieces of the response    -a   send all requests before the first response is read
#include "http.h"

static bool verbose, quiet, drops, at_once, from_input;
static string method, content, header, trailer;
static bool has_content, has_header, has_trailer, has_times;
static uint64_t zeroes, pause, times[3];

static uint64_t number(string *text) {
    uint64_t value = 0;
    while (text->length && *text->data >= '0' && *text->data <= '9') {
        value = value * 10 + (*text->data - '0');
        text->data++;
        text->length--;
    }
    return value;
}

static const char *const names[] = {
    "DNS-timeout", "DNS-error", "destination-not-found", "destination-unavailable", "destination-IP-prohibited",
    "destination-IP-unroutable", "connection-refused", "connection-terminated", "connection-timeout",
    "connection-read-timeout", "connection-write-timeout", "connection-limit-reached", "TLS-protocol-error",
    "TLS-certificate-error", "TLS-alert-received", "HTTP-request-denied", "HTTP-request-length-required",
    "HTTP-request-body-size", "HTTP-request-method-invalid", "HTTP-request-URI-invalid", "HTTP-request-URI-too-long",
    "HTTP-request-header-section-size", "HTTP-request-header-size", "HTTP-request-trailer-section-size",
    "HTTP-request-trailer-size", "HTTP-response-incomplete", "HTTP-response-header-section-size",
    "HTTP-response-header-size", "HTTP-response-body-size", "HTTP-response-trailer-section-size",
    "HTTP-response-trailer-size", "HTTP-response-transfer-coding", "HTTP-response-content-coding",
    "HTTP-response-timeout", "HTTP-upgrade-failed", "HTTP-protocol-error", "loop-detected", "configuration-error",
    "internal-error",
};

static bool failed(error_code error) {
    say("error %s\n", names[error.tag]);
    return false;
}

static void nap(void) {
    if (!pause) return;
    int32_t pollable = subscribe_duration(pause * 1000000);
    pollable_block(pollable);
    pollable_drop(pollable);
}

static void add(int32_t fields, string text) {
    uint32_t colon = 0;
    while (colon < text.length && text.data[colon] != ':') colon++;
    uint32_t start = colon < text.length ? colon + 1 : colon;
    result_header result;
    fields_append(fields, text.data, colon, text.data + start, text.length - start, &result);
    if (result.is_error) say("no field: %S\n", &text);
}

static bool begins(string text, const char *prefix) {
    uint32_t length = (uint32_t)strlen(prefix);
    return text.length >= length && !memcmp(text.data, prefix, length);
}

static int32_t make_request(string url) {
    int32_t fields = fields_new();
    if (has_header) add(fields, header);
    if (has_content) {
        uint8_t digits[10];
        uint32_t count = 0, rest = content.length;
        do digits[9 - count++] = (uint8_t)('0' + rest % 10);
        while (rest /= 10);
        result_header result;
        fields_append(fields, "content-length", 14, digits + 10 - count, count, &result);
    }
    int32_t request = outgoing_request_new(fields);
    int32_t scheme = SCHEME_HTTP;
    uint32_t start = 7;
    if (begins(url, "https://")) {
        scheme = SCHEME_HTTPS;
        start = 8;
    }
    uint32_t slash = start;
    while (slash < url.length && url.data[slash] != '/') slash++;
    outgoing_request_set_scheme(request, 1, scheme, 0, 0);
    if (outgoing_request_set_authority(request, 1, url.data + start, slash - start)) say("no authority\n");
    if (outgoing_request_set_path(request, 1, url.data + slash, url.length - slash)) say("no path\n");
    if (equal(method, "HEAD")) outgoing_request_set_method(request, METHOD_HEAD, 0, 0);
    else if (equal(method, "POST")) outgoing_request_set_method(request, METHOD_POST, 0, 0);
    else if (equal(method, "PUT")) outgoing_request_set_method(request, METHOD_PUT, 0, 0);
    else if (method.length) outgoing_request_set_method(request, METHOD_OTHER, method.data, method.length);
    return request;
}

// Writes as much as there is room for, and waits for more; false if nobody takes it.
static bool put(int32_t stream, const uint8_t *data, uint64_t length) {
    while (length) {
        result_count room;
        result_none written;
        output_stream_check_write(stream, &room);
        if (room.is_error) return false;
        if (!room.ok) {
            int32_t pollable = output_stream_subscribe(stream);
            pollable_block(pollable);
            pollable_drop(pollable);
            continue;
        }
        uint64_t count = room.ok < length ? room.ok : length;
        if (data) {
            output_stream_write(stream, data, (uint32_t)count, &written);
            data += count;
        } else {
            output_stream_write_zeroes(stream, count, &written);
        }
        if (written.is_error) return false;
        length -= count;
    }
    return true;
}

static bool send_body(int32_t body) {
    result_handle opened;
    outgoing_body_write(body, &opened);
    int32_t stream = opened.ok;
    bool taken = true;
    if (has_content) taken = put(stream, content.data, content.length);
    if (zeroes) taken = put(stream, 0, zeroes);
    if (from_input) {
        int32_t input = get_stdin();
        while (taken) {
            uint32_t place = mark();
            result_bytes piece;
            input_stream_blocking_read(input, 65536, &piece);
            if (piece.is_error) break;
            taken = put(stream, piece.ok.data, piece.ok.length);
            release(place);
        }
        input_stream_drop(input);
    }
    output_stream_drop(stream);
    if (!taken) say("the body was not taken\n");
    int32_t trailers = 0;
    if (has_trailer) {
        trailers = fields_new();
        add(trailers, trailer);
    }
    result_error finished;
    outgoing_body_finish(body, has_trailer, trailers, &finished);
    return finished.is_error ? failed(finished.error) : true;
}

static int32_t begin(string url, int32_t *body) {
    int32_t request = make_request(url);
    int32_t options = 0;
    if (has_times) {
        options = request_options_new();
        request_options_set_connect(options, 1, (int64_t)(times[0] * 1000000));
        request_options_set_first_byte(options, 1, (int64_t)(times[1] * 1000000));
        request_options_set_between_bytes(options, 1, (int64_t)(times[2] * 1000000));
    }
    *body = -1;
    if (has_content || zeroes || from_input || has_trailer) {
        result_handle opened;
        outgoing_request_body(request, &opened);
        *body = opened.ok;
    }
    result_handle_or_error sent;
    outgoing_handle(request, has_times, options, &sent);
    if (!sent.is_error) return sent.ok;
    failed(sent.error);
    if (*body >= 0) outgoing_body_drop(*body);
    *body = -1;
    return -1;
}

static void print_fields(const char *what, int32_t fields) {
    field_list list;
    fields_entries(fields, &list);
    for (uint32_t i = 0; i < list.length; i++) say("%s%S: %S\n", what, &list.data[i].name, &list.data[i].value);
    fields_drop(fields);
}

static bool read_body(int32_t response) {
    result_handle taken;
    incoming_response_consume(response, &taken);
    incoming_response_drop(response);
    int32_t body = taken.ok;
    incoming_body_stream(body, &taken);
    int32_t stream = taken.ok;
    uint64_t length = 0;
    bool whole = true;
    for (;;) {
        uint32_t place = mark();
        result_bytes piece;
        input_stream_blocking_read(stream, 65536, &piece);
        if (piece.is_error) {
            if (piece.error.tag == STREAM_LAST_OPERATION_FAILED) {
                option_error code;
                http_error_code(piece.error.error, &code);
                if (code.is_some) whole = failed(code.value);
                error_drop(piece.error.error);
            }
            break;
        }
        length += piece.ok.length;
        if (!quiet) say("%S", &piece.ok);
        release(place);
        nap();
    }
    if (quiet) say("%U bytes\n", length);
    input_stream_drop(stream);
    int32_t future = incoming_body_finish(body);
    future_trailers_value value;
    future_trailers_get(future, &value);
    if (value.is_some && !value.value.is_error && !value.value.ok.is_error && value.value.ok.ok.is_some) {
        if (verbose) print_fields("trailer ", value.value.ok.ok.value);
        else fields_drop(value.value.ok.ok.value);
    }
    future_trailers_drop(future);
    return whole;
}

static bool end(int32_t future) {
    future_response_value value;
    for (;;) {
        future_response_get(future, &value);
        if (value.is_some) break;
        int32_t pollable = future_response_subscribe(future);
        pollable_block(pollable);
        pollable_drop(pollable);
    }
    future_response_drop(future);
    if (value.value.ok.is_error) return failed(value.value.ok.error);
    int32_t response = value.value.ok.ok;
    say("status %d\n", incoming_response_status(response));
    if (verbose) print_fields("", incoming_response_headers(response));
    flush();
    if (!drops) return read_body(response);
    incoming_response_drop(response);
    return true;
}

bool run(void);
bool run(void) {
    uint32_t index = 1;
    for (; index < argument_count && arguments[index].length == 2 && arguments[index].data[0] == '-'; index++) {
        uint8_t option = arguments[index].data[1];
        string none = STRING(""), value = index + 1 < argument_count ? arguments[index + 1] : none;
        switch (option) {
        case 'v': verbose = true; continue;
        case 'q': quiet = true; continue;
        case 'o': drops = true; continue;
        case 'a': at_once = true; continue;
        case 'i': from_input = true; continue;
        case 'X': method = value; break;
        case 'd': content = value; has_content = true; break;
        case 'H': header = value; has_header = true; break;
        case 'T': trailer = value; has_trailer = true; break;
        case 'z': zeroes = number(&value); break;
        case 's': pause = number(&value); break;
        case 't':
            has_times = true;
            for (int i = 0; i < 3; i++) {
                times[i] = number(&value);
                if (value.length) {
                    value.data++;
                    value.length--;
                }
            }
            break;
        default: say("no option: %c\n", option); return false;
        }
        index++;
    }
    bool succeeded = true;
    static int32_t futures[64];
    uint32_t count = 0;
    for (; index < argument_count && count < 64; index++) {
        int32_t body, future = begin(arguments[index], &body);
        if (future < 0) {
            succeeded = false;
            continue;
        }
        if (body >= 0 && !send_body(body)) succeeded = false;
        if (at_once) futures[count++] = future;
        else if (!end(future)) succeeded = false;
    }
    for (uint32_t place = 0; place < count; place++)
        if (!end(futures[place])) succeeded = false;
    return succeeded;
}
