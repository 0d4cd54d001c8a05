// The planets' motion, in doubles with square roots: `bodies STEPS`.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct { double x[3], v[3], mass; } body;

static body bodies[5] = {
    {{0, 0, 0}, {0, 0, 0}, 39.47841760435743},
    {{4.84143144246472090, -1.16032004402742839, -0.10362204447112311}, {0.606326392995832, 2.81198684491626, -0.02521836165988763}, 0.03769367487038949},
    {{8.34336671824457987, 4.12479856412430479, -0.40352341711432138}, {-1.01077434617879, 1.82566237123041, 0.008415761376584154}, 0.011286326131968767},
    {{12.8943695621391310, -15.1111514016986312, -0.22330757889265573}, {1.08279100644153, 0.868713018169608, -0.010832637401363636}, 0.0017237240570597112},
    {{15.3796971148509165, -25.9193146099879641, 0.179258772950371181}, {0.979090732243898, 0.594698998647676, -0.034755955550407810}, 0.0020336868699246304},
};

static double energy(void) {
    double sum = 0;
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 3; k++) sum += 0.5 * bodies[i].mass * bodies[i].v[k] * bodies[i].v[k];
        for (int j = i + 1; j < 5; j++) {
            double square = 0;
            for (int k = 0; k < 3; k++) square += (bodies[i].x[k] - bodies[j].x[k]) * (bodies[i].x[k] - bodies[j].x[k]);
            sum -= bodies[i].mass * bodies[j].mass / sqrt(square);
        }
    }
    return sum;
}

int main(int count, char **words) {
    int steps = count > 1 ? atoi(words[1]) : 1000;
    for (int step = 0; step < steps; step++) {
        for (int i = 0; i < 5; i++) {
            for (int j = i + 1; j < 5; j++) {
                double d[3], square = 0;
                for (int k = 0; k < 3; k++) d[k] = bodies[i].x[k] - bodies[j].x[k], square += d[k] * d[k];
                double factor = 0.01 / (square * sqrt(square));
                for (int k = 0; k < 3; k++) {
                    bodies[i].v[k] -= d[k] * bodies[j].mass * factor;
                    bodies[j].v[k] += d[k] * bodies[i].mass * factor;
                }
            }
        }
        for (int i = 0; i < 5; i++) for (int k = 0; k < 3; k++) bodies[i].x[k] += 0.01 * bodies[i].v[k];
    }
    printf("%lld\n", (long long)(energy() * 1e9));
    return 0;
}
