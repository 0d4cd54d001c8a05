// Integers and decisions: loops that branch on what they compute.
#define EXPORT(name) __attribute__((export_name(name)))

EXPORT("collatz") unsigned collatz(unsigned limit) {
    unsigned best = 0;
    for (unsigned start = 1; start < limit; start++) {
        unsigned long long n = start;
        unsigned steps = 0;
        while (n != 1) {
            n = n & 1 ? 3 * n + 1 : n >> 1;
            steps++;
        }
        if (steps > best) best = steps;
    }
    return best;
}

enum { COUNT = 1 << 17 };
static int values[COUNT];
static void sort(int low, int high) {
    while (low < high) {
        int pivot = values[(low + high) >> 1], i = low - 1, j = high + 1;
        for (;;) {
            do i++; while (values[i] < pivot);
            do j--; while (values[j] > pivot);
            if (i >= j) break;
            int swap = values[i];
            values[i] = values[j];
            values[j] = swap;
        }
        sort(low, j);
        low = j + 1;
    }
}
EXPORT("quicksort") unsigned quicksort(unsigned rounds) {
    unsigned check = 0;
    for (unsigned round = 0; round < rounds; round++) {
        unsigned state = round + 1;
        for (int i = 0; i < COUNT; i++) values[i] = (int)(state = state * 1664525 + 1013904223);
        sort(0, COUNT - 1);
        check += (unsigned)values[COUNT / 3];
    }
    return check;
}

// A small machine that interprets instructions: what an interpreter does to an interpreter.
enum { LOAD, ADD, SUBTRACT, MULTIPLY, JUMP_NOT_ZERO, SHIFT, XOR, DECREMENT, MOVE, HALT };
typedef struct { unsigned char operation, target, source, immediate; } instruction;
static const instruction program[] = {
    {LOAD, 0, 0, 7}, {LOAD, 1, 0, 1}, {LOAD, 3, 0, 200},
    {ADD, 0, 1, 0}, {MULTIPLY, 1, 0, 3}, {XOR, 2, 1, 0}, {SHIFT, 2, 0, 5}, {SUBTRACT, 0, 2, 0}, {MOVE, 4, 0, 0},
    {DECREMENT, 3, 0, 0}, {JUMP_NOT_ZERO, 3, 0, 3}, {HALT, 0, 0, 0},
};
EXPORT("machine") unsigned machine(unsigned rounds) {
    unsigned sum = 0;
    for (unsigned round = 0; round < rounds; round++) {
        unsigned registers[8] = {0};
        registers[2] = round;
        for (const instruction *at = program;; at++) {
            unsigned *target = &registers[at->target];
            switch (at->operation) {
            case LOAD: *target = at->immediate; continue;
            case ADD: *target += registers[at->source]; continue;
            case SUBTRACT: *target -= registers[at->source]; continue;
            case MULTIPLY: *target = *target * (registers[at->source] | 1) + at->immediate; continue;
            case JUMP_NOT_ZERO: if (*target) at = program + at->immediate - 1; continue;
            case SHIFT: *target = *target << at->immediate | *target >> (32 - at->immediate); continue;
            case XOR: *target ^= registers[at->source]; continue;
            case DECREMENT: --*target; continue;
            case MOVE: *target = registers[at->source]; continue;
            }
            break;
        }
        sum += registers[4];
    }
    return sum;
}
