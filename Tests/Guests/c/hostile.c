// Answers requests in the ways that a server must survive, chosen by the path. What a route does stands in its name; what
// must come of it in Tests/HTTPServerTests/Cases/hostile.json.
#include "answering.h"

static void answer(const char *text) {
    begin(fields_new(), 200);
    print(text);
    finish(0);
}

// MARK: The means to answer

static void drop_outparam(void) { response_outparam_drop(outparam); }

static void drop_outparam_and_nap(void) {
    response_outparam_drop(outparam);
    nap(300);
}

static void no_body(void) {
    response_outparam_set(outparam, 0, outgoing_response_new(fields_new()), 0, 0, 0, 0, 0, 0);
}

static int32_t kept_outparam;

// Answers the request before, too late, and then its own.
static void answer_late(void) {
    int32_t late = kept_outparam;
    if (!late) {
        kept_outparam = outparam;
        return;
    }
    response_outparam_set(late, 0, outgoing_response_new(fields_new()), 0, 0, 0, 0, 0, 0);
    answer("both\n");
}

static void set_status(void) {
    int32_t response = outgoing_response_new(fields_new());
    int32_t refused = outgoing_response_set_status(response, (int32_t)number());
    outgoing_response_drop(response);
    answer(refused ? "refused\n" : "set\n");
}

static void give_status(void) {
    int32_t response = outgoing_response_new(fields_new());
    if (outgoing_response_set_status(response, (int32_t)number())) __builtin_trap();
    response_outparam_set(outparam, 0, response, 0, 0, 0, 0, 0, 0);
}

static void give_error(void) { response_outparam_set(outparam, 1, (int32_t)number(), 0, 0, 0, 0, 0, 0); }

// `internal-error` with a text of its own: of a megabyte, with lines in it.
static void give_long_error(void) {
    uint32_t length = 1 << 20;
    uint8_t *text = allocate(length, 1);
    memset(text, 'x', length);
    for (uint32_t index = 0; index < length; index += 80) text[index] = '\n';
    response_outparam_set(outparam, 1, ERROR_INTERNAL, 1, (int32_t)(uintptr_t)text, (int32_t)length, 0, 0, 0);
}

// MARK: Bodies

static void left_at_once(void) {
    begin(fields_new(), 200);
    print("some of it");
}

static void left_later(void) {
    begin(fields_new(), 200);
    print("some of it");
    nap(50);
}

static void dropped(void) {
    begin(fields_new(), 200);
    print("some of it");
    nap(50);
    output_stream_drop(stream);
    outgoing_body_drop(body);
    nap(50);
}

static void traps_while_writing(void) {
    begin(fields_new(), 200);
    print("some of it");
    __builtin_trap();
}

static void traps_behind_much(void) {
    static uint8_t block[4096];
    begin(fields_new(), 200);
    for (int count = 0; count < 256; count++) put(block, sizeof block);
    __builtin_trap();
}

static void announce(const char *length, const char *content, bool pauses) {
    int32_t fields = fields_new();
    add(fields, "content-length", length);
    begin(fields, 200);
    if (pauses) nap(20);
    print(content);
    if (pauses) nap(20);
    finish(0);
}

static void longer(void) { announce("3", "12345", false); }
static void longer_later(void) { announce("3", "12345", true); }
static void shorter_later(void) { announce("10", "12345", true); }

static void longer_in_pieces(void) {
    int32_t fields = fields_new();
    add(fields, "content-length", "3");
    begin(fields, 200);
    print("12");
    nap(20);
    print("345");
    finish(0);
}

static void length_without_body(void) {
    int32_t fields = fields_new();
    add(fields, "content-length", "5");
    response_outparam_set(outparam, 0, outgoing_response_new(fields), 0, 0, 0, 0, 0, 0);
}

static void length_and_trailers(void) {
    int32_t fields = fields_new(), trailers = fields_new();
    add(fields, "content-length", "5");
    add(trailers, "x-sum", "5");
    begin(fields, 200);
    print("12345");
    finish(trailers);
}

static void misleading_trailers(void) {
    int32_t trailers = fields_new();
    add(trailers, "content-length", "5");
    add(trailers, "transfer-encoding", "chunked");
    add(trailers, "x-sum", "5");
    begin(fields_new(), 200);
    print("12345");
    finish(trailers);
}

static void slow(void) {
    begin(fields_new(), 200);
    for (int index = 0; index < 1000; index++) {
        if (!put("x", 1)) return;
        nap(number());
    }
    finish(0);
}

static void empty_writes(void) {
    begin(fields_new(), 200);
    for (int index = 0; index < 1000; index++) {
        result_none result;
        output_stream_write(stream, 0, 0, &result);
        output_stream_blocking_flush(stream, &result);
    }
    print("after nothing\n");
    finish(0);
}

