/* figures.c - the numbers of an evaluation as JSON, written and read. */
#include "eval/figures.h"

#include <math.h>
#include <stdio.h>

#define CI95 "_ci95" /* behind a metric's name */

sts_figures sts_figures_none(size_t n)
{
    sts_figures f = {.n = n, .has = STS_NEEDS_SCORES};
    for (size_t m = 0; m < STS_METRICS; m++) f.value[m] = f.ci95[m][0] = f.ci95[m][1] = NAN;
    return f;
}

int sts_figures_of_pairs(sts_figures *f, const double *cosine, const double *score, size_t n,
                         sts_err *err)
{
    const sts_series s = {.x = cosine, .y = score, .n = n};
    *f = sts_figures_none(n);
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        if (!sts_metric_in_table(row, STS_NEEDS_SCORES)) continue;
        sts_metric x = row->compute(&s);
        if (sts_metric_lost(x)) return sts_fail_memory(err, "the evaluation");
        f->value[m] = x.value;
    }
    return 0;
}

/* ---- writing ---- */

static const char *interval_key(const sts_metric_row *m, char key[64])
{
    snprintf(key, 64, "%s" CI95, m->name);
    return key;
}

static void add_intervals(const sts_figures *f, sts_json *object)
{
    for (size_t m = 0; m < STS_METRICS; m++) {
        char key[64];
        const sts_metric_row *row = &sts_metric_row_of[m];
        if (!sts_metric_has_interval(row, f->has)) continue;
        interval_key(row, key);
        if (isnan(f->ci95[m][0])) sts_json_add_null(object, key);
        else sts_json_put(object, key, sts_json_new_numbers(f->ci95[m], 2));
    }
    if (f->rounds && f->rounds < STS_INTERVAL_ROUNDS)
        sts_json_add_number(object, "resamples", f->rounds);
}

void sts_figures_json(const sts_figures *f, sts_json *object)
{
    sts_json_add_number(object, sts_metric_unit(f->has), (double)f->n);
    sts_json_add_number(object, "truncated", (double)f->truncated);
    for (size_t m = 0; m < STS_METRICS; m++)
        if (sts_metric_row_of[m].needs & f->has)
            sts_json_add_number(object, sts_metric_row_of[m].name, f->value[m]);
    add_intervals(f, object);
    if (*f->status) sts_json_add_string(object, "status", f->status);
}

/* ---- reading ---- */

sts_metric_needs sts_figures_has(const sts_json *object)
{
    sts_metric_needs has = sts_json_get(object, "loss") ? STS_NEEDS_LOSS : 0;
    if (sts_json_get(object, "triplets")) return has | STS_NEEDS_TRIPLETS;
    if (sts_json_get(object, STS_METRIC_OF_PARTNERS)) return has | STS_NEEDS_PARTNERS;
    if (sts_json_get(object, STS_METRIC_OF_CLASSES)) has |= STS_NEEDS_CLASSES;
    return has | STS_NEEDS_SCORES;
}

bool sts_figures_interval(const sts_json *object, const sts_metric_row *m, double ci95[2])
{
    char key[64];
    const sts_json *ci = sts_json_get(object, interval_key(m, key));
    bool two = sts_json_is_array(ci) && sts_json_size(ci) == 2;
    bool there = two && sts_json_is_number(ci->child) && sts_json_is_number(ci->child->next);
    ci95[0] = there ? ci->child->number : NAN;
    ci95[1] = there ? ci->child->next->number : NAN;
    return there;
}

static int read_counts(sts_figures *f, const sts_json_in *in)
{
    int64_t n = 0, truncated = 0, rounds = STS_INTERVAL_ROUNDS;
    const int64_t limit = INT64_C(1) << 53;
    const char *unit = sts_metric_unit(f->has);
    if (sts_json_int(in, unit, 1, limit, &n) ||
        sts_json_int(in, "truncated", 0, limit, &truncated) ||
        sts_json_int(in, "resamples", 1, STS_INTERVAL_ROUNDS, &rounds))
        return -1;
    if (!n) return sts_fail(in->err, in->code, "%s: an evaluation lacks \"%s\"", in->name, unit);
    f->n = (size_t)n;
    f->truncated = (size_t)truncated;
    f->rounds = (int)rounds;
    return 0;
}

int sts_figures_read(sts_figures *f, const sts_json *object, const char *name, sts_err *err)
{
    const sts_json_in in = {object, name, STS_MODEL, err};
    const char *status = "";
    *f = (sts_figures){.has = sts_figures_has(object)};
    if (read_counts(f, &in)) return -1;
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        f->value[m] = NAN;
        if (sts_json_num(&in, row->name, -1e300, 1e300, &f->value[m])) return -1;
        sts_figures_interval(object, row, f->ci95[m]);
    }
    if (sts_json_text(&in, "status", &status)) return -1;
    snprintf(f->status, sizeof f->status, "%s", status);
    return 0;
}
