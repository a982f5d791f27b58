/* metric.h - numbers that say how well predictions agree with gold scores. */
#ifndef STS_EVAL_METRIC_H
#define STS_EVAL_METRIC_H

#include "core/err.h"

/* A number, or the reason why there is none. */
typedef struct sts_metric {
    double value;       /* NAN when missing */
    const char *status; /* NULL when there is a value; else why not (static text) */
} sts_metric;

/* Whether memory was out, which is no property of the data. */
bool sts_metric_lost(sts_metric m);

#define STS_INTERVAL_PAIRS 10 /* a bootstrap of fewer pairs says nothing */

/* Why x and y have no correlation (static text), or NULL: fewer than 2 values, one that is not
 * finite, or no two that differ. */
const char *sts_correlation_fault(const double *x, const double *y, size_t n);

/* Pearson's r as scipy.stats.pearsonr (means and norms in double, scaled against overflow). */
sts_metric sts_pearson(const double *x, const double *y, size_t n);
/* Spearman's rho: Pearson of average ranks. Allocates; memory out is a status. */
sts_metric sts_spearman(const double *x, const double *y, size_t n);
/* Average ranks from 1, ties shared, into rank[n]. 0, or -1 when memory is out. */
int sts_ranks(const double *x, size_t n, double *rank);
double sts_mse(const double *x, const double *y, size_t n); /* NAN when n is 0 */

/* Percentile bootstrap of Spearman over `rounds` seeded resamples: interval[2] at 95 %, NAN where
 * there is no correlation. -1 when memory is out. */
int sts_spearman_ci95(const double *x, const double *y, size_t n, int rounds, uint64_t seed,
                      double interval[2], sts_err *err);

/* How much better prediction a ranks than prediction b of the same rows. */
typedef struct sts_paired {
    sts_metric difference; /* Spearman of a minus Spearman of b, against gold */
    double ci95[2];        /* of the difference, by bootstrap over the same rows for both */
    double p;              /* two-sided: how often a resample says the opposite; NAN if missing */
} sts_paired;

/* Resamples for n rows that take seconds at most. */
int sts_paired_rounds(size_t n);

/* Paired bootstrap, seeded; for fewer than STS_INTERVAL_PAIRS the difference alone. -1 when memory
 * is out. */
int sts_spearman_paired(const double *gold, const double *a, const double *b, size_t n, int rounds,
                        uint64_t seed, sts_paired *out, sts_err *err);
#endif
