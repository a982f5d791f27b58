/* evaluate.c - embeddings, similarities, metrics. */
#include "eval/evaluate.h"

#include "core/mem.h"

#include <math.h>
#include <string.h>

#define ROUNDS 1000
#define BOOTSTRAP_SEED 20170801u

#define CI95 STS_METRIC_OF_SCORES "_ci95"

static sts_metric missing(const char *why)
{
    return (sts_metric){NAN, why};
}

static void clear(sts_evaluation *e, const sts_token_rows *d)
{
    *e = (sts_evaluation){.n = d->n,
                          .truncated = d->tokens->truncated,
                          .has = sts_metric_offered(d->columns),
                          .ci95 = {NAN, NAN}};
    bool triplets = e->has & STS_NEEDS_TRIPLETS;
    const char *lack = triplets ? "triplets have no scores" : "pairs are not triplets";
    for (size_t m = 0; m < STS_METRICS; m++)
        e->value[m] = missing(sts_metric_row_of[m].needs & e->has ? "not evaluated" : lack);
}

/* The embeddings of column `column`, gathered into out [n x dim]. */
static void gather(float *out, const float *emb, const sts_token_rows *d, size_t dim, size_t column)
{
    size_t columns = (size_t)d->columns;
    for (size_t i = 0; i < d->n; i++)
        memcpy(out + i * dim, emb + (i * columns + column) * dim, dim * sizeof *out);
}

/* The metrics of one similarity. */
static int compute(sts_evaluation *e, sts_similarity_kind similarity, const sts_series *s,
                   sts_err *err)
{
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        if (!(row->needs & e->has) || row->similarity != similarity) continue;
        e->value[m] = row->compute(s);
        if (sts_metric_lost(e->value[m])) return sts_fail_memory(err, "the evaluation");
    }
    return 0;
}

static int find_interval(sts_evaluation *e, const sts_token_rows *d, sts_err *err)
{
    if (sts_evaluation_value(e, sts_metric_default(e->has)).status) return 0;
    e->no_ci95 = "too few pairs for an interval";
    if (d->n < STS_INTERVAL_PAIRS) return 0;
    if (sts_spearman_ci95(e->cosine, d->score, d->n, ROUNDS, BOOTSTRAP_SEED, e->ci95, err))
        return -1;
    e->no_ci95 = e->ci95[0] < e->ci95[1] ? NULL : "no interval: all resamples give the same";
    if (e->no_ci95) e->ci95[0] = e->ci95[1] = NAN;
    return 0;
}

static int evaluate_pairs(sts_evaluation *e, const float *u, const float *v,
                          const sts_token_rows *d, size_t dim, bool interval, sts_err *err)
{
    double *x = sts_alloc(d->n, sizeof *x);
    e->cosine = sts_alloc(d->n, sizeof *e->cosine);
    e->similarity = sts_alloc(d->n, sizeof *e->similarity);
    int rc = x && e->cosine && e->similarity ? 0 : sts_fail_memory(err, "the evaluation");
    for (int k = 0; k < STS_SIMILARITIES && !rc; k++) {
        sts_similarity_kind kind = (sts_similarity_kind)k;
        sts_similarity(kind, u, v, d->n, dim, x);
        double noise = fmax(sts_similarity_noise(kind, u, d->n, dim),
                            sts_similarity_noise(kind, v, d->n, dim));
        rc = compute(e, kind, &(sts_series){x, d->score, d->n, noise}, err);
        if (kind == STS_COSINE_SIMILARITY) e->collapsed = sts_all_equal(x, d->n, noise);
        if (kind == STS_COSINE_SIMILARITY) memcpy(e->cosine, x, d->n * sizeof *x);
        if (kind == e->kind) memcpy(e->similarity, x, d->n * sizeof *x);
    }
    sts_free(x);
    if (rc) return rc;
    bool wanted = interval && !sts_comm_rank(); /* the only one that shows it */
    return wanted ? find_interval(e, d, err) : 0;
}

