/* stsfit_tune.h - a search for good training options. Included by stsfit.h. */
#ifndef STSFIT_TUNE_H
#define STSFIT_TUNE_H

#include "stsfit.h"

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#ifdef __cplusplus
extern "C" {
#endif

/* The largest numbers of a search. */
enum { STS_TUNE_TRIALS = 5000, STS_TUNE_SEEDS = 1000, STS_TUNE_FOLDS = 100, STS_TUNE_JOBS = 64 };
#define STS_TUNE_MINUTES 1e6

typedef struct sts_tune_options {
    size_t size; /* of this struct; 0: that of 1.0 */
    const sts_train_options *train; /* of the first trial, with data and dev as files; output,
                                       resume, overwrite and stop are those of the search */
    const char *const *fixed;       /* names of options that no trial changes */
    size_t n_fixed;
    double minutes;  /* that the search takes, resumed or not; 0: 10, or no limit with trials */
    int64_t trials;  /* 0: as many as the time allows */
    int64_t seeds;   /* with which the finalists are trained; 0: 1 */
    int64_t folds;   /* 2 and more: each trial is evaluated out of fold, in place of dev; 0: on
                        dev */
    int64_t jobs;    /* trials that are trained at once, on equal shares of the threads; 0: 1 */
} sts_tune_options;

typedef enum {
    STS_TUNE_TRIAL, /* a trial begins */
    STS_TUNE_TRAIN, /* something happens in its training */
    STS_TUNE_VALUE, /* a trial has ended */
    STS_TUNE_END
} sts_tune_kind;

/* One thing that happens in a search. Later versions may add kinds and members. */
typedef struct sts_tune_event {
    size_t size; /* of this struct, in the library that is loaded */
    sts_tune_kind kind;
    size_t trial;           /* from 1 */
    size_t repeats;         /* the trial whose options it has, with another seed; 0: none */
    const char *options;    /* for people: what differs from the first trial */
    const sts_event *train; /* of STS_TUNE_TRAIN */
    const char *metric;     /* from here on of STS_TUNE_VALUE */
    const char *status;     /* "completed", "stopped early", "diverged" */
    double value;           /* of the metric; NAN when it diverged */
    bool best;              /* so far */
    const char *table;      /* of STS_TUNE_END, for people */
    const char *model_dir;
} sts_tune_event;
typedef sts_answer sts_tune_fn(void *ctx, const sts_tune_event *e);

/* Trains repeatedly with other options, the first time with those given, and leaves the best
 * run in the output directory, with tune.json, which has every trial. fn (may be NULL) is called on
 * this thread. With jobs, fn, notes and progress are called on any thread, one call at a time, and
 * losses of the program's own on several threads at once. 0, or -1; stopped as sts_train is, it can
 * be resumed, and comes to the same trials. The time that runs out is not a failure, if the first
 * trial has ended. */
int sts_tune(const sts_tune_options *o, sts_tune_fn *fn, void *ctx, sts_err *err);

#ifdef __cplusplus
}
#endif
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#endif
