/* test_math_dropout.c - masks against sts_philox itself, their statistics, and the rows. */
#include "math/dropout.h"

#include "math_help.h"

#include <criterion/criterion.h>

Test(dropout, masks_are_philox)
{
    sts_drop_site d;
    cr_assert(sts_drop_at(&d, sts_drop_key(42, 7), 9, 0.25f));
    for (uint64_t row = 0; row < 40; row += 13) {
        for (uint64_t block = 0; block < 5; block++) {
            float f[STS_DROP_BLOCK];
            uint64_t name = row << 32 | 17;
            sts_drop_block(f, &d, name, block);
            for (uint32_t i = 0; i < 16; i++) {
                uint32_t word[4];
                sts_philox(d.key, ((uint64_t)9 << 40) + block * 16 + i, name, word);
                for (size_t w = 0; w < 4; w++) {
                    cr_assert((f[16 * w + i] != 0) == ((word[w] & 0xFFFF) >= d.threshold));
                    cr_assert((f[64 + 16 * w + i] != 0) == (word[w] >> 16 >= d.threshold));
                }
            }
        }
    }
}

Test(dropout, rate_and_scale)
{
    static const float rates[] = {0.0001f, 0.1f, 0.15f, 0.5f, 0.9f};
    for (size_t q = 0; q < sizeof rates / sizeof *rates; q++) {
        sts_drop_site d;
        cr_assert(sts_drop_at(&d, 5, 1, rates[q]));
        double rate = (double)d.threshold / 65536, kept = 0, sum = 0, n = 0;
        cr_assert(fabs(rate - (double)rates[q]) <= 0x1p-17 + 1e-9);
        cr_assert(fabs((double)d.scale * (1 - rate) - 1) < 1e-7, "the mean is kept");
        for (uint64_t row = 0; row < 2000; row++) {
            float f[STS_DROP_BLOCK];
            sts_drop_block(f, &d, row, row % 3);
            for (int i = 0; i < STS_DROP_BLOCK; i++) kept += f[i] != 0, sum += (double)f[i], n++;
        }
        double sigma = sqrt(rate * (1 - rate) / n);
        cr_assert(fabs(kept / n - (1 - rate)) < 4.5 * sigma, "p %g: %g kept", (double)rates[q],
                  kept / n);
        cr_assert(fabs(sum / n - 1) < 4.5 * sigma / (1 - rate));
    }
    sts_drop_site none;
    cr_assert(!sts_drop_at(&none, 5, 1, 0));
}

/* Streams that differ in one thing only agree in as many places as chance has it. */
Test(dropout, streams_are_independent)
{
    enum { ROWS = 300 };
    sts_drop_site a, b[3];
    sts_drop_at(&a, sts_drop_key(1, 1), 1, 0.5f);
    sts_drop_at(&b[0], sts_drop_key(1, 2), 1, 0.5f); /* another step */
    sts_drop_at(&b[1], sts_drop_key(2, 1), 1, 0.5f); /* another seed */
    sts_drop_at(&b[2], sts_drop_key(1, 1), 2, 0.5f); /* another site */
    for (int q = 0; q < 5; q++) {
        double same = 0, n = ROWS * STS_DROP_BLOCK;
        for (uint64_t row = 0; row < ROWS; row++) {
            float x[STS_DROP_BLOCK], y[STS_DROP_BLOCK];
            sts_drop_block(x, &a, row, 0);
            if (q < 3) sts_drop_block(y, &b[q], row, 0);
            else sts_drop_block(y, &a, q == 3 ? row + ROWS : row, q == 3 ? 0 : 1);
            for (int i = 0; i < STS_DROP_BLOCK; i++) same += x[i] == y[i];
        }
        cr_assert(fabs(same / n - 0.5) < 4.5 * 0.5 / sqrt(n), "stream %d: %g alike", q, same / n);
    }
}

Test(dropout, rows)
{
    enum { T = 7, H = 300 };
    float *x = random_floats(T * H, 1);
    static float y[T * H];
    uint64_t row[T] = {3, 1, 4, 1, 5, 9, 2};
    sts_drop_site d;
    sts_drop_at(&d, 8, 2, 0.4f);
    sts_drop_rows(T, H, y, x, &d, row);
    for (size_t t = 0; t < T; t++) {
        float f[STS_DROP_BLOCK];
        for (size_t j = 0; j < H; j++) {
            if (j % STS_DROP_BLOCK == 0) sts_drop_block(f, &d, row[t], j / STS_DROP_BLOCK);
            cr_assert(y[t * H + j] == x[t * H + j] * f[j % STS_DROP_BLOCK]);
        }
    }
    free(x);
}
