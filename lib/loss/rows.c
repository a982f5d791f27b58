/* rows.c - cosine and distance of two rows with their gradients, in double. */
#include "loss/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

sts_row_pair sts_row_pair_at(sts_loss_batch *b, int i, int column, int j)
{
    size_t at = (size_t)i * (size_t)b->dim, to = (size_t)j * (size_t)b->dim;
    return (sts_row_pair){.batch = b, .u = b->emb[0] + at, .v = b->emb[column] + to,
                          .du = b->grad[0] + at, .dv = b->grad[column] + to};
}

double sts_row_dot(const double *u, const double *v, int dim)
{
    double sum[8] = {0}; /* eight chains of additions, so that none waits for the last */
    int k = 0;
    for (; k + 8 <= dim; k += 8)
        for (int lane = 0; lane < 8; lane++) sum[lane] += u[k + lane] * v[k + lane];
    for (; k < dim; k++) sum[0] += u[k] * v[k];
    return sum[0] + sum[1] + (sum[2] + sum[3]) + (sum[4] + sum[5] + (sum[6] + sum[7]));
}

double sts_row_norm(const double *u, int dim)
{
    return sqrt(sts_row_dot(u, u, dim));
}

void sts_row_norms(sts_row_pair *p, double nu, double nv, double eps)
{
    p->flat = nu < eps || nv < eps;
    p->nu = fmax(nu, eps);
    p->nv = fmax(nv, eps);
    /* The reference continues with gradients of 1/eps here, which wreck the encoder. */
    if (p->flat) p->batch->warning = "an embedding is zero: its pairs have no gradient";
}

static double cosine(sts_row_pair *p, double eps)
{
    int dim = p->batch->dim;
    sts_row_norms(p, sts_row_norm(p->u, dim), sts_row_norm(p->v, dim), eps);
    return p->value = sts_row_dot(p->u, p->v, dim) / (p->nu * p->nv);
}

static double torch_cosine(sts_row_pair *p)
{
    return cosine(p, 1e-8);
}

static double unit_cosine(sts_row_pair *p)
{
    return cosine(p, 1e-12);
}

/* d(cos)/du = (v/|v| - cos u/|u|) / |u|, and the same with u and v swapped. */
static void cosine_grad(sts_row_pair *p, double g)
{
    if (p->flat) return;
    double cross = g / (p->nu * p->nv);
    double uu = g * p->value / (p->nu * p->nu), vv = g * p->value / (p->nv * p->nv);
    for (int k = 0; k < p->batch->dim; k++) {
        p->du[k] += cross * p->v[k] - uu * p->u[k];
        p->dv[k] += cross * p->u[k] - vv * p->v[k];
    }
}

static double distance(sts_row_pair *p)
{
    double sum = 0;
    for (int k = 0; k < p->batch->dim; k++) sum += (p->u[k] - p->v[k]) * (p->u[k] - p->v[k]);
    return p->value = sqrt(sum);
}

static void distance_grad(sts_row_pair *p, double g)
{
    if (p->value == 0) return;
    for (int k = 0; k < p->batch->dim; k++) {
        double step = g / p->value * (p->u[k] - p->v[k]);
        p->du[k] += step;
        p->dv[k] -= step;
    }
}

const sts_measure sts_cosine = {torch_cosine, cosine_grad};
const sts_measure sts_unit_cosine = {unit_cosine, cosine_grad};
const sts_measure sts_distance = {distance, distance_grad};

void sts_rows_clear(sts_loss_batch *b)
{
    for (int c = 0; c < b->columns; c++)
        memset(b->grad[c], 0, (size_t)b->n * (size_t)b->dim * sizeof *b->grad[c]);
}

bool sts_row_taken(const sts_loss_batch *b, int i, double min_score)
{
    return !b->score || b->score[i] >= min_score;
}

/* How much row i counts: its weight, 1 without weights, 0 when it is not taken. */
static double weight_of(const sts_loss_batch *b, int i, double min_score)
{
    if (!sts_row_taken(b, i, min_score)) return 0;
    return b->weight ? b->weight[i] : 1;
}

int sts_rows_taken(sts_loss_batch *b, double min_score)
{
    int taken = 0;
    for (int i = 0; i < b->n; i++) taken += sts_row_taken(b, i, min_score);
    if (!taken) b->warning = "no pair of the batch has a score high enough for this loss";
    return taken;
}

