/* bias.h - adding a row to every row, and its gradient: sums of columns; residual sums. */
#ifndef STS_MATH_BIAS_H
#define STS_MATH_BIAS_H

#include "math/dropout.h"

/* x[t][j] += bias[j] for x[T x H] with rows ldx apart. NULL bias: nothing. */
void sts_bias_add(size_t T, size_t H, float *x, size_t ldx, const float *bias);

/* x += dropout(y + bias), [T x H]; y is overwritten. bias and drop (and then row) may be NULL. */
void sts_residual_add(size_t T, size_t H, float *x, float *y, const float *bias,
                      const sts_drop_site *drop, const uint64_t *row);

/* out[j] += the sum of column j of x. NULL out: nothing. */
void sts_column_sum(size_t T, size_t H, float *out, const float *x, size_t ldx);

/* The part of one thread: out[j] += sum over t of x[t][j] (times w[t][j], with w not NULL) for n
 * <= STS_COLUMNS columns, rows ld apart. */
#define STS_COLUMNS 64
void sts_sum_columns(size_t T, size_t n, float *out, const float *x, const float *w, size_t ld);

#endif
