/* layernorm.c - LayerNorm. Sums run in vector lanes (short partial sums, then the lanes), so
 * that float32 is enough for the statistics of a row. */
#include "math/layernorm.h"

#include "math/bias.h"
#include "math/vec.h"

#include <math.h>

static void scale_row(size_t H, float *restrict y, const float *restrict xhat,
                      const float *restrict gamma, const float *restrict beta)
{
    if (beta) {
        for (size_t j = 0; j < H; j++) y[j] = sts_fma(xhat[j], gamma[j], beta[j]);
    } else {
        for (size_t j = 0; j < H; j++) y[j] = xhat[j] * gamma[j];
    }
}

/* One row: two passes for the variance, since E[x^2] - mean^2 cancels. */
static float normalize(size_t H, float *y, float *xhat, const float *x, const float *gamma,
                       const float *beta, float eps)
{
    float sum = 0, square = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < H; j++) sum += x[j];
    float mean = sum / (float)H;
#pragma omp simd reduction(+ : square)
    for (size_t j = 0; j < H; j++) square += (x[j] - mean) * (x[j] - mean);
    float rstd = 1.0f / sqrtf(square / (float)H + eps);
#pragma omp simd
    for (size_t j = 0; j < H; j++) xhat[j] = (x[j] - mean) * rstd;
    scale_row(H, y, xhat, gamma, beta);
    return rstd;
}

void sts_layernorm_forward(size_t T, size_t H, float *y, float *xhat, float *rstd, const float *x,
                           const float *gamma, const float *beta, float eps)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * H > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++)
        rstd[t] = normalize(H, y + t * H, xhat + t * H, x + t * H, gamma, beta, eps);
}

void sts_layernorm_again(size_t T, size_t H, float *y, const float *xhat, const float *gamma,
                         const float *beta)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * H > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++) scale_row(H, y + t * H, xhat + t * H, gamma, beta);
}

void sts_residual_norm_forward(size_t T, size_t H, float *y, float *x, float *rstd,
                               const float *bias, const float *residual, const float *gamma,
                               const float *beta, float eps, const sts_drop_site *drop,
                               const uint64_t *row)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * H > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++) {
        float *restrict h = x + t * H;
        const float *restrict r = residual + t * H;
        if (bias) {
            for (size_t j = 0; j < H; j++) h[j] += bias[j];
        }
        if (drop) sts_drop_row(h, H, drop, row[t]);
        for (size_t j = 0; j < H; j++) h[j] += r[j];
        rstd[t] = normalize(H, y + t * H, h, h, gamma, beta, eps);
    }
}

/* dx = rstd (g - mean(g) - xhat mean(g xhat)), g = gamma dy */
static void backward_row(size_t H, float *dx, const float *dy, const float *restrict xhat,
                         float rstd, const float *restrict gamma)
{
    float sum = 0, dot = 0;
#pragma omp simd reduction(+ : sum, dot)
    for (size_t j = 0; j < H; j++) {
        float g = gamma[j] * dy[j];
        sum += g;
        dot += g * xhat[j];
    }
    sum /= (float)H;
    dot /= (float)H;
#pragma omp simd
    for (size_t j = 0; j < H; j++) dx[j] = rstd * (gamma[j] * dy[j] - sum - xhat[j] * dot);
}

void sts_layernorm_backward(size_t T, size_t H, float *dx, float *dgamma, float *dbeta,
                            const float *dy, const float *xhat, const float *rstd,
                            const float *gamma)
{
#pragma omp parallel num_threads(sts_threads()) if (T * H > STS_PARALLEL_MIN)
    {
#pragma omp for schedule(static)
        for (size_t j = 0; j < H; j += STS_COLUMNS) {
            size_t n = H - j < STS_COLUMNS ? H - j : STS_COLUMNS;
            if (dgamma) sts_sum_columns(T, n, dgamma + j, dy + j, xhat + j, H);
            if (dbeta) sts_sum_columns(T, n, dbeta + j, dy + j, NULL, H);
        }
#pragma omp for schedule(static)
        for (size_t t = 0; t < T; t++)
            backward_row(H, dx + t * H, dy + t * H, xhat + t * H, rstd[t], gamma);
    }
}
