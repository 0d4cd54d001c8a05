// TOML 1.0, read by toml++ and laid out as one array of records that needs no C++ to be walked.
//
// The records stand in the order of their depth: the first is the file's table, and the children of each array or table
// follow one another, behind the record itself. Keys of a table keep the order of the file.
#ifndef CTOML_H
#define CTOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How many tables and arrays may stand in one another. Each name of `[a.b]` and of `a.b = 1` is one.
#define CTOML_MAX_DEPTH 100

enum {
    CTOML_TABLE = 0,
    CTOML_ARRAY = 1,
    CTOML_STRING = 2,
    CTOML_INTEGER = 3,
    CTOML_FLOAT = 4,
    CTOML_BOOLEAN = 5,
    /// A date, a time, or both.
    CTOML_OTHER = 6,
};

/// UTF-8, with no zero at its end and perhaps some inside.
typedef struct {
    const char *bytes;
    size_t length;
} ctoml_text;

typedef struct {
    /// One of the constants above.
    uint8_t kind;
    /// Of a boolean.
    uint8_t boolean;
    /// Where the value begins, from 1; of a table with a header, the header's.
    uint32_t line;
    /// Where the key stands that the value has in its table; 0 if it has none.
    uint32_t key_line;
    /// Empty for what stands in an array, and for the file's table.
    ctoml_text key;
    /// Of a string.
    ctoml_text string;
    int64_t integer;
    double floating;
    /// The children of a table or an array.
    size_t first, count;
} ctoml_record;

typedef struct {
    /// None of them if the text is no TOML.
    const ctoml_record *records;
    size_t count;
    /// What is wrong, and where, lines and columns from 1. Empty if nothing is.
    ctoml_text error;
    uint32_t error_line, error_column;
} ctoml_document;

/// Reads `length` bytes, which are not needed any more when it returns. Whatever they are, no exception comes out, and the
/// depth of calls has a limit. The caller owns the document; all texts live as long as it does.
const ctoml_document *ctoml_parse(const void *bytes, size_t length);

void ctoml_free(const ctoml_document *document);

#ifdef __cplusplus
}
#endif

#endif
