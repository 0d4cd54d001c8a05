// The greatest number of flips that a permutation's first element asks for: `permutations N`. Small arrays, branches.
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **words) {
    int n = count > 1 ? atoi(words[1]) : 8;
    int current[16], flipped[16], counts[16], greatest = 0, sum = 0, rest = n, parity = 0;
    for (int i = 0; i < n; i++) current[i] = i;
    while (1) {
        for (; rest != 1; rest--) counts[rest - 1] = rest;
        for (int i = 0; i < n; i++) flipped[i] = current[i];
        int flips = 0;
        for (int first; (first = flipped[0]); flips++) {
            for (int low = 0, high = first; low < high; low++, high--) {
                int held = flipped[low];
                flipped[low] = flipped[high];
                flipped[high] = held;
            }
        }
        if (flips > greatest) greatest = flips;
        sum += parity ? -flips : flips;
        parity = !parity;
        while (1) {
            if (rest == n) return printf("%d %d\n", sum, greatest) < 0;
            int first = current[0];
            for (int i = 0; i < rest; i++) current[i] = current[i + 1];
            current[rest] = first;
            if (--counts[rest] > 0) break;
            rest++;
        }
    }
}
