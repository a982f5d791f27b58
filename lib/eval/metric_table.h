/* metric_table.h - the registry of metrics: the rows of metric_list.h, and what decides by default.
 * A new metric is a row there and, unless one fits, a function in metric_table.c; data/schema has
 * to name it too (tests/unit/test_metric_table.c checks that). */
#ifndef STS_EVAL_METRIC_TABLE_H
#define STS_EVAL_METRIC_TABLE_H

#include "eval/metric.h"
#include "eval/similarity.h"

/* What data offer to compute from: bits, since data may come to offer several. */
typedef enum { STS_NEEDS_SCORES = 1, STS_NEEDS_TRIPLETS = 2 } sts_metric_needs;

/* That of rows of so many columns of text. */
sts_metric_needs sts_metric_offered(int columns);

typedef enum { STS_RANGE_CORRELATION, STS_RANGE_SHARE, STS_RANGE_ERROR } sts_metric_range;

/* What a metric is computed from: n similarities x, and
 * of scored pairs, y: the gold scores in 0..1;
 * of triplets, x: of anchors and positives, y: of anchors and negatives. */
typedef struct sts_series {
    const double *x, *y;
    size_t n;
    double noise; /* how far apart rounding alone can bring two values of x */
} sts_series;

typedef struct sts_metric_row {
    const char *name, *title, *label;
    sts_metric_needs needs;
    bool lower_is_better;
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
#define STS_METRIC_OF_TRIPLETS "cosine_accuracy"
const sts_metric_row *sts_metric_default(sts_metric_needs has);

/* The same by another similarity, where there is one. */
const sts_metric_row *sts_metric_default_by(sts_metric_needs has, sts_similarity_kind similarity);

/* What rows of such data are called and counted as in reports: "pairs" or "triplets". */
const char *sts_metric_unit(sts_metric_needs has);

/* The row of that name, or NULL. */
const sts_metric_row *sts_metric_find(const char *name);

/* The same for what a user gave to `option`: NULL comes with STS_USAGE and the names there are. */
const sts_metric_row *sts_metric_choose(const char *option, const char *name, sts_err *err);

/* Whether a row has a column in tables of such data. */
bool sts_metric_in_table(const sts_metric_row *m, sts_metric_needs has);

/* Whether x is better than y. False when one of them is NaN. */
bool sts_metric_better(const sts_metric_row *m, double x, double y);

/* Whether all of x are the same but for `noise`. False for fewer than 2. */
bool sts_all_equal(const double *x, size_t n, double noise);

#endif
