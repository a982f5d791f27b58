/* smallmm.h - matrix products small enough to stay in cache, as attention has by the thousand:
 * one call costs tens of nanoseconds, where the BLAS takes most of a microsecond. */
#ifndef STS_MATH_SMALLMM_H
#define STS_MATH_SMALLMM_H

#include "math/op.h"

/* c[m x n] = a b (+= when add), element a[i][p] at a[i * row + p * col] (so that a' costs
 * nothing), b[k x n] with rows ldb apart. Single-threaded. */
void sts_smallmm(size_t m, size_t n, size_t k, float *c, size_t ldc, const float *a, size_t row,
                 size_t col, const float *b, size_t ldb, bool add);

/* y[n x width] = x[m x n]' with zeros in the columns from m on; width >= m. */
void sts_transpose(size_t m, size_t n, float *y, size_t ldy, const float *x, size_t ldx,
                   size_t width);

#endif
