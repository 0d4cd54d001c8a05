// Arguments, environment, clocks, random numbers, terminals, sockets and ways to exit.
#include "wasi.h"

static void environment(void) {
    for (uint32_t i = 0; i < argument_count; i++) say("argument %q\n", &arguments[i]);
    variables all;
    get_environment(&all);
    for (uint32_t i = 0; i < all.length; i++) say("variable %q = %q\n", &all.data[i].name, &all.data[i].value);
    option_string cwd;
    initial_cwd(&cwd);
    if (cwd.is_some) say("cwd %q\n", &cwd.value);
    else say("no cwd\n");
}

static void clocks(void) {
    datetime now, resolution, later;
    wall_now(&now);
    wall_resolution(&resolution);
    check("wall clock is past 2024", now.seconds > 1704067200 && now.seconds < 7258118400 && now.nanoseconds < 1000000000);
    check("wall clock's resolution", resolution.seconds == 0 && resolution.nanoseconds > 0);
    uint64_t start = monotonic_now();
    check("monotonic clock's resolution", monotonic_resolution() > 0);
    int32_t timer = subscribe_duration(MILLISECONDS(30));
    pollable_block(timer);
    pollable_drop(timer);
    uint64_t end = monotonic_now();
    check("monotonic clock goes on", end - start >= MILLISECONDS(30) && end - start < MILLISECONDS(20000));
    wall_now(&later);
    check("wall clock goes on", later.seconds > now.seconds || later.nanoseconds > now.nanoseconds);
    timer = subscribe_instant(end + MILLISECONDS(20));
    pollable_block(timer);
    pollable_drop(timer);
    check("an instant is of the monotonic clock", monotonic_now() >= end + MILLISECONDS(20));
}

static bool varied(bytes data) {
    bool seen[256] = {0};
    int kinds = 0;
    for (uint32_t i = 0; i < data.length; i++) {
        kinds += !seen[data.data[i]];
        seen[data.data[i]] = true;
    }
    return kinds > 200;
}

static void random(void) {
    bytes data;
    get_random_bytes(0, &data);
    check("no random bytes", data.length == 0);
    get_random_bytes(4096, &data);
    check("random bytes", data.length == 4096 && varied(data));
    get_random_bytes(60000, &data);
    check("many random bytes", data.length == 60000 && varied(data));
    check("random number", get_random_u64() != get_random_u64());
    get_insecure_random_bytes(4096, &data);
    check("insecure random bytes", data.length == 4096 && varied(data));
    check("insecure random number", get_insecure_random_u64() != get_insecure_random_u64());
    seed a;
    insecure_seed(&a);
    check("insecure seed", a.lower || a.upper);
}

static void terminals(void) {
    option_handle in, out_terminal, err;
    get_terminal_stdin(&in);
    get_terminal_stdout(&out_terminal);
    get_terminal_stderr(&err);
    say("stdin %s\n", in.is_some ? "is a terminal" : "is none");
    say("stdout %s\n", out_terminal.is_some ? "is a terminal" : "is none");
    say("stderr %s\n", err.is_some ? "is a terminal" : "is none");
    if (in.is_some) terminal_input_drop(in.value);
    if (out_terminal.is_some) terminal_output_drop(out_terminal.value);
    if (err.is_some) terminal_output_drop(err.value);
}

// MARK: Sockets: without a grant all of them say access-denied

