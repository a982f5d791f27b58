/* evaluate.c - embeddings, similarities, metrics, intervals. */
#include "eval/evaluate.h"

#include "core/mem.h"
#include "eval/similar_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BOOTSTRAP_SEED 20170801u

static sts_metric missing(const char *why)
{
    return (sts_metric){NAN, why};
}

/* Why data that offer `has` lack what a metric needs. */
static const char *name_lack(sts_metric_needs has, sts_metric_needs needs)
{
    if (needs == STS_NEEDS_LOSS) return "no loss is being minimised";
    if (has & STS_NEEDS_TRIPLETS) return "triplets have no scores";
    if (needs == STS_NEEDS_TRIPLETS) return "pairs are not triplets";
    if (needs == STS_NEEDS_PARTNERS) return "the pairs have scores: not all belong together";
    if (has & STS_NEEDS_PARTNERS) return "the pairs have no scores";
    return "the scores are not of two classes (--positive X: score >= X is positive)";
}

static void clear(sts_evaluation *e, const sts_token_rows *d)
{
    *e = (sts_evaluation){
        .n = d->n, .truncated = d->tokens->truncated, .has = sts_metric_offered(d)};
    for (size_t m = 0; m < STS_METRICS; m++) {
        sts_metric_needs needs = sts_metric_row_of[m].needs;
        e->value[m] = missing(needs & e->has ? "not evaluated" : name_lack(e->has, needs));
        e->ci95[m][0] = e->ci95[m][1] = NAN;
    }
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
        if (sts_advance("evaluating", s->n, s->n, err)) return -1;
        e->value[m] = row->compute(s);
        if (sts_metric_lost(e->value[m])) return sts_fail_memory(err, "the evaluation");
    }
    return 0;
}

/* ---- intervals ---- */

sts_truth sts_metric_truth(const sts_metric_row *m, const sts_token_rows *d)
{
    if (m->needs & STS_NEEDS_SCORES) return (sts_truth){STS_OF_SPEARMAN, d->score, NULL, d->n};
    if (m->needs == STS_NEEDS_CLASSES) return (sts_truth){STS_OF_AP, NULL, d->positive, d->n};
    return (sts_truth){STS_OF_MEAN, NULL, NULL, d->n};
}

static int find_interval(sts_evaluation *e, const sts_metric_row *row, const sts_token_rows *d,
                         sts_err *err)
{
    sts_truth truth = sts_metric_truth(row, d);
    double *ci95 = e->ci95[row - sts_metric_row_of];
    if (sts_evaluation_value(e, row).status) return 0;
    const double *x = e->hit ? e->hit : e->cosine;
    e->rounds = sts_interval_rounds(d->n);
    if (sts_interval(&truth, x, e->rounds, BOOTSTRAP_SEED, ci95, err)) return -1;
    if (ci95[0] < ci95[1]) return 0;
    e->no_ci95 = "no interval: all resamples give the same";
    ci95[0] = ci95[1] = NAN;
    return 0;
}

/* Only rank 0 shows them. */
static int find_intervals(sts_evaluation *e, const sts_token_rows *d, sts_err *err)
{
    bool few = d->n < STS_INTERVAL_PAIRS;
    for (size_t m = 0; m < STS_METRICS && !sts_comm_rank(); m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        if (!sts_metric_has_interval(row, e->has)) continue;
        if (few && !e->value[m].status) e->no_ci95 = "too few pairs for an interval";
        if (!few && find_interval(e, row, d, err)) return -1;
    }
    return 0;
}

/* ---- pairs and triplets ---- */

/* The metrics of one similarity of scored pairs. */
static int compute_scored(sts_evaluation *e, sts_similarity_kind kind, const double *x,
                          double noise, const sts_token_rows *d, sts_err *err)
{
    sts_classes classes = {0};
    bool distance = kind == STS_EUCLIDEAN_SIMILARITY || kind == STS_MANHATTAN_SIMILARITY;
    sts_series s = {
        .x = x, .y = d->score, .n = d->n, .noise = noise, .classes = &classes};
    s.distance = distance;
    if (d->positive && sts_classes_find(&classes, x, d->positive, d->n))
        return sts_fail_memory(err, "the evaluation");
    if (!classes.status && sts_all_equal(x, d->n, noise))
        classes.status = "all predictions are equal up to rounding";
    return compute(e, kind, &s, err);
}

