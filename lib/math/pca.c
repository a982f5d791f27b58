/* pca.c - principal components by the eigenvectors of the covariance matrix, in double. */
#include "math/pca.h"

#include "core/mem.h"
#include "math/blas.h"
#include "math/gemm.h"

#include <math.h>
#include <string.h>

#define ROWS ((size_t)1024) /* vectors of a block: sums within it are float32, of blocks double */

static size_t rows_of_block(size_t n, size_t i)
{
    return n - i < ROWS ? n - i : ROWS;
}

static void mean_of(const float *x, size_t n, size_t d, double *mean)
{
    for (size_t j = 0; j < d; j++) mean[j] = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) mean[j] += (double)x[i * d + j];
    for (size_t j = 0; j < d; j++) mean[j] /= (double)n;
}

static void centre(const float *x, size_t n, size_t d, const double *mean, float *out)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            out[i * d + j] = mean ? (float)((double)x[i * d + j] - mean[j]) : x[i * d + j];
}

/* covariance[d x d] times n, by blocks; `block` has room for ROWS rows, `sum` for d x d. */
static int scatter(const float *x, size_t n, size_t d, const double *mean, float *block, float *sum,
                   double *covariance, sts_err *err)
{
    sts_products g = {0};
    for (size_t i = 0; i < n; i += ROWS) {
        size_t m = rows_of_block(n, i);
        centre(x + i * d, m, d, mean, block);
        memset(sum, 0, d * d * sizeof *sum);
        sts_gemm_tn(&g, d, d, m, sum, d, block, d, block, d);
        for (size_t j = 0; j < d * d; j++) covariance[j] += (double)sum[j];
    }
    return sts_products_check(&g, err);
}

/* Turns row j of basis around where the vector farthest along it is on the other side. */
static int orient(const float *x, size_t n, size_t d, const double *mean, float *basis, size_t k,
                  sts_err *err)
{
    float *y = sts_alloc(ROWS * k, sizeof *y), *farthest = sts_alloc(k, sizeof *farthest);
    int rc = y && farthest ? 0 : sts_fail_memory(err, "the principal components");
    for (size_t i = 0; i < n && !rc; i += ROWS) {
        size_t m = rows_of_block(n, i);
        rc = sts_project(x + i * d, m, d, mean, basis, k, y, err);
        for (size_t r = 0; r < m * k && !rc; r++)
            if (fabsf(y[r]) > fabsf(farthest[r % k])) farthest[r % k] = y[r];
    }
    for (size_t j = 0; j < k && !rc; j++)
        for (size_t c = 0; c < d && farthest[j] < 0; c++) basis[j * d + c] = -basis[j * d + c];
    sts_free(y);
    sts_free(farthest);
    return rc;
}

static double share(const double *value, size_t d, size_t k)
{
    double all = 0, top = 0;
    for (size_t j = 0; j < d; j++) {
        double v = value[j] > 0 ? value[j] : 0; /* rounding */
        all += v;
        if (j >= d - k) top += v;
    }
    return all > 0 ? top / all : 0;
}

int sts_pca(const float *x, size_t n, size_t d, size_t k, float *basis, double *mean,
            double *explained, sts_err *err)
{
    float *block = sts_alloc(ROWS * d, sizeof *block), *sum = sts_alloc(d * d, sizeof *sum);
    double *covariance = sts_alloc(d * d, sizeof *covariance), *value = sts_alloc(d, sizeof *value);
    int rc = block && sum && covariance && value ? sts_gemm_open(err)
                                                 : sts_fail_memory(err, "the principal components");
    mean_of(x, n, d, mean);
    if (!rc) rc = scatter(x, n, d, mean, block, sum, covariance, err);
    if (!rc) rc = sts_blas_eigen((int)d, covariance, value, err);
    for (size_t j = 0; j < k && !rc; j++)
        for (size_t c = 0; c < d; c++)
            basis[j * d + c] = (float)covariance[(d - 1 - j) * d + c];
    if (!rc) rc = orient(x, n, d, mean, basis, k, err);
    if (!rc) *explained = share(value, d, k);
    sts_free(block);
    sts_free(sum);
    sts_free(covariance);
    sts_free(value);
    return rc;
}

int sts_project(const float *x, size_t n, size_t d, const double *mean, const float *basis,
                size_t k, float *y, sts_err *err)
{
    sts_products g = {0};
    float *block = sts_alloc(ROWS * d, sizeof *block);
    if (!block) return sts_fail_memory(err, "a projection");
    for (size_t i = 0; i < n; i += ROWS) {
        size_t m = rows_of_block(n, i);
        centre(x + i * d, m, d, mean, block);
        sts_gemm_nt(&g, m, k, d, y + i * k, k, block, d, basis, d);
    }
    sts_free(block);
    return sts_products_check(&g, err);
}
