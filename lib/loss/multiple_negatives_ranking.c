/* multiple_negatives_ranking.c - each first text is to find its own second text among all those
 * of the batch (InfoNCE). Further columns add hard negatives. Cosines and gradients are products of
 * matrices: with p the softmax of an anchor's logits,
 *     s_ik = scale (p_ik - [k = i]) / (taken |u_i| |v_k|),  du_i = sum_k s_ik v_k,
 *     dv_k = sum_i s_ik u_i,  each less its part along its own vector. */
#include "core/threads.h"
#include "loss/loss.h"
#include "loss/rows.h"
#include "math/dgemm.h"
#include "math/vec.h"

#include <math.h>
#include <string.h>

enum { SCALE, MIN_SCORE };

#define BLOCK ((size_t)256) /* anchors at once: what they need stays in the cache */

/* The batch at work, in its scratch, for anchors [lo, lo + rows). The candidates of an anchor are
 * the second texts, then the third ones..: `width` of them. */
typedef struct ranking {
    sts_loss_batch *b;
    size_t n, dim, columns, width, lo, rows;
    double *matrix;  /* [rows x width] dot products; then exponentials; then s */
    double *inverse; /* [columns x n] 1 / |u|, |u| at least that of torch's normalize */
    double *steered; /* [columns x n] the same, but 0 for what has no gradient */
    double *open;    /* [n] 0, or minus infinity for rows that are not taken */
    double *loss;    /* [n] */
} ranking;

static size_t scratch(const sts_loss_batch *shape)
{
    size_t n = (size_t)shape->n, columns = (size_t)shape->columns;
    return (n < BLOCK ? n : BLOCK) * n * (columns - 1) + n * (2 * columns + 2);
}

static ranking start(sts_loss_batch *b)
{
    ranking r = {.b = b, .n = (size_t)b->n, .dim = (size_t)b->dim, .columns = (size_t)b->columns};
    r.width = r.n * (r.columns - 1);
    r.matrix = b->scratch;
    r.inverse = r.matrix + (r.n < BLOCK ? r.n : BLOCK) * r.width;
    r.steered = r.inverse + r.columns * r.n;
    r.open = r.steered + r.columns * r.n;
    r.loss = r.open + r.n;
    for (size_t i = 0; i < r.n; i++)
        r.open[i] = sts_row_taken(b, (int)i, b->option[MIN_SCORE]) ? 0 : -INFINITY;
    return r;
}

static const double *vector(const ranking *r, size_t i)
{
    return r->b->emb[i / r->n] + i % r->n * r->dim;
}

static void find_norms(const ranking *r)
{
    for (size_t i = 0; i < r->columns * r->n; i++) {
        sts_row_pair p = {.batch = r->b};
        double norm = sts_row_norm(vector(r, i), r->b->dim);
        sts_row_norms(&p, norm, norm, 1e-12);
        r->inverse[i] = 1 / p.nu;
        r->steered[i] = p.flat ? 0 : 1 / norm;
    }
}

static void multiply(const ranking *r)
{
    sts_dmatrix u = {r->b->emb[0] + r->lo * r->dim, r->dim, false};
    for (size_t c = 1; c < r->columns; c++)
        sts_dgemm(r->rows, r->n, r->dim, r->matrix + (c - 1) * r->n, r->width, u,
                  (sts_dmatrix){r->b->emb[c], r->dim, true}, false);
}

/* Dot products of anchor i with one column's texts become logits; returns the largest. */
static double to_logits(const ranking *r, size_t i, size_t column, double *x)
{
    const double *inverse = r->inverse + column * r->n, *open = r->open;
    double mine = r->b->option[SCALE] * r->inverse[i], top = -INFINITY;
    for (size_t k = 0; k < r->n; k++) {
        x[k] = x[k] * mine * inverse[k] + open[k];
        top = fmax(top, x[k]);
    }
    return top;
}

static double exponentials(double *x, size_t n, double top)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) x[k] = sts_exp_double(x[k] - top);
    for (size_t k = 0; k < n; k++) sum += x[k];
    return sum;
}

