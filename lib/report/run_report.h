/* run_report.h - what a training run writes about itself: report.json, predictions.tsv, the model
 * card, the page, and a few lines for people. */
#ifndef STS_REPORT_RUN_REPORT_H
#define STS_REPORT_RUN_REPORT_H

#include "train/run.h"

/* ---- run_report.c ---- */
/* Writes RUN/report.json as things stand, with `failure` (NULL: none). */
int sts_run_report(const sts_run *r, const sts_err *failure, sts_err *err);
/* The end of a run: predictions, RUN/model with its card, report.json and page. The report is made
 * once, and rendered by each. */
int sts_run_describe(sts_run *r, sts_err *err);
/* The end of a run that failed: report.json and page. */
int sts_run_describe_failure(const sts_run *r, const sts_err *failure, sts_err *err);
/* The card of a checkpoint made now; freed by sts_free. NULL on error. */
char *sts_run_checkpoint_card(const sts_run *r, sts_err *err);
/* What the run will cost at `each` seconds a step, for people; newly allocated, or NULL. */
char *sts_run_estimate(const sts_run *r, double each);
/* The table of before and after, for people; newly allocated, or NULL. */
char *sts_run_table(const sts_run *r);
/* Five lines of what was understood, to the start event. */
int sts_run_announce(sts_run *r, sts_err *err);

/* ---- run_pairs.c ---- */
/* Writes RUN/predictions.tsv as things stand. */
int sts_run_predictions(const sts_run *r, sts_err *err);
/* The untrained model's cosines back from there, for a run that is resumed; none where they do not
 * fit. */
int sts_run_predictions_restore(sts_run *r, sts_err *err);
/* Adds histograms of scores and lengths to a part of the report. */
void sts_run_histograms(sts_json *object, const sts_part *p);

/* ---- run_card.c ---- */
/* README.md by the run's report, with so many rows of the training data; freed by sts_free. NULL
 * on error. */
char *sts_run_card(const sts_run *r, const sts_json *report, size_t samples, sts_err *err);

/* ---- run_page.c ---- */
/* Writes RUN/report.html by the run's report, its log and its predictions. */
int sts_run_page(const sts_run *r, const sts_json *report, sts_err *err);

#endif