double sts_rows_mean(sts_loss_batch *b, const sts_measure *m, double min_score, sts_row_loss *f)
{
    sts_rows_clear(b);
    if (!sts_rows_taken(b, min_score)) return 0;
    double sum = 0, total = 0;
    for (int i = 0; i < b->n; i++) total += weight_of(b, i, min_score);
    for (int i = 0; i < b->n; i++) {
        if (!sts_row_taken(b, i, min_score)) continue;
        sts_row_pair p = sts_row_pair_at(b, i, 1, i);
        double slope = 0, score = b->score ? b->score[i] : 1;
        double share = weight_of(b, i, min_score) / total;
        sum += share * f(m->value(&p), score, b->option, &slope);
        m->grad(&p, share * slope);
    }
    return sum;
}

/* log(sum exp(x)) of numbers that come one by one; the largest is taken out of the sum, so that
 * nothing overflows at any scale. */
typedef struct log_sum {
    double top, sum;
} log_sum;

static void add_term(log_sum *l, double x)
{
    if (x > l->top) {
        l->sum = l->sum * exp(l->top - x) + 1;
        l->top = x;
    } else if (x != -INFINITY) {
        l->sum += exp(x - l->top);
    }
}

static double log_of(const log_sum *l)
{
    return l->top + log(l->sum);
}

/* A value and its score, and what it gets. */
typedef struct ordered_value {
    double y, s, slope, index;
} ordered_value;

static int by_score(const void *a, const void *b)
{
    const ordered_value *p = a, *q = b;
    if (p->y != q->y) return p->y < q->y ? -1 : 1;
    return (p->index > q->index) - (p->index < q->index);
}

/* One past the values from `at` on that have the same score. */
static int tied(const ordered_value *v, int m, int at)
{
    int end = at;
    while (end < m && v[end].y == v[at].y) end++;
    return end;
}

/* The loss over m values by ascending score, and their slopes. Pairs of equal scores do not count.
 * Each value meets all of lower scores at once, in their log(sum exp(scale s)), and those of
 * higher scores in the same way. */
static double ordered(ordered_value *v, int m, double scale)
{
    log_sum below = {-INFINITY, 0}, above = below, all = below;
    for (int lo = 0, hi; lo < m; lo = hi) {
        hi = tied(v, m, lo);
        double before = log_of(&below);
        for (int i = lo; i < hi; i++) {
            v[i].slope = before - scale * v[i].s; /* the logarithm, until all are known */
            add_term(&all, v[i].slope);
        }
        for (int i = lo; i < hi; i++) add_term(&below, scale * v[i].s);
    }
    double total = log_of(&all);
    double loss = total > 0 ? total + log1p(exp(-total)) : log1p(exp(total));
    for (int hi = m, lo; hi > 0; hi = lo) {
        for (lo = hi - 1; lo > 0 && v[lo - 1].y == v[hi - 1].y;) lo--;
        double after = log_of(&above);
        for (int i = lo; i < hi; i++) {
            double pushed = exp(v[i].slope - loss), pulled = exp(scale * v[i].s + after - loss);
            add_term(&above, -scale * v[i].s);
            v[i].slope = scale * (pulled - pushed);
        }
    }
    return loss;
}

/* Measure k of the batch: the pairs (u, v), then, of triplets, the pairs (u, w). */
static sts_row_pair measured(sts_loss_batch *b, int k)
{
    return sts_row_pair_at(b, k % b->n, 1 + k / b->n, k % b->n);
}

double sts_rows_ordered(sts_loss_batch *b, const sts_measure *m, double scale)
{
    int count = b->n * (b->columns - 1);
    ordered_value *v = (ordered_value *)(void *)b->scratch; /* within STS_LOSS_SCRATCH */
    sts_rows_clear(b);
    for (int k = 0; k < count; k++) {
        sts_row_pair p = measured(b, k);
        double score = b->score ? b->score[k % b->n] : 1;
        v[k] = (ordered_value){.y = k < b->n ? score : 1 - score, .s = m->value(&p), .index = k};
    }
    qsort(v, (size_t)count, sizeof *v, by_score);
    double loss = ordered(v, count, scale);
    for (int k = 0; k < count; k++) {
        sts_row_pair p = measured(b, (int)v[k].index);
        m->value(&p);
        m->grad(&p, v[k].slope);
    }
    if (v[0].y == v[count - 1].y)
        b->warning = "all scores of a batch are equal: its loss is 0, it teaches nothing";
    return loss;
}
