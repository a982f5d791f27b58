/* test_math_norm.c - LayerNorm, biases, embeddings and rotations against sums in double. */
#include "math/layernorm.h"

#include "core/threads.h"
#include "math/bias.h"
#include "math/embedding.h"
#include "math/rope.h"
#include "math_help.h"

#include <criterion/criterion.h>
#include <string.h>

static const size_t widths[] = {1, 3, 24, 30, 64, 100, 384, 770};
enum { WIDTHS = sizeof widths / sizeof *widths, T = 133 };

/* y, xhat and 1/sigma of one row. */
static double norm_row(size_t H, double *y, double *xhat, const double *x, const float *gamma,
                       const float *beta, double eps)
{
    double mean = 0, square = 0;
    for (size_t j = 0; j < H; j++) mean += x[j] / (double)H;
    for (size_t j = 0; j < H; j++) square += (x[j] - mean) * (x[j] - mean) / (double)H;
    double rstd = 1 / sqrt(square + eps);
    for (size_t j = 0; j < H; j++) {
        xhat[j] = (x[j] - mean) * rstd;
        y[j] = xhat[j] * (double)gamma[j] + (beta ? (double)beta[j] : 0);
    }
    return rstd;
}

Test(layernorm, forward_and_backward)
{
    for (int q = 0; q < 2 * WIDTHS; q++) {
        size_t H = widths[q / 2];
        bool has_beta = q % 2;
        float *x = random_floats(T * H, 1), *gamma = random_floats(H, 2);
        float *dy = random_floats(T * H, 3);
        float *beta = has_beta ? random_floats(H, 4) : NULL, *y = random_floats(T * H, 5);
        float *xhat = random_floats(T * H, 6), *rstd = random_floats(T, 7);
        float *dgamma = calloc(H, sizeof *x), *dbeta = calloc(H, sizeof *x);
        for (size_t i = 0; i < T * H; i++) x[i] = 3 * x[i] + 20; /* a mean that must cancel */
        double *xd = doubles_of(x, T * H), *yd = doubles_of(x, T * H), *hd = doubles_of(x, T * H);
        double *dg = calloc(H, sizeof *dg), *db = calloc(H, sizeof *db);
        double *dxd = doubles_of(x, T * H);
        sts_layernorm_forward(T, H, y, xhat, rstd, x, gamma, beta, 1e-5f);
        for (size_t t = 0; t < T; t++) {
            double r = norm_row(H, yd + t * H, hd + t * H, xd + t * H, gamma, beta, 1e-5);
            double sum = 0, dot = 0;
            for (size_t j = 0; j < H; j++) {
                double g = (double)dy[t * H + j] * (double)gamma[j];
                sum += g / (double)H, dot += g * hd[t * H + j] / (double)H;
                dg[j] += (double)dy[t * H + j] * hd[t * H + j], db[j] += (double)dy[t * H + j];
            }
            for (size_t j = 0; j < H; j++)
                dxd[t * H + j] = r * ((double)dy[t * H + j] * (double)gamma[j] - sum -
                                      hd[t * H + j] * dot);
        }
        cr_assert(worst(y, yd, T * H, 1) < 3e-6, "H %zu: y off by %g", H, worst(y, yd, T * H, 1));
        sts_layernorm_backward(T, H, dy, dgamma, dbeta, dy, xhat, rstd, gamma);
        cr_assert(H < 3 || worst(dy, dxd, T * H, 0.1) < 1e-5, "H %zu: dx off by %g", H,
                  worst(dy, dxd, T * H, 0.1));
        cr_assert(worst(dgamma, dg, H, 1) < 3e-6 && worst(dbeta, db, H, 1) < 1e-6, "H %zu", H);
        free(x), free(gamma), free(dy), free(beta), free(y), free(xhat), free(rstd), free(dgamma);
        free(dbeta), free(xd), free(yd), free(hd), free(dxd), free(dg), free(db);
    }
}

