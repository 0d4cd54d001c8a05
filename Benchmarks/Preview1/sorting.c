// The C library's qsort, with a comparison through a pointer, and a binary search of each: `sorting COUNT`.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

int main(int count, char **words) {
    uint32_t total = count > 1 ? atoi(words[1]) : 1000, random = 1, found = 0;
    uint32_t *values = malloc(total * sizeof *values);
    for (uint32_t i = 0; i < total; i++) values[i] = random = random * 1664525 + 1013904223;
    qsort(values, total, sizeof *values, compare);
    for (uint32_t i = 0; i < total; i++) {
        uint32_t key = i * 2654435761u;
        found += bsearch(&key, values, total, sizeof *values, compare) != NULL;
    }
    uint64_t sum = 0;
    for (uint32_t i = 0; i < total; i++) sum = sum * 31 + values[i];
    printf("%llu %u\n", (unsigned long long)sum, found);
    return 0;
}
