/* tuning.h - a search in progress: lib/tune.c takes it from its first trial to its last. */
#ifndef STS_TRAIN_TUNING_H
#define STS_TRAIN_TUNING_H

#include "core/env.h"
#include "train/run.h"
#include "train/search.h"

#include <pthread.h>

typedef struct sts_tuning {
    const sts_tune_options *o;
    sts_train_options first; /* the first trial's options */
    const char *out;
    sts_tune_fn *fn;         /* NULL: none */
    void *ctx;
    int (*train)(const sts_train_options *o, const sts_trial *t, sts_event_fn *fn, void *ctx,
                 sts_model **kept, sts_err *err); /* the caller's */
    sts_env env;             /* in which trials are trained: it knows the deadline */
    const sts_env *outer;
    sts_hold *hold;
    int lock;                /* a locked descriptor; -1: none */
    sts_run data;            /* the corpora only */
    size_t *fold;            /* [n] of each row; NULL: none */
    sts_search search;
    sts_json *settings;      /* what the trials depend on */
    sts_json *earlier;       /* tune.json of the search that is resumed; NULL: a new one */
    double begun, before;    /* the clock; seconds of the search before it was resumed */
    double limit;            /* seconds for what is being done; INFINITY: none */
    pthread_mutex_t turn;    /* recursive: whose turn it is to call fn, notes and progress */
    sts_answer answer;       /* of fn, when that was not to continue; under `turn` */
    const struct sts_tune_job *failed; /* the first of the round that did; under `turn` */
    const char *status;
    sts_err *err;
} sts_tuning;

/* A trial that is being made. While several are, nothing but what is under `turn` changes in the
 * search. */
typedef struct sts_tune_job {
    sts_tuning *g;
    size_t number; /* of the trial, from 1 */
    sts_search_trial t;
    const sts_search_trial *best; /* that it competes with; NULL: none */
    char *options;                /* for people */
    sts_tune_event event;
    int threads; /* 0: as many as the search has */
    sts_env env; /* in which it is trained */
    sts_here here; /* beside others: where its thread works */
    sts_err err;
    int rc; /* 0; 1: the time is over; -1 */
    pthread_t thread;
} sts_tune_job;

/* ---- tune_open.c ---- */
/* Checks the options, reads the data, takes the directory and the search that is resumed. */
int sts_tune_open(sts_tuning *g);
/* Writes tune.json as things stand. */
int sts_tune_save(sts_tuning *g);
void sts_tune_close(sts_tuning *g);

/* ---- tune_run.c ---- */
/* Seconds of the search, and whether those for what is being done are over. */
double sts_tune_spent(const sts_tuning *g);
bool sts_tune_is_late(const sts_tuning *g);
/* Passes an event on. */
sts_answer sts_tune_tell(sts_tuning *g, sts_tune_event *e, sts_tune_kind kind);
/* As sts_progress_fn and sts_note_fn, of the search's environment. */
int sts_tune_progress(void *tuning, const char *what, size_t done, size_t all);
void sts_tune_note(void *tuning, sts_level level, const char *text);
/* The options of a trial: the first one's, and its own. */
int sts_tune_options_of(sts_tune_job *j, sts_train_options *o, sts_settings_text text);
/* One run in a trial's directory: 0; 1 when the time is over; or -1. One that diverges sets the
 * trial's status. */
int sts_tune_train(sts_tune_job *j, sts_train_options *o, const sts_trial *trial);
/* What the run there came to. */
int sts_tune_read_run(sts_tune_job *j, const char *dir);
/* A trial that the dev set evaluates, as sts_tune_train. */
int sts_tune_on_dev(sts_tune_job *j);

/* ---- tune_folds.c ---- */
/* A trial that is evaluated out of fold. One that is cut short begins again. */
int sts_tune_out_of_fold(sts_tune_job *j);

/* ---- tune_jobs.c ---- */
/* Trial i of the search (from 0). */
void sts_tune_job_open(sts_tune_job *j, sts_tuning *g, size_t i);
/* Makes n trials at once, the first on this thread, and waits for all. When one fails the others
 * stop as at a request to; g->failed is the one that did. */
void sts_tune_jobs_run(sts_tune_job *job, size_t n);

#endif
