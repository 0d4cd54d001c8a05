// Passes strings to the interface `text`, to the host and back, in the encoding that it is made with.
#include "text.h"

#include "filesystem.h"

#define TEXT(name) IMPORT("apus:guests/text", name)
TEXT("same") void same_text(const void *, uint32_t, string *);
TEXT("characters") void characters_of(const void *, uint32_t, characters *);
TEXT("from-characters") void from_characters(const uint32_t *, uint32_t, string *);
TEXT("join") void join(const string *, uint32_t, string *);

static bool equal_characters(characters a, characters b) {
    return a.length == b.length && memcmp(a.data, b.data, a.length * 4) == 0;
}

static void survives(const char *name, uint32_t *data, uint32_t length) {
    characters wanted = {data, length};
    uint32_t here = mark();
    string own = encode(wanted), back, made;
    same_text(own.data, own.length, &back);
    bool same = equal_characters(decode(back.data, back.length), wanted);
    characters seen;
    characters_of(own.data, own.length, &seen);
    bool understood = equal_characters(seen, wanted);
    from_characters(data, length, &made);
    bool returned = equal_characters(decode(made.data, made.length), wanted);
    release(here);
    say("%s %s", same && understood && returned ? "ok" : "FAILED", name);
    if (!same) say(" (not the same)");
    if (!understood) say(" (not understood)");
    if (!returned) say(" (not as made)");
    say("\n");
    failures += !(same && understood && returned);
}
#define SURVIVES(name, ...) survives(name, (uint32_t[]){__VA_ARGS__}, sizeof((uint32_t[]){__VA_ARGS__}) / 4)

static void say_characters(const char *name, string s) {
    characters c = decode(s.data, s.length);
    say("%s", name);
    for (uint32_t i = 0; i < c.length; i++) say(" %x", c.data[i]);
    say("\n");
}

bool run(void) {
    SURVIVES("ascii", 'a', 'b', 'c');
    SURVIVES("zero", 'a', 0, 'c');
    SURVIVES("latin1", 0xe9, 0xff, 0x80, 'x');
    SURVIVES("two bytes", 0x100, 0x7ff);
    SURVIVES("three bytes", 0x20ac, 0x800, 0xffff, 0xd7ff, 0xe000);
    SURVIVES("four bytes", 0x1f600, 0x10000, 0x10ffff);
    SURVIVES("wide after narrow", 'a', 0xe9, 'b', 0x20ac, 'c', 0x1f600);
    survives("empty", NULL, 0);
    uint32_t *many = allocate(4000 * 4, 4);
    for (int i = 0; i < 4000; i++) many[i] = 'a' + i % 26;
    survives("long, ascii", many, 4000);
    for (int i = 0; i < 4000; i++) many[i] = 0xa0 + i % 90;
    survives("long, latin1", many, 4000);
    many[3999] = 0x20ac;
    survives("long, wide at the end", many, 4000);
    for (int i = 0; i < 4000; i++) many[i] = i % 3 ? 0x4e00 + i : 0x1f600;
    survives("long, wide", many, 4000);

    string parts[] = {encode((characters){(uint32_t[]){'a', 'b'}, 2}), encode((characters){NULL, 0}),
        encode((characters){(uint32_t[]){0xe9}, 1}), encode((characters){(uint32_t[]){0x1f600, '!'}, 2})};
    string joined;
    join(parts, 4, &joined);
    say_characters("joined", joined);

    // From the host, and to it.
    for (uint32_t i = 1; i < argument_count; i++) say_characters("argument", arguments[i]);
    preopens directories;
    get_directories(&directories);
    if (directories.length) {
        say_characters("directory", directories.data[0].name);
        string path = encode((characters){(uint32_t[]){0xe9, 0x20ac, 0x1f600, '.', 't', 'x', 't'}, 7});
        fs_stat status;
        stat_at(directories.data[0].descriptor, 0, path.data, path.length, &status);
        if (status.is_error) say("file: error %u\n", status.code);
        else say("file: %U bytes\n", status.ok.size);
    }
    return true;
}
