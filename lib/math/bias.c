/* bias.c - rows added to rows, residual sums, and column sums in a fixed order. */
#include "math/bias.h"

void sts_bias_add(size_t T, size_t H, float *x, size_t ldx, const float *bias)
{
    if (!bias) return;
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * H > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++) {
        float *restrict y = x + t * ldx;
        for (size_t j = 0; j < H; j++) y[j] += bias[j];
    }
}

void sts_residual_add(size_t T, size_t H, float *x, float *y, const float *bias,
                      const sts_drop_site *drop, const uint64_t *row)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * H > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++) {
        float *restrict a = x + t * H, *restrict b = y + t * H;
        for (size_t j = 0; bias && j < H; j++) b[j] += bias[j];
        if (drop) sts_drop_row(b, H, drop, row[t]);
        for (size_t j = 0; j < H; j++) a[j] += b[j];
    }
}

#define ROWS 32 /* summed in float before they are added up in double */

void sts_sum_columns(size_t T, size_t n, float *restrict out, const float *restrict x,
                     const float *restrict w, size_t ld)
{
    double total[STS_COLUMNS] = {0};
    for (size_t lo = 0; lo < T; lo += ROWS) {
        float part[STS_COLUMNS] = {0};
        size_t hi = lo + ROWS < T ? lo + ROWS : T;
        for (size_t t = lo; t < hi; t++) {
            const float *a = x + t * ld;
            if (w) {
                for (size_t j = 0; j < n; j++) part[j] += a[j] * w[t * ld + j];
            } else {
                for (size_t j = 0; j < n; j++) part[j] += a[j];
            }
        }
        for (size_t j = 0; j < n; j++) total[j] += (double)part[j];
    }
    for (size_t j = 0; j < n; j++) out[j] += (float)total[j];
}

void sts_column_sum(size_t T, size_t H, float *out, const float *x, size_t ldx)
{
    if (!out) return;
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * H > STS_PARALLEL_MIN)
    for (size_t j = 0; j < H; j += STS_COLUMNS)
        sts_sum_columns(T, H - j < STS_COLUMNS ? H - j : STS_COLUMNS, out + j, x + j, NULL, ldx);
}
