/* dropout.h - dropout masks from a counter-based generator: never stored, the same in forward and
 * backward, independent of threads and of how sentences are packed.
 *
 * Element e of a stream is kept when its 16 bits are at least `threshold`, so that it is dropped
 * with probability q = round(65536 p) / 65536 (|q - p| <= 2^-17), and then scaled by
 * exactly 1 / (1 - q): the mean is not biased. Philox4x32-10 gives 8 elements a call. */
#ifndef STS_MATH_DROPOUT_H
#define STS_MATH_DROPOUT_H

#include "math/op.h"

#define STS_DROP_BLOCK 128 /* elements of a stream that are made at once */

typedef struct sts_drop_site {
    uint64_t key;       /* of the step: sts_drop_key(seed, step) */
    uint32_t site;      /* which dropout of the network this is, below 2^24 */
    uint32_t threshold; /* of 65536 */
    float scale;
} sts_drop_site;

uint64_t sts_drop_key(uint64_t seed, uint64_t step);
/* False (and nothing to do) when p rounds to 0. */
bool sts_drop_at(sts_drop_site *d, uint64_t key, uint32_t site, float p);

/* The factors (0 or scale) of elements 128 block ... 128 block + 127 of the stream of `row`, which
 * names a token (sentence key << 32 | position) or a head of a sentence. */
void sts_drop_block(float factor[STS_DROP_BLOCK], const sts_drop_site *d, uint64_t row,
                    uint64_t block);

/* x[i] *= the factors of the row's stream, i in [0, n). */
void sts_drop_row(float *x, size_t n, const sts_drop_site *d, uint64_t row);

/* y = x with dropout, [T x H]; y may be x. */
void sts_drop_rows(size_t T, size_t H, float *y, const float *x, const sts_drop_site *d,
                   const uint64_t *row);

#endif
