/* rng.h - a counter-based generator: the same (key, counter) always gives the same bits, so
 * nothing depends on threads or on how often it was called. Philox4x32-10, from Salmon et al.,
 * "Parallel random numbers: as easy as 1, 2, 3" (SC11). */
#ifndef STS_CORE_RNG_H
#define STS_CORE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* Four 32-bit words for a 64-bit key and a 128-bit counter (low, high). */
void sts_philox(uint64_t key, uint64_t counter_lo, uint64_t counter_hi, uint32_t out[4]);

/* A sequential reader of one stream. */
typedef struct sts_rng {
    uint64_t key, stream, at;
    uint32_t word[4];
} sts_rng;

sts_rng sts_rng_new(uint64_t seed, uint64_t stream);
uint32_t sts_rng_u32(sts_rng *r);
uint32_t sts_rng_below(sts_rng *r, uint32_t n); /* uniform in [0, n), n > 0, unbiased */
double sts_rng_uniform(sts_rng *r);             /* [0, 1), 53 bits */
double sts_rng_normal(sts_rng *r);              /* mean 0, variance 1 */

/* Fisher-Yates over n indices, in place. */
void sts_rng_shuffle(sts_rng *r, uint32_t *index, size_t n);

/* A well-mixed 64-bit hash of a 64-bit value (the finaliser of SplitMix64). */
uint64_t sts_mix64(uint64_t x);

#endif
