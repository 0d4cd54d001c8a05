// Nested loops over floating-point numbers.
#define EXPORT(name) __attribute__((export_name(name)))

enum { SIZE = 120 };
static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

EXPORT("matrix") unsigned matrix(unsigned rounds) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) a[i][j] = (i * 7 + j) % 13, b[i][j] = (i + j * 5) % 11;
    for (unsigned round = 0; round < rounds; round++) {
        for (int i = 0; i < SIZE; i++)
            for (int j = 0; j < SIZE; j++) {
                double sum = 0;
                for (int k = 0; k < SIZE; k++) sum += a[i][k] * b[k][j];
                c[i][j] = sum;
            }
        a[round % SIZE][0] = c[0][round % SIZE] / 1000;
    }
    double total = 0;
    for (int i = 0; i < SIZE; i++) total += c[i][(i * 3) % SIZE];
    return (unsigned)(long long)total;
}

EXPORT("mandelbrot") unsigned mandelbrot(unsigned size) {
    unsigned inside = 0;
    for (unsigned y = 0; y < size; y++)
        for (unsigned x = 0; x < size; x++) {
            float cr = 2.5f * x / size - 2, ci = 2.0f * y / size - 1, r = 0, i = 0;
            unsigned n = 0;
            while (n < 100 && r * r + i * i < 4) {
                float next = r * r - i * i + cr;
                i = 2 * r * i + ci;
                r = next;
                n++;
            }
            inside += n;
        }
    return inside;
}

static struct { double x[3], v[3], mass; } bodies[5];
EXPORT("bodies") unsigned move_bodies(unsigned steps) {
    for (int i = 0; i < 5; i++)
        for (int d = 0; d < 3; d++) {
            bodies[i].x[d] = i * 1.5 + d * (i - 2) * 0.7;
            bodies[i].v[d] = (d - 1) * 0.1 * i;
            bodies[i].mass = 1.0 / (i + 1);
        }
    for (unsigned step = 0; step < steps; step++) {
        for (int i = 0; i < 5; i++)
            for (int j = i + 1; j < 5; j++) {
                double delta[3], square = 0.01;
                for (int d = 0; d < 3; d++) {
                    delta[d] = bodies[i].x[d] - bodies[j].x[d];
                    square += delta[d] * delta[d];
                }
                double pull = 0.001 / (square * __builtin_sqrt(square));
                for (int d = 0; d < 3; d++) {
                    bodies[i].v[d] -= delta[d] * bodies[j].mass * pull;
                    bodies[j].v[d] += delta[d] * bodies[i].mass * pull;
                }
            }
        for (int i = 0; i < 5; i++)
            for (int d = 0; d < 3; d++) bodies[i].x[d] += bodies[i].v[d] * 0.001;
    }
    return (unsigned)(int)(bodies[0].x[0] * 1e6);
}
