/* run_evals.h - the evaluations of a run between its first step and its last, as a report and a
 * checkpoint list them. */
#ifndef STS_TRAIN_RUN_EVALS_H
#define STS_TRAIN_RUN_EVALS_H

#include "eval/figures.h"

#define STS_RUN_EVALS 500 /* that are listed */

typedef struct sts_run_eval {
    uint64_t step;
    double epoch;
    sts_figures figures;
    sts_figures averaged; /* of the mean of weights; n == 0: there was none */
    bool best;            /* better than all before */
} sts_run_eval;

typedef struct sts_run_evals {
    sts_run_eval *v;
    size_t n, cap;
} sts_run_evals;

/* Room for one more; once the list is full, every second one goes but that of the best step. NULL
 * when memory is out. */
sts_run_eval *sts_run_evals_add(sts_run_evals *list, uint64_t best_step);
void sts_run_evals_free(sts_run_evals *list);

/* Adds the figures, and those of the mean, to object. */
void sts_run_eval_figures(const sts_run_eval *e, sts_json *object);
sts_json *sts_run_evals_json(const sts_run_evals *list);
/* Reads such an array of the file `name` into an empty list. 0, or -1 (STS_MODEL, STS_FAILED). */
int sts_run_evals_read(sts_run_evals *list, const sts_json *array, const char *name, sts_err *err);

#endif
