/* rope.c - rotary position embeddings. */
#include "math/rope.h"

#include <math.h>

void sts_rope_table(size_t L, size_t D, float *table, double theta)
{
    size_t half = D / 2;
    for (size_t d = 0; d < half; d++) {
        /* Rounded to float wherever the reference library rounds: at position 1,000 a last bit
         * of the frequency is 1e-4 of a turn. */
        float exponent = (float)(2 * d) / (float)D;
        float frequency = 1.0f / (float)pow(theta, (double)exponent);
        for (size_t t = 0; t < L; t++) {
            float angle = (float)t * frequency;
            table[t * D + d] = (float)cos((double)angle);
            table[t * D + half + d] = (float)sin((double)angle);
        }
    }
}

static void turn(size_t half, float *restrict x, const float *restrict table, float sign)
{
    for (size_t d = 0; d < half; d++) {
        float a = x[d], b = x[half + d], c = table[d], s = sign * table[half + d];
        x[d] = a * c - b * s;
        x[half + d] = b * c + a * s;
    }
}

void sts_rope(size_t T, size_t N, size_t D, float *qkv, const float *table,
              const int32_t *position, bool back)
{
    float sign = back ? -1.0f : 1.0f;
#pragma omp parallel for schedule(static) \
    num_threads(sts_threads()) if (T * N * D > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++)
        for (size_t h = 0; h < 2 * N; h++) /* the heads of q, then those of k */
            turn(D / 2, qkv + t * 3 * N * D + h * D, table + (size_t)position[t] * D, sign);
}
