/* loss_batch.h - random batches for the tests of losses. */
#ifndef TEST_LOSS_BATCH_H
#define TEST_LOSS_BATCH_H

#include "core/rng.h"
#include "loss/loss.h"

#include <stdlib.h>
#include <string.h>

typedef enum { UNSCORED, SCORED, TRIPLETS, KINDS } batch_kind;

static const unsigned batch_needs[KINDS] = {STS_LOSS_PAIRS, STS_LOSS_PAIRS | STS_LOSS_SCORED_PAIRS,
                                            STS_LOSS_TRIPLETS};
static const char *const batch_name[KINDS] = {"pairs", "scored pairs", "triplets"};

/* A batch over its own memory; scores are graded, with some at 0 and 1 exactly. */
typedef struct test_batch {
    sts_loss_batch b;
    double *emb[3], *score;
} test_batch;

static inline test_batch batch_new(batch_kind kind, int n, int dim, uint64_t seed)
{
    test_batch t = {.b = {.n = n, .dim = dim, .columns = kind == TRIPLETS ? 3 : 2}};
    sts_rng r = sts_rng_new(seed, 1);
    size_t count = (size_t)n * (size_t)dim;
    for (int c = 0; c < t.b.columns; c++) {
        t.b.emb[c] = t.emb[c] = malloc(count * sizeof(double));
        t.b.grad[c] = malloc(count * sizeof(double));
        memset(t.b.grad[c], 0x7f, count * sizeof(double)); /* garbage: 1.4e306 */
        for (size_t i = 0; i < count; i++) t.emb[c][i] = sts_rng_normal(&r) * 0.6;
    }
    t.score = malloc((size_t)n * sizeof(double));
    for (int i = 0; i < n; i++) {
        uint32_t k = sts_rng_below(&r, 5);
        t.score[i] = k == 0 ? 0 : k < 3 ? 1 : sts_rng_uniform(&r);
    }
    if (kind == SCORED) t.b.score = t.score;
    t.b.scratch = malloc(STS_LOSS_SCRATCH(n) * sizeof(double));
    memset(t.b.scratch, 0x7f, STS_LOSS_SCRATCH(n) * sizeof(double));
    return t;
}

static inline void batch_free(test_batch *t)
{
    for (int c = 0; c < t->b.columns; c++) {
        free(t->emb[c]);
        free(t->b.grad[c]);
    }
    free(t->score);
    free(t->b.scratch);
}

/* The loss with its defaults. */
static inline sts_loss_spec spec_of(const sts_loss *loss)
{
    sts_loss_spec spec = {.loss = loss};
    for (int i = 0; i < loss->n_options; i++) spec.option[i] = loss->options[i].value;
    return spec;
}

#endif
