/* evaluate.c - embeddings, similarities, metrics. */
#include "eval/evaluate.h"

#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 1000
#define BOOTSTRAP_SEED 20170801u

static const char *const SIMILARITY_NAME[STS_SIMILARITIES] = {"cosine", "euclidean", "manhattan",
                                                              "dot"};

static sts_metric missing(const char *why)
{
    return (sts_metric){NAN, why};
}

static void clear(sts_evaluation *e, const sts_eval_data *d)
{
    *e = (sts_evaluation){.n = d->n, .triplets = d->columns == 3, .ci95 = {NAN, NAN}};
    e->truncated = d->tokens->truncated;
    const char *why = e->triplets ? "triplets have no scores" : "not evaluated";
    for (int s = 0; s < STS_SIMILARITIES; s++) e->pearson[s] = e->spearman[s] = missing(why);
    e->mse = missing(why);
    e->accuracy = missing(e->triplets ? "not evaluated" : "pairs are not triplets");
}

/* Whether all of x are the same but for `noise`. */
static bool all_equal(const double *x, size_t n, double noise)
{
    double lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        lo = fmin(lo, x[i]);
        hi = fmax(hi, x[i]);
    }
    return n > 1 && hi - lo <= noise;
}

/* The embeddings of column `column`, gathered into out [n x dim]. */
static void gather(float *out, const float *emb, const sts_eval_data *d, size_t dim, size_t column)
{
    size_t columns = (size_t)d->columns;
    for (size_t i = 0; i < d->n; i++)
        memcpy(out + i * dim, emb + (i * columns + column) * dim, dim * sizeof *out);
}

/* Why predictions x do not correlate with the gold scores, or NULL. */
static const char *fault(const double *x, const double *gold, size_t n, double noise)
{
    const char *why = sts_correlation_fault(x, gold, n);
    if (why && n > 1 && all_equal(gold, n, 0)) return "all scores are equal";
    return why || !all_equal(x, n, noise) ? why : "all predictions are equal up to rounding";
}

static int correlate(sts_evaluation *e, int s, const double *x, const sts_eval_data *d,
                     double noise, sts_err *err)
{
    const char *why = fault(x, d->gold, d->n, noise);
    e->pearson[s] = why ? missing(why) : sts_pearson(x, d->gold, d->n);
    e->spearman[s] = why ? missing(why) : sts_spearman(x, d->gold, d->n);
    return why || !e->spearman[s].status ? 0 : sts_fail_memory(err, "the evaluation");
}

static int find_interval(sts_evaluation *e, const sts_eval_data *d, sts_err *err)
{
    if (e->spearman[0].status) return 0;
    e->no_ci95 = "too few pairs for an interval";
    if (d->n < STS_INTERVAL_PAIRS) return 0;
    if (sts_spearman_ci95(e->cosine, d->gold, d->n, ROUNDS, BOOTSTRAP_SEED, e->ci95, err))
        return -1;
    e->no_ci95 = e->ci95[0] < e->ci95[1] ? NULL : "no interval: all resamples give the same";
    if (e->no_ci95) e->ci95[0] = e->ci95[1] = NAN;
    return 0;
}

static int judge_pairs(sts_evaluation *e, const float *u, const float *v, const sts_eval_data *d,
                       size_t dim, bool interval, sts_err *err)
{
    double *x = sts_alloc(d->n, sizeof *x);
    e->cosine = sts_alloc(d->n, sizeof *e->cosine);
    int rc = x && e->cosine ? 0 : sts_fail_memory(err, "the evaluation");
    for (int s = 0; s < STS_SIMILARITIES && !rc; s++) {
        sts_similarity((sts_similarity_kind)s, u, v, d->n, dim, x);
        double noise = fmax(sts_similarity_noise((sts_similarity_kind)s, u, d->n, dim),
                            sts_similarity_noise((sts_similarity_kind)s, v, d->n, dim));
        rc = correlate(e, s, x, d, noise, err);
        if (s == STS_COSINE_SIMILARITY) e->collapsed = all_equal(x, d->n, noise);
        if (s == STS_COSINE_SIMILARITY) memcpy(e->cosine, x, d->n * sizeof *x);
    }
    sts_free(x);
    if (rc) return rc;
    e->mse = d->n ? (sts_metric){sts_mse(e->cosine, d->gold, d->n), NULL} : missing("no pairs");
    bool wanted = interval && !sts_comm_rank(); /* the only one that shows it */
    return wanted ? find_interval(e, d, err) : 0;
}

