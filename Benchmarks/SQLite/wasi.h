// What SQLite's layer for Unix and its shell ask of a system and WASI 0.1 does not have: users, modes, and locks between
// processes. Included before everything else when they are compiled.
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef F_GETLK
#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2
#define F_GETLK 5
#define F_SETLK 6
#define F_SETLKW 7
#endif

static inline unsigned getuid(void) { return 0; }
static inline unsigned geteuid(void) { return 0; }
#define getpwuid(user) ((struct passwd *)0)
static inline int fchown(int file, unsigned user, unsigned group) { return (void)file, (void)user, (void)group, 0; }
static inline int no_fchmod(int file, mode_t mode) { return (void)file, (void)mode, 0; }
#define fchmod no_fchmod

// A program is alone with its files: every lock is granted, and nobody else holds one.
static inline int lock_or_fcntl(int file, int command, ...) {
    va_list rest;
    va_start(rest, command);
    int result = 0;
    if (command == F_GETLK) {
        va_arg(rest, struct flock *)->l_type = F_UNLCK;
    } else if (command != F_SETLK && command != F_SETLKW) {
        result = fcntl(file, command, va_arg(rest, int));
    }
    va_end(rest);
    return result;
}
#define fcntl lock_or_fcntl
