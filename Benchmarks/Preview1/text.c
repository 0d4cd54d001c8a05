// Numbers to text and back through the C library, and words counted: `text LINES`. printf, strtol, strtok.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **words) {
    int lines = count > 1 ? atoi(words[1]) : 100;
    long long sum = 0, found = 0;
    for (int i = 0; i < lines; i++) {
        char line[200];
        snprintf(line, sizeof line, "%d,%x,%s,%.3f,%08d;%c", i, i * 31, i % 3 ? "three" : "none", i / 7.0, -i, 'a' + i % 26);
        for (char *field = strtok(line, ",;"); field; field = strtok(NULL, ",;")) {
            found += strlen(field);
            sum += strtol(field, NULL, 16) + (long long)strtod(field, NULL);
        }
    }
    printf("%lld %lld\n", found, sum);
    return 0;
}
