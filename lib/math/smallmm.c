/* smallmm.c - c = a b by tiles of 6 rows and one or two vectors that live in registers. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=fast") /* -std=c11 switches fused multiply-add off */
#endif
#include "math/smallmm.h"

#include "math/simd.h"

#define W STS_LANES
typedef sts_vec vec;

/* A tile of R rows by C vectors. */
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

/* All rows of a strip of one or two vectors' width. */
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

/* The last n < W columns. */
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

typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

/* y[4 x 4] = x[4 x 4]' in registers: pairs of rows are interleaved, then pairs of pairs. */
static inline void transpose4(float *y, size_t ldy, const float *x, size_t ldx)
{
    quad a = *(const quad *)x, b = *(const quad *)(x + ldx);
    quad c = *(const quad *)(x + 2 * ldx), d = *(const quad *)(x + 3 * ldx);
    quad ac0 = __builtin_shufflevector(a, c, 0, 4, 1, 5);
    quad ac1 = __builtin_shufflevector(a, c, 2, 6, 3, 7);
    quad bd0 = __builtin_shufflevector(b, d, 0, 4, 1, 5);
    quad bd1 = __builtin_shufflevector(b, d, 2, 6, 3, 7);
    *(quad *)y = __builtin_shufflevector(ac0, bd0, 0, 4, 1, 5);
    *(quad *)(y + ldy) = __builtin_shufflevector(ac0, bd0, 2, 6, 3, 7);
    *(quad *)(y + 2 * ldy) = __builtin_shufflevector(ac1, bd1, 0, 4, 1, 5);
    *(quad *)(y + 3 * ldy) = __builtin_shufflevector(ac1, bd1, 2, 6, 3, 7);
}

void sts_transpose(size_t m, size_t n, float *y, size_t ldy, const float *x, size_t ldx,
                   size_t width)
{
    size_t rows = m & ~(size_t)3, columns = n & ~(size_t)3;
    for (size_t i = 0; i < rows; i += 4)
        for (size_t j = 0; j < columns; j += 4)
            transpose4(y + j * ldy + i, ldy, x + i * ldx + j, ldx);
    for (size_t j = 0; j < n; j++) {
        for (size_t i = j < columns ? rows : 0; i < m; i++) y[j * ldy + i] = x[i * ldx + j];
        for (size_t i = m; i < width; i++) y[j * ldy + i] = 0;
    }
}
