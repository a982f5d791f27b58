/* run_dims.c - the selected model with vectors that are cut to their first components. */
#include "train/run.h"

#include "core/mem.h"

#include <math.h>
#include <string.h>

/* One row of the report for each number of dimensions, without what it comes to. */
static int list_dims(sts_run *r, sts_err *err)
{
    size_t since = sts_json_denied();
    r->by_dims = sts_json_new_array();
    for (int k = 0; k < r->loss.n_dims; k++) {
        sts_json *row = sts_json_new_object();
        sts_json_add_number(row, "dims", r->loss.dim[k]);
        sts_json_add_number(row, "bytes", (double)r->loss.dim[k] * (double)sizeof(float));
        sts_json_append(r->by_dims, row);
    }
    return sts_json_denied() == since ? 0 : sts_fail_memory(err, "the evaluation");
}

/* Leaves the first `to` of `from` components of n vectors. */
static void cut_vectors(float *emb, size_t n, size_t from, size_t to)
{
    for (size_t i = 1; i < n; i++) memmove(emb + i * to, emb + i * from, to * sizeof *emb);
}

/* The selected model's vectors of a part with their first components only, into the rows:
 * dimensions fall, so that vectors are made once. */
static int evaluate_dims(sts_run *r, const sts_part *part, const char *name, sts_err *err)
{
    size_t from = (size_t)r->loss.dim[0], since = sts_json_denied();
    if (sts_model_set_dims(r->model, from, err)) return -1;
    float *emb = sts_embeddings(r->model, &part->tokens, "evaluating", err);
    int rc = emb ? 0 : -1, k = 0;
    for (sts_json *row = r->by_dims->child; row && !rc; row = row->next) {
        sts_evaluation e;
        size_t to = (size_t)r->loss.dim[k++];
        cut_vectors(emb, part->tokens.n, from, to);
        from = to;
        rc = sts_model_set_dims(r->model, to, err);
        if (!rc) rc = sts_run_evaluate_vectors(r, part, emb, false, &e, err);
        if (rc) break;
        sts_metric x = sts_evaluation_value(&e, r->metric);
        sts_json_add_number(row, name, x.status ? NAN : x.value);
        sts_evaluation_free(&e);
    }
    sts_free(emb);
    if (rc || sts_json_denied() == since) return rc;
    return sts_fail_memory(err, "the evaluation");
}

int sts_run_evaluate_dims(sts_run *r, sts_err *err)
{
    int whole = r->model->dim;
    if (!r->loss.n_dims) return 0;
    int rc = list_dims(r, err);
    if (!rc && r->dev.corpus.n) rc = evaluate_dims(r, &r->dev, "dev", err);
    if (!rc && r->test.corpus.n) rc = evaluate_dims(r, &r->test, "test", err);
    r->model->dim = whole;
    return rc;
}
