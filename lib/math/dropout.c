/* dropout.c - Philox4x32-10 on 16 counters side by side. */
#include "math/dropout.h"

#include "core/rng.h"
#include "math/simd.h"

#include <string.h>

#define COUNTERS 16 /* of 8 elements each in a block */

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

/* a * m: low and high halves of the 64-bit products of each lane. */
static inline void multiply(sts_vec_u32 a, uint32_t m, sts_vec_u32 *high, sts_vec_u32 *low)
{
    const sts_vec_u64 zero = {0}, x = (sts_vec_u64)a, by = zero + m, lower = zero + 0xFFFFFFFFu;
    sts_vec_u64 even = sts_mul_low(x, by), odd = sts_mul_low(x >> 32, by);
    *low = (sts_vec_u32)((even & lower) | (odd << 32));
    *high = (sts_vec_u32)((even >> 32) | (odd & ~lower));
}

/* The rounds of sts_philox, lane by lane: c[w] is word w of each counter. */
static inline void philox_lanes(sts_vec_u32 c[4], uint64_t key)
{
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        sts_vec_u32 high0, low0, high1, low1;
        multiply(c[0], 0xD2511F53u, &high0, &low0);
        multiply(c[2], 0xCD9E8D57u, &high1, &low1);
        c[0] = high1 ^ c[1] ^ k0;
        c[1] = low1;
        c[2] = high0 ^ c[3] ^ k1;
        c[3] = low0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

/* Word w of counter i decides elements 16 w + i (lower half) and 64 + 16 w + i (upper half). */
void sts_drop_block(float factor[STS_DROP_BLOCK], const sts_drop_site *d, uint64_t row,
                    uint64_t block)
{
    static const uint32_t lane[COUNTERS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    uint64_t first = (uint64_t)d->site << 40 | block * COUNTERS;
    const sts_vec_u32 zero = {0}, scale = (sts_vec_u32)((sts_vec){0} + d->scale);
    for (size_t i = 0; i < COUNTERS; i += STS_LANES) {
        sts_vec_u32 c[4] = {*(const sts_vec_u32 *)(lane + i) + (uint32_t)first,
                            zero + (uint32_t)(first >> 32), zero + (uint32_t)row,
                            zero + (uint32_t)(row >> 32)};
        philox_lanes(c, d->key);
        for (size_t w = 0; w < 4; w++) {
            sts_vec_u32 lower = (sts_vec_u32)((c[w] & 0xFFFFu) >= d->threshold);
            sts_vec_u32 upper = (sts_vec_u32)((c[w] >> 16) >= d->threshold);
            *(sts_vec_u32 *)(factor + 16 * w + i) = lower & scale;
            *(sts_vec_u32 *)(factor + 64 + 16 * w + i) = upper & scale;
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
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * H > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++) {
        if (y != x) memcpy(y + t * H, x + t * H, H * sizeof *y);
        sts_drop_row(y + t * H, H, d, row[t]);
    }
}
