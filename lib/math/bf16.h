/* bf16.h - products of matrices whose factors are rounded to bfloat16, a float's upper 16 bits (8
 * binary digits), and whose sums are float32. */
#ifndef STS_MATH_BF16_H
#define STS_MATH_BF16_H

#include "math/onednn.h"

/* y[i] = x[i] rounded to nearest, ties to even; NaN stays NaN. Single-threaded. */
void sts_bf16_round(uint16_t *y, const float *x, size_t n);
/* The same on all threads. */
void sts_bf16_round_all(uint16_t *y, const float *x, size_t n);

/* The weights of a model beside their roundings, made once for many products, and room for those
 * of the factors that are not weights: m k + n k numbers of the largest product. */
typedef struct sts_bf16 {
    const float *value;
    const uint16_t *rounded; /* [count] both */
    size_t count;
    uint16_t *room;
    size_t n_room;
} sts_bf16;

/* As sts_onednn_product. */
int sts_bf16_product(const sts_bf16 *w, const sts_product *p);

#endif
