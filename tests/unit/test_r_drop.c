/* test_r_drop.c - two passes over the same rows: value and gradients by finite differences. */
#include "loss/r_drop.h"
#include "loss_batch.h"

#include <criterion/criterion.h>
#include <math.h>

#define LOSS "cosine-similarity+0.3*cosent:scale=2+embed-distill"

/* Pairs, each embedded twice. */
static test_batch two_passes(void)
{
    test_batch t = batch_new(TUPLES, 4, 5, 21);
    t.b.columns = 4;
    t.b.score = t.score;
    return t;
}

static void forget(test_batch *t)
{
    t->b.columns = MAX_COLUMNS;
    batch_free(t);
}

static double run(const sts_loss_spec *spec, test_batch *t, double weight)
{
    size_t layer = (size_t)t->b.teacher_dim * (size_t)(t->b.dim + 1);
    t->b.scratch = malloc(sts_r_drop_scratch(spec, t->b) * sizeof(double));
    memset(t->b.projection_grad, 0, layer * sizeof(double));
    double value = sts_r_drop_run(spec, &t->b, weight).value;
    free(t->b.scratch);
    return value;
}

static double slope(const sts_loss_spec *spec, test_batch *t, double *x)
{
    const double h = 1e-5, at = *x;
    *x = at + h;
    double above = run(spec, t, 0.7);
    *x = at - h;
    double below = run(spec, t, 0.7);
    *x = at;
    return (above - below) / (2 * h);
}

static void check(const sts_loss_spec *spec, test_batch *t, double *x, const double *grad)
{
    run(spec, t, 0.7);
    double own = *grad, true_slope = slope(spec, t, x);
    cr_assert_float_eq(own, true_slope, 1e-6 * (1 + fabs(true_slope)));
}

Test(r_drop, gradients_are_those_of_finite_differences)
{
    test_batch t = two_passes();
    sts_loss_spec spec;
    cr_assert(!sts_loss_parse(&spec, LOSS, NULL));
    for (int c = 0; c < 4; c++)
        for (int i = 0; i < 4 * 5; i++) check(&spec, &t, &t.emb[c][i], &t.grad[c][i]);
    for (int i = 0; i < t.b.teacher_dim * 6; i++)
        check(&spec, &t, &t.projection[i], &t.b.projection_grad[i]);
    sts_loss_close(&spec);
    forget(&t);
}

static double cosine(const double *u, const double *v, int dim)
{
    double dot = 0, uu = 0, vv = 0;
    for (int d = 0; d < dim; d++) {
        dot += u[d] * v[d];
        uu += u[d] * u[d];
        vv += v[d] * v[d];
    }
    return dot / sqrt(uu * vv);
}

Test(r_drop, adds_the_difference_of_the_cosines)
{
    test_batch t = two_passes();
    sts_loss_spec spec;
    cr_assert(!sts_loss_parse(&spec, "cosine-similarity", NULL));
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        double a = cosine(t.emb[0] + i * 5, t.emb[1] + i * 5, 5);
        double b = cosine(t.emb[2] + i * 5, t.emb[3] + i * 5, 5);
        double y = t.score[i];
        sum += ((a - y) * (a - y) + (b - y) * (b - y)) / 2 + 3 * (a - b) * (a - b);
    }
    cr_assert_float_eq(run(&spec, &t, 3), sum / 4, 1e-12);
    sts_loss_close(&spec);
    forget(&t);
}

/* Equal passes, as without dropout, are the loss of one of them. */
Test(r_drop, of_equal_passes_is_one_pass)
{
    test_batch t = two_passes();
    sts_loss_spec spec;
    cr_assert(!sts_loss_parse(&spec, LOSS, NULL));
    for (int c = 0; c < 2; c++) memcpy(t.emb[c + 2], t.emb[c], 20 * sizeof(double));
    double twice = run(&spec, &t, 5);
    t.b.columns = 2;
    cr_assert_float_eq(twice, batch_run(&spec, &t), 1e-12);
    sts_loss_close(&spec);
    forget(&t);
}
