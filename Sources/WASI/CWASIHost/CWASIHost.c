#define _GNU_SOURCE
#include "CWASIHost.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#ifndef O_PATH
#define O_PATH 010000000
#endif
#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#define WASIHOST_RWF_NOWAIT 0x00000008
#define WASIHOST_RWF_APPEND 0x00000010
const int wasihost_o_path = O_PATH;
#else
const int wasihost_o_path = O_RDONLY;
#endif

const int64_t wasihost_time_now = UTIME_NOW;
const int64_t wasihost_time_omit = UTIME_OMIT;

static intptr_t answer(long result) { return result < 0 ? -(intptr_t)errno : (intptr_t)result; }

#if defined(__linux__)
struct open_how_v0 {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};

intptr_t wasihost_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
#ifdef SYS_openat2
    struct open_how_v0 how = {flags, mode, resolve};
    return answer(syscall(SYS_openat2, directory, path, &how, sizeof how));
#else
    return -ENOSYS;
#endif
}

// The offset -1 stands for the descriptor's own position, in both halves of the split argument.
static intptr_t transfer(long number, int descriptor, const void *buffer, size_t count, long long offset, int flags) {
    struct iovec part = {(void *)buffer, count};
    return answer(syscall(number, descriptor, &part, 1L, (long)offset, (long)(offset >> 32 >> 31 >> 1), flags));
}

intptr_t wasihost_read_now(int descriptor, void *buffer, size_t count) {
#ifdef SYS_preadv2
    return transfer(SYS_preadv2, descriptor, buffer, count, -1, WASIHOST_RWF_NOWAIT);
#else
    return -ENOSYS;
#endif
}

intptr_t wasihost_write_now(int descriptor, const void *buffer, size_t count) {
#ifdef SYS_pwritev2
    return transfer(SYS_pwritev2, descriptor, buffer, count, -1, WASIHOST_RWF_NOWAIT);
#else
    return -ENOSYS;
#endif
}

intptr_t wasihost_append(int descriptor, const void *buffer, size_t count) {
#ifdef SYS_pwritev2
    return transfer(SYS_pwritev2, descriptor, buffer, count, 0, WASIHOST_RWF_APPEND);
#else
    return -ENOSYS;
#endif
}

intptr_t wasihost_random(void *buffer, size_t count) {
    return answer(syscall(SYS_getrandom, buffer, count, 0));
}
#else
intptr_t wasihost_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    return -ENOSYS;
}

intptr_t wasihost_read_now(int descriptor, void *buffer, size_t count) { return -ENOSYS; }

intptr_t wasihost_write_now(int descriptor, const void *buffer, size_t count) { return -ENOSYS; }

intptr_t wasihost_append(int descriptor, const void *buffer, size_t count) { return -ENOSYS; }

int getentropy(void *buffer, size_t count);

intptr_t wasihost_random(void *buffer, size_t count) {
    size_t part = count < 256 ? count : 256;
    return getentropy(buffer, part) < 0 ? -(intptr_t)errno : (intptr_t)part;
}
#endif

static void fill(struct timespec out[2], const int64_t times[4]) {
    for (int i = 0; i < 2; i++) {
        out[i].tv_sec = (time_t)times[2 * i];
        out[i].tv_nsec = (long)times[2 * i + 1];
    }
}

intptr_t wasihost_set_times(int descriptor, const int64_t times[4]) {
    struct timespec parts[2];
    fill(parts, times);
#if defined(__linux__)
    // Linux alone sets times through a descriptor that cannot read or write, and only since 5.8.
    if (utimensat(descriptor, "", parts, AT_EMPTY_PATH) == 0) return 0;
    if (errno != EINVAL && errno != ENOENT) return -(intptr_t)errno;
#endif
    return answer(futimens(descriptor, parts));
}

intptr_t wasihost_set_times_at(int directory, const char *name, const int64_t times[4]) {
    struct timespec parts[2];
    fill(parts, times);
    return answer(utimensat(directory, name, parts, AT_SYMLINK_NOFOLLOW));
}

intptr_t wasihost_poll(void *entries, size_t count, int64_t nanoseconds) {
#if defined(__linux__)
    struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    return answer(ppoll(entries, count, nanoseconds < 0 ? NULL : &limit, NULL));
#else
    int64_t milliseconds = nanoseconds < 0 ? -1 : nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
    return answer(poll(entries, (nfds_t)count, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds));
#endif
}

intptr_t wasihost_available(int descriptor) {
    int count = 0;
    long result = ioctl(descriptor, FIONREAD, &count);
    return result < 0 ? -(intptr_t)errno : count;
}

intptr_t wasihost_pipe(int ends[2]) {
#if defined(__linux__)
    return answer(pipe2(ends, O_CLOEXEC | O_NONBLOCK));
#else
    if (pipe(ends) < 0) return -(intptr_t)errno;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    return 0;
#endif
}