Test(layernorm, after_bias_dropout_and_residual)
{
    size_t H = 200;
    float *x = random_floats(T * H, 1), *res = random_floats(T * H, 2), *bias = random_floats(H, 3);
    float *gamma = random_floats(H, 4), *beta = random_floats(H, 5), *y = random_floats(T * H, 6);
    float rstd[T];
    uint64_t row[T];
    for (uint64_t t = 0; t < T; t++) row[t] = t * 7919;
    double *sum = malloc(T * H * sizeof *sum), *yd = malloc(T * H * sizeof *yd);
    sts_drop_site d;
    sts_drop_at(&d, 4, 4, 0.2f);
    for (size_t t = 0; t < T; t++) {
        float f[STS_DROP_BLOCK];
        for (size_t j = 0; j < H; j++) {
            if (j % STS_DROP_BLOCK == 0) sts_drop_block(f, &d, row[t], j / STS_DROP_BLOCK);
            sum[t * H + j] = (double)res[t * H + j] + ((double)x[t * H + j] + (double)bias[j]) *
                                                          (double)f[j % STS_DROP_BLOCK];
        }
        norm_row(H, yd + t * H, sum + t * H, sum + t * H, gamma, beta, 1e-12);
    }
    sts_residual_norm_forward(T, H, y, x, rstd, bias, res, gamma, beta, 1e-12f, &d, row);
    cr_assert(worst(y, yd, T * H, 1) < 2e-6, "%g", worst(y, yd, T * H, 1));
    cr_assert(worst(x, sum, T * H, 1) < 2e-6, "xhat");
    free(x), free(res), free(bias), free(gamma), free(beta), free(y), free(sum), free(yd);
}

Test(bias, added_and_summed)
{
    for (int q = 0; q < WIDTHS; q++) {
        size_t H = widths[q], ld = H + 2;
        float *x = random_floats(T * ld, 1), *bias = random_floats(H, 2);
        float *sum = random_floats(H, 3);
        double *xd = doubles_of(x, T * ld), *sd = doubles_of(sum, H);
        sts_bias_add(T, H, x, ld, bias);
        for (size_t t = 0; t < T; t++)
            for (size_t j = 0; j < H; j++)
                xd[t * ld + j] += (double)bias[j], sd[j] += xd[t * ld + j];
        cr_assert(worst(x, xd, T * ld, 1) < 2e-7, "H %zu", H);
        sts_column_sum(T, H, sum, x, ld);
        cr_assert(worst(sum, sd, H, 1) < 1e-6, "H %zu", H);
        free(x), free(bias), free(sum), free(xd), free(sd);
    }
}

Test(bias, residual_sum)
{
    enum { H = 130 };
    float *x = random_floats(T * H, 1), *y = random_floats(T * H, 2), *bias = random_floats(H, 3);
    double *xd = doubles_of(x, T * H);
    for (size_t i = 0; i < T * H; i++) xd[i] += (double)y[i] + (double)bias[i % H];
    sts_residual_add(T, H, x, y, bias, NULL, NULL);
    cr_assert(worst(x, xd, T * H, 1) < 3e-7);
    free(x), free(y), free(bias), free(xd);
}

Test(embedding, gather_and_scatter)
{
    enum { V = 11, H = 150 };
    int32_t index[T];
    for (int t = 0; t < T; t++) index[t] = t * t % V;
    float *table = random_floats(V * H, 1), *y = random_floats(T * H, 2);
    float *dy = random_floats(T * H, 3);
    double *yd = doubles_of(y, T * H), *td = calloc(V * H, sizeof *td);
    float *dtable = calloc(V * H, sizeof *dtable);
    for (size_t i = 0; i < T * H; i++) yd[i] += (double)table[(size_t)index[i / H] * H + i % H];
    sts_embed_forward(T, H, y, table, index, true);
    cr_assert(worst(y, yd, T * H, 1) < 2e-7);
    sts_embed_forward(T, H, y, table, index, false);
    for (size_t t = 0; t < T; t++)
        cr_assert(!memcmp(y + t * H, table + (size_t)index[t] * H, H * sizeof *y));
    for (size_t i = 0; i < T * H; i++)
        if (index[i / H] != 4) td[(size_t)index[i / H] * H + i % H] += (double)dy[i];
    sts_embed_backward(T, H, dtable, dy, index, 4);
    cr_assert(worst(dtable, td, V * H, 1) < 1e-6, "row 4 is skipped");
    free(table), free(y), free(dy), free(yd), free(td), free(dtable);
}