static int evaluate_scored(sts_evaluation *e, sts_measured *m, const sts_token_rows *d, size_t dim,
                           sts_err *err)
{
    for (int k = 0; k < STS_SIMILARITIES; k++) {
        sts_similarity_kind kind = (sts_similarity_kind)k;
        double noise = sts_similarity_noise(kind, m->longest, dim);
        if (compute_scored(e, kind, m->x[k], noise, d, err)) return -1;
        if (kind == STS_COSINE_SIMILARITY) e->collapsed = sts_all_equal(m->x[k], d->n, noise);
    }
    e->similarity = sts_alloc(d->n, sizeof *e->similarity);
    if (!e->similarity) return sts_fail_memory(err, "the evaluation");
    memcpy(e->similarity, m->x[e->kind], d->n * sizeof *e->similarity);
    e->cosine = m->x[STS_COSINE_SIMILARITY];
    m->x[STS_COSINE_SIMILARITY] = NULL;
    return 0;
}

/* The first m rows' cosines to their own partner are near[m], those to another row's far[m]. */
static bool has_collapsed(const double *near, const double *far, size_t m)
{
    const double noise = sts_similarity_noise(STS_COSINE_SIMILARITY, 0, 0);
    return sts_all_equal(near, m, noise) && sts_all_equal(far, m, noise) &&
           fabs(near[0] - far[0]) <= noise;
}

/* Pairs without scores; u and v are normalised. */
static int evaluate_partners(sts_evaluation *e, float *u, float *v, const sts_token_rows *d,
                             size_t dim, sts_err *err)
{
    double *other = sts_alloc(d->n, sizeof *other);
    sts_partners partners;
    size_t last = d->n - 1;
    e->cosine = sts_alloc(d->n, sizeof *e->cosine);
    e->hit = sts_alloc(d->n, sizeof *e->hit);
    int rc = other && e->cosine && e->hit ? 0 : sts_fail_memory(err, "the evaluation");
    if (!rc) {
        sts_similarity(STS_COSINE_SIMILARITY, u, v, d->n, dim, e->cosine);
        sts_similarity(STS_COSINE_SIMILARITY, u, v + dim, last, dim, other);
        e->collapsed = last && has_collapsed(e->cosine, other, last);
        rc = sts_partners_find(&partners, u, v, d->text, d->n, dim, e->hit, err);
    }
    if (!rc)
        rc = compute(e, STS_COSINE_SIMILARITY, &(sts_series){.n = d->n, .partners = &partners},
                     err);
    sts_free(other);
    return rc;
}

/* A negative counts as the nearest one of its row. */
static int evaluate_triplets(sts_evaluation *e, const sts_measured *m, const sts_token_rows *d,
                             size_t dim, sts_err *err)
{
    const double *near = m->x[STS_COSINE_SIMILARITY], *far = m->far;
    e->hit = sts_alloc(d->n, sizeof *e->hit);
    if (!e->hit) return sts_fail_memory(err, "the evaluation");
    for (size_t i = 0; i < d->n; i++) e->hit[i] = near[i] > far[i];
    double noise = sts_similarity_noise(STS_COSINE_SIMILARITY, m->longest, dim);
    e->collapsed = sts_all_equal(near, 2 * d->n, noise); /* far's, which follow, as well */
    sts_series s = {.x = near, .y = far, .n = d->n, .noise = noise};
    return compute(e, STS_COSINE_SIMILARITY, &s, err);
}

/* ---- */

/* Rows of which each is compared within itself. */
static bool has_measures(const sts_evaluation *e)
{
    return e->has & (STS_NEEDS_SCORES | STS_NEEDS_TRIPLETS);
}

