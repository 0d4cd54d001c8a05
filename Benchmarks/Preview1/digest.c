// SHA-256 of a long message, block after block: `digest KILOBYTES`. Rotations and additions of 32 bits.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t k[64], state[8];

static uint32_t rotate(uint32_t value, int count) { return value >> count | value << (32 - count); }

// The constants are the first bits of the roots of primes, found here by whole numbers.
static uint32_t root(uint32_t prime, int cubic) {
    unsigned __int128 low = 0, high = (unsigned __int128)1 << 40;
    while (high - low > 1) {
        unsigned __int128 middle = (low + high) / 2;
        int below = cubic
            ? middle * middle <= ((unsigned __int128)prime << 96) / middle
            : middle * middle <= (unsigned __int128)prime << 64;
        if (below) low = middle; else high = middle;
    }
    return (uint32_t)low;
}

static void block(const uint8_t *bytes) {
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++) w[i] = bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 | bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t a = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];
        uint32_t b = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 28);
        s[4] += a;
        s[0] = a + b;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

int main(int count, char **words) {
    size_t kilobytes = count > 1 ? atoi(words[1]) : 1;
    for (int prime = 2, i = 0; i < 64; prime++) {
        int isPrime = 1;
        for (int d = 2; d * d <= prime; d++) if (prime % d == 0) isPrime = 0;
        if (!isPrime) continue;
        if (i < 8) state[i] = root(prime, 0);
        k[i++] = root(prime, 1);
    }
    uint8_t *message = calloc(kilobytes, 1024);
    for (size_t i = 0; i < kilobytes << 10; i++) message[i] = i * 7;
    for (size_t i = 0; i < kilobytes << 10; i += 64) block(message + i);
    uint8_t last[64] = {0x80};
    uint64_t bits = (uint64_t)kilobytes << 13;
    for (int i = 0; i < 8; i++) last[56 + i] = bits >> (56 - 8 * i);
    block(last);
    for (int i = 0; i < 8; i++) printf("%08x", state[i]);
    printf("\n");
    return 0;
}
