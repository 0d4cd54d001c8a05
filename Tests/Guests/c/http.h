// The interfaces of `wasi:http` that the guests call, lowered by hand.
#ifndef HTTP_H
#define HTTP_H

#include "wasi.h"

#define TYPES WASI("http/types")

// Cases of `error-code` that the guests give or expect, by their place in the WIT.
enum {
    ERROR_DESTINATION_NOT_FOUND = 2, ERROR_CONNECTION_LIMIT_REACHED = 11, ERROR_REQUEST_DENIED = 15,
    ERROR_REQUEST_BODY_SIZE = 17, ERROR_REQUEST_URI_INVALID = 19, ERROR_RESPONSE_BODY_SIZE = 28, ERROR_PROTOCOL = 35,
    ERROR_INTERNAL = 38,
};

// `variant method`, `variant scheme`
enum { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PUT, METHOD_OTHER = 9 };
enum { SCHEME_HTTP, SCHEME_HTTPS, SCHEME_OTHER };
typedef struct { uint8_t tag; string other; } named;
typedef struct { uint8_t is_some; named value; } option_named;

typedef struct { uint8_t is_error; int32_t ok; } result_handle;
typedef struct { uint8_t is_error; uint8_t error; } result_header;
typedef struct { uint8_t is_error; union { int32_t ok; uint8_t error; }; } result_fields;
typedef struct { uint8_t is_some; uint64_t value; } option_u64;
typedef struct { string name, value; } field;
typedef struct { field *data; uint32_t length; } field_list;
typedef struct { string *data; uint32_t length; } value_list;

// `variant error-code`; of the payloads, those that are looked at.
typedef struct {
    uint8_t tag;
    union { uint64_t alignment[3]; option_u64 size; option_string text; };
} error_code;
typedef struct { uint8_t is_error; error_code error; } result_error;
typedef struct { uint8_t is_error; union { int32_t ok; error_code error; }; } result_handle_or_error;
typedef struct { uint8_t is_some; error_code value; } option_error;
typedef struct { uint8_t is_error; union { option_handle ok; error_code error; }; } result_trailers;
typedef struct { uint8_t is_some; struct { uint8_t is_error; result_trailers ok; } value; } future_trailers_value;
typedef struct { uint8_t is_some; struct { uint8_t is_error; result_handle_or_error ok; } value; } future_response_value;

_Static_assert(sizeof(error_code) == 32, "error-code");
_Static_assert(sizeof(future_trailers_value) == 56, "option<result<result<option<trailers>, error-code>>>");

IMPORT(TYPES, "http-error-code") void http_error_code(int32_t, option_error *);

IMPORT(TYPES, "[resource-drop]fields") void fields_drop(int32_t);
IMPORT(TYPES, "[constructor]fields") int32_t fields_new(void);
IMPORT(TYPES, "[static]fields.from-list") void fields_from_list(const field *, uint32_t, result_fields *);
IMPORT(TYPES, "[method]fields.get") void fields_get(int32_t, const void *, uint32_t, value_list *);
IMPORT(TYPES, "[method]fields.has") int32_t fields_has(int32_t, const void *, uint32_t);
IMPORT(TYPES, "[method]fields.set") void fields_set(int32_t, const void *, uint32_t, const string *, uint32_t, result_header *);
IMPORT(TYPES, "[method]fields.delete") void fields_delete(int32_t, const void *, uint32_t, result_header *);
IMPORT(TYPES, "[method]fields.append") void fields_append(int32_t, const void *, uint32_t, const void *, uint32_t, result_header *);
IMPORT(TYPES, "[method]fields.entries") void fields_entries(int32_t, field_list *);
IMPORT(TYPES, "[method]fields.clone") int32_t fields_clone(int32_t);

IMPORT(TYPES, "[resource-drop]incoming-request") void incoming_request_drop(int32_t);
IMPORT(TYPES, "[method]incoming-request.method") void incoming_request_method(int32_t, named *);
IMPORT(TYPES, "[method]incoming-request.path-with-query") void incoming_request_path(int32_t, option_string *);
IMPORT(TYPES, "[method]incoming-request.scheme") void incoming_request_scheme(int32_t, option_named *);
IMPORT(TYPES, "[method]incoming-request.authority") void incoming_request_authority(int32_t, option_string *);
IMPORT(TYPES, "[method]incoming-request.headers") int32_t incoming_request_headers(int32_t);
IMPORT(TYPES, "[method]incoming-request.consume") void incoming_request_consume(int32_t, result_handle *);

IMPORT(TYPES, "[resource-drop]incoming-response") void incoming_response_drop(int32_t);
IMPORT(TYPES, "[method]incoming-response.status") int32_t incoming_response_status(int32_t);
IMPORT(TYPES, "[method]incoming-response.headers") int32_t incoming_response_headers(int32_t);
IMPORT(TYPES, "[method]incoming-response.consume") void incoming_response_consume(int32_t, result_handle *);

