// A file that has no name and lies in memory: a system call that Swift's module of the C library does not declare.

#if defined(__linux__)
#define _GNU_SOURCE
#include <sys/mman.h>
#endif

#include "CApus.h"

int apus_memory_file(const char *name) {
#if defined(__linux__)
    return memfd_create(name, MFD_CLOEXEC);
#else
    (void)name;
    return -1;
#endif
}
