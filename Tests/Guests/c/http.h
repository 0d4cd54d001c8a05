// What guests in C see of wasi:http: the canonical ABI, written out by hand.
#ifndef GUEST_HTTP_H
#define GUEST_HTTP_H

#include "guest.h"

#define TYPES(name) IMPORT(WASI("http/types"), name)
#define STREAMS(name) IMPORT(WASI("io/streams"), name)

// `result<own<T>>`, `result<T, …>` with a payload of four bytes.
typedef struct { uint8_t failed; int32_t value; } result_handle;
typedef struct { uint8_t some; string value; } option_string;
// `error-code` is 8-aligned and its largest payload is `option<field-size-payload>`.
typedef struct { uint8_t failed; uint64_t error[5]; } result_error_code;
typedef struct { uint8_t tag; string other; } method;
typedef struct { uint8_t failed; uint8_t error; int32_t handle; } result_stream;
typedef struct { uint8_t failed; bytes value; } result_list;
typedef struct { string name; bytes value; } field;
typedef struct { field *items; uint32_t count; } field_list;

TYPES("[constructor]fields") int32_t fields_new(void);
TYPES("[method]fields.append") void fields_append(int32_t, const void *, uint32_t, const void *, uint32_t, void *);
TYPES("[method]fields.entries") void fields_entries(int32_t, field_list *);
TYPES("[resource-drop]fields") void fields_drop(int32_t);
TYPES("[method]incoming-request.method") void request_method(int32_t, method *);
TYPES("[method]incoming-request.path-with-query") void request_path(int32_t, option_string *);
TYPES("[method]incoming-request.authority") void request_authority(int32_t, option_string *);
TYPES("[method]incoming-request.headers") int32_t request_headers(int32_t);
TYPES("[method]incoming-request.consume") void request_consume(int32_t, result_handle *);
TYPES("[resource-drop]incoming-request") void request_drop(int32_t);
TYPES("[method]incoming-body.stream") void incoming_stream(int32_t, result_handle *);
TYPES("[static]incoming-body.finish") int32_t incoming_finish(int32_t);
TYPES("[resource-drop]incoming-body") void incoming_drop(int32_t);
TYPES("[resource-drop]future-trailers") void trailers_drop(int32_t);
TYPES("[constructor]outgoing-response") int32_t response_new(int32_t);
TYPES("[method]outgoing-response.set-status-code") int32_t response_set_status(int32_t, int32_t);
TYPES("[method]outgoing-response.body") void response_body(int32_t, result_handle *);
TYPES("[method]outgoing-body.write") void outgoing_write(int32_t, result_handle *);
TYPES("[static]outgoing-body.finish") void outgoing_finish(int32_t, int32_t, int32_t, result_error_code *);
TYPES("[static]response-outparam.set")
void outparam_set(int32_t, int32_t, int32_t, int32_t, int64_t, int32_t, int32_t, int32_t, int32_t);

STREAMS("[method]input-stream.blocking-read") void stream_read(int32_t, uint64_t, result_list *);
STREAMS("[resource-drop]input-stream") void input_drop(int32_t);
STREAMS("[method]output-stream.blocking-write-and-flush") void stream_write(int32_t, const void *, uint32_t, result_stream *);
STREAMS("[resource-drop]output-stream") void output_drop(int32_t);

IMPORT(WASI("clocks/monotonic-clock"), "now") uint64_t clock_now(void);
IMPORT(WASI("clocks/monotonic-clock"), "subscribe-duration") int32_t clock_subscribe(uint64_t);
IMPORT(WASI("io/poll"), "[method]pollable.block") void poll_block(int32_t);
IMPORT(WASI("io/poll"), "[resource-drop]pollable") void poll_drop(int32_t);

#define EXPORT_HANDLE EXPORT(WASI("http/incoming-handler") "#handle")

#endif
