/* schedule.h - the learning rate as a pure function of the step, as in transformers'
 * get_linear_schedule_with_warmup and its relatives. */
#ifndef STS_TRAIN_SCHEDULE_H
#define STS_TRAIN_SCHEDULE_H

#include "core/err.h"

/* Both constants are the same, except that one has no warm-up unless it is asked for. */
typedef enum {
    STS_LINEAR,
    STS_COSINE,
    STS_CONSTANT,
    STS_CONSTANT_WITH_WARMUP
} sts_schedule_kind;

typedef struct sts_schedule {
    sts_schedule_kind kind;
    double lr;              /* the peak */
    uint64_t warmup, total; /* in steps */
} sts_schedule;

/* "linear", "cosine", "constant" or "constant-with-warmup". 0, or -1 (STS_USAGE). */
int sts_schedule_parse(sts_schedule_kind *kind, const char *name, sts_err *err);

/* The warm-up of a schedule for which none is given, as a fraction of the steps. */
double sts_schedule_warmup(sts_schedule_kind kind);

/* The learning rate of update `step`, counted from 1 (so with warm-up step 1 has rate 0). */
double sts_schedule_lr(const sts_schedule *s, uint64_t step);

/* `warmup` as given on the command line: below 1 a fraction of total, rounded up; else steps. */
uint64_t sts_warmup_steps(double warmup, uint64_t total);

#endif
