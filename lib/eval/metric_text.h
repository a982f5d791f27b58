/* metric_text.h - metrics in tables for people, times 100: text or Markdown, a column each. */
#ifndef STS_EVAL_METRIC_TEXT_H
#define STS_EVAL_METRIC_TEXT_H

#include "core/strbuf.h"
#include "eval/metric_table.h"

/* 0.8672 as 86.72, with its sign when asked; "-" for what is not finite. */
void sts_put_hundredths(sts_strbuf *t, double x, bool markdown, bool sign);

/* The titles of the metrics that have a column for data that offer `has`, and their values. */
void sts_put_metric_titles(sts_strbuf *t, sts_metric_needs has, bool markdown);
void sts_put_metrics(sts_strbuf *t, const double value[STS_METRICS], sts_metric_needs has,
                     bool markdown);
/* The same, each by another similarity where it can be. */
void sts_put_metrics_by(sts_strbuf *t, const double value[STS_METRICS], sts_metric_needs has,
                        sts_similarity_kind similarity, bool markdown);

#endif
