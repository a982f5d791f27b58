/* r_drop.c - two passes over the same rows. */
#include "loss/r_drop.h"

#include "loss/rows.h"

/* One pass of the two: 0 or 1. */
static sts_loss_batch pass_of(const sts_loss_batch *both, int which)
{
    sts_loss_batch b = *both;
    b.columns /= 2;
    b.emb += which * b.columns;
    b.grad += which * b.columns;
    return b;
}

static void halve(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) x[i] /= 2;
}

/* The term of one pair of cosines, whose gradients are added. */
static double difference(sts_loss_batch *first, sts_loss_batch *second, int row, int column,
                         double share)
{
    sts_row_pair p = sts_row_pair_at(first, row, column, row);
    sts_row_pair q = sts_row_pair_at(second, row, column, row);
    double off = sts_cosine.value(&p) - sts_cosine.value(&q);
    sts_cosine.grad(&p, 2 * share * off);
    sts_cosine.grad(&q, -2 * share * off);
    return share * off * off;
}

sts_loss_result sts_r_drop_run(const sts_loss_spec *spec, const sts_loss_batch *batch,
                               double weight)
{
    sts_loss_batch first = pass_of(batch, 0), second = pass_of(batch, 1);
    size_t numbers = (size_t)batch->n * (size_t)batch->dim, width = (size_t)batch->dim + 1;
    sts_loss_result r = sts_loss_run(spec, &first), s = sts_loss_run(spec, &second);
    r.value = (r.value + s.value) / 2;
    for (int k = 0; k < spec->n_parts; k++) r.part[k] = (r.part[k] + s.part[k]) / 2;
    for (int c = 0; c < batch->columns; c++) halve(batch->grad[c], numbers);
    if (batch->projection_grad) halve(batch->projection_grad, width * (size_t)batch->teacher_dim);
    double share = weight / ((double)batch->n * (first.columns - 1));
    for (int c = 1; c < first.columns; c++)
        for (int i = 0; i < batch->n; i++)
            r.value += difference(&first, &second, i, c, share);
    return r;
}

size_t sts_r_drop_scratch(const sts_loss_spec *spec, sts_loss_batch shape)
{
    shape.columns /= 2;
    return sts_loss_scratch(spec, shape);
}
