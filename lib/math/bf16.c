/* bf16.c - rounding to bfloat16, and products of what was rounded. */
#include "math/bf16.h"

#include <assert.h>
#include <string.h>

#define CHUNK ((size_t)1 << 14) /* numbers a piece of work */

void sts_bf16_round(uint16_t *restrict y, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t u;
        memcpy(&u, x + i, sizeof u);
        uint32_t up = u + 0x7fff + (u >> 16 & 1); /* half of the last digit kept, less for ties */
        y[i] = (uint16_t)((u & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : up >> 16);
    }
}

void sts_bf16_round_all(uint16_t *y, const float *x, size_t n)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (n >= STS_PARALLEL_MIN)
    for (size_t i = 0; i < n; i += CHUNK)
        sts_bf16_round(y + i, x + i, n - i < CHUNK ? n - i : CHUNK);
}

/* y[rows x cols] from x, rows ld apart. */
static void round_matrix(uint16_t *y, const float *x, size_t rows, size_t cols, size_t ld)
{
    if (ld == cols) {
        sts_bf16_round_all(y, x, rows * cols);
        return;
    }
#pragma omp parallel for schedule(static) \
    num_threads(sts_threads()) if (rows * cols >= STS_PARALLEL_MIN)
    for (size_t i = 0; i < rows; i++) sts_bf16_round(y + i * cols, x + i * ld, cols);
}

static bool is_weight(const sts_bf16 *w, const float *b)
{
    uintptr_t first = (uintptr_t)w->value, at = (uintptr_t)b;
    return at >= first && at < first + w->count * sizeof *b;
}

int sts_bf16_product(const sts_bf16 *w, const sts_product *p)
{
    size_t a_rows = p->ta ? p->k : p->m, a_cols = p->ta ? p->m : p->k;
    size_t b_rows = p->tb ? p->n : p->k, b_cols = p->tb ? p->k : p->n;
    bool known = is_weight(w, p->b);
    assert(p->k * (p->m + (known ? 0 : p->n)) <= w->n_room);
    uint16_t *a = w->room, *b = a + p->m * p->k;
    round_matrix(a, p->a, a_rows, a_cols, p->lda);
    if (known) return sts_onednn_product(p, a, a_cols, w->rounded + (p->b - w->value), p->ldb);
    round_matrix(b, p->b, b_rows, b_cols, p->ldb);
    return sts_onednn_product(p, a, a_cols, b, b_cols);
}
