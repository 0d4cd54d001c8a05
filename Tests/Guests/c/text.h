// Strings in the encoding that the component was made with, ENCODING: 8 for utf8, 16 for utf16, 0 for latin1+utf16.
#ifndef TEXT_H
#define TEXT_H

#include "guest.h"

#ifndef ENCODING
#define ENCODING 8
#endif

enum { MOST_CHARACTERS = 4096 };
typedef struct { uint32_t *data; uint32_t length; } characters;

// Decodes what came from the other side; traps where it is not as the encoding wants it.
static characters decode(const void *data, uint32_t length) {
    characters result = {allocate(MOST_CHARACTERS * 4, 4), 0};
    bool wide = ENCODING == 16;
    if (ENCODING == 0 && length >> 31) {
        length &= 0x7fffffff;
        wide = true;
        // The wide form is for strings that need it.
        bool needed = false;
        for (uint32_t i = 0; i < length; i++) needed |= ((const uint16_t *)data)[i] > 0xff;
        if (!needed) __builtin_trap();
    }
    for (uint32_t i = 0; i < length;) {
        uint32_t c;
        if (wide) {
            if ((uintptr_t)data % 2) __builtin_trap();
            const uint16_t *units = data;
            c = units[i++];
            if (c >= 0xd800 && c < 0xdc00) c = 0x10000 + ((c - 0xd800) << 10) + (units[i++] - 0xdc00);
        } else if (ENCODING == 0) {
            c = ((const uint8_t *)data)[i++];
        } else {
            const uint8_t *units = (const uint8_t *)data;
            c = units[i++];
            int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
            c &= more == 3 ? 7 : more == 2 ? 15 : more == 1 ? 31 : 127;
            while (more--) c = c << 6 | (units[i++] & 0x3f);
        }
        if (result.length == MOST_CHARACTERS) __builtin_trap();
        result.data[result.length++] = c;
    }
    return result;
}

// Encodes for the other side; the length is as the encoding counts, with its mark.
static string encode(characters from) {
    uint8_t *data = allocate(from.length * 4, 2);
    uint16_t *units = (uint16_t *)data;
    uint32_t length = 0;
    bool wide = ENCODING == 16;
    if (ENCODING == 0)
        for (uint32_t i = 0; i < from.length; i++) wide |= from.data[i] > 0xff;
    for (uint32_t i = 0; i < from.length; i++) {
        uint32_t c = from.data[i];
        if (wide) {
            if (c >= 0x10000) {
                units[length++] = 0xd800 + ((c - 0x10000) >> 10);
                units[length++] = 0xdc00 + ((c - 0x10000) & 0x3ff);
            } else {
                units[length++] = c;
            }
        } else if (ENCODING == 0 || c < 0x80) {
            data[length++] = c;
        } else if (c < 0x800) {
            data[length++] = 0xc0 | c >> 6;
            data[length++] = 0x80 | (c & 0x3f);
        } else if (c < 0x10000) {
            data[length++] = 0xe0 | c >> 12;
            data[length++] = 0x80 | (c >> 6 & 0x3f);
            data[length++] = 0x80 | (c & 0x3f);
        } else {
            data[length++] = 0xf0 | c >> 18;
            data[length++] = 0x80 | (c >> 12 & 0x3f);
            data[length++] = 0x80 | (c >> 6 & 0x3f);
            data[length++] = 0x80 | (c & 0x3f);
        }
    }
    return (string){data, ENCODING == 0 && wide ? length | 1u << 31 : length};
}

#endif
