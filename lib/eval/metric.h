/* metric.h - numbers that say how well predictions agree with gold scores. */
#ifndef STS_EVAL_METRIC_H
#define STS_EVAL_METRIC_H

#include "core/err.h"

/* A number, or the reason why there is none. */
typedef struct sts_metric {
    double value;       /* NAN when missing */
    const char *status; /* NULL when there is a value; else why not (static text) */
} sts_metric;

/* Whether memory was out, which is not a property of the data. */
bool sts_metric_lost(sts_metric m);
/* A metric without a value for that reason. */
sts_metric sts_metric_out(void);

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

#endif
