/* bootstrap.h - how sure a figure is, and the difference of two: percentile bootstrap over the
 * rows, seeded, so that it repeats. */
#ifndef STS_EVAL_BOOTSTRAP_H
#define STS_EVAL_BOOTSTRAP_H

#include "eval/metric.h"

#define STS_INTERVAL_PAIRS 10 /* a bootstrap of fewer pairs says nothing */

typedef enum {
    STS_OF_SPEARMAN, /* of gold and predictions */
    STS_OF_AP,       /* average precision of predictions, of two classes */
    STS_OF_MEAN      /* of the predictions, which are figures of single rows */
} sts_statistic;

/* What predictions of n rows are compared with; borrowed. */
typedef struct sts_truth {
    sts_statistic kind;
    const double *gold;   /* [n] of STS_OF_SPEARMAN; else NULL */
    const bool *positive; /* [n] of STS_OF_AP; else NULL */
    size_t n;
} sts_truth;

/* The statistic of predictions x[n]; memory out is a status. */
sts_metric sts_statistic_of(const sts_truth *t, const double *x);

/* Its interval[2] at 95 % over `rounds` resamples, NAN where it has no value. -1 when memory is
 * out, or stopped. */
int sts_interval(const sts_truth *t, const double *x, int rounds, uint64_t seed,
                 double interval[2], sts_err *err);

/* How much better prediction a is than prediction b of the same rows. */
typedef struct sts_paired {
    sts_metric difference; /* the statistic of a minus that of b */
    double ci95[2];        /* of the difference, by bootstrap over the same rows for both */
    double p;              /* two-sided: how often a resample says the opposite; NAN if missing */
    int rounds;            /* resamples; 0: none */
} sts_paired;

/* Resamples of n rows: fewer, 100 at least, where so many would take more than seconds. */
#define STS_INTERVAL_ROUNDS 1000
#define STS_PAIRED_ROUNDS 2000
int sts_interval_rounds(size_t n);
int sts_paired_rounds(size_t n);

/* Paired bootstrap, seeded; for fewer than STS_INTERVAL_PAIRS the difference alone. -1 when memory
 * is out, or stopped. */
int sts_compare_paired(const sts_truth *t, const double *a, const double *b, int rounds,
                       uint64_t seed, sts_paired *out, sts_err *err);

/* The same of Spearman. */
int sts_spearman_paired(const double *gold, const double *a, const double *b, size_t n, int rounds,
                        uint64_t seed, sts_paired *out, sts_err *err);

#endif