static void begin(sts_evaluation *e, const sts_model *m, const sts_token_rows *d)
{
    clear(e, d);
    e->kind = sts_similarity_named(m->similarity);
}

static int finish(sts_evaluation *e, const sts_token_rows *d, bool interval, int rc, sts_err *err)
{
    if (!rc && interval) rc = find_intervals(e, d, err);
    if (rc) sts_evaluation_free(e);
    return rc;
}

/* Ends what measuring, which returned rc, began; frees m. */
static int evaluate_measured(sts_evaluation *e, sts_measured *m, const sts_token_rows *d,
                             size_t dim, bool interval, int rc, sts_err *err)
{
    if (!rc)
        rc = e->has & STS_NEEDS_SCORES ? evaluate_scored(e, m, d, dim, err)
                                       : evaluate_triplets(e, m, d, dim, err);
    sts_measured_free(m);
    return finish(e, d, interval, rc, err);
}

/* Pairs without scores, whose embeddings are compared across rows. */
static int evaluate_unscored(sts_evaluation *e, const sts_model *m, const float *emb,
                            const sts_token_rows *d, sts_err *err)
{
    size_t dim = (size_t)m->dim, each;
    float *part = sts_mul(d->n, dim, &each) ? sts_alloc(each, 2 * sizeof *part) : NULL;
    if (!part) return sts_fail_memory(err, "embeddings");
    for (size_t c = 0; c < 2; c++) gather(part + c * each, emb, d, dim, c);
    int rc = evaluate_partners(e, part, part + each, d, dim, err);
    sts_free(part);
    return rc;
}

int sts_evaluate_vectors(sts_evaluation *e, const sts_model *m, const float *emb,
                         const sts_token_rows *d, bool interval, sts_err *err)
{
    begin(e, m, d);
    if (!has_measures(e))
        return finish(e, d, interval, evaluate_unscored(e, m, emb, d, err), err);
    sts_measured measured;
    int rc = sts_measure_vectors(&measured, emb, (size_t)m->dim, d, err);
    return evaluate_measured(e, &measured, d, (size_t)m->dim, interval, rc, err);
}

int sts_evaluate(sts_evaluation *e, const sts_model *m, const sts_token_rows *d, bool interval,
                 sts_err *err)
{
    begin(e, m, d);
    if (has_measures(e)) {
        sts_measured measured;
        int rc = sts_measure(&measured, m, d, err);
        return evaluate_measured(e, &measured, d, (size_t)m->dim, interval, rc, err);
    }
    float *emb = sts_embeddings(m, d->tokens, "evaluating", err);
    int rc = emb ? sts_evaluate_vectors(e, m, emb, d, interval, err) : -1;
    sts_free(emb);
    return rc;
}

void sts_evaluation_free(sts_evaluation *e)
{
    sts_free(e->cosine);
    sts_free(e->similarity);
    sts_free(e->hit);
    *e = (sts_evaluation){0};
}

sts_metric sts_evaluation_value(const sts_evaluation *e, const sts_metric_row *m)
{
    return e->value[m - sts_metric_row_of];
}

sts_figures sts_evaluation_figures(const sts_evaluation *e)
{
    sts_figures f = {.n = e->n, .truncated = e->truncated, .has = e->has, .rounds = e->rounds};
    const char *status = NULL;
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric *x = &e->value[m];
        f.value[m] = x->status ? NAN : x->value;
        if (!status && sts_metric_row_of[m].needs & e->has) status = x->status;
    }
    memcpy(f.ci95, e->ci95, sizeof f.ci95);
    if (!status) status = e->no_ci95;
    if (status) snprintf(f.status, sizeof f.status, "%s", status);
    return f;
}

int sts_evaluation_check(const sts_evaluation *e, const sts_model *m, sts_err *err)
{
    for (size_t i = 0; e->cosine && i < e->n; i++)
        if (!isfinite(e->cosine[i]))
            return sts_fail(err, STS_MODEL, "%s: the vectors of pair %zu are NaN or infinite: the "
                            "model's weights are damaged", m->dir ? m->dir : m->name, i + 1);
    return 0;
}
