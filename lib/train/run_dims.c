/* run_dims.c - the selected model with vectors that are cut to their first components. */
#include "train/run.h"

#include "core/mem.h"

#include <math.h>
#include <string.h>

/* Leaves the first `to` of `from` components of n vectors. */
static void cut_vectors(float *emb, size_t n, size_t from, size_t to)
{
    for (size_t i = 1; i < n; i++) memmove(emb + i * to, emb + i * from, to * sizeof *emb);
}

/* With dims[k] numbers of each vector. */
static int evaluate_cut(sts_run *r, const sts_part *part, const float *emb, int k, sts_err *err)
{
    sts_evaluation e;
    if (sts_model_set_dims(r->model, (size_t)r->loss.dim[k], err)) return -1;
    if (sts_run_evaluate_vectors(r, part, emb, false, &e, err)) return -1;
    sts_metric x = sts_evaluation_value(&e, r->metric);
    *(part == &r->dev ? &r->by_dims[k].dev : &r->by_dims[k].test) = x.status ? NAN : x.value;
    sts_evaluation_free(&e);
    return 0;
}

/* The selected model's vectors of a part with their first components only: dimensions fall, so that
 * vectors are made once. */
static int evaluate_dims(sts_run *r, const sts_part *part, sts_err *err)
{
    size_t from = (size_t)r->loss.dim[0];
    if (!part->corpus.n) return 0;
    if (sts_model_set_dims(r->model, from, err)) return -1;
    float *emb = sts_embeddings(r->model, &part->tokens, "evaluating", err);
    int rc = emb ? 0 : -1;
    for (int k = 0; k < r->loss.n_dims && !rc; k++) {
        size_t to = (size_t)r->loss.dim[k];
        cut_vectors(emb, part->tokens.n, from, to);
        from = to;
        rc = evaluate_cut(r, part, emb, k, err);
    }
    sts_free(emb);
    return rc;
}

int sts_run_evaluate_dims(sts_run *r, sts_err *err)
{
    int whole = r->model->dim;
    if (!r->loss.n_dims) return 0;
    for (int k = 0; k < r->loss.n_dims; k++)
        r->by_dims[k] = (sts_dims_value){r->loss.dim[k], NAN, NAN};
    int rc = evaluate_dims(r, &r->dev, err) || evaluate_dims(r, &r->test, err) ? -1 : 0;
    if (!rc) r->n_by_dims = r->loss.n_dims;
    r->model->dim = whole;
    return rc;
}
