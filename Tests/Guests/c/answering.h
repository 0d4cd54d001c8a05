// What guests share that answer requests: the request and the means to answer it, and how a body is read and written.
#ifndef ANSWERING_H
#define ANSWERING_H

#include "http.h"

static int32_t request, outparam, body, stream;
static string query;

static inline bool path_is(string path, const char *name) {
    uint32_t length = (uint32_t)strlen(name);
    return path.length == length && !memcmp(path.data, name, length);
}

static inline uint64_t number(void) {
    uint64_t value = 0;
    for (uint32_t index = 0; index < query.length; index++)
        if (query.data[index] >= '0' && query.data[index] <= '9') value = value * 10 + (query.data[index] - '0');
    return value;
}

static inline void add(int32_t fields, const char *name, const char *value) {
    result_header result;
    fields_append(fields, name, (uint32_t)strlen(name), value, (uint32_t)strlen(value), &result);
}

// Begins the response and opens its body.
static inline void begin(int32_t fields, int32_t status) {
    result_handle result;
    int32_t response = outgoing_response_new(fields);
    outgoing_response_set_status(response, status);
    outgoing_response_body(response, &result);
    body = result.ok;
    response_outparam_set(outparam, 0, response, 0, 0, 0, 0, 0, 0);
    outgoing_body_write(body, &result);
    stream = result.ok;
}

// False if nobody reads any more.
static inline bool put(const void *data, uint32_t length) {
    const uint8_t *rest = data;
    while (length) {
        uint32_t piece = length < 4096 ? length : 4096;
        result_none written;
        output_stream_blocking_write_and_flush(stream, rest, piece, &written);
        if (written.is_error) return false;
        rest += piece;
        length -= piece;
    }
    return true;
}

static inline void print(const char *text) { put(text, (uint32_t)strlen(text)); }

static inline void print_number(uint64_t value) {
    char digits[20];
    int count = 0;
    do digits[count++] = (char)('0' + value % 10);
    while (value /= 10);
    while (count--) put(&digits[count], 1);
}

static inline void finish(int32_t trailers) {
    result_error finished;
    output_stream_drop(stream);
    outgoing_body_finish(body, trailers != 0, trailers, &finished);
}

static inline void nap(uint64_t milliseconds) {
    int32_t pollable = subscribe_duration(milliseconds * 1000000);
    pollable_block(pollable);
    pollable_drop(pollable);
}

static volatile uint32_t work;

static inline void compute(uint64_t milliseconds) {
    uint64_t end = monotonic_now() + milliseconds * 1000000;
    while (monotonic_now() < end)
        for (int index = 0; index < 100000; index++) work += (uint32_t)index;
}

// Calls `take` with each piece of the request's body.
static inline bool read_all(bool (*take)(bytes), uint64_t pause) {
    result_handle result;
    incoming_request_consume(request, &result);
    int32_t incoming = result.ok;
    incoming_body_stream(incoming, &result);
    int32_t input = result.ok;
    bool whole = true;
    while (whole) {
        uint32_t place = mark();
        result_bytes piece;
        input_stream_blocking_read(input, 65536, &piece);
        if (piece.is_error) {
            whole = piece.error.tag == STREAM_CLOSED;
            break;
        }
        whole = take(piece.ok);
        release(place);
        if (pause) nap(pause);
    }
    input_stream_drop(input);
    incoming_body_drop(incoming);
    return whole;
}

// Takes up a request: sets what stands above, and gives the path without the query.
static inline string take_up(int32_t given_request, int32_t given_outparam) {
    request = given_request;
    outparam = given_outparam;
    release(0);
    option_string target;
    incoming_request_path(request, &target);
    string path = target.is_some ? target.value : STRING("");
    query = (string){path.data + path.length, 0};
    for (uint32_t index = 0; index < path.length; index++)
        if (path.data[index] == '?') {
            query = (string){path.data + index + 1, path.length - index - 1};
            path.length = index;
            break;
        }
    return path;
}

#endif