IMPORT(TYPES, "[resource-drop]incoming-body") void incoming_body_drop(int32_t);
IMPORT(TYPES, "[method]incoming-body.stream") void incoming_body_stream(int32_t, result_handle *);
IMPORT(TYPES, "[static]incoming-body.finish") int32_t incoming_body_finish(int32_t);
IMPORT(TYPES, "[resource-drop]future-trailers") void future_trailers_drop(int32_t);
IMPORT(TYPES, "[method]future-trailers.subscribe") int32_t future_trailers_subscribe(int32_t);
IMPORT(TYPES, "[method]future-trailers.get") void future_trailers_get(int32_t, future_trailers_value *);

IMPORT(TYPES, "[resource-drop]outgoing-response") void outgoing_response_drop(int32_t);
IMPORT(TYPES, "[constructor]outgoing-response") int32_t outgoing_response_new(int32_t);
IMPORT(TYPES, "[method]outgoing-response.status-code") int32_t outgoing_response_status(int32_t);
IMPORT(TYPES, "[method]outgoing-response.set-status-code") int32_t outgoing_response_set_status(int32_t, int32_t);
IMPORT(TYPES, "[method]outgoing-response.headers") int32_t outgoing_response_headers(int32_t);
IMPORT(TYPES, "[method]outgoing-response.body") void outgoing_response_body(int32_t, result_handle *);

IMPORT(TYPES, "[resource-drop]outgoing-body") void outgoing_body_drop(int32_t);
IMPORT(TYPES, "[method]outgoing-body.write") void outgoing_body_write(int32_t, result_handle *);
IMPORT(TYPES, "[static]outgoing-body.finish") void outgoing_body_finish(int32_t, int32_t has_trailers, int32_t trailers, result_error *);

IMPORT(TYPES, "[resource-drop]response-outparam") void response_outparam_drop(int32_t);
IMPORT(TYPES, "[static]response-outparam.set") void response_outparam_set(int32_t, int32_t is_error, int32_t response_or_tag, int32_t, int64_t, int32_t, int32_t, int32_t, int32_t);
IMPORT(TYPES, "[method]response-outparam.send-informational") void response_outparam_send_informational(int32_t, int32_t status, int32_t headers, result_error *);

IMPORT(TYPES, "[resource-drop]outgoing-request") void outgoing_request_drop(int32_t);
IMPORT(TYPES, "[constructor]outgoing-request") int32_t outgoing_request_new(int32_t);
IMPORT(TYPES, "[method]outgoing-request.body") void outgoing_request_body(int32_t, result_handle *);
IMPORT(TYPES, "[method]outgoing-request.method") void outgoing_request_method(int32_t, named *);
IMPORT(TYPES, "[method]outgoing-request.set-method") int32_t outgoing_request_set_method(int32_t, int32_t, const void *, uint32_t);
IMPORT(TYPES, "[method]outgoing-request.path-with-query") void outgoing_request_path(int32_t, option_string *);
IMPORT(TYPES, "[method]outgoing-request.set-path-with-query") int32_t outgoing_request_set_path(int32_t, int32_t, const void *, uint32_t);
IMPORT(TYPES, "[method]outgoing-request.scheme") void outgoing_request_scheme(int32_t, option_named *);
IMPORT(TYPES, "[method]outgoing-request.set-scheme") int32_t outgoing_request_set_scheme(int32_t, int32_t, int32_t, const void *, uint32_t);
IMPORT(TYPES, "[method]outgoing-request.authority") void outgoing_request_authority(int32_t, option_string *);
IMPORT(TYPES, "[method]outgoing-request.set-authority") int32_t outgoing_request_set_authority(int32_t, int32_t, const void *, uint32_t);
IMPORT(TYPES, "[method]outgoing-request.headers") int32_t outgoing_request_headers(int32_t);

IMPORT(TYPES, "[resource-drop]request-options") void request_options_drop(int32_t);
IMPORT(TYPES, "[constructor]request-options") int32_t request_options_new(void);
IMPORT(TYPES, "[method]request-options.connect-timeout") void request_options_connect(int32_t, option_u64 *);
IMPORT(TYPES, "[method]request-options.set-connect-timeout") int32_t request_options_set_connect(int32_t, int32_t, int64_t);
IMPORT(TYPES, "[method]request-options.first-byte-timeout") void request_options_first_byte(int32_t, option_u64 *);
IMPORT(TYPES, "[method]request-options.set-first-byte-timeout") int32_t request_options_set_first_byte(int32_t, int32_t, int64_t);
IMPORT(TYPES, "[method]request-options.between-bytes-timeout") void request_options_between_bytes(int32_t, option_u64 *);
IMPORT(TYPES, "[method]request-options.set-between-bytes-timeout") int32_t request_options_set_between_bytes(int32_t, int32_t, int64_t);

IMPORT(TYPES, "[resource-drop]future-incoming-response") void future_response_drop(int32_t);
IMPORT(TYPES, "[method]future-incoming-response.subscribe") int32_t future_response_subscribe(int32_t);
IMPORT(TYPES, "[method]future-incoming-response.get") void future_response_get(int32_t, future_response_value *);

IMPORT(WASI("http/outgoing-handler"), "handle") void outgoing_handle(int32_t, int32_t has_options, int32_t options, result_handle_or_error *);

#define EXPORT_HANDLE EXPORT(WASI("http/incoming-handler") "#handle")

#endif