static void write_beyond_permit(void) {
    static uint8_t block[200000];
    begin(fields_new(), 200);
    result_none result;
    output_stream_write(stream, block, sizeof block, &result);
}

static void write_too_much_at_once(void) {
    static uint8_t block[4097];
    begin(fields_new(), 200);
    result_none result;
    output_stream_blocking_write_and_flush(stream, block, sizeof block, &result);
    finish(0);
}

// Writes as much as it may, and never waits: memory must not grow.
static void write_without_waiting(void) {
    static uint8_t block[4096];
    begin(fields_new(), 200);
    for (int rounds = 0; rounds < 2000000; rounds++) {
        result_count permit;
        output_stream_check_write(stream, &permit);
        if (permit.is_error) return;
        if (permit.ok < sizeof block) continue;
        result_none result;
        output_stream_write(stream, block, sizeof block, &result);
        if (result.is_error) return;
    }
    finish(0);
}

static void nap_behind_answer(void) {
    answer("all of it\n");
    nap(number());
}

static void compute_behind_answer(void) {
    answer("all of it\n");
    compute(number());
}

static bool ignore_piece(bytes piece) {
    (void)piece;
    return true;
}

static void read_behind_answer(void) {
    answer("all of it\n");
    read_all(ignore_piece, 0);
}

static void read_what_was_not_sent(void) {
    bool whole = read_all(ignore_piece, 0);
    result_handle second;
    incoming_request_consume(request, &second);
    answer(whole && second.is_error ? "nothing\n" : "something\n");
}

// Holds the request's body and does not read it.
static void hold_body(void) {
    result_handle result;
    incoming_request_consume(request, &result);
    incoming_body_stream(result.ok, &result);
    nap(number());
    answer("held\n");
}

// MARK: Handles

static void unknown_handle(void) { fields_drop(12345); }
static void wrong_kind(void) { fields_drop(request); }
static void outparam_as_request(void) { incoming_request_drop(outparam); }

static void dropped_twice(void) {
    int32_t fields = fields_new();
    fields_drop(fields);
    fields_drop(fields);
}

static void used_after_drop(void) {
    incoming_request_drop(request);
    incoming_request_headers(request);
}

static void body_before_stream(void) {
    result_handle result;
    incoming_request_consume(request, &result);
    int32_t incoming = result.ok;
    incoming_body_stream(incoming, &result);
    incoming_body_drop(incoming);
}

static void outgoing_body_before_stream(void) {
    begin(fields_new(), 200);
    outgoing_body_drop(body);
}

static void finish_before_stream(void) {
    begin(fields_new(), 200);
    result_error finished;
    outgoing_body_finish(body, 0, 0, &finished);
}

static void stream_before_pollable(void) {
    begin(fields_new(), 200);
    output_stream_subscribe(stream);
    output_stream_drop(stream);
}

static void response_before_body(void) {
    result_handle result;
    int32_t response = outgoing_response_new(fields_new());
    outgoing_response_body(response, &result);
    outgoing_response_drop(response);
    result_handle written;
    outgoing_body_write(result.ok, &written);
    result_count permit;
    output_stream_check_write(written.ok, &permit);
    answer(permit.is_error && permit.error.tag == STREAM_CLOSED ? "closed\n" : "open\n");
}

static void leave_handles(void) {
    for (int index = 0; index < 1000; index++) {
        fields_new();
        request_options_new();
        subscribe_duration(1000000000000);
        incoming_request_headers(request);
    }
    outgoing_request_new(fields_new());
    answer("left\n");
}

// MARK: Taking without end

static void many_fields(void) { for (;;) fields_new(); }
static void many_pollables(void) { for (;;) subscribe_duration(1000000000000); }
static void many_options(void) { for (;;) request_options_new(); }
static void many_headers(void) { for (;;) incoming_request_headers(request); }
static void many_requests(void) { for (;;) outgoing_request_new(fields_new()); }
static void many_responses(void) { for (;;) outgoing_response_new(fields_new()); }

static void many_clones(void) {
    int32_t fields = fields_new();
    static char value[1000];
    memset(value, 'v', sizeof value - 1);
    add(fields, "name", value);
    for (;;) fields_clone(fields);
}

static void many_bodies(void) {
    for (;;) {
        result_handle result;
        int32_t made = outgoing_request_new(fields_new());
        outgoing_request_body(made, &result);
        outgoing_request_drop(made);
    }
}

static void large_fields(void) {
    int32_t fields = fields_new();
    for (;;) add(fields, "name", "value");
}

