/* metric_table.c - the rows of metric_list.h, and how each family of metrics is computed. */
#include "eval/metric_table.h"

#include "core/mem.h"
#include "core/strbuf.h"

#include <math.h>
#include <string.h>

bool sts_all_equal(const double *x, size_t n, double noise)
{
    double lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        lo = fmin(lo, x[i]);
        hi = fmax(hi, x[i]);
    }
    return n > 1 && hi - lo <= noise;
}

static sts_metric missing(const char *why)
{
    return (sts_metric){NAN, why};
}

/* ---- what rows name as `compute` ---- */

/* Why predictions do not correlate with the gold scores, or NULL. */
static const char *fault(const sts_series *s)
{
    const char *why = sts_correlation_fault(s->x, s->y, s->n);
    if (why && s->n > 1 && sts_all_equal(s->y, s->n, 0)) return "all scores are equal";
    if (why || !sts_all_equal(s->x, s->n, s->noise)) return why;
    return "all predictions are equal up to rounding";
}

static sts_metric pearson(const sts_series *s)
{
    const char *why = fault(s);
    return why ? missing(why) : sts_pearson(s->x, s->y, s->n);
}

static sts_metric spearman(const sts_series *s)
{
    const char *why = fault(s);
    return why ? missing(why) : sts_spearman(s->x, s->y, s->n);
}

static sts_metric mean_squared_error(const sts_series *s)
{
    return s->n ? (sts_metric){sts_mse(s->x, s->y, s->n), NULL} : missing("no pairs");
}

static sts_metric of_classes(const sts_series *s, double value)
{
    return s->classes->status ? missing(s->classes->status) : (sts_metric){value, NULL};
}

/* A threshold of a distance is one: smaller is more alike. */
static sts_metric threshold(const sts_series *s, double value)
{
    return of_classes(s, s->distance ? -value : value);
}

static sts_metric accuracy_threshold(const sts_series *s)
{
    return threshold(s, s->classes->accuracy_threshold);
}

static sts_metric f1(const sts_series *s)
{
    return of_classes(s, s->classes->f1);
}

static sts_metric f1_threshold(const sts_series *s)
{
    return threshold(s, s->classes->f1_threshold);
}

static sts_metric precision(const sts_series *s)
{
    return of_classes(s, s->classes->precision);
}

static sts_metric recall(const sts_series *s)
{
    return of_classes(s, s->classes->recall);
}

static sts_metric average_precision(const sts_series *s)
{
    return of_classes(s, s->classes->ap);
}

static sts_metric matthews(const sts_series *s)
{
    return of_classes(s, s->classes->mcc);
}

static sts_metric source_to_target(const sts_series *s)
{
    return (sts_metric){s->partners->src2trg, NULL};
}

static sts_metric target_to_source(const sts_series *s)
{
    return (sts_metric){s->partners->trg2src, NULL};
}

static sts_metric mean_accuracy(const sts_series *s)
{
    return (sts_metric){(s->partners->src2trg + s->partners->trg2src) / 2, NULL};
}

static sts_metric reciprocal_rank(const sts_series *s)
{
    return (sts_metric){s->partners->mrr, NULL};
}

/* The loss is computed where it is known: in training. */
static sts_metric given(const sts_series *s)
{
    (void)s;
    return missing("no loss is being minimised");
}

/* The best of two classes, or the share of triplets whose positive is nearer than the negative. */
static sts_metric accuracy(const sts_series *s)
{
    if (s->classes) return of_classes(s, s->classes->accuracy);
    size_t right = 0;
    for (size_t i = 0; i < s->n; i++) right += s->x[i] > s->y[i];
    return s->n ? (sts_metric){(double)right / (double)s->n, NULL} : missing("no triplets");
}

/* ---- the registry ---- */

enum { HIGHER, LOWER, NEITHER };

