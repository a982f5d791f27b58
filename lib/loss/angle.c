/* angle.c - AnglE: CoSENT with an angle in complex space in place of the cosine. */
#include "loss/loss.h"
#include "loss/rows.h"

#include <math.h>

/* Element k of M v, where M = I + R and R takes (a, b) to (-b, a), the halves of a vector; an odd
 * dim counts as padded by a zero. With sign -1: of M' v, its transpose. */
static double turned(const double *v, int dim, int k, double sign)
{
    int half = (dim + 1) / 2;
    if (k >= half) return v[k] + sign * v[k - half];
    return k + half < dim ? v[k] - sign * v[k + half] : v[k];
}

/* |cos + sin| = |u' M v| / (|u| |v|); the value keeps its sign for the gradient. */
static double value(sts_row_pair *p)
{
    int dim = p->batch->dim;
    double sum = 0;
    sts_row_norms(p, sts_row_norm(p->u, dim), sts_row_norm(p->v, dim), 1e-12);
    for (int k = 0; k < dim; k++) sum += p->u[k] * turned(p->v, dim, k, 1);
    p->value = sum / (p->nu * p->nv);
    return fabs(p->value);
}

static void grad(sts_row_pair *p, double g)
{
    if (p->flat || p->value == 0) return;
    g = p->value < 0 ? -g : g;
    int dim = p->batch->dim;
    double cross = g / (p->nu * p->nv);
    double uu = g * p->value / (p->nu * p->nu), vv = g * p->value / (p->nv * p->nv);
    for (int k = 0; k < dim; k++) {
        p->du[k] += cross * turned(p->v, dim, k, 1) - uu * p->u[k];
        p->dv[k] += cross * turned(p->u, dim, k, -1) - vv * p->v[k];
    }
}

static double run(sts_loss_batch *b)
{
    static const sts_measure angle = {value, grad};
    return sts_rows_ordered(b, &angle, b->option[0]);
}

const sts_loss sts_loss_angle = {
    STS_LOSS_VERSION,
    .name = "angle",
    .aliases = "AnglELoss",
    .help = "orders the angles of a batch as their scores are ordered",
    .formula = "cosent with |cos(u, v) + sin(u, v)| for cos(u, v), sin from the vectors' halves: "
               "u2 . v1 - u1 . v2 over |u||v|",
    .source = "sentence-transformers AnglELoss; Li and Li 2024, arXiv:2309.12871",
    .caution = "",
    .needs = STS_LOSS_SCORED_PAIRS | STS_LOSS_TRIPLETS,
    .traits = STS_LOSS_IN_BATCH | STS_LOSS_ORDERS,
    .n_options = 1,
    .options = {STS_NUMBER("scale", "factor on the angles: the inverse of a temperature",
                           20, 1e-3, 1e4)},
    .run = run,
};
