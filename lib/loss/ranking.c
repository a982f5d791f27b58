/* ranking.c - with p the softmax of a row's logits, u the text that is compared with all v,
 *     s_ik = scale (p_ik - [v_k is the partner of u_i]) / (taken |u_i| |v_k|),
 *     du_i = sum_k s_ik v_k,  dv_k = sum_i s_ik u_i,  each less its part along its own vector. */
#include "loss/ranking.h"

#include "core/threads.h"
#include "loss/rows.h"
#include "math/dgemm.h"
#include "math/vec.h"

#include <math.h>
#include <string.h>

#define BLOCK ((size_t)256) /* rows at once: what they need stays in the cache */

size_t sts_rank_scratch(const sts_loss_batch *shape, size_t faces)
{
    size_t n = (size_t)shape->n, columns = (size_t)shape->columns;
    return (n < BLOCK ? n : BLOCK) * n * faces + n * (2 * columns + 2);
}

static void start(sts_ranking *r)
{
    size_t columns = (size_t)r->b->columns;
    r->n = (size_t)r->b->n;
    r->dim = (size_t)r->b->dim;
    r->matrix = r->b->scratch;
    r->inverse = r->matrix + (r->n < BLOCK ? r->n : BLOCK) * r->n * r->faces;
    r->steered = r->inverse + columns * r->n;
    r->open = r->steered + columns * r->n;
    r->loss = r->open + r->n;
    for (size_t i = 0; i < r->n; i++)
        r->open[i] = sts_row_taken(r->b, (int)i, r->min_score) ? 0 : -INFINITY;
}

static const double *vector(const sts_ranking *r, size_t i)
{
    return r->b->emb[i / r->n] + i % r->n * r->dim;
}

static void find_norms(const sts_ranking *r)
{
    for (size_t i = 0; i < (size_t)r->b->columns * r->n; i++) {
        sts_row_pair p = {.batch = r->b};
        double norm = sts_row_norm(vector(r, i), r->b->dim);
        sts_row_norms(&p, norm, norm, 1e-12);
        r->inverse[i] = 1 / p.nu;
        r->steered[i] = p.flat ? 0 : 1 / norm;
    }
}

static void multiply(const sts_ranking *r)
{
    for (size_t f = 0; f < r->faces; f++) {
        sts_face k = r->face(r, f);
        sts_dmatrix u = {r->b->emb[k.from] + r->lo * r->dim, r->dim, false};
        sts_dgemm(r->rows, r->n, r->dim, r->matrix + f * r->n, r->faces * r->n, u,
                  (sts_dmatrix){r->b->emb[k.to], r->dim, true}, false);
    }
}

/* Dot products of row i in a face become logits; returns the largest. */
static double to_logits(const sts_ranking *r, size_t i, size_t f, double *x)
{
    sts_face side = r->face(r, f);
    const double *inverse = r->inverse + side.to * r->n;
    double mine = r->inverse[side.from * r->n + i], top = -INFINITY;
    for (size_t k = 0; k < r->n; k++) {
        double cosine = x[k] * mine * inverse[k];
        x[k] = r->scale * cosine + r->open[k];
        if (f || k != i) x[k] += r->add(r, i, f, k, cosine);
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

/* Faces [f, end) of row i, which one softmax is over, become s; their log(sum exp), less the
 * partner's logit for each of the softmaxes where that is among them. */
static double rank_group(const sts_ranking *r, size_t i, size_t f, size_t end, double factor)
{
    double *x = r->matrix + (i - r->lo) * r->faces * r->n, top = -INFINITY;
    double groups = r->first < r->faces ? 2 : 1;
    for (size_t g = f; g < end; g++) top = fmax(top, to_logits(r, i, g, x + g * r->n));
    double own = x[i], sum = exponentials(x + f * r->n, (end - f) * r->n, top);
    if (!f) x[i] -= sum * groups;
    for (size_t g = f; g < end; g++) {
        sts_face side = r->face(r, g);
        const double *steered = r->steered + side.to * r->n;
        double mine = factor / sum * r->steered[side.from * r->n + i];
        for (size_t k = 0; k < r->n; k++) x[g * r->n + k] *= mine * steered[k];
    }
    return top + log(sum) - (f ? 0 : groups * own);
}

/* The cross-entropy of row i, whose row of the matrix becomes s. */
static double rank(const sts_ranking *r, size_t i, int taken)
{
    size_t width = r->faces * r->n;
    bool two = r->first < r->faces;
    double share = 1 / ((two ? 2.0 : 1.0) * taken), factor = r->scale * share;
    if (r->open[i] < 0) {
        memset(r->matrix + (i - r->lo) * width, 0, width * sizeof *r->matrix);
        return 0;
    }
    double loss = rank_group(r, i, 0, r->first, factor);
    if (two) loss += rank_group(r, i, r->first, r->faces, factor);
    return loss * share;
}

/* Takes the part along each vector out of its gradient: cosines do not change along it. */
static void project(const sts_ranking *r)
{
#pragma omp parallel for num_threads(sts_threads())
    for (size_t i = 0; i < (size_t)r->b->columns * r->n; i++) {
        const double *u = vector(r, i);
        double *g = r->b->grad[i / r->n] + i % r->n * r->dim;
        double along = sts_row_dot(g, u, r->b->dim) * r->steered[i] * r->steered[i];
        for (size_t k = 0; k < r->dim; k++) g[k] -= along * u[k];
    }
}

/* What the block's rows add to the gradients. */
static void add_gradients(const sts_ranking *r)
{
    size_t at = r->lo * r->dim;
    for (size_t f = 0; f < r->faces; f++) {
        sts_face k = r->face(r, f);
        double *const *grad = r->b->grad;
        sts_dmatrix u = {r->b->emb[k.from] + at, r->dim, false};
        sts_dmatrix v = {r->b->emb[k.to], r->dim, false};
        sts_dmatrix s = {r->matrix + f * r->n, r->faces * r->n, false}, turned = s;
        turned.turned = true;
        sts_dgemm(r->rows, r->dim, r->n, grad[k.from] + at, r->dim, s, v, true);
        sts_dgemm(r->n, r->dim, r->rows, grad[k.to], r->dim, turned, u, true);
    }
}

double sts_rank(sts_ranking *r)
{
    int taken = sts_rows_taken(r->b, r->min_score);
    double loss = 0;
    sts_rows_clear(r->b);
    if (!taken) return 0;
    start(r);
    find_norms(r);
    for (; r->lo < r->n; r->lo += r->rows) {
        r->rows = r->n - r->lo < BLOCK ? r->n - r->lo : BLOCK;
        multiply(r);
#pragma omp parallel for num_threads(sts_threads())
        for (size_t i = r->lo; i < r->lo + r->rows; i++) r->loss[i] = rank(r, i, taken);
        add_gradients(r);
    }
    project(r);
    for (size_t i = 0; i < r->n; i++) loss += r->loss[i];
    if (taken == 1 && r->b->columns < 3)
        r->b->warning = "one pair of the batch is used: it has nothing to be ranked against";
    return loss;
}
