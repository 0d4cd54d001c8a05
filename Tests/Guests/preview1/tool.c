// A program as people write them for WASI 0.1, in C with its library: what the first argument says is done with the
// others. Small commands of a shell, so that what comes of each can be said in a line.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    return 1;
}

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

// Names of a directory, sorted, each with a letter for its type and the size of a file.
static int list(const char *path, int depth) {
    DIR *directory = opendir(path);
    if (!directory) return fail(path);
    static char *all[20000];
    static int used = 0;
    char **names = all + used;
    int count = 0;
    struct dirent *entry;
    while ((entry = readdir(directory))) {
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && used + count < 20000) names[count++] = strdup(entry->d_name);
    }
    used += count;
    closedir(directory);
    qsort(names, count, sizeof *names, compare);
    for (int i = 0; i < count; i++) {
        char full[1024];
        struct stat status;
        snprintf(full, sizeof full, "%s/%s", path, names[i]);
        if (lstat(full, &status)) return fail(full);
        if (S_ISDIR(status.st_mode)) {
            printf("%*sd %s\n", depth * 2, "", names[i]);
            if (list(full, depth + 1)) return 1;
        } else if (S_ISLNK(status.st_mode)) {
            char target[256];
            ssize_t length = readlink(full, target, sizeof target - 1);
            if (length < 0) return fail(full);
            target[length] = 0;
            printf("%*sl %s -> %s\n", depth * 2, "", names[i], target);
        } else {
            printf("%*sf %s %lld\n", depth * 2, "", names[i], (long long)status.st_size);
        }
        free(names[i]);
    }
    used -= count;
    return 0;
}

static int copy(FILE *from, FILE *to) {
    static char buffer[65536];
    size_t count;
    while ((count = fread(buffer, 1, sizeof buffer, from)) > 0) {
        if (fwrite(buffer, 1, count, to) != count) return fail("write");
    }
    return fflush(to) ? fail("flush") : 0;
}

// Removes all there is in a directory while it is listed: entries must neither be left out nor come twice.
static int empty(const char *path) {
    DIR *directory = opendir(path);
    if (!directory) return fail(path);
    struct dirent *entry;
    int removed = 0;
    while ((entry = readdir(directory))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (unlinkat(dirfd(directory), entry->d_name, 0)) return fail(entry->d_name);
        removed++;
    }
    closedir(directory);
    printf("%d removed\n", removed);
    return rmdir(path) ? fail(path) : 0;
}

static int append(const char *path, int count, char **words) {
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (file < 0) return fail(path);
    for (int i = 0; i < count; i++) {
        // Wherever the position is, what is appended goes to the end.
        lseek(file, 0, SEEK_SET);
        if (write(file, words[i], strlen(words[i])) < 0 || write(file, "\n", 1) < 0) return fail(path);
    }
    printf("position %lld\n", (long long)lseek(file, 0, SEEK_CUR));
    return close(file) ? fail(path) : 0;
}

// Says which of standard input, standard output and a timer of so many milliseconds comes first.
static int wait_for_input(int milliseconds) {
    struct pollfd entries[] = {{.fd = 0, .events = POLLIN}, {.fd = 77, .events = POLLIN}};
    int count = poll(entries, 1, milliseconds);
    if (count < 0) return fail("poll");
    printf("%d ready%s%s\n", count, entries[0].revents & POLLIN ? ", input" : "", entries[0].revents & POLLHUP ? ", hung up" : "");
    count = poll(entries + 1, 1, 0);
    printf("77: %s\n", count < 0 ? strerror(errno) : entries[1].revents & POLLNVAL ? "not open" : "?");
    return 0;
}

static int sleep_for(int milliseconds) {
    struct timespec start, end, span = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (nanosleep(&span, NULL)) return fail("nanosleep");
    clock_gettime(CLOCK_MONOTONIC, &end);
    long passed = (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000;
    printf("%s\n", passed >= milliseconds ? "slept" : "woke too early");
    return 0;
}

// A file that is written here and there: pieces, a hole, and what was cut off.
static int patch(const char *path) {
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
    if (file < 0) return fail(path);
    if (pwrite(file, "world", 5, 6) != 5 || pwrite(file, "hello ", 6, 0) != 6) return fail(path);
    if (ftruncate(file, 20) || lseek(file, -4, SEEK_END) != 16 || write(file, "end!", 4) != 4) return fail(path);
    char text[21] = {0};
    if (pread(file, text, 20, 0) != 20) return fail(path);
    for (int i = 0; i < 20; i++) putchar(text[i] ? text[i] : '.');
    putchar('\n');
    struct timespec times[] = {{1000000000, 5}, {1234567890, 7}};
    struct stat status;
    if (futimens(file, times) || fstat(file, &status)) return fail(path);
    printf("%lld.%09ld %lld bytes\n", (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec, (long long)status.st_size);
    return close(file) ? fail(path) : 0;
}

int main(int count, char **words) {
    const char *command = count > 1 ? words[1] : "";
    const char *path = count > 2 ? words[2] : "";
    if (!strcmp(command, "arguments")) {
        for (int i = 0; i < count; i++) printf("[%s]\n", words[i]);
        return 0;
    }
    if (!strcmp(command, "environment")) {
        for (char **entry = environ; entry && *entry; entry++) printf("%s\n", *entry);
        return 0;
    }
    if (!strcmp(command, "list")) return list(path, 0);
    if (!strcmp(command, "empty")) return empty(path);
    if (!strcmp(command, "echo")) return copy(stdin, stdout);
    if (!strcmp(command, "append")) return append(path, count - 3, words + 3);
    if (!strcmp(command, "patch")) return patch(path);
    if (!strcmp(command, "poll")) return wait_for_input(atoi(path));
    if (!strcmp(command, "sleep")) return sleep_for(atoi(path));
    if (!strcmp(command, "exit")) exit(atoi(path));
    if (!strcmp(command, "abort")) abort();
    if (!strcmp(command, "spin")) for (volatile int i = 0;; i++) {}
    if (!strcmp(command, "terminal")) return printf("%d %d\n", isatty(0), isatty(1)) < 0;
    if (!strcmp(command, "show") || !strcmp(command, "save")) {
        int saves = command[1] == 'a';
        FILE *file = fopen(path, saves ? "w" : "r");
        if (!file) return fail(path);
        int result = saves ? copy(stdin, file) : copy(file, stdout);
        return fclose(file) ? fail(path) : result;
    }
    if (!strcmp(command, "move")) return rename(path, words[3]) ? fail(path) : 0;
    if (!strcmp(command, "link")) return symlink(path, words[3]) ? fail(path) : 0;
    if (!strcmp(command, "make")) return mkdir(path, 0777) ? fail(path) : 0;
    if (!strcmp(command, "remove")) return unlink(path) ? fail(path) : 0;
    fprintf(stderr, "unknown command: %s\n", command);
    return 2;
}