static int judge_triplets(sts_evaluation *e, const float *a, const float *p, const float *q,
                          const sts_eval_data *d, size_t dim, sts_err *err)
{
    double *near = sts_alloc(2 * d->n, sizeof *near);
    if (!near) return sts_fail_memory(err, "the evaluation");
    double *far = near + d->n;
    sts_similarity(STS_COSINE_SIMILARITY, a, p, d->n, dim, near);
    sts_similarity(STS_COSINE_SIMILARITY, a, q, d->n, dim, far);
    size_t right = 0;
    for (size_t i = 0; i < d->n; i++) right += near[i] > far[i];
    e->collapsed = all_equal(near, 2 * d->n,
                             sts_similarity_noise(STS_COSINE_SIMILARITY, a, d->n, dim));
    if (d->n) e->accuracy = (sts_metric){(double)right / (double)d->n, NULL};
    sts_free(near);
    return 0;
}

int sts_evaluate(sts_evaluation *e, const sts_model *m, const sts_eval_data *d, bool interval,
                 sts_err *err)
{
    clear(e, d);
    size_t dim = (size_t)m->dim, columns = (size_t)d->columns, each;
    float *emb = sts_mul(d->n, dim, &each) ? sts_alloc(each, 2 * columns * sizeof *emb) : NULL;
    if (!emb) return sts_fail_memory(err, "embeddings");
    float *part = emb + columns * each;
    int rc = sts_embed(m, d->tokens, emb, "evaluating", err);
    for (size_t c = 0; c < columns && !rc; c++) gather(part + c * each, emb, d, dim, c);
    if (!rc && e->triplets)
        rc = judge_triplets(e, part, part + each, part + 2 * each, d, dim, err);
    else if (!rc)
        rc = judge_pairs(e, part, part + each, d, dim, interval, err);
    sts_free(emb);
    if (rc) sts_evaluation_free(e);
    return rc;
}

void sts_evaluation_free(sts_evaluation *e)
{
    sts_free(e->cosine);
    *e = (sts_evaluation){0};
}

const sts_metric *sts_evaluation_metric(const sts_evaluation *e, const char *name,
                                        bool *higher_is_better)
{
    char full[64];
    if (higher_is_better) *higher_is_better = strcmp(name, "mse") != 0;
    if (!strcmp(name, "mse")) return &e->mse;
    if (!strcmp(name, "cosine_accuracy")) return &e->accuracy;
    for (int s = 0; s < STS_SIMILARITIES; s++) {
        snprintf(full, sizeof full, "pearson_%s", SIMILARITY_NAME[s]);
        if (!strcmp(name, full)) return &e->pearson[s];
        snprintf(full, sizeof full, "spearman_%s", SIMILARITY_NAME[s]);
        if (!strcmp(name, full)) return &e->spearman[s];
    }
    return NULL;
}

static void add_metric(cJSON *object, const char *name, const sts_metric *x, const char **status)
{
    sts_json_add_num(object, name, x->status ? NAN : x->value);
    if (x->status && !*status) *status = x->status;
}

void sts_evaluation_json(const sts_evaluation *e, cJSON *object)
{
    const char *status = NULL;
    sts_json_add_num(object, e->triplets ? "triplets" : "pairs", (double)e->n);
    sts_json_add_num(object, "truncated", (double)e->truncated);
    if (e->triplets) add_metric(object, "cosine_accuracy", &e->accuracy, &status);
    for (int s = 0; s < STS_SIMILARITIES && !e->triplets; s++) {
        char name[64];
        snprintf(name, sizeof name, "pearson_%s", SIMILARITY_NAME[s]);
        add_metric(object, name, &e->pearson[s], &status);
        snprintf(name, sizeof name, "spearman_%s", SIMILARITY_NAME[s]);
        add_metric(object, name, &e->spearman[s], &status);
    }
    if (!e->triplets) add_metric(object, "mse", &e->mse, &status);
    if (!isnan(e->ci95[0])) {
        cJSON *ci = cJSON_AddArrayToObject(object, "spearman_cosine_ci95");
        sts_json_append(ci, cJSON_CreateNumber(e->ci95[0]));
        sts_json_append(ci, cJSON_CreateNumber(e->ci95[1]));
    } else if (!e->triplets) {
        cJSON_AddNullToObject(object, "spearman_cosine_ci95");
    }
    if (!status) status = e->no_ci95;
    if (status) cJSON_AddStringToObject(object, "status", status);
}

int sts_evaluation_check(const sts_evaluation *e, const sts_model *m, sts_err *err)
{
    for (size_t i = 0; e->cosine && i < e->n; i++)
        if (!isfinite(e->cosine[i]))
            return sts_fail(err, STS_MODEL, "%s: the vectors of pair %zu are NaN or infinite: the "
                            "model's weights are damaged", m->dir ? m->dir : m->name, i + 1);
    return 0;
}