const sts_metric_row sts_metric_row_of[STS_METRICS] = {
#define METRIC(name_, title_, label_, needs_, better_, range_, similarity_, compute_)              \
    {.name = #name_,                                                                               \
     .title = title_,                                                                              \
     .label = label_,                                                                              \
     .needs = STS_NEEDS_##needs_,                                                                  \
     .lower_is_better = better_ == LOWER,                                                          \
     .decides = better_ != NEITHER,                                                                \
     .range = STS_RANGE_##range_,                                                                  \
     .similarity = STS_##similarity_##_SIMILARITY,                                                 \
     .compute = compute_},
#include "metric_list.h"
#undef METRIC
};

sts_metric_needs sts_metric_offered(const sts_token_rows *d)
{
    if (d->columns > 2) return STS_NEEDS_TRIPLETS;
    if (!d->score) return STS_NEEDS_PARTNERS;
    return d->positive ? STS_NEEDS_SCORES | STS_NEEDS_CLASSES : STS_NEEDS_SCORES;
}

const sts_metric_row *sts_metric_default(sts_metric_needs has)
{
    static const struct {
        sts_metric_needs of;
        size_t row;
    } standard[] = {{STS_NEEDS_CLASSES, STS_METRIC_cosine_ap},
                    {STS_NEEDS_SCORES, STS_METRIC_spearman_cosine},
                    {STS_NEEDS_PARTNERS, STS_METRIC_mean_accuracy},
                    {STS_NEEDS_TRIPLETS, STS_METRIC_cosine_accuracy}};
    size_t i = 0;
    while (i < 3 && !(standard[i].of & has)) i++;
    return &sts_metric_row_of[standard[i].row];
}

bool sts_metric_has_interval(const sts_metric_row *m, sts_metric_needs has)
{
    if (!(m->needs & has) || has & STS_NEEDS_TRIPLETS) return false;
    return m == sts_metric_default(has) || m == sts_metric_default(STS_NEEDS_SCORES);
}

const sts_metric_row *sts_metric_by(const sts_metric_row *m, sts_metric_needs has,
                                    sts_similarity_kind similarity)
{
    for (size_t k = 0; k < STS_METRICS; k++) {
        const sts_metric_row *row = &sts_metric_row_of[k];
        if (row->needs & has && row->compute == m->compute && row->similarity == similarity)
            return row;
    }
    return m;
}

const sts_metric_row *sts_metric_default_by(sts_metric_needs has, sts_similarity_kind similarity)
{
    return sts_metric_by(sts_metric_default(has), has, similarity);
}

const char *sts_metric_unit(sts_metric_needs has)
{
    return has & STS_NEEDS_TRIPLETS ? "triplets" : "pairs";
}

const sts_metric_row *sts_metric_find(const char *name)
{
    for (size_t m = 0; m < STS_METRICS; m++)
        if (!strcmp(name, sts_metric_row_of[m].name)) return &sts_metric_row_of[m];
    return NULL;
}

const sts_metric_row *sts_metric_choose(const char *option, const char *name, sts_err *err)
{
    const sts_metric_row *found = sts_metric_find(name);
    if (found && found->decides) return found;
    sts_strbuf names = {0};
    for (size_t m = 0; m < STS_METRICS; m++)
        if (sts_metric_row_of[m].decides)
            sts_strbuf_printf(&names, "%s%s", m ? ", " : "", sts_metric_row_of[m].name);
    char *list = sts_strbuf_take(&names);
    sts_fail(err, STS_USAGE, "%s: no metric is called '%s': there are %s", option, name,
             list ? list : "others");
    sts_free(list);
    return NULL;
}

bool sts_metric_in_table(const sts_metric_row *m, sts_metric_needs has)
{
    if (has & STS_NEEDS_CLASSES) has &= ~(sts_metric_needs)STS_NEEDS_SCORES; /* 80 columns */
    return m->needs & has && *m->title;
}

bool sts_metric_better(const sts_metric_row *m, double x, double y)
{
    if (!m->decides) return false;
    return m->lower_is_better ? x < y : x > y;
}
