// Files that have no name and lie in memory, how their pages come into a mapping, and which of them have been written to:
// system calls that Swift's module of the C library does not declare.

#if defined(__linux__)
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#if __has_include(<linux/userfaultfd.h>)
#include <linux/userfaultfd.h>
#endif
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

#if defined(__linux__)

// PAGEMAP_SCAN came with Linux 6.7, later than the headers of the systems that this is built on.
struct page_region {
    uint64_t start;
    uint64_t end;
    uint64_t categories;
};

struct page_scan {
    uint64_t size;
    uint64_t flags;
    uint64_t start;
    uint64_t end;
    uint64_t walk_end;
    uint64_t regions;
    uint64_t region_count;
    uint64_t max_pages;
    uint64_t category_inverted;
    uint64_t category_mask;
    uint64_t category_anyof_mask;
    uint64_t return_mask;
};

enum {
    PAGE_CATEGORY_FILE = 1 << 2,
    PAGE_CATEGORY_PRESENT = 1 << 3,
    PAGE_CATEGORY_SWAPPED = 1 << 4,
    REGIONS_AT_ONCE = 64,
};

#define PAGE_SCAN _IOWR('f', 16, struct page_scan)

/// A descriptor that is opened once and kept in `*place`, which is -2 before; -1 where it cannot be had.
static int kept_descriptor(int *place, int (*open_it)(void)) {
    int found = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (found != -2) return found;
    int opened = open_it();
    int expected = -2;
    if (__atomic_compare_exchange_n(place, &expected, opened, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return opened;
    if (opened >= 0) close(opened);
    return expected;
}

static int open_page_map(void) { return open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC); }

static int page_map(void) {
    static int descriptor = -2;
    return kept_descriptor(&descriptor, open_page_map);
}

#endif

#if defined(__linux__) && defined(SYS_userfaultfd) && defined(UFFDIO_REGISTER_MODE_WP)

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

static int open_fault_watch(void) {
    int opened = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
    if (opened < 0) return -1;
    struct uffdio_api wanted = {.api = UFFD_API};
    if (ioctl(opened, UFFDIO_API, &wanted) == 0) return opened;
    close(opened);
    return -1;
}

void apus_map_page_by_page(void *base, uint64_t length) {
    static int descriptor = -2;
    int watch = kept_descriptor(&descriptor, open_fault_watch);
    if (watch < 0) return;
    // No page is ever protected, so there is never a fault to be told of.
    struct uffdio_register watched = {
        .range = {.start = (uint64_t)(uintptr_t)base, .len = length},
        .mode = UFFDIO_REGISTER_MODE_WP,
    };
    ioctl(watch, UFFDIO_REGISTER, &watched);
}

#else

void apus_map_page_by_page(void *base, uint64_t length) { (void)base, (void)length; }

#endif

long apus_written_pages(void *base, uint64_t offset, uint64_t length, apus_page_range *ranges, long capacity,
                        uint64_t *walked) {
#if defined(__linux__)
    int descriptor = page_map();
    if (descriptor < 0 || capacity < 1) return -1;
    struct page_region regions[REGIONS_AT_ONCE];
    uint64_t start = (uint64_t)(uintptr_t)base;
    struct page_scan scan = {
        .size = sizeof scan,
        .start = start + offset,
        .end = start + length,
        .regions = (uint64_t)(uintptr_t)regions,
        .region_count = capacity < REGIONS_AT_ONCE ? (uint64_t)capacity : REGIONS_AT_ONCE,
        .category_inverted = PAGE_CATEGORY_FILE,
        .category_mask = PAGE_CATEGORY_FILE,
        .category_anyof_mask = PAGE_CATEGORY_PRESENT | PAGE_CATEGORY_SWAPPED,
        .return_mask = PAGE_CATEGORY_FILE,
    };
    long count = ioctl(descriptor, PAGE_SCAN, &scan);
    if (count < 0) return -1;
    for (long i = 0; i < count; i++) {
        ranges[i].start = regions[i].start - start;
        ranges[i].end = regions[i].end - start;
    }
    *walked = scan.walk_end - start;
    return count;
#else
    (void)base, (void)offset, (void)length, (void)ranges, (void)capacity, (void)walked;
    return -1;
#endif
}
