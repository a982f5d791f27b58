/* smallmm.c - c = a b by tiles of 6 x 16 (or 4 x 32) that live in registers. Vectors are GCC's
 * and clang's portable ones: the compiler maps 16 floats to what the machine has. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=fast") /* -std=c11 switches fused multiply-add off */
#endif
#include "math/smallmm.h"

#include <string.h>

#define W 16
typedef float vec __attribute__((vector_size(W * sizeof(float)), aligned(4), may_alias));

/* A tile of R rows by C vectors of 16 columns. */
#define TILE(R, C)                                                                                 \
    static void tile_##R##x##C(size_t k, float *c, size_t ldc, const float *a, size_t row,         \
                               size_t col, const float *b, size_t ldb, bool add)                   \
    {                                                                                              \
        vec sum[R][C];                                                                             \
        for (int i = 0; i < R; i++)                                                                \
            for (int j = 0; j < C; j++) sum[i][j] = (vec){0};                                      \
        for (size_t p = 0; p < k; p++) {                                                           \
            vec right[C];                                                                          \
            for (int j = 0; j < C; j++) right[j] = *(const vec *)(b + p * ldb + j * W);            \
            for (int i = 0; i < R; i++) {                                                          \
                float left = a[(size_t)i * row + p * col];                                         \
                for (int j = 0; j < C; j++) sum[i][j] += left * right[j];                          \
            }                                                                                      \
        }                                                                                          \
        for (int i = 0; i < R; i++) {                                                              \
            for (int j = 0; j < C; j++) {                                                          \
                vec *out = (vec *)(c + (size_t)i * ldc + j * W);                                   \
                *out = add ? (vec)(*out + sum[i][j]) : (vec)sum[i][j];                             \
            }                                                                                      \
        }                                                                                          \
    }
TILE(6, 1)
TILE(4, 1)
TILE(2, 1)
TILE(1, 1)
TILE(6, 2)
TILE(4, 2)
TILE(2, 2)
TILE(1, 2)

typedef void tile_fn(size_t k, float *c, size_t ldc, const float *a, size_t row, size_t col,
                     const float *b, size_t ldb, bool add);

/* All rows of a strip of 16 or 32 columns. */
static void strip(size_t m, size_t k, float *c, size_t ldc, const float *a, size_t row, size_t col,
                  const float *b, size_t ldb, bool add, int wide)
{
    static const struct {
        size_t rows;
        tile_fn *fn[2];
    } tiles[] = {{6, {tile_6x1, tile_6x2}},
                 {4, {tile_4x1, tile_4x2}},
                 {2, {tile_2x1, tile_2x2}},
                 {1, {tile_1x1, tile_1x2}}};
    for (int t = 0; t < 4; t++) {
        size_t rows = tiles[t].rows;
        for (; m >= rows; m -= rows, a += rows * row, c += rows * ldc)
            tiles[t].fn[wide](k, c, ldc, a, row, col, b, ldb, add);
    }
}

/* The last n < 16 columns. */
static void tail(size_t m, size_t n, size_t k, float *c, size_t ldc, const float *a, size_t row,
                 size_t col, const float *b, size_t ldb, bool add)
{
    for (size_t i = 0; i < m; i++) {
        float sum[W] = {0};
        for (size_t p = 0; p < k; p++) {
            float left = a[i * row + p * col];
            for (size_t j = 0; j < n; j++) sum[j] += left * b[p * ldb + j];
        }
        for (size_t j = 0; j < n; j++) c[i * ldc + j] = add ? c[i * ldc + j] + sum[j] : sum[j];
    }
}

void sts_smallmm(size_t m, size_t n, size_t k, float *c, size_t ldc, const float *a, size_t row,
                 size_t col, const float *b, size_t ldb, bool add)
{
    size_t j = 0;
    for (; j + 2 * W <= n; j += 2 * W) strip(m, k, c + j, ldc, a, row, col, b + j, ldb, add, 1);
    for (; j + W <= n; j += W) strip(m, k, c + j, ldc, a, row, col, b + j, ldb, add, 0);
    if (j < n) tail(m, n - j, k, c + j, ldc, a, row, col, b + j, ldb, add);
}

void sts_transpose(size_t m, size_t n, float *y, size_t ldy, const float *x, size_t ldx)
{
    for (size_t j = 0; j < n; j++) memset(y + j * ldy + m, 0, (ldy - m) * sizeof *y);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) y[j * ldy + i] = x[i * ldx + j];
}
