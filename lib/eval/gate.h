/* gate.h - "--fail-under METRIC=X": a quality that a model must reach. */
#ifndef STS_EVAL_GATE_H
#define STS_EVAL_GATE_H

#include "eval/metric_table.h"

typedef struct sts_gate {
    const sts_metric_row *metric;
    double limit;
} sts_gate;

/* Reads "metric=x". 0, or -1 (STS_USAGE). */
int sts_gate_parse(sts_gate *g, const char *text, sts_err *err);

/* Checks the metric's value (NAN: there is none) on what the message calls `what`. 0, or -1
 * (STS_GATE). */
int sts_gate_check(const sts_gate *g, double x, const char *what, sts_err *err);

#endif
