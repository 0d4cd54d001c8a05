// Exports the interface `text`: strings in its own encoding, whatever the importer's is.
#include "text.h"

#define TEXT(name) EXPORT("apus:guests/text#" name)

TEXT("same") string *same_text(const void *data, uint32_t length) {
    string *result = allocate(sizeof *result, 4);
    *result = encode(decode(data, length));
    return result;
}

TEXT("characters") characters *characters_of(const void *data, uint32_t length) {
    characters *result = allocate(sizeof *result, 4);
    *result = decode(data, length);
    return result;
}

TEXT("from-characters") string *from_characters(uint32_t *data, uint32_t length) {
    string *result = allocate(sizeof *result, 4);
    *result = encode((characters){data, length});
    return result;
}

TEXT("join") string *join(const string *strings, uint32_t count) {
    characters all = {allocate(MOST_CHARACTERS * 4, 4), 0};
    for (uint32_t i = 0; i < count; i++) {
        characters one = decode(strings[i].data, strings[i].length);
        for (uint32_t j = 0; j < one.length; j++) all.data[all.length++] = one.data[j];
    }
    string *result = allocate(sizeof *result, 4);
    *result = encode(all);
    return result;
}
