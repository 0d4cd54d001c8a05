// wasi:io/poll: timers, standard input and output, alone and together.
#include "wasi.h"

// The interface does not say in which order the ready ones are listed, so neither does this.
static bool indices_are(indices got, uint32_t count, const uint32_t *wanted) {
    if (got.length != count) return false;
    for (uint32_t i = 0; i < count; i++) {
        bool found = false;
        for (uint32_t j = 0; j < count; j++) found |= got.data[j] == wanted[i];
        if (!found) return false;
    }
    return true;
}
#define INDICES_ARE(got, ...) indices_are(got, sizeof((uint32_t[]){__VA_ARGS__}) / 4, (uint32_t[]){__VA_ARGS__})

static indices poll_all(const int32_t *pollables, uint32_t count) {
    indices result;
    poll(pollables, count, &result);
    return result;
}

static void timers(void) {
    uint64_t start = monotonic_now();
    int32_t late = subscribe_duration(MILLISECONDS(4000)), soon = subscribe_duration(MILLISECONDS(1500));
    check("timer is not ready at once", !pollable_ready(late) && !pollable_ready(soon));
    check("earlier timer alone is ready", INDICES_ARE(poll_all((int32_t[]){late, soon}, 2), 1));
    uint64_t after_soon = monotonic_now();
    check("earlier timer waited its time", after_soon - start >= MILLISECONDS(1500));
    check("ready timer stays ready", pollable_ready(soon) && !pollable_ready(late));
    pollable_block(late);
    check("block waits", monotonic_now() - start >= MILLISECONDS(4000) && pollable_ready(late));
    check("both are ready then", INDICES_ARE(poll_all((int32_t[]){late, soon}, 2), 0, 1));
    pollable_drop(late);
    pollable_drop(soon);

    int32_t past = subscribe_instant(0), zero = subscribe_duration(0), never = subscribe_instant(UINT64_MAX);
    int32_t far = subscribe_duration(UINT64_MAX);
    // A host may let other events pass first: a timer that is due is ready once it was waited for.
    pollable_block(past);
    pollable_block(zero);
    check("past instant is ready", pollable_ready(past));
    check("zero duration is ready", pollable_ready(zero));
    check("last instant is not ready", !pollable_ready(never));
    check("longest duration is not ready", !pollable_ready(far));
    check("all that are ready are listed", INDICES_ARE(poll_all((int32_t[]){past, never, zero, far, past}, 5), 0, 2, 4));
    check("same pollable twice", INDICES_ARE(poll_all((int32_t[]){zero, zero}, 2), 0, 1));
    pollable_drop(past);
    pollable_drop(zero);
    pollable_drop(never);
    pollable_drop(far);

    enum { MANY = 1000 };
    int32_t *many = allocate(MANY * 4, 4);
    for (int i = 0; i < MANY; i++) many[i] = subscribe_duration(i % 2 ? 0 : MILLISECONDS(100000));
    for (int i = 1; i < MANY; i += 2) pollable_block(many[i]);
    indices odd = poll_all(many, MANY);
    static bool listed[MANY];
    bool all_odd = odd.length == MANY / 2;
    for (uint32_t i = 0; i < odd.length; i++) {
        uint32_t index = odd.data[i];
        all_odd &= index < MANY && index % 2 == 1 && !listed[index];
        if (index < MANY) listed[index] = true;
    }
    check("a thousand pollables", all_odd);
    for (int i = 0; i < MANY; i++) pollable_drop(many[i]);
}

static void output(void) {
    int32_t stream = get_stdout();
    int32_t pollable = output_stream_subscribe(stream), timer = subscribe_duration(MILLISECONDS(10000));
    check("stdout is ready", pollable_ready(pollable));
    check("stdout beside a timer", INDICES_ARE(poll_all((int32_t[]){timer, pollable}, 2), 1));
    pollable_block(pollable);
    pollable_drop(timer);
    pollable_drop(pollable);
    output_stream_drop(stream);
}

// Input is said to come (or to end) late, after the time of the short timer.
static void late_input(void) {
    int32_t stream = get_stdin();
    int32_t pollable = input_stream_subscribe(stream);
    int32_t soon = subscribe_duration(MILLISECONDS(100)), late = subscribe_duration(MILLISECONDS(60000));
    check("late input is not ready", !pollable_ready(pollable));
    result_bytes result;
    input_stream_read(stream, 16, &result);
    check("read without input gives nothing", !result.is_error && result.ok.length == 0);
    check("timer first", INDICES_ARE(poll_all((int32_t[]){pollable, soon}, 2), 1));
    check("then input", INDICES_ARE(poll_all((int32_t[]){late, pollable}, 2), 1));
    input_stream_read(stream, 16, &result);
    if (result.is_error) say("read: %s\n", result.error.tag == STREAM_CLOSED ? "closed" : "failed");
    else say("read: %q\n", &result.ok);
    pollable_drop(soon);
    pollable_drop(late);
    pollable_drop(pollable);
    input_stream_drop(stream);
}

// All of standard input, by polling and reading what is there.
static void input(void) {
    int32_t stream = get_stdin();
    int32_t pollable = input_stream_subscribe(stream);
    uint64_t total = 0;
    uint32_t sum = 0;
    for (;;) {
        uint32_t here = mark();
        poll_all(&pollable, 1);
        result_bytes result;
        input_stream_read(stream, 65536, &result);
        if (result.is_error) {
            say("%s after %U bytes, sum %u\n", result.error.tag == STREAM_CLOSED ? "closed" : "failed", total, sum);
            break;
        }
        total += result.ok.length;
        for (uint32_t i = 0; i < result.ok.length; i++) sum = sum * 31 + result.ok.data[i];
        release(here);
    }
    check("closed input stays ready", pollable_ready(pollable));
    pollable_drop(pollable);
    input_stream_drop(stream);
}

bool run(void) {
    if (argument_is(1, "timers")) {
        timers();
    } else if (argument_is(1, "output")) {
        output();
    } else if (argument_is(1, "late-input")) {
        late_input();
    } else if (argument_is(1, "input")) {
        input();
    } else if (argument_is(1, "empty")) {
        poll_all(NULL, 0);
    } else if (argument_is(1, "drop-parent")) {
        int32_t stream = get_stdin();
        input_stream_subscribe(stream);
        input_stream_drop(stream);
        say("dropped\n");
    } else if (argument_is(1, "drop-output-parent")) {
        int32_t stream = get_stderr();
        output_stream_subscribe(stream);
        output_stream_drop(stream);
        say("dropped\n");
    } else {
        say("unknown argument\n");
        return false;
    }
    return true;
}
