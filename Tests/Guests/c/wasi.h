// The interfaces of WASI 0.2 that the guests call, lowered by hand.
#ifndef WASI_H
#define WASI_H

#include "guest.h"

// MARK: wasi:io/error

IMPORT(WASI("io/error"), "[resource-drop]error") void error_drop(int32_t);
IMPORT(WASI("io/error"), "[method]error.to-debug-string") void error_to_debug_string(int32_t, string *result);

// MARK: wasi:io/poll

typedef struct { uint32_t *data; uint32_t length; } indices;

IMPORT(WASI("io/poll"), "[resource-drop]pollable") void pollable_drop(int32_t);
IMPORT(WASI("io/poll"), "[method]pollable.ready") int32_t pollable_ready(int32_t);
IMPORT(WASI("io/poll"), "[method]pollable.block") void pollable_block(int32_t);
IMPORT(WASI("io/poll"), "poll") void poll(const int32_t *, uint32_t, indices *result);

// MARK: wasi:io/streams

enum { STREAM_LAST_OPERATION_FAILED, STREAM_CLOSED };
typedef struct { uint8_t tag; int32_t error; } stream_error;
typedef struct { uint8_t is_error; union { bytes ok; stream_error error; }; } result_bytes;
typedef struct { uint8_t is_error; union { uint64_t ok; stream_error error; }; } result_count;
typedef struct { uint8_t is_error; stream_error error; } result_none;

IMPORT(WASI("io/streams"), "[resource-drop]input-stream") void input_stream_drop(int32_t);
IMPORT(WASI("io/streams"), "[method]input-stream.read") void input_stream_read(int32_t, uint64_t, result_bytes *);
IMPORT(WASI("io/streams"), "[method]input-stream.blocking-read") void input_stream_blocking_read(int32_t, uint64_t, result_bytes *);
IMPORT(WASI("io/streams"), "[method]input-stream.skip") void input_stream_skip(int32_t, uint64_t, result_count *);
IMPORT(WASI("io/streams"), "[method]input-stream.blocking-skip") void input_stream_blocking_skip(int32_t, uint64_t, result_count *);
IMPORT(WASI("io/streams"), "[method]input-stream.subscribe") int32_t input_stream_subscribe(int32_t);

IMPORT(WASI("io/streams"), "[resource-drop]output-stream") void output_stream_drop(int32_t);
IMPORT(WASI("io/streams"), "[method]output-stream.check-write") void output_stream_check_write(int32_t, result_count *);
IMPORT(WASI("io/streams"), "[method]output-stream.write") void output_stream_write(int32_t, const void *, uint32_t, result_none *);
IMPORT(WASI("io/streams"), "[method]output-stream.blocking-write-and-flush") void output_stream_blocking_write_and_flush(int32_t, const void *, uint32_t, result_none *);
IMPORT(WASI("io/streams"), "[method]output-stream.flush") void output_stream_flush(int32_t, result_none *);
IMPORT(WASI("io/streams"), "[method]output-stream.blocking-flush") void output_stream_blocking_flush(int32_t, result_none *);
IMPORT(WASI("io/streams"), "[method]output-stream.subscribe") int32_t output_stream_subscribe(int32_t);
IMPORT(WASI("io/streams"), "[method]output-stream.write-zeroes") void output_stream_write_zeroes(int32_t, uint64_t, result_none *);
IMPORT(WASI("io/streams"), "[method]output-stream.blocking-write-zeroes-and-flush") void output_stream_blocking_write_zeroes_and_flush(int32_t, uint64_t, result_none *);
IMPORT(WASI("io/streams"), "[method]output-stream.splice") void output_stream_splice(int32_t, int32_t, uint64_t, result_count *);
IMPORT(WASI("io/streams"), "[method]output-stream.blocking-splice") void output_stream_blocking_splice(int32_t, int32_t, uint64_t, result_count *);

// MARK: wasi:cli

typedef struct { string name, value; } variable;
typedef struct { variable *data; uint32_t length; } variables;
typedef struct { string *data; uint32_t length; } strings;
typedef struct { uint8_t is_some; string value; } option_string;
typedef struct { uint8_t is_some; int32_t value; } option_handle;

IMPORT(WASI("cli/environment"), "get-environment") void get_environment(variables *);
IMPORT(WASI("cli/environment"), "get-arguments") void get_arguments(strings *);
IMPORT(WASI("cli/environment"), "initial-cwd") void initial_cwd(option_string *);
IMPORT(WASI("cli/exit"), "exit") void exit(int32_t is_error);
IMPORT(WASI("cli/exit"), "exit-with-code") void exit_with_code(int32_t code);
IMPORT(WASI("cli/stdin"), "get-stdin") int32_t get_stdin(void);
IMPORT(WASI("cli/stdout"), "get-stdout") int32_t get_stdout(void);
IMPORT(WASI("cli/stderr"), "get-stderr") int32_t get_stderr(void);
IMPORT(WASI("cli/terminal-stdin"), "get-terminal-stdin") void get_terminal_stdin(option_handle *);
IMPORT(WASI("cli/terminal-stdout"), "get-terminal-stdout") void get_terminal_stdout(option_handle *);
IMPORT(WASI("cli/terminal-stderr"), "get-terminal-stderr") void get_terminal_stderr(option_handle *);
IMPORT(WASI("cli/terminal-input"), "[resource-drop]terminal-input") void terminal_input_drop(int32_t);
IMPORT(WASI("cli/terminal-output"), "[resource-drop]terminal-output") void terminal_output_drop(int32_t);

// MARK: wasi:clocks

typedef struct { uint64_t seconds; uint32_t nanoseconds; } datetime;

IMPORT(WASI("clocks/monotonic-clock"), "now") uint64_t monotonic_now(void);
IMPORT(WASI("clocks/monotonic-clock"), "resolution") uint64_t monotonic_resolution(void);
IMPORT(WASI("clocks/monotonic-clock"), "subscribe-instant") int32_t subscribe_instant(uint64_t);
IMPORT(WASI("clocks/monotonic-clock"), "subscribe-duration") int32_t subscribe_duration(uint64_t);
IMPORT(WASI("clocks/wall-clock"), "now") void wall_now(datetime *);
IMPORT(WASI("clocks/wall-clock"), "resolution") void wall_resolution(datetime *);

#define MILLISECONDS(count) ((count) * 1000000ull)

// MARK: wasi:random

typedef struct { uint64_t lower, upper; } seed;

IMPORT(WASI("random/random"), "get-random-bytes") void get_random_bytes(uint64_t, bytes *);
IMPORT(WASI("random/random"), "get-random-u64") uint64_t get_random_u64(void);
IMPORT(WASI("random/insecure"), "get-insecure-random-bytes") void get_insecure_random_bytes(uint64_t, bytes *);
IMPORT(WASI("random/insecure"), "get-insecure-random-u64") uint64_t get_insecure_random_u64(void);
IMPORT(WASI("random/insecure-seed"), "insecure-seed") void insecure_seed(seed *);

#endif
