// Recursive calls: little work, many frames.
#define EXPORT(name) __attribute__((export_name(name)))
#define KEPT __attribute__((noinline))

KEPT static unsigned fibonacci(unsigned n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
EXPORT("fibonacci") unsigned run_fibonacci(unsigned n) { return fibonacci(n); }

KEPT static unsigned ackermann(unsigned m, unsigned n) {
    if (m == 0) return n + 1;
    if (n == 0) return ackermann(m - 1, 1);
    unsigned inner = ackermann(m, n - 1);
    return ackermann(m - 1, inner);
}
EXPORT("ackermann") unsigned run_ackermann(unsigned rounds) {
    unsigned sum = 0;
    for (unsigned i = 0; i < rounds; i++) sum += ackermann(2, 60 + i % 4);
    return sum;
}

// Calls through a table.
typedef unsigned (*operation)(unsigned, unsigned);
KEPT static unsigned add(unsigned a, unsigned b) { return a + b; }
KEPT static unsigned multiply(unsigned a, unsigned b) { return a * (b | 1); }
KEPT static unsigned rotate(unsigned a, unsigned b) { return a << (b & 31) | a >> (-b & 31); }
KEPT static unsigned mix(unsigned a, unsigned b) { return (a ^ b) + 0x9e3779b9; }
static operation operations[4] = {add, multiply, rotate, mix};
EXPORT("indirect") unsigned run_indirect(unsigned rounds) {
    volatile operation *table = operations;
    unsigned value = 1;
    for (unsigned i = 0; i < rounds; i++) value = table[value & 3](value, i);
    return value;
}
