/* figures.h - the numbers of an evaluation without its predictions: what a report, a checkpoint and
 * a table show of it. */
#ifndef STS_EVAL_FIGURES_H
#define STS_EVAL_FIGURES_H

#include "core/json.h"
#include "eval/metric_table.h"

typedef struct sts_figures {
    size_t n;         /* pairs (or triplets); 0: there was no evaluation */
    size_t truncated; /* texts cut */
    sts_metric_needs has;        /* what the data offer */
    double value[STS_METRICS];   /* by row of the registry; NAN when missing */
    double ci95[STS_METRICS][2]; /* where sts_metric_has_interval; NAN when there is none */
    int rounds;                  /* resamples for these; 0: they were not asked for */
    char status[120];            /* the first reason why something is missing; "": nothing is */
} sts_figures;

/* Of n scored pairs, before anything is computed. */
sts_figures sts_figures_none(size_t n);
/* The metrics of tables, from n cosines and scores. 0, or -1 when memory is out. */
int sts_figures_of_pairs(sts_figures *f, const double *cosine, const double *score, size_t n,
                         sts_err *err);

static inline double sts_figures_value(const sts_figures *f, const sts_metric_row *m)
{
    return f->value[m - sts_metric_row_of];
}

/* Adds pairs, truncated, every metric that the data offer (a missing one is null), intervals and
 * status to object. */
void sts_figures_json(const sts_figures *f, sts_json *object);
/* Reads such an object of the file `name`. 0, or -1 (STS_MODEL) for anything else. */
int sts_figures_read(sts_figures *f, const sts_json *object, const char *name, sts_err *err);

/* ---- parts of such an object; NULL is an empty one ---- */

/* What its data offered. */
sts_metric_needs sts_figures_has(const sts_json *object);
/* Whether there is an interval of a metric, which goes into ci95; else NAN does. */
bool sts_figures_interval(const sts_json *object, const sts_metric_row *m, double ci95[2]);

#endif