static int evaluate_triplets(sts_evaluation *e, const float *a, const float *p, const float *q,
                             const sts_token_rows *d, size_t dim, sts_err *err)
{
    double *near = sts_alloc(2 * d->n, sizeof *near);
    if (!near) return sts_fail_memory(err, "the evaluation");
    double *far = near + d->n;
    sts_similarity(STS_COSINE_SIMILARITY, a, p, d->n, dim, near);
    sts_similarity(STS_COSINE_SIMILARITY, a, q, d->n, dim, far);
    double noise = sts_similarity_noise(STS_COSINE_SIMILARITY, a, d->n, dim);
    e->collapsed = sts_all_equal(near, 2 * d->n, noise);
    int rc = compute(e, STS_COSINE_SIMILARITY, &(sts_series){near, far, d->n, noise}, err);
    sts_free(near);
    return rc;
}

int sts_evaluate(sts_evaluation *e, const sts_model *m, const sts_token_rows *d, bool interval,
                 sts_err *err)
{
    clear(e, d);
    e->kind = sts_similarity_named(m->similarity);
    size_t dim = (size_t)m->dim, columns = (size_t)d->columns, each;
    float *emb = sts_mul(d->n, dim, &each) ? sts_alloc(each, 2 * columns * sizeof *emb) : NULL;
    if (!emb) return sts_fail_memory(err, "embeddings");
    float *part = emb + columns * each;
    int rc = sts_embed(m, d->tokens, emb, "evaluating", err);
    for (size_t c = 0; c < columns && !rc; c++) gather(part + c * each, emb, d, dim, c);
    if (!rc && e->has & STS_NEEDS_TRIPLETS)
        rc = evaluate_triplets(e, part, part + each, part + 2 * each, d, dim, err);
    else if (!rc)
        rc = evaluate_pairs(e, part, part + each, d, dim, interval, err);
    sts_free(emb);
    if (rc) sts_evaluation_free(e);
    return rc;
}

void sts_evaluation_free(sts_evaluation *e)
{
    sts_free(e->cosine);
    sts_free(e->similarity);
    *e = (sts_evaluation){0};
}

sts_metric sts_evaluation_value(const sts_evaluation *e, const sts_metric_row *m)
{
    return e->value[m - sts_metric_row_of];
}

/* ---- as JSON ---- */

static void add_interval(const sts_evaluation *e, cJSON *object)
{
    if (!(e->has & STS_NEEDS_SCORES)) return;
    if (isnan(e->ci95[0])) cJSON_AddNullToObject(object, CI95);
    else sts_json_put(object, CI95, cJSON_CreateDoubleArray(e->ci95, 2));
}

void sts_evaluation_json(const sts_evaluation *e, cJSON *object)
{
    const char *status = NULL;
    sts_json_add_num(object, sts_metric_unit(e->has), (double)e->n);
    sts_json_add_num(object, "truncated", (double)e->truncated);
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric *x = &e->value[m];
        if (!(sts_metric_row_of[m].needs & e->has)) continue;
        sts_json_add_num(object, sts_metric_row_of[m].name, x->status ? NAN : x->value);
        if (!status) status = x->status;
    }
    add_interval(e, object);
    if (!status) status = e->no_ci95;
    if (status) cJSON_AddStringToObject(object, "status", status);
}

sts_metric_needs sts_evaluation_of(const cJSON *object)
{
    bool triplets = sts_json_get(object, sts_metric_unit(STS_NEEDS_TRIPLETS)) != NULL;
    return triplets ? STS_NEEDS_TRIPLETS : STS_NEEDS_SCORES;
}

const cJSON *sts_evaluation_count(const cJSON *object)
{
    return sts_json_get(object, sts_metric_unit(sts_evaluation_of(object)));
}

bool sts_evaluation_interval(const cJSON *object, double ci95[2])
{
    const cJSON *ci = sts_json_get(object, CI95);
    bool two = cJSON_IsArray(ci) && cJSON_GetArraySize(ci) == 2;
    bool there = two && cJSON_IsNumber(ci->child) && cJSON_IsNumber(ci->child->next);
    ci95[0] = there ? ci->child->valuedouble : NAN;
    ci95[1] = there ? ci->child->next->valuedouble : NAN;
    return there;
}

int sts_evaluation_check(const sts_evaluation *e, const sts_model *m, sts_err *err)
{
    for (size_t i = 0; e->cosine && i < e->n; i++)
        if (!isfinite(e->cosine[i]))
            return sts_fail(err, STS_MODEL, "%s: the vectors of pair %zu are NaN or infinite: the "
                            "model's weights are damaged", m->dir ? m->dir : m->name, i + 1);
    return 0;
}
