/* metric_table.h - the registry of metrics: the rows of metric_list.h, and what decides by default.
 * A new metric is a row there and, unless one fits, a function in metric_table.c; data/schema has
 * to name it too (tests/unit/test_metric_table.c checks that). */
#ifndef STS_EVAL_METRIC_TABLE_H
#define STS_EVAL_METRIC_TABLE_H

#include "eval/bootstrap.h"
#include "eval/classes.h"
#include "eval/partners.h"
#include "eval/similarity.h"
#include "model/tokens.h"

/* What data offer to compute from: bits of a set. */
typedef unsigned sts_metric_needs;
enum {
    STS_NEEDS_SCORES = 1,
    STS_NEEDS_CLASSES = 2,  /* scored pairs of which each is positive or negative */
    STS_NEEDS_TRIPLETS = 4,
    STS_NEEDS_PARTNERS = 8, /* pairs without scores */
    STS_NEEDS_LOSS = 16,    /* of a training run */
    STS_NEEDS_RIGHT = STS_NEEDS_CLASSES | STS_NEEDS_TRIPLETS
};

sts_metric_needs sts_metric_offered(const sts_token_rows *d);

typedef enum {
    STS_RANGE_CORRELATION,
    STS_RANGE_SHARE,
    STS_RANGE_ERROR,
    STS_RANGE_ANY
} sts_metric_range;

/* What a metric is computed from: n similarities x, and
 * of scored pairs, y: the gold scores in 0..1, with `classes` where there are two;
 * of pairs without scores, `partners`;
 * of triplets, x: of anchors and positives, y: of anchors and negatives. */
typedef struct sts_series {
    const double *x, *y;
    size_t n;
    double noise; /* how far apart rounding alone can bring two values of x */
    const sts_classes *classes;
    bool distance; /* the thresholds of classes are shown as distances: -x */
    const sts_partners *partners;
} sts_series;

typedef struct sts_metric_row {
    const char *name, *title, *label;
    sts_metric_needs needs; /* any of them suffices */
    bool lower_is_better;
    bool decides; /* false: neither way is better */
    sts_metric_range range;
    sts_similarity_kind similarity;
    sts_metric (*compute)(const sts_series *s); /* memory out: sts_metric_lost */
} sts_metric_row;

enum {
#define METRIC(name, ...) STS_METRIC_##name,
#include "metric_list.h"
#undef METRIC
    STS_METRICS
};
extern const sts_metric_row sts_metric_row_of[STS_METRICS];

/* What decides by default. */
#define STS_METRIC_OF_SCORES "spearman_cosine"
#define STS_METRIC_OF_CLASSES "cosine_ap"
#define STS_METRIC_OF_TRIPLETS "cosine_accuracy"
#define STS_METRIC_OF_PARTNERS "mean_accuracy"
const sts_metric_row *sts_metric_default(sts_metric_needs has);

/* Of such data, the same metric by another similarity; m itself where there is none. */
const sts_metric_row *sts_metric_by(const sts_metric_row *m, sts_metric_needs has,
                                    sts_similarity_kind similarity);

/* What decides by default, by that similarity. */
const sts_metric_row *sts_metric_default_by(sts_metric_needs has, sts_similarity_kind similarity);

/* What rows of such data are called and counted as in reports: "pairs" or "triplets". */
const char *sts_metric_unit(sts_metric_needs has);

/* The row of that name, or NULL. */
const sts_metric_row *sts_metric_find(const char *name);

/* The same for what a user gave to `option`, which has to decide: NULL comes with STS_USAGE and the
 * names there are. */
const sts_metric_row *sts_metric_choose(const char *option, const char *name, sts_err *err);

/* Whether a row has a column in tables of such data. Of two classes those of scores have none. */
bool sts_metric_in_table(const sts_metric_row *m, sts_metric_needs has);

/* The intervals that an evaluation of such data has: of its default metric, and of Spearman. */
bool sts_metric_has_interval(const sts_metric_row *m, sts_metric_needs has);

/* Whether x is better than y. False when one of them is NaN. */
bool sts_metric_better(const sts_metric_row *m, double x, double y);

/* Whether all of x are the same but for `noise`. False for fewer than 2. */
bool sts_all_equal(const double *x, size_t n, double noise);

#endif
