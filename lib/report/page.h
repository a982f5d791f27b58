/* page.h - one self-contained HTML page of one or several runs: no scripts, nothing fetched, light,
 * dark and print. Made from the files of the run directories alone. */
#ifndef STS_REPORT_PAGE_H
#define STS_REPORT_PAGE_H

#include "core/json.h"
#include "report/predictions.h"

/* ---- log.jsonl, thinned while it is read ---- */
enum { STS_LOG_LOSS, STS_LOG_GRAD_NORM, STS_LOG_LR, STS_LOG_RATE, STS_LOG_SERIES };
#define STS_LOG_POINTS 600

typedef struct sts_log_point { /* means over a few lines of the log */
    double step;               /* of the last line in it */
    size_t lines;
    double sum[STS_LOG_SERIES];
    size_t n[STS_LOG_SERIES]; /* numbers in sum: a null in the log is left out */
} sts_log_point;

typedef struct sts_run_log {
    sts_log_point *v;
    size_t n, each; /* each: lines a point */
    size_t lost;    /* lines that are no JSON */
} sts_run_log;

/* ---- runs ---- */

/* A pair whose texts are shown. */
typedef struct sts_page_pair {
    char *text[2];
    double gold, before, after;
} sts_page_pair;

typedef struct sts_page_run {
    char *dir, *name; /* as given; its last part */
    const sts_json *report;
    sts_json *search; /* tune.json, where the run is the best of a search; else NULL */
    sts_json *loaded; /* the report where it was read; NULL: it is the caller's */
    sts_run_log log;
    sts_predictions dev, test;
    sts_page_pair *pair; /* the worst of dev, worst first; NULL: texts are not shown */
    size_t n_pairs;
} sts_page_run;

/* Whether there is a run to report on: 0, or -1. */
int sts_page_run_find(const char *dir, sts_err *err);

/* Reads log.jsonl and predictions.tsv of a run, and where `report` is NULL report.json, which must
 * be there; else `report` is borrowed. 0, or -1; freed by sts_page_run_free in either case. */
int sts_page_run_load(sts_page_run *r, const char *dir, const sts_json *report, sts_err *err);
void sts_page_run_free(sts_page_run *r);

/* The n_worst pairs of dev that the model is furthest off on, worst first: their places in dev.
 * NULL when memory is out; *n is how many there are. */
size_t *sts_page_worst(const sts_page_run *r, size_t limit, size_t *n);

/* The page; freed by sts_free. NULL when memory is out. */
char *sts_page_render(const sts_page_run *run, size_t n, sts_err *err);

#endif
