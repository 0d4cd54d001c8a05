// wasi:filesystem, lowered by hand.
#ifndef FILESYSTEM_H
#define FILESYSTEM_H

#include "wasi.h"

#define TYPES(name) IMPORT(WASI("filesystem/types"), name)
#define DESCRIPTOR(name) TYPES("[method]descriptor." name)

enum { PATH_SYMLINK_FOLLOW = 1 };
enum { OPEN_CREATE = 1, OPEN_DIRECTORY = 2, OPEN_EXCLUSIVE = 4, OPEN_TRUNCATE = 8 };
enum { READ = 1, WRITE = 2, FILE_INTEGRITY_SYNC = 4, DATA_INTEGRITY_SYNC = 8, REQUESTED_WRITE_SYNC = 16, MUTATE_DIRECTORY = 32 };
enum { NO_CHANGE, NOW, TIMESTAMP };

typedef struct { uint8_t is_some; datetime value; } option_datetime;
typedef struct {
    uint8_t type;
    uint64_t link_count, size;
    option_datetime accessed, modified, changed;
} descriptor_stat;
typedef struct { uint8_t type; string name; } directory_entry;
typedef struct { uint8_t is_some; directory_entry value; } option_entry;
typedef struct { int32_t descriptor; string name; } preopen;
typedef struct { preopen *data; uint32_t length; } preopens;

typedef struct { uint8_t is_error, code; } fs_none;
typedef struct { uint8_t is_error; union { uint8_t ok; uint8_t code; }; } fs_byte;
typedef struct { uint8_t is_error; union { int32_t ok; uint8_t code; }; } fs_handle;
typedef struct { uint8_t is_error; union { uint64_t ok; uint8_t code; }; } fs_size;
typedef struct { uint8_t is_error; union { string ok; uint8_t code; }; } fs_string;
typedef struct { uint8_t is_error; union { descriptor_stat ok; uint8_t code; }; } fs_stat;
typedef struct { uint8_t is_error; union { seed ok; uint8_t code; }; } fs_hash;
typedef struct { uint8_t is_error; union { option_entry ok; uint8_t code; }; } fs_entry;
typedef struct { uint8_t is_error; union { struct { bytes data; uint8_t end; } ok; uint8_t code; }; } fs_read;
typedef struct { uint8_t is_some, code; } option_code;

IMPORT(WASI("filesystem/preopens"), "get-directories") void get_directories(preopens *);
TYPES("[resource-drop]descriptor") void descriptor_drop(int32_t);
TYPES("[resource-drop]directory-entry-stream") void directory_entry_stream_drop(int32_t);
TYPES("[method]directory-entry-stream.read-directory-entry") void read_directory_entry(int32_t, fs_entry *);
TYPES("filesystem-error-code") void filesystem_error_code(int32_t, option_code *);
DESCRIPTOR("read-via-stream") void read_via_stream(int32_t, uint64_t, fs_handle *);
DESCRIPTOR("write-via-stream") void write_via_stream(int32_t, uint64_t, fs_handle *);
DESCRIPTOR("append-via-stream") void append_via_stream(int32_t, fs_handle *);
DESCRIPTOR("advise") void advise(int32_t, uint64_t, uint64_t, int32_t, fs_none *);
DESCRIPTOR("sync-data") void sync_data(int32_t, fs_none *);
DESCRIPTOR("get-flags") void get_flags(int32_t, fs_byte *);
DESCRIPTOR("get-type") void get_type(int32_t, fs_byte *);
DESCRIPTOR("set-size") void set_size(int32_t, uint64_t, fs_none *);
DESCRIPTOR("set-times") void set_times(int32_t, int32_t, uint64_t, int32_t, int32_t, uint64_t, int32_t, fs_none *);
DESCRIPTOR("read") void read_at(int32_t, uint64_t, uint64_t, fs_read *);
DESCRIPTOR("write") void write_at(int32_t, const void *, uint32_t, uint64_t, fs_size *);
DESCRIPTOR("read-directory") void read_directory(int32_t, fs_handle *);
DESCRIPTOR("sync") void sync_all(int32_t, fs_none *);
DESCRIPTOR("create-directory-at") void create_directory_at(int32_t, const void *, uint32_t, fs_none *);
DESCRIPTOR("stat") void stat(int32_t, fs_stat *);
DESCRIPTOR("stat-at") void stat_at(int32_t, int32_t, const void *, uint32_t, fs_stat *);
DESCRIPTOR("set-times-at") void set_times_at(
    int32_t, int32_t, const void *, uint32_t, int32_t, uint64_t, int32_t, int32_t, uint64_t, int32_t, fs_none *);
DESCRIPTOR("link-at") void link_at(int32_t, int32_t, const void *, uint32_t, int32_t, const void *, uint32_t, fs_none *);
DESCRIPTOR("open-at") void open_at(int32_t, int32_t, const void *, uint32_t, int32_t, int32_t, fs_handle *);
DESCRIPTOR("readlink-at") void readlink_at(int32_t, const void *, uint32_t, fs_string *);
DESCRIPTOR("remove-directory-at") void remove_directory_at(int32_t, const void *, uint32_t, fs_none *);
DESCRIPTOR("rename-at") void rename_at(int32_t, const void *, uint32_t, int32_t, const void *, uint32_t, fs_none *);
DESCRIPTOR("symlink-at") void symlink_at(int32_t, const void *, uint32_t, const void *, uint32_t, fs_none *);
DESCRIPTOR("unlink-file-at") void unlink_file_at(int32_t, const void *, uint32_t, fs_none *);
DESCRIPTOR("is-same-object") int32_t is_same_object(int32_t, int32_t);
DESCRIPTOR("metadata-hash") void metadata_hash(int32_t, fs_hash *);
DESCRIPTOR("metadata-hash-at") void metadata_hash_at(int32_t, int32_t, const void *, uint32_t, fs_hash *);

#endif
