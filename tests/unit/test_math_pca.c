/* test_math_pca.c - principal components: orthonormal, of falling variance, and the variance that
 * is left is that of the components left out. */
#include "math/pca.h"

#include "math_help.h"

#include <criterion/criterion.h>

enum { N = 2100, D = 12, K = 5 }; /* more than two blocks of rows */

static double dot(const float *a, const float *b)
{
    double s = 0;
    for (size_t j = 0; j < D; j++) s += (double)a[j] * (double)b[j];
    return s;
}

/* Column j varies about j with a deviation that falls with j. */
static float *make_samples(void)
{
    float *x = random_floats(N * D, 7);
    for (size_t i = 0; i < N * D; i++) x[i] = (float)(i % D) + x[i] * (float)(D - i % D);
    return x;
}

static double variance(const float *y, size_t k, size_t j)
{
    double sum = 0, square = 0;
    for (size_t i = 0; i < N; i++) {
        sum += (double)y[i * k + j];
        square += (double)y[i * k + j] * (double)y[i * k + j];
    }
    return square / N - sum / N * sum / N;
}

Test(pca, components)
{
    float *x = make_samples(), basis[K * D], *y = calloc(N * K, sizeof *y);
    double mean[D], explained, all = 0, kept = 0;
    sts_err err = {0};
    cr_assert_eq(sts_pca(x, N, D, K, basis, mean, &explained, &err), 0, "%s", err.text);
    cr_assert_eq(sts_project(x, N, D, mean, basis, K, y, &err), 0, "%s", err.text);
    for (size_t a = 0; a < K; a++) {
        for (size_t b = 0; b < K; b++)
            cr_assert_float_eq(dot(basis + a * D, basis + b * D), a == b, 1e-5);
        if (a) cr_assert_leq(variance(y, K, a), variance(y, K, a - 1) + 1e-6);
        float farthest = 0;
        for (size_t i = 0; i < N; i++)
            if (fabsf(y[i * K + a]) > fabsf(farthest)) farthest = y[i * K + a];
        cr_assert_gt(farthest, 0);
        kept += variance(y, K, a);
    }
    for (size_t j = 0; j < D; j++) all += variance(x, D, j);
    cr_assert_float_eq(explained, kept / all, 1e-5);
    cr_assert_gt(explained, 0.5);
    free(x);
    free(y);
}
