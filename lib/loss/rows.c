/* rows.c - cosine and distance of two rows with their gradients, in double. */
#include "loss/rows.h"

#include <math.h>
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

double sts_row_weight(const sts_loss_batch *b, int i, double min_score)
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
    for (int i = 0; i < b->n; i++) total += sts_row_weight(b, i, min_score);
    for (int i = 0; i < b->n; i++) {
        if (!sts_row_taken(b, i, min_score)) continue;
        sts_row_pair p = sts_row_pair_at(b, i, 1, i);
        double slope = 0, score = b->score ? b->score[i] : 1;
        double share = sts_row_weight(b, i, min_score) / total;
        sum += share * f(m->value(&p), score, b->option, &slope);
        m->grad(&p, share * slope);
    }
    return sum;
}

/* The loss over m values s with scores y, and its slopes. Pairs of equal scores do not count. The
 * largest exponent is taken out of the sum, so that nothing overflows at any scale. */
static double ordered(const double *s, const double *y, int m, double scale, double *slope)
{
    double top = 0, rest = 0; /* the 1 in the sum is exp(0) */
    for (int i = 0; i < m; i++) {
        slope[i] = 0;
        for (int j = 0; j < m; j++)
            if (y[i] > y[j]) top = fmax(top, scale * (s[j] - s[i]));
    }
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < m; j++) {
            if (!(y[i] > y[j])) continue;
            double e = exp(scale * (s[j] - s[i]) - top);
            rest += e;
            slope[j] += e;
            slope[i] -= e;
        }
    }
    double sum = exp(-top) + rest;
    for (int i = 0; i < m; i++) slope[i] *= scale / sum;
    return top > 0 ? top + log(sum) : log1p(rest);
}

/* Measure k of the batch: the pairs (u, v), then, of triplets, the pairs (u, w). */
static sts_row_pair measured(sts_loss_batch *b, int k)
{
    return sts_row_pair_at(b, k % b->n, 1 + k / b->n, k % b->n);
}

double sts_rows_ordered(sts_loss_batch *b, const sts_measure *m, double scale)
{
    int count = b->n * (b->columns - 1);
    double *s = b->scratch, *y = s + count, *slope = y + count; /* within STS_LOSS_SCRATCH */
    bool differ = false;
    sts_rows_clear(b);
    for (int k = 0; k < count; k++) {
        sts_row_pair p = measured(b, k);
        double score = b->score ? b->score[k % b->n] : 1;
        s[k] = m->value(&p);
        y[k] = k < b->n ? score : 1 - score;
        differ = differ || y[k] != y[0];
    }
    double loss = ordered(s, y, count, scale, slope);
    for (int k = 0; k < count; k++) {
        sts_row_pair p = measured(b, k);
        m->value(&p);
        m->grad(&p, slope[k]);
    }
    if (!differ) b->warning = "all scores of a batch are equal: its loss is 0, it teaches nothing";
    return loss;
}
