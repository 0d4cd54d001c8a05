// A hash table of strings with chains, filled, asked and emptied: `table WORDS`. Memory of the C library, pointers.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct node { struct node *next; uint32_t hash, count; char key[]; } node;

static node **slots;
static uint32_t size = 64, used;

static uint32_t hash(const char *key) {
    uint32_t value = 2166136261;
    for (; *key; key++) value = (value ^ (uint8_t)*key) * 16777619;
    return value;
}

static void grow(void) {
    node **larger = calloc(size * 2, sizeof *larger);
    for (uint32_t i = 0; i < size; i++) {
        for (node *next, *at = slots[i]; at; at = next) {
            next = at->next;
            at->next = larger[at->hash & (size * 2 - 1)];
            larger[at->hash & (size * 2 - 1)] = at;
        }
    }
    free(slots);
    slots = larger;
    size *= 2;
}

static node *find(const char *key) {
    uint32_t value = hash(key);
    for (node *at = slots[value & (size - 1)]; at; at = at->next) if (at->hash == value && !strcmp(at->key, key)) return at;
    if (++used > size) grow();
    node *made = malloc(sizeof *made + strlen(key) + 1);
    *made = (node){slots[value & (size - 1)], value, 0};
    strcpy(made->key, key);
    return slots[value & (size - 1)] = made;
}

int main(int count, char **words) {
    int total = count > 1 ? atoi(words[1]) : 1000;
    slots = calloc(size, sizeof *slots);
    uint32_t random = 1, sum = 0;
    for (int i = 0; i < total; i++) {
        random = random * 1664525 + 1013904223;
        char key[16];
        int length = 0;
        for (uint32_t rest = (random >> 8) % (total / 2 + 1); length < 12; length++, rest /= 7) key[length] = 'a' + rest % 26;
        key[length] = 0;
        find(key)->count++;
    }
    for (uint32_t i = 0; i < size; i++) {
        for (node *next, *at = slots[i]; at; at = next) {
            next = at->next;
            sum = sum * 31 + at->count * at->hash % 1000;
            free(at);
        }
        slots[i] = NULL;
    }
    // The order within a chain is the same everywhere.
    printf("%u different, %u\n", used, sum);
    return 0;
}
