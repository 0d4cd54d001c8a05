// Makes many files, then lists the directory and asks for the status of each, some rounds: `entries PATH FILES ROUNDS`.
// With ROUNDS below zero the files are there already and stay.
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count < 4) return 2;
    int files = atoi(words[2]), rounds = atoi(words[3]), stays = rounds < 0;
    char path[512];
    for (int i = 0; !stays && i < files; i++) {
        snprintf(path, sizeof path, "%s/file-%05d", words[1], i);
        int file = open(path, O_WRONLY | O_CREAT, 0666);
        if (file < 0) return perror(path), 1;
        if (write(file, path, i % 100) != i % 100 || close(file)) return perror(path), 1;
    }
    long long size = 0, entries = 0;
    for (int round = 0; round < abs(rounds); round++) {
        DIR *directory = opendir(words[1]);
        if (!directory) return perror(words[1]), 1;
        for (struct dirent *entry; (entry = readdir(directory));) {
            if (entry->d_name[0] == '.') continue;
            struct stat status;
            if (fstatat(dirfd(directory), entry->d_name, &status, 0)) return perror(entry->d_name), 1;
            size += status.st_size;
            entries++;
        }
        closedir(directory);
    }
    printf("%lld entries, %lld bytes\n", entries, size);
    for (int i = 0; !stays && i < files; i++) {
        snprintf(path, sizeof path, "%s/file-%05d", words[1], i);
        if (unlink(path)) return perror(path), 1;
    }
    return 0;
}