Test(embedding, means)
{
    enum { V = 7, H = 70, S = 4 };
    int32_t index[] = {1, 5, 5, 2, 6, 0, 1, 1}, start[S + 1] = {0, 3, 3, 4, 8};
    float *table = random_floats(V * H, 1), *dy = random_floats(S * H, 2), y[S * H];
    double yd[S * H] = {0}, td[V * H] = {0};
    float dtable[V * H] = {0};
    for (size_t s = 0; s < S; s++) {
        int32_t n = start[s + 1] - start[s];
        for (int32_t t = start[s]; t < start[s + 1]; t++)
            for (size_t j = 0; j < H; j++) {
                yd[s * H + j] += (double)table[(size_t)index[t] * H + j] / n;
                td[(size_t)index[t] * H + j] += (double)dy[s * H + j] / n;
            }
    }
    sts_embed_mean_forward(S, H, y, table, index, start);
    sts_embed_mean_backward(S, H, dtable, dy, index, start);
    cr_assert(worst(y, yd, S * H, 1) < 3e-7 && worst(dtable, td, V * H, 1) < 3e-7);
    cr_assert(y[H] == 0 && y[2 * H - 1] == 0, "an empty sentence gives zeros");
    free(table), free(dy);
}

Test(rope, turns_and_turns_back)
{
    enum { N = 3, D = 10, L = 40 };
    float table[L * D], *x = random_floats(L * 3 * N * D, 1), y[L * 3 * N * D];
    int32_t position[L];
    for (int t = 0; t < L; t++) position[t] = t;
    sts_rope_table(L, D, table, 10000);
    memcpy(y, x, sizeof y);
    sts_rope(L, N, D, y, table, position, false);
    for (size_t t = 0; t < L; t++) {
        for (size_t h = 0; h < 3 * N; h++) {
            for (size_t d = 0; d < D / 2; d++) {
                size_t i = t * 3 * N * D + h * D + d, j = i + D / 2;
                double angle = h < 2 * N ? (double)t * pow(10000, -2.0 * (double)d / D) : 0;
                double a = (double)x[i], b = (double)x[j];
                cr_assert(fabs((double)y[i] - (a * cos(angle) - b * sin(angle))) < 1e-5);
                cr_assert(fabs((double)y[j] - (b * cos(angle) + a * sin(angle))) < 1e-5);
            }
        }
    }
    double *expected = doubles_of(x, L * 3 * N * D);
    sts_rope(L, N, D, y, table, position, true);
    cr_assert(worst(y, expected, L * 3 * N * D, 1) < 1e-6);
    free(x), free(expected);
}

Test(math, kernels_do_not_depend_on_threads)
{
    enum { H = 384, ROWS = 400 };
    float *x = random_floats(ROWS * H, 1), *gamma = random_floats(H, 2);
    static float y[2][ROWS * H], h[2][ROWS * H], dg[2][H], db[2][H], r[2][ROWS];
    for (int i = 0; i < 2; i++) {
        sts_threads_set(1 + 2 * i);
        sts_layernorm_forward(ROWS, H, y[i], h[i], r[i], x, gamma, NULL, 1e-5f);
        sts_layernorm_backward(ROWS, H, y[i], dg[i], db[i], y[i], h[i], r[i], gamma);
        sts_column_sum(ROWS, H, dg[i], y[i], H);
    }
    cr_assert(!memcmp(y[0], y[1], sizeof y[0]) && !memcmp(dg[0], dg[1], sizeof dg[0]));
    cr_assert(!memcmp(db[0], db[1], sizeof db[0]));
    free(x), free(gamma);
}
