/* rng.c - Philox4x32-10. */
#include "core/rng.h"

#include <math.h>

static inline uint32_t mulhilo(uint32_t a, uint32_t b, uint32_t *hi)
{
    uint64_t p = (uint64_t)a * b;
    *hi = (uint32_t)(p >> 32);
    return (uint32_t)p;
}

void sts_philox(uint64_t key, uint64_t counter_lo, uint64_t counter_hi, uint32_t out[4])
{
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    uint32_t c0 = (uint32_t)counter_lo, c1 = (uint32_t)(counter_lo >> 32);
    uint32_t c2 = (uint32_t)counter_hi, c3 = (uint32_t)(counter_hi >> 32);
    for (int round = 0; round < 10; round++) {
        uint32_t hi0, hi1;
        uint32_t lo0 = mulhilo(0xD2511F53u, c0, &hi0);
        uint32_t lo1 = mulhilo(0xCD9E8D57u, c2, &hi1);
        c0 = hi1 ^ c1 ^ k0;
        c2 = hi0 ^ c3 ^ k1;
        c1 = lo1;
        c3 = lo0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

sts_rng sts_rng_new(uint64_t seed, uint64_t stream)
{
    return (sts_rng){.key = seed, .stream = stream};
}

uint32_t sts_rng_u32(sts_rng *r)
{
    if (r->at % 4 == 0) sts_philox(r->key, r->at / 4, r->stream, r->word);
    return r->word[r->at++ % 4];
}

uint32_t sts_rng_below(sts_rng *r, uint32_t n)
{
    uint32_t floor = (uint32_t)(-n) % n; /* 2^32 mod n: what would favour small values */
    uint32_t x;
    do x = sts_rng_u32(r);
    while (x < floor);
    return x % n;
}

double sts_rng_uniform(sts_rng *r)
{
    uint64_t hi = sts_rng_u32(r), lo = sts_rng_u32(r);
    return (double)((hi << 32 | lo) >> 11) * 0x1p-53;
}

double sts_rng_normal(sts_rng *r)
{
    double u = 1.0 - sts_rng_uniform(r), v = sts_rng_uniform(r);
    return sqrt(-2 * log(u)) * cos(6.283185307179586477 * v);
}

void sts_rng_shuffle(sts_rng *r, uint32_t *index, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = sts_rng_below(r, (uint32_t)i);
        uint32_t t = index[i - 1];
        index[i - 1] = index[j];
        index[j] = t;
    }
}

uint64_t sts_mix64(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}
