/* loss_batch.h - random batches for the tests of losses. */
#ifndef TEST_LOSS_BATCH_H
#define TEST_LOSS_BATCH_H

#include "core/rng.h"
#include "loss/loss.h"

#include <stdlib.h>
#include <string.h>

typedef enum { UNSCORED, SCORED, TRIPLETS, TUPLES, KINDS } batch_kind;
enum { MAX_COLUMNS = 5 };

static const unsigned batch_needs[KINDS] = {STS_LOSS_PAIRS, STS_LOSS_PAIRS | STS_LOSS_SCORED_PAIRS,
                                            STS_LOSS_TRIPLETS, STS_LOSS_TUPLES};
static const char *const batch_name[KINDS] = {"pairs", "scored pairs", "triplets", "tuples"};
static const int batch_columns[KINDS] = {2, 2, 3, MAX_COLUMNS};

/* A batch over its own memory; scores are graded, with some at 0 and 1 exactly. */
typedef struct test_batch {
    sts_loss_batch b;
    double **emb, **grad, *score, **taught, *projection;
} test_batch;

/* A teacher of one number more, and a projection to it. */
static inline void add_teacher(test_batch *t, sts_rng *r)
{
    int dim = t->b.teacher_dim = t->b.dim + 1;
    size_t layer = (size_t)(dim * (t->b.dim + 1)), count = (size_t)(t->b.n * dim);
    t->taught = malloc((size_t)t->b.columns * sizeof *t->taught);
    t->projection = malloc(2 * layer * sizeof(double));
    for (size_t i = 0; i < 2 * layer; i++) t->projection[i] = sts_rng_normal(r);
    for (int c = 0; c < t->b.columns; c++) {
        t->taught[c] = malloc(count * sizeof(double));
        for (size_t i = 0; i < count; i++) t->taught[c][i] = sts_rng_normal(r);
    }
    t->b.teacher = (const double *const *)t->taught;
    t->b.projection = t->projection;
    t->b.projection_grad = t->projection + layer;
}

static inline test_batch batch_new(batch_kind kind, int n, int dim, uint64_t seed)
{
    test_batch t = {.b = {.n = n, .dim = dim, .columns = batch_columns[kind]}};
    sts_rng r = sts_rng_new(seed, 1);
    size_t count = (size_t)n * (size_t)dim;
    t.emb = malloc((size_t)t.b.columns * sizeof *t.emb);
    t.grad = malloc((size_t)t.b.columns * sizeof *t.grad);
    t.b.emb = (const double *const *)t.emb;
    t.b.grad = t.grad;
    for (int c = 0; c < t.b.columns; c++) {
        t.emb[c] = malloc(count * sizeof(double));
        t.grad[c] = malloc(count * sizeof(double));
        memset(t.grad[c], 0x7f, count * sizeof(double)); /* garbage: 1.4e306 */
        for (size_t i = 0; i < count; i++) t.emb[c][i] = sts_rng_normal(&r) * 0.6;
    }
    add_teacher(&t, &r);
    t.score = malloc((size_t)n * sizeof(double));
    for (int i = 0; i < n; i++) {
        uint32_t k = sts_rng_below(&r, 5);
        t.score[i] = k == 0 ? 0 : k < 3 ? 1 : sts_rng_uniform(&r);
    }
    if (kind == SCORED) t.b.score = t.score;
    return t;
}

/* The loss on the batch, with scratch as large as it asks for. */
static inline sts_loss_result batch_result(const sts_loss_spec *spec, test_batch *t)
{
    size_t bytes = sts_loss_scratch(spec, t->b) * sizeof(double);
    t->b.scratch = malloc(bytes);
    memset(t->b.scratch, 0x7f, bytes);
    sts_loss_result r = sts_loss_run(spec, &t->b);
    free(t->b.scratch);
    t->b.warning = r.warning;
    return r;
}

static inline double batch_run(const sts_loss_spec *spec, test_batch *t)
{
    return batch_result(spec, t).value;
}

static inline void batch_free(test_batch *t)
{
    for (int c = 0; c < t->b.columns; c++) {
        free(t->emb[c]);
        free(t->grad[c]);
        free(t->taught[c]);
    }
    free(t->taught);
    free(t->projection);
    free(t->emb);
    free(t->grad);
    free(t->score);
}

/* The loss with its defaults. */
static inline sts_loss_spec spec_of(const sts_loss *loss)
{
    sts_loss_spec spec = {.n_parts = 1, .part = {{.loss = loss, .weight = 1}}};
    for (int i = 0; i < loss->n_options; i++) spec.part[0].option[i] = loss->options[i].value;
    return spec;
}

#endif
