// Files that have no name and lie in memory, and which pages of their mappings have been written to: system calls that
// Swift's module of the C library does not declare.

#if defined(__linux__)
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
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

/// The process's page map, opened once and kept; -1 where there is none.
static int page_map(void) {
    static int descriptor = -2;
    int found = __atomic_load_n(&descriptor, __ATOMIC_ACQUIRE);
    if (found != -2) return found;
    int opened = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    int expected = -2;
    if (__atomic_compare_exchange_n(&descriptor, &expected, opened, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        return opened;
    }
    if (opened >= 0) close(opened);
    return expected;
}

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