/* The cross-entropy of anchor i, whose row of the matrix becomes s. */
static double rank(const ranking *r, size_t i, int taken)
{
    double *x = r->matrix + (i - r->lo) * r->width, top = -INFINITY;
    if (r->open[i] < 0) {
        memset(x, 0, r->width * sizeof *x);
        return 0;
    }
    for (size_t c = 1; c < r->columns; c++)
        top = fmax(top, to_logits(r, i, c, x + (c - 1) * r->n));
    double own = x[i], sum = exponentials(x, r->width, top);
    double factor = r->b->option[SCALE] / taken * r->steered[i];
    for (size_t c = 1; c < r->columns; c++) {
        const double *steered = r->steered + c * r->n;
        double *to = x + (c - 1) * r->n;
        if (c == 1) to[i] -= sum;
        for (size_t k = 0; k < r->n; k++) to[k] *= factor / sum * steered[k];
    }
    return (top - own + log(sum)) / taken;
}

/* Takes the part along each vector out of its gradient: cosines do not change along it. */
static void project(const ranking *r)
{
#pragma omp parallel for num_threads(sts_threads())
    for (size_t i = 0; i < r->columns * r->n; i++) {
        const double *u = vector(r, i);
        double *g = r->b->grad[i / r->n] + i % r->n * r->dim;
        double along = sts_row_dot(g, u, r->b->dim) * r->steered[i] * r->steered[i];
        for (size_t k = 0; k < r->dim; k++) g[k] -= along * u[k];
    }
}

/* Gradients of the block's anchors, and what it adds to those of the candidates. */
static void add_gradients(const ranking *r)
{
    size_t at = r->lo * r->dim;
    sts_dmatrix u = {r->b->emb[0] + at, r->dim, false};
    for (size_t c = 1; c < r->columns; c++) {
        sts_dmatrix v = {r->b->emb[c], r->dim, false};
        sts_dmatrix s = {r->matrix + (c - 1) * r->n, r->width, false}, turned = s;
        turned.turned = true;
        sts_dgemm(r->rows, r->dim, r->n, r->b->grad[0] + at, r->dim, s, v, c > 1);
        sts_dgemm(r->n, r->dim, r->rows, r->b->grad[c], r->dim, turned, u, r->lo > 0);
    }
}

static double run(sts_loss_batch *b)
{
    int taken = sts_rows_taken(b, b->option[MIN_SCORE]);
    double loss = 0;
    if (!taken) {
        sts_rows_clear(b);
        return 0;
    }
    ranking r = start(b);
    find_norms(&r);
    for (; r.lo < r.n; r.lo += r.rows) {
        r.rows = r.n - r.lo < BLOCK ? r.n - r.lo : BLOCK;
        multiply(&r);
#pragma omp parallel for num_threads(sts_threads())
        for (size_t i = r.lo; i < r.lo + r.rows; i++) r.loss[i] = rank(&r, i, taken);
        add_gradients(&r);
    }
    project(&r);
    for (size_t i = 0; i < r.n; i++) loss += r.loss[i];
    if (taken == 1 && b->columns < 3)
        b->warning = "one pair of the batch is used: it has nothing to be ranked against";
    return loss;
}

const sts_loss sts_loss_multiple_negatives_ranking = {
    STS_LOSS_VERSION,
    .name = "multiple-negatives-ranking",
    .aliases = "mnrl MultipleNegativesRankingLoss infonce",
    .help = "finds a text's partner among all partners of the batch",
    .formula = "mean_i -log(exp(scale cos(a_i, p_i)) / sum over all p_j, and hard "
               "negatives n_j, of exp(scale cos(a_i, .)))",
    .source = "sentence-transformers MultipleNegativesRankingLoss; arXiv:1807.03748",
    .caution = "",
    .needs = STS_LOSS_PAIRS | STS_LOSS_TRIPLETS | STS_LOSS_TUPLES,
    .traits = STS_LOSS_IN_BATCH | STS_LOSS_NEGATIVES,
    .n_options = 2,
    .options = {STS_NUMBER("scale", "factor on the cosines: the inverse of a temperature",
                           20, 1e-3, 1e4),
                STS_MIN_SCORE(0.8)},
    .scratch = scratch,
    .run = run,
};