static void large_field(void) {
    uint32_t length = 8 << 20;
    uint8_t *value = allocate(length, 1);
    memset(value, 'v', length);
    result_header result;
    fields_append(fields_new(), "name", 4, value, length, &result);
}

static void long_poll_list(void) {
    uint32_t count = (uint32_t)number();
    int32_t *list = allocate(count * 4, 4), pollable = subscribe_duration(1000000000000), ready = subscribe_duration(0);
    for (uint32_t index = 0; index < count; index++) list[index] = pollable;
    list[count - 1] = ready;
    indices result;
    poll(list, count, &result);
    answer("polled\n");
}

static void empty_poll_list(void) {
    indices result;
    poll(0, 0, &result);
}

static void poll_for_ever(void) {
    int32_t pollable = subscribe_instant(UINT64_MAX);
    indices result;
    poll(&pollable, 1, &result);
}

static void much_chance(void) {
    bytes result;
    get_random_bytes(UINT64_MAX, &result);
}

static void grow_memory(void) {
    while (__builtin_wasm_memory_grow(0, 1) != (size_t)-1) {}
    answer("full\n");
}

static __externref_t table[0];

static void grow_tables(void) {
    while (__builtin_wasm_table_grow(table, __builtin_wasm_ref_null_extern(), 100000) != -1) {}
    answer("full\n");
}

// MARK: What is left to the next request

static uint32_t secret[4096];
static __externref_t other_table[0];
extern uint8_t __heap_base;

// Leaves behind whatever a guest can: in memory old and new, in tables, and handles of all kinds.
static void leave_traces(void) {
    for (uint32_t index = 0; index < 4096; index++) secret[index] = 0xdeadbeef;
    uint32_t old = __builtin_wasm_memory_size(0);
    __builtin_wasm_memory_grow(0, 3);
    uint8_t *end = (uint8_t *)(uintptr_t)(__builtin_wasm_memory_size(0) << 16);
    for (uint8_t *place = &__heap_base; place < end; place += 1024) *place = 0x5a;
    if (old == 0) __builtin_trap();
    __builtin_wasm_table_grow(other_table, __builtin_wasm_ref_null_extern(), 100);
    kept_outparam = 12345;
    leave_handles();
}

// What can be seen of others: the same for all, if nobody left anything.
static void fingerprint(void) {
    uint32_t pages = __builtin_wasm_memory_size(0), sum = 0;
    for (uint32_t index = 0; index < 4096; index++) sum += secret[index];
    for (uint8_t *place = &__heap_base + 4096; place < (uint8_t *)(uintptr_t)(pages << 16); place++) sum += *place;
    int32_t fields = fields_new(), pollable = subscribe_duration(0);
    uint32_t size = (uint32_t)__builtin_wasm_table_size(other_table);
    begin(fields_new(), 200);
    print_number(pages);
    print(" ");
    print_number(sum);
    print(" ");
    print_number(size);
    print(" ");
    print_number((uint32_t)kept_outparam);
    print(" ");
    print_number((uint32_t)fields);
    print(" ");
    print_number((uint32_t)pollable);
    finish(0);
}

static volatile uint32_t depth;

__attribute__((noinline)) static uint32_t descend(uint32_t from) {
    depth = from;
    if (depth == UINT32_MAX) return 0;
    return descend(from + 1) + depth;
}

static void recurse(void) { descend(0); }

static void recurse_behind_head(void) {
    begin(fields_new(), 200);
    print("some of it");
    nap(50);
    descend(0);
}

// MARK: What is no value

static void text_outside(void) { fields_has(fields_new(), (void *)0xfffffff0, 100); }
static void text_of_no_text(void) { fields_has(fields_new(), "\xff\xfe", 2); }

static void list_outside(void) {
    result_fields made;
    fields_from_list((void *)16, 0x0fffffff, &made);
}

static void result_outside(void) { fields_entries(incoming_request_headers(request), (void *)0xfffffffc); }
static void unaligned_result(void) { fields_entries(incoming_request_headers(request), (void *)17); }
static void no_such_case(void) { response_outparam_set(outparam, 1, 99, 0, 0, 0, 0, 0, 0); }
static void no_such_result(void) { response_outparam_set(outparam, 2, 0, 0, 0, 0, 0, 0, 0); }

// MARK: For ever

static void compute_for_ever_behind_head(void) {
    begin(fields_new(), 200);
    print("some of it");
    nap(50);
    for (;;) work++;
}

static void sleep_for_ever_behind_head(void) {
    begin(fields_new(), 200);
    print("some of it");
    poll_for_ever();
}

static void many_short_naps(void) {
    for (;;) nap(0);
}

