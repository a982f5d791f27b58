/* partners.c - all cosines of n x n texts, a block at a time: of each text, the nearest one of the
 * other column and how many are nearer than its partner. */
#include "eval/partners.h"

#include "core/mem.h"
#include "core/threads.h"
#include "eval/similarity.h"
#include "math/gemm.h"

#include <math.h>
#include <string.h>

enum { ROWS = 256, COLS = 2048 }; /* a block of 2 MB stays in the cache */
#define ROUNDING 3e-7f /* between two cosines of float32 vectors that should be equal */

/* One direction of the search: what is known so far of each text [n]. */
typedef struct side {
    float *best;
    uint32_t *nearest; /* the first one of cosine `best` */
    uint32_t *above;   /* texts nearer than the partner */
} side;

typedef struct search {
    const float *u, *v;
    size_t n, dim;
    float *limit; /* [n] what a cosine has to exceed to be nearer than the partner's */
    float *block; /* [ROWS x COLS] */
    side source, target;
    sts_products products;
} search;

static double dot(const float *x, const float *y, size_t dim)
{
    double sum = 0;
    for (size_t k = 0; k < dim; k++) sum += (double)x[k] * (double)y[k];
    return sum;
}

/* ---- blocks ---- */

/* Row i of a block: cosines of source `at` with targets [from, from + cols). */
static void scan_row(side *s, size_t at, size_t from, const float *x, size_t cols, float limit)
{
    float top = -INFINITY;
    uint32_t above = 0;
#pragma omp simd reduction(max : top) reduction(+ : above)
    for (size_t j = 0; j < cols; j++) {
        top = x[j] > top ? x[j] : top;
        above += x[j] > limit;
    }
    s->above[at] += above;
    if (!(top > s->best[at])) return;
    size_t j = 0;
    while (j < cols && x[j] < top) j++;
    s->best[at] = top;
    s->nearest[at] = (uint32_t)(from + j);
}

/* The same row, as seen by targets [from, from + cols). */
static void scan_column(side *s, size_t at, size_t from, const float *x, size_t cols,
                        const float *limit)
{
    float *best = s->best + from;
    uint32_t *nearest = s->nearest + from, *above = s->above + from;
#pragma omp simd
    for (size_t j = 0; j < cols; j++) {
        above[j] += x[j] > limit[from + j];
        nearest[j] = x[j] > best[j] ? (uint32_t)at : nearest[j];
        best[j] = x[j] > best[j] ? x[j] : best[j];
    }
}

/* Each thread has rows of the block for the sources, then columns of it for the targets. */
static void scan(search *s, size_t row, size_t rows, size_t col, size_t cols)
{
    size_t parts = (size_t)sts_threads();
#pragma omp parallel for num_threads(sts_threads()) schedule(static)
    for (size_t i = 0; i < rows; i++)
        scan_row(&s->source, row + i, col, s->block + i * cols, cols, s->limit[row + i]);
#pragma omp parallel for num_threads(sts_threads()) schedule(static)
    for (size_t part = 0; part < parts; part++) {
        size_t lo, hi;
        sts_cut(cols, parts, part, 16, &lo, &hi);
        for (size_t i = 0; i < rows && hi > lo; i++)
            scan_column(&s->target, row + i, col + lo, s->block + i * cols + lo, hi - lo, s->limit);
    }
}

static int search_all(search *s, sts_err *err)
{
    size_t dim = s->dim;
    for (size_t row = 0; row < s->n; row += ROWS) {
        size_t rows = s->n - row < ROWS ? s->n - row : ROWS;
        if (sts_advance("evaluating", row, s->n, err)) return -1;
        for (size_t col = 0; col < s->n; col += COLS) {
            size_t cols = s->n - col < COLS ? s->n - col : COLS;
            sts_gemm_nt(&s->products, rows, cols, dim, s->block, cols, s->u + row * dim, dim,
                        s->v + col * dim, dim);
            if (sts_products_check(&s->products, err)) return -1;
            scan(s, row, rows, col, cols);
        }
    }
    sts_progress("evaluating", s->n, s->n);
    return 0;
}

/* ---- what was found ---- */

static bool same(sts_str a, sts_str b)
{
    return a.n == b.n && !memcmp(a.s, b.s, a.n);
}

/* Whether text `at` of a column found its partner, which stands in column `other`. */
static bool is_found(const side *s, const sts_str *text, size_t at, size_t other)
{
    return same(text[2 * at + other], text[2 * s->nearest[at] + other]);
}

/* The reciprocal rank: 1 where the partner was found, whatever rounding says. */
static double reciprocal(const side *s, size_t at, bool found)
{
    double above = s->above[at] ? s->above[at] : 1;
    return found ? 1 : 1 / (1 + above);
}

static void sum_up(sts_partners *p, const search *s, const sts_str *text, double *found)
{
    *p = (sts_partners){0};
    for (size_t i = 0; i < s->n; i++) {
        bool forward = is_found(&s->source, text, i, 1), back = is_found(&s->target, text, i, 0);
        found[i] = (forward + back) / 2.0;
        p->src2trg += forward;
        p->trg2src += back;
        p->mrr += (reciprocal(&s->source, i, forward) + reciprocal(&s->target, i, back)) / 2;
    }
    p->src2trg /= (double)s->n;
    p->trg2src /= (double)s->n;
    p->mrr /= (double)s->n;
}

/* ---- */

static int side_new(side *s, size_t n)
{
    *s = (side){sts_alloc(n, sizeof *s->best), sts_alloc(n, sizeof *s->nearest),
                sts_alloc(n, sizeof *s->above)};
    for (size_t i = 0; i < n && s->best; i++) s->best[i] = -INFINITY;
    return s->best && s->nearest && s->above ? 0 : -1;
}

static void side_free(side *s)
{
    sts_free(s->best);
    sts_free(s->nearest);
    sts_free(s->above);
}

int sts_partners_find(sts_partners *p, float *u, float *v, const sts_str *text, size_t n,
                      size_t dim, double *found, sts_err *err)
{
    search s = {.u = u, .v = v, .n = n, .dim = dim};
    if (n > UINT32_MAX) return sts_fail(err, STS_DATA, "%zu rows are too many", n);
    if (sts_gemm_open(err)) return -1;
    s.limit = sts_alloc(n, sizeof *s.limit);
    s.block = sts_alloc_aligned((size_t)ROWS * COLS, sizeof *s.block);
    int short_of = side_new(&s.source, n) | side_new(&s.target, n);
    int rc = s.limit && s.block && !short_of ? 0 : sts_fail_memory(err, "the evaluation");
    if (!rc) {
        sts_unit_rows(u, n, dim);
        sts_unit_rows(v, n, dim);
        for (size_t i = 0; i < n; i++)
            s.limit[i] = (float)dot(u + i * dim, v + i * dim, dim) + ROUNDING;
        rc = search_all(&s, err);
    }
    if (!rc) sum_up(p, &s, text, found);
    side_free(&s.source);
    side_free(&s.target);
    sts_free(s.limit);
    sts_free(s.block);
    return rc;
}
