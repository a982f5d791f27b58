/* measure.c - the metrics of a model on rows in memory. */
#include "data/memory.h"
#include "eval/evaluate.h"

static int measure(const sts_model *m, const sts_corpus *c, sts_evaluation *e, sts_err *err)
{
    sts_tokens t;
    sts_token_options how = {.columns = c->columns};
    if (sts_tokens_make(&t, m, c->text, c->n * (size_t)c->columns, how, err)) return -1;
    sts_token_rows rows = {
        .tokens = &t, .score = c->score, .n = c->n, .columns = c->columns};
    int rc = sts_evaluate(e, m, &rows, false, err);
    if (!rc) rc = sts_evaluation_check(e, m, err);
    sts_tokens_free(&t);
    return rc;
}

int sts_measure_data(const sts_model *m, const sts_data *data, sts_metric_fn *fn, void *ctx,
                     sts_err *err)
{
    sts_corpus c;
    sts_evaluation e = {0};
    if (sts_require(m, "model", err) || sts_require(fn, "fn", err)) return -1;
    if (sts_corpus_copy(&c, data, err)) return -1;
    int rc = c.score || c.columns > 2
                 ? measure(m, &c, &e, err)
                 : sts_fail(err, STS_DATA, "the rows have no scores to evaluate against");
    for (size_t k = 0; k < STS_METRICS && !rc; k++) {
        const sts_metric_row *row = &sts_metric_row_of[k];
        if (row->needs & e.has) fn(ctx, row->name, sts_evaluation_value(&e, row).value);
    }
    sts_evaluation_free(&e);
    sts_corpus_free(&c);
    return rc;
}
