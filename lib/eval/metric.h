/* metric.h - numbers that say how well predictions agree with gold scores. */
#ifndef STS_EVAL_METRIC_H
#define STS_EVAL_METRIC_H

#include "core/err.h"

/* A number, or the reason why there is none. */
typedef struct sts_metric {
    double value;       /* NAN when missing */
    const char *status; /* NULL when there is a value; else why not (static text) */
} sts_metric;

/* Pearson's r as scipy.stats.pearsonr (means and norms in double, scaled against overflow). */
sts_metric sts_pearson(const double *x, const double *y, size_t n);
/* Spearman's rho: Pearson of average ranks. Allocates; memory out is a status. */
sts_metric sts_spearman(const double *x, const double *y, size_t n);
/* Average ranks from 1, ties shared, into rank[n]. 0, or -1 when memory is out. */
int sts_ranks(const double *x, size_t n, double *rank);
double sts_mse(const double *x, const double *y, size_t n);

/* Percentile bootstrap of Spearman over `rounds` seeded resamples: interval[2] at 95 %. */
int sts_spearman_ci95(const double *x, const double *y, size_t n, int rounds, uint64_t seed,
                      double interval[2], sts_err *err);
#endif
