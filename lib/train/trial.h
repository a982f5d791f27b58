/* trial.h - what a run that is a trial of a search has besides its options. */
#ifndef STS_TRAIN_TRIAL_H
#define STS_TRAIN_TRIAL_H

#include "stsfit.h"

/* How good a run was at best, up to a share of its steps. */
typedef struct sts_trial_point {
    double share; /* 0 to 1 */
    double value; /* of the deciding metric */
} sts_trial_point;

typedef struct sts_trial {
    const char *dir;            /* the directory to write, in place of options.output */
    const sts_trial_point *bar; /* of the best run so far, by share; a trial that falls behind it
                                   stops early */
    size_t n_bar;               /* 0: none does */
    const bool *held;           /* [n_held] rows that are its dev set; NULL: as options say */
    size_t n_held;
    double *predicted;          /* [n_held] gets the cosines of these, by the selected model */
} sts_trial;

/* sts_train of a trial. (lib/train.c) */
int sts_train_trial(const sts_train_options *o, const sts_trial *t, sts_event_fn *fn, void *ctx,
                    sts_model **kept, sts_err *err);

#endif
