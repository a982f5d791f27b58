/* dropout.c - Philox4x32-10 on 16 counters side by side. */
#include "math/dropout.h"

#include "core/rng.h"

#include <string.h>

#define LANES 16

uint64_t sts_drop_key(uint64_t seed, uint64_t step)
{
    return sts_mix64(seed ^ sts_mix64(step));
}

bool sts_drop_at(sts_drop_site *d, uint64_t key, uint32_t site, float p)
{
    d->key = key;
    d->site = site;
    d->threshold = (uint32_t)(p * 65536.0f + 0.5f);
    if (d->threshold > 65535) d->threshold = 65535;
    d->scale = 65536.0f / (float)(65536 - d->threshold);
    return d->threshold > 0;
}

/* The rounds of sts_philox, lane by lane: c[w] is word w of each counter. */
static void philox_lanes(uint32_t c[4][LANES], uint64_t key)
{
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
#pragma omp simd
        for (int i = 0; i < LANES; i++) {
            uint64_t p0 = (uint64_t)0xD2511F53u * c[0][i], p1 = (uint64_t)0xCD9E8D57u * c[2][i];
            uint32_t c1 = c[1][i], c3 = c[3][i];
            c[0][i] = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
            c[1][i] = (uint32_t)p1;
            c[2][i] = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
            c[3][i] = (uint32_t)p0;
        }
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

void sts_drop_block(float factor[STS_DROP_BLOCK], const sts_drop_site *d, uint64_t row,
                    uint64_t block)
{
    uint32_t c[4][LANES];
    uint64_t low = (uint64_t)d->site << 40 | block * LANES; /* counters of this block */
    for (uint32_t i = 0; i < LANES; i++) {
        c[0][i] = (uint32_t)low + i;
        c[1][i] = (uint32_t)(low >> 32);
        c[2][i] = (uint32_t)row;
        c[3][i] = (uint32_t)(row >> 32);
    }
    philox_lanes(c, d->key);
    for (int w = 0; w < 4; w++) { /* lower halves first, then upper halves */
#pragma omp simd
        for (int i = 0; i < LANES; i++) {
            factor[w * LANES + i] = (c[w][i] & 0xFFFFu) >= d->threshold ? d->scale : 0.0f;
            factor[64 + w * LANES + i] = (c[w][i] >> 16) >= d->threshold ? d->scale : 0.0f;
        }
    }
}

void sts_drop_row(float *x, size_t n, const sts_drop_site *d, uint64_t row)
{
    float factor[STS_DROP_BLOCK];
    for (size_t i = 0; i < n; i += STS_DROP_BLOCK) {
        size_t m = n - i < STS_DROP_BLOCK ? n - i : STS_DROP_BLOCK;
        sts_drop_block(factor, d, row, i / STS_DROP_BLOCK);
        for (size_t j = 0; j < m; j++) x[i + j] *= factor[j];
    }
}

void sts_drop_rows(size_t T, size_t H, float *y, const float *x, const sts_drop_site *d,
                   const uint64_t *row)
{
#pragma omp parallel for schedule(static) if (T * H > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++) {
        if (y != x) memcpy(y + t * H, x + t * H, H * sizeof *y);
        sts_drop_row(y + t * H, H, d, row[t]);
    }
}
