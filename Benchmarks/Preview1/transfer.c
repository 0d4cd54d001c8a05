// Writes and reads a file in pieces: `transfer PATH MEGABYTES PIECE`. What was read is checked against what was written.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count < 4) return 2;
    int64_t total = atoll(words[2]) << 20;
    size_t piece = strtoul(words[3], NULL, 10);
    uint64_t *buffer = malloc(piece);
    for (size_t i = 0; i < piece / 8; i++) buffer[i] = i * 0x9E3779B97F4A7C15;
    int file = open(words[1], O_RDWR | O_CREAT | O_TRUNC, 0666);
    if (file < 0) return perror("open"), 1;
    uint64_t number = 0;
    for (int64_t done = 0; done < total; done += piece) {
        buffer[0] = number++;
        if (write(file, buffer, piece) != (ssize_t)piece) return perror("write"), 1;
    }
    if (lseek(file, 0, SEEK_SET)) return perror("lseek"), 1;
    uint64_t sum = 0;
    ssize_t length;
    while ((length = read(file, buffer, piece)) > 0) sum = sum * 31 + buffer[0] + buffer[piece / 16] + length;
    if (length < 0) return perror("read"), 1;
    printf("%llu\n", (unsigned long long)sum);
    return close(file) || unlink(words[1]);
}
