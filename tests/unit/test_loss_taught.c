/* test_loss_taught.c - what decides beside scores: texts that are equal, and a teacher. */
#include "loss_batch.h"

#include <criterion/criterion.h>
#include <math.h>

/* The cross-entropy of row i's own partner among the candidates[n], at scale 20. */
static double entropy(const test_batch *t, int i, const int *candidate, int n)
{
    double sum = 0, own = 0;
    for (int k = 0; k < n; k++) {
        double dot = 0, u = 0, v = 0;
        for (int d = 0; d < t->b.dim; d++) {
            double x = t->emb[0][i * t->b.dim + d], y = t->emb[1][candidate[k] * t->b.dim + d];
            dot += x * y, u += x * x, v += y * y;
        }
        double logit = 20 * dot / sqrt(u * v);
        sum += exp(logit);
        if (candidate[k] == i) own = logit;
    }
    return log(sum) - own;
}

/* Rows 0 and 2 share a first text, rows 1 and 3 a text in both columns. */
Test(loss_taught, rows_that_share_a_text_are_no_negatives)
{
    static const uint32_t first[] = {1, 2, 1, 5}, second[] = {3, 4, 6, 2};
    static const int of_0[] = {0, 1, 3}, of_1[] = {0, 1, 2};
    static const int of_2[] = {1, 2, 3}, of_3[] = {0, 2, 3}, all[] = {0, 1, 2, 3};
    const uint32_t *text[] = {first, second};
    test_batch t = batch_new(UNSCORED, 4, 5, 12);
    sts_loss_spec spec;
    double masked = entropy(&t, 0, of_0, 3) + entropy(&t, 1, of_1, 3) + entropy(&t, 2, of_2, 3) +
                    entropy(&t, 3, of_3, 3), whole = 0;
    for (int i = 0; i < 4; i++) whole += entropy(&t, i, all, 4);
    t.b.text = text;
    cr_assert(!sts_loss_parse(&spec, "mnrl", NULL));
    cr_assert_float_eq(batch_run(&spec, &t), masked / 4, 1e-12);
    sts_loss_close(&spec);
    cr_assert(!sts_loss_parse(&spec, "mnrl:mask=0", NULL));
    cr_assert_float_eq(batch_run(&spec, &t), whole / 4, 1e-12);
    sts_loss_close(&spec);
    batch_free(&t);
}

static double slope(const sts_loss_spec *spec, test_batch *t, double *x)
{
    const double h = 1e-5, at = *x;
    *x = at + h;
    double above = batch_run(spec, t);
    *x = at - h;
    double below = batch_run(spec, t);
    *x = at;
    return (above - below) / (2 * h);
}

/* The linear layer to the teacher's width has the gradient of finite differences, added to what is
 * there. */
Test(loss_taught, projection_is_trained)
{
    static const char *const name[] = {"embed-distill", "embed-distill:distance=mse",
                                       "embed-distill:distance=l2"};
    enum { N = 4, DIM = 3, LAYER = (DIM + 1) * (DIM + 1) };
    for (size_t k = 0; k < 3; k++) {
        test_batch t = batch_new(TRIPLETS, N, DIM, 9);
        sts_loss_spec spec;
        double grad[LAYER];
        cr_assert(!sts_loss_parse(&spec, name[k], NULL));
        for (int i = 0; i < LAYER; i++) t.b.projection_grad[i] = 0.5;
        batch_run(&spec, &t);
        memcpy(grad, t.b.projection_grad, sizeof grad);
        for (int i = 0; i < LAYER; i++) {
            double want = slope(&spec, &t, &t.projection[i]);
            cr_assert(fabs(grad[i] - 0.5 - want) <= 1e-7, "%s: %d: %g, not %g", name[k], i,
                      grad[i] - 0.5, want);
        }
        sts_loss_close(&spec);
        batch_free(&t);
    }
}

/* Of a teacher of the same width, vectors equal to its own are at rest. */
Test(loss_taught, a_model_like_its_teacher_learns_nothing)
{
    static const char *const name[] = {"embed-distill", "embed-distill:distance=mse",
                                       "embed-distill:distance=l2", "score-distill"};
    enum { N = 4, DIM = 3 };
    for (size_t k = 0; k < 4; k++) {
        test_batch t = batch_new(TRIPLETS, N, DIM, 9);
        sts_loss_spec spec;
        cr_assert(!sts_loss_parse(&spec, name[k], NULL));
        t.b.projection = NULL;
        t.b.teacher_dim = DIM;
        for (int c = 0; c < 3; c++) memcpy(t.taught[c], t.emb[c], N * DIM * sizeof(double));
        cr_assert_float_eq(batch_run(&spec, &t), 0, 1e-15);
        for (int c = 0; c < 3; c++)
            for (int i = 0; i < N * DIM; i++) cr_assert_float_eq(t.grad[c][i], 0, 1e-15);
        sts_loss_close(&spec);
        batch_free(&t);
    }
}
