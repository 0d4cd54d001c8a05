// The game of life on a torus of bytes: `life SIZE GENERATIONS`. Loads and stores of bytes.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **words) {
    int size = count > 1 ? atoi(words[1]) : 64, generations = count > 2 ? atoi(words[2]) : 10, alive = 0;
    uint8_t *cells = malloc(size * size), *next = malloc(size * size);
    uint32_t random = 1;
    for (int i = 0; i < size * size; i++) cells[i] = (random = random * 1664525 + 1013904223) >> 30 == 0;
    for (int generation = 0; generation < generations; generation++) {
        for (int y = 0; y < size; y++) {
            const uint8_t *above = cells + (y + size - 1) % size * size, *row = cells + y * size, *below = cells + (y + 1) % size * size;
            for (int x = 0; x < size; x++) {
                int left = x ? x - 1 : size - 1, right = x + 1 < size ? x + 1 : 0;
                int neighbours = above[left] + above[x] + above[right] + row[left] + row[right] + below[left] + below[x] + below[right];
                next[y * size + x] = neighbours == 3 || (neighbours == 2 && row[x]);
            }
        }
        uint8_t *held = cells;
        cells = next;
        next = held;
    }
    for (int i = 0; i < size * size; i++) alive += cells[i];
    printf("%d\n", alive);
    return 0;
}
