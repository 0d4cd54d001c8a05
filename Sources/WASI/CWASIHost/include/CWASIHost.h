// System calls that Swift cannot make: variadic ones, and those that the C library's module map leaves out.
//
// Each function answers as the Linux kernel does: a count or a descriptor, or the negated `errno`. A call that the
// platform does not have answers `-ENOSYS`, and the caller has another way.
#ifndef CWASIHOST_H
#define CWASIHOST_H

#include <stddef.h>
#include <stdint.h>

/// `openat2(2)`. `resolve` is a set of `RESOLVE_` bits.
intptr_t wasihost_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

/// Reads what is there and does not wait, whatever the descriptor's own flags say: `preadv2(2)` with `RWF_NOWAIT`.
intptr_t wasihost_read_now(int descriptor, void *buffer, size_t count);

/// Writes what fits and does not wait, whatever the descriptor's own flags say: `pwritev2(2)` with `RWF_NOWAIT`.
intptr_t wasihost_write_now(int descriptor, const void *buffer, size_t count);

/// Writes at the end of the file, wherever that is by then: `pwritev2(2)` with `RWF_APPEND`.
intptr_t wasihost_append(int descriptor, const void *buffer, size_t count);

/// Fills at most `count` bytes from the kernel's generator, and says how many.
intptr_t wasihost_random(void *buffer, size_t count);

/// Sets the times of the object itself that `descriptor` names, which may have been opened with `O_PATH`.
/// Each of the two times is seconds and nanoseconds, the latter possibly one of the `wasihost_time_` values.
intptr_t wasihost_set_times(int descriptor, const int64_t times[4]);

/// Like `wasihost_set_times`, for the entry `name` of `directory`; a symbolic link is not followed.
intptr_t wasihost_set_times_at(int directory, const char *name, const int64_t times[4]);

/// Waits for one of `count` descriptors. `entries` has the layout of `struct pollfd`.
/// `nanoseconds` below zero is for ever.
intptr_t wasihost_poll(void *entries, size_t count, int64_t nanoseconds);

/// How many bytes can be read now: `ioctl(2)` with `FIONREAD`.
intptr_t wasihost_available(int descriptor);

/// A pipe whose ends do not wait and are closed by `exec`.
intptr_t wasihost_pipe(int ends[2]);

/// Nanosecond values that mean "now" and "leave as it is".
extern const int64_t wasihost_time_now;
extern const int64_t wasihost_time_omit;

/// `O_PATH` where the platform has it, otherwise `O_RDONLY`: a descriptor good for looking up entries.
extern const int wasihost_o_path;

#endif