typedef struct { uint8_t is_error; union { int32_t ok; uint8_t code; }; } net_handle;
typedef struct { uint8_t is_error, code; } net_none;
#define SOCKETS(interface, name) IMPORT(WASI("sockets/" interface), name)
SOCKETS("instance-network", "instance-network") int32_t instance_network(void);
SOCKETS("network", "[resource-drop]network") void network_drop(int32_t);
SOCKETS("tcp-create-socket", "create-tcp-socket") void create_tcp_socket(int32_t, net_handle *);
SOCKETS("udp-create-socket", "create-udp-socket") void create_udp_socket(int32_t, net_handle *);
SOCKETS("ip-name-lookup", "resolve-addresses") void resolve_addresses(int32_t, const void *, uint32_t, net_handle *);
SOCKETS("ip-name-lookup", "[resource-drop]resolve-address-stream") void resolve_address_stream_drop(int32_t);
SOCKETS("tcp", "[resource-drop]tcp-socket") void tcp_socket_drop(int32_t);
SOCKETS("udp", "[resource-drop]udp-socket") void udp_socket_drop(int32_t);
#define ADDRESS int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t
#define LOCALHOST(port) 0, port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0
SOCKETS("tcp", "[method]tcp-socket.start-bind") void tcp_start_bind(int32_t, int32_t, ADDRESS, net_none *);
SOCKETS("tcp", "[method]tcp-socket.start-connect") void tcp_start_connect(int32_t, int32_t, ADDRESS, net_none *);
SOCKETS("tcp", "[method]tcp-socket.finish-bind") void tcp_finish_bind(int32_t, net_none *);
SOCKETS("tcp", "[method]tcp-socket.finish-connect") void tcp_finish_connect(int32_t, void *);
SOCKETS("udp", "[method]udp-socket.start-bind") void udp_start_bind(int32_t, int32_t, ADDRESS, net_none *);
SOCKETS("udp", "[method]udp-socket.finish-bind") void udp_finish_bind(int32_t, net_none *);

static const char *const network_errors[] = {
    "unknown", "access-denied", "not-supported", "invalid-argument", "out-of-memory", "timeout", "concurrency-conflict",
    "not-in-progress", "would-block", "invalid-state", "new-socket-limit", "address-not-bindable", "address-in-use",
    "remote-unreachable", "connection-refused", "connection-reset", "connection-aborted", "datagram-too-large",
    "name-unresolvable", "temporary-resolver-failure", "permanent-resolver-failure",
};
static const char *network_error(uint8_t code) { return code < 21 ? network_errors[code] : "?"; }
static const char *outcome(net_none result) { return result.is_error ? network_error(result.code) : "ok"; }

static void sockets(void) {
    int32_t network = instance_network();
    net_handle socket;
    net_none none;
    // A host may refuse when the socket is made, or when it is used.
    create_tcp_socket(0, &socket);
    if (socket.is_error) {
        say("tcp bind %s\ntcp connect %s\n", network_error(socket.code), network_error(socket.code));
    } else {
        tcp_start_bind(socket.ok, network, LOCALHOST(0), &none);
        if (!none.is_error) tcp_finish_bind(socket.ok, &none);
        say("tcp bind %s\n", outcome(none));
        tcp_start_connect(socket.ok, network, LOCALHOST(80), &none);
        struct { uint8_t is_error; union { int32_t ok[2]; uint8_t code; }; } connected;
        if (!none.is_error) {
            tcp_finish_connect(socket.ok, &connected);
            none = (net_none){connected.is_error, connected.code};
        }
        say("tcp connect %s\n", outcome(none));
        tcp_socket_drop(socket.ok);
    }
    create_udp_socket(0, &socket);
    if (socket.is_error) {
        say("udp bind %s\n", network_error(socket.code));
    } else {
        udp_start_bind(socket.ok, network, LOCALHOST(0), &none);
        if (!none.is_error) udp_finish_bind(socket.ok, &none);
        say("udp bind %s\n", outcome(none));
        udp_socket_drop(socket.ok);
    }
    resolve_addresses(network, "localhost", 9, &socket);
    say("resolve %s\n", socket.is_error ? network_error(socket.code) : "ok");
    if (!socket.is_error) resolve_address_stream_drop(socket.ok);
    network_drop(network);
}

bool run(void) {
    if (argument_is(1, "environment")) environment();
    else if (argument_is(1, "clocks")) clocks();
    else if (argument_is(1, "random")) random();
    else if (argument_is(1, "terminals")) terminals();
    else if (argument_is(1, "sockets")) sockets();
    else if (argument_is(1, "return-error")) return false;
    else if (argument_is(1, "return-ok")) return true;
    else {
        say("before\n");
        flush();
        if (argument_is(1, "exit-ok")) exit(0);
        if (argument_is(1, "exit-error")) exit(1);
        if (argument_is(1, "exit-code-0")) exit_with_code(0);
        if (argument_is(1, "exit-code-42")) exit_with_code(42);
        if (argument_is(1, "exit-code-255")) exit_with_code(255);
        say("after\n");
    }
    return true;
}