static void naps_of_a_moment(void) {
    for (;;) {
        int32_t pollable = subscribe_duration(1);
        pollable_block(pollable);
        pollable_drop(pollable);
    }
}

static void many_calls(void) {
    for (;;) monotonic_now();
}

// Instructions that touch many megabytes each.
static uint8_t *much_memory(uint32_t size) {
    return (uint8_t *)((uintptr_t)__builtin_wasm_memory_grow(0, (size >> 16) + 1) << 16);
}

static void fill_for_ever(void) {
    uint32_t size = (uint32_t)number() << 20;
    uint8_t *place = much_memory(size);
    for (;;) __builtin_memset(place, (int)work++, size);
}

static void copy_for_ever(void) {
    uint32_t size = (uint32_t)number() << 20;
    uint8_t *place = much_memory(size);
    for (;;) __builtin_memmove(place + (work++ & 4096), place + 2048, size);
}

static const struct {
    const char *path;
    void (*run)(void);
} routes[] = {
    {"/drop-outparam", drop_outparam}, {"/drop-outparam-and-nap", drop_outparam_and_nap}, {"/no-body", no_body},
    {"/answer-late", answer_late}, {"/set-status", set_status}, {"/give-status", give_status},
    {"/give-error", give_error}, {"/give-long-error", give_long_error}, {"/left-at-once", left_at_once},
    {"/left-later", left_later}, {"/dropped", dropped}, {"/traps-while-writing", traps_while_writing},
    {"/traps-behind-much", traps_behind_much}, {"/longer", longer}, {"/longer-later", longer_later},
    {"/shorter-later", shorter_later}, {"/longer-in-pieces", longer_in_pieces},
    {"/length-without-body", length_without_body}, {"/length-and-trailers", length_and_trailers},
    {"/misleading-trailers", misleading_trailers}, {"/slow", slow}, {"/empty-writes", empty_writes},
    {"/write-beyond-permit", write_beyond_permit}, {"/write-too-much-at-once", write_too_much_at_once},
    {"/write-without-waiting", write_without_waiting}, {"/nap-behind-answer", nap_behind_answer},
    {"/compute-behind-answer", compute_behind_answer}, {"/read-behind-answer", read_behind_answer},
    {"/read-what-was-not-sent", read_what_was_not_sent}, {"/hold-body", hold_body},
    {"/unknown-handle", unknown_handle}, {"/wrong-kind", wrong_kind}, {"/outparam-as-request", outparam_as_request},
    {"/dropped-twice", dropped_twice}, {"/used-after-drop", used_after_drop},
    {"/body-before-stream", body_before_stream}, {"/outgoing-body-before-stream", outgoing_body_before_stream},
    {"/finish-before-stream", finish_before_stream}, {"/stream-before-pollable", stream_before_pollable},
    {"/response-before-body", response_before_body}, {"/leave-handles", leave_handles}, {"/leave-traces", leave_traces},
    {"/fingerprint", fingerprint}, {"/many-fields", many_fields},
    {"/many-pollables", many_pollables}, {"/many-options", many_options}, {"/many-headers", many_headers},
    {"/many-requests", many_requests}, {"/many-responses", many_responses}, {"/many-clones", many_clones},
    {"/many-bodies", many_bodies}, {"/large-fields", large_fields}, {"/large-field", large_field},
    {"/long-poll-list", long_poll_list}, {"/empty-poll-list", empty_poll_list}, {"/poll-for-ever", poll_for_ever},
    {"/much-chance", much_chance}, {"/grow-memory", grow_memory}, {"/grow-tables", grow_tables}, {"/recurse", recurse},
    {"/recurse-behind-head", recurse_behind_head}, {"/text-outside", text_outside},
    {"/text-of-no-text", text_of_no_text}, {"/list-outside", list_outside}, {"/result-outside", result_outside},
    {"/unaligned-result", unaligned_result}, {"/no-such-case", no_such_case}, {"/no-such-result", no_such_result},
    {"/compute-for-ever-behind-head", compute_for_ever_behind_head},
    {"/sleep-for-ever-behind-head", sleep_for_ever_behind_head}, {"/many-short-naps", many_short_naps},
    {"/naps-of-a-moment", naps_of_a_moment}, {"/many-calls", many_calls}, {"/fill-for-ever", fill_for_ever},
    {"/copy-for-ever", copy_for_ever},
};

EXPORT_HANDLE void handle(int32_t given_request, int32_t given_outparam) {
    string path = take_up(given_request, given_outparam);
    for (uint32_t index = 0; index < sizeof routes / sizeof *routes; index++)
        if (path_is(path, routes[index].path)) return routes[index].run();
    begin(fields_new(), 404);
    print("no such path\n");
    finish(0);
}
