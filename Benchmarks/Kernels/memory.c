// Traffic with memory, by bytes and by words.
#define EXPORT(name) __attribute__((export_name(name)))
typedef unsigned char byte;

enum { BYTES = 1 << 20 };
static byte data[BYTES], copy[BYTES];
static unsigned words[BYTES / 4];
static unsigned long long longs[BYTES / 8];

EXPORT("sieve") unsigned sieve(unsigned rounds) {
    unsigned count = 0;
    for (unsigned round = 0; round < rounds; round++) {
        for (int i = 0; i < BYTES; i++) data[i] = (byte)(i | 1) | 1;
        for (int i = 2; i * i < BYTES; i++)
            if (data[i])
                for (int j = i * i; j < BYTES; j += i) data[j] = 0;
        for (int i = 2; i < BYTES; i++) count += data[i] != 0;
    }
    return count;
}

// Each byte is changed on its way, so that it goes through the loop and not through one instruction for all.
EXPORT("copy") unsigned copy_bytes(unsigned rounds) {
    for (int i = 0; i < BYTES; i++) data[i] = (byte)(i * 7);
    for (unsigned round = 0; round < rounds; round++) {
        const byte *from = round & 1 ? copy : data;
        byte *to = round & 1 ? data : copy;
        for (int i = 0; i < BYTES; i++) to[i] = from[i] ^ (byte)round;
    }
    return data[12345] | copy[54321] << 8;
}

EXPORT("checksum") unsigned checksum(unsigned rounds) {
    static unsigned table[256];
    for (unsigned i = 0; i < 256; i++) {
        unsigned c = i;
        for (int bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
        table[i] = c;
    }
    for (int i = 0; i < BYTES; i++) data[i] = (byte)(i * 31 >> 3);
    unsigned crc = ~0u;
    for (unsigned round = 0; round < rounds; round++)
        for (int i = 0; i < BYTES; i++) crc = table[(crc ^ data[i]) & 0xff] ^ crc >> 8;
    return ~crc;
}

EXPORT("words") unsigned traffic_of_words(unsigned rounds) {
    for (int i = 0; i < BYTES / 4; i++) words[i] = i * 2654435761u;
    for (int i = 0; i < BYTES / 8; i++) longs[i] = i * 0x9e3779b97f4a7c15ull;
    for (unsigned round = 0; round < rounds; round++) {
        for (int i = 1; i < BYTES / 4; i++) words[i] += words[i - 1] >> 3;
        for (int i = 1; i < BYTES / 8; i++) longs[i] = longs[i] * 5 + words[i] + longs[i - 1];
    }
    return words[777] ^ (unsigned)longs[BYTES / 8 - 1];
}
