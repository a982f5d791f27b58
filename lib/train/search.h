/* search.h - a search for options (`stsfit tune`): what may be searched, which trials there were,
 * what to try next. Nothing here trains: the same trials lead to the same next one. */
#ifndef STS_TRAIN_SEARCH_H
#define STS_TRAIN_SEARCH_H

#include "core/json.h"
#include "core/rng.h"
#include "core/strbuf.h"
#include "eval/metric_table.h"
#include "train/trial.h"

#define STS_SEARCH_TRIALS 10000 /* limit on trials, and on runs with other seeds */
#define STS_SEARCH_CURVE 64     /* points of a trial's curve */
#define STS_SEARCH_FINALISTS 3
#define STS_SEARCH_DEFAULT NAN  /* an option that is not given */

enum { /* options that are searched: rows of search_space.c */
    STS_SEARCH_LOSS,
    STS_SEARCH_LR,
    STS_SEARCH_BATCH,
    STS_SEARCH_EPOCHS,
    STS_SEARCH_WARMUP,
    STS_SEARCH_DROPOUT,
    STS_SEARCH_LAYER_DECAY,
    STS_SEARCH_AVERAGE,
    STS_SEARCH_BLEND,
    STS_SEARCH_OPTIONS
};

/* A value of each option: a number, the place of a word among its words, or STS_SEARCH_DEFAULT. */
typedef struct sts_settings {
    double x[STS_SEARCH_OPTIONS];
} sts_settings;

/* What may be searched, of which data and model. */
typedef struct sts_search_space {
    const char *words[STS_SEARCH_OPTIONS][8]; /* of an option that has words, NULL after them */
    bool fixed[STS_SEARCH_OPTIONS];           /* no trial changes it */
    double start[STS_SEARCH_OPTIONS];         /* numbers: where steps from the default begin */
} sts_search_space;

typedef enum {
    STS_TRIAL_COMPLETED,
    STS_TRIAL_BEHIND,  /* stopped early */
    STS_TRIAL_DIVERGED /* or collapsed: no value */
} sts_trial_status;

typedef struct sts_search_trial {
    sts_settings settings;
    uint64_t seed;
    size_t of;       /* the trial, from 0, whose options it has with another seed; else itself */
    sts_trial_status status;
    double value;    /* of the deciding metric; NAN when it diverged */
    double ci95[2];  /* out of fold; NAN: none */
    double seconds;
    sts_trial_point curve[STS_SEARCH_CURVE]; /* the best value so far, at each evaluation */
    size_t n_curve;
    double fold[STS_TUNE_FOLDS]; /* the value in each fold */
    size_t n_fold;
} sts_search_trial;

typedef struct sts_search {
    sts_search_space space;
    const sts_metric_row *metric; /* NULL before the first trial */
    uint64_t seed;
    size_t folds;          /* 0: the dev set decides */
    size_t jobs;           /* trials of a round, which are made at once; 0: 1 */
    sts_search_trial *v;   /* in the order in which they were made; freed by sts_free */
    size_t n, cap;
    double seconds;        /* that the search has taken */
    size_t published;      /* the trial, from 1, whose run the directory holds; 0: none */
} sts_search;

/* ---- search_space.c ---- */

/* The space around the options `first` of a new model (`is_new`) or one that is trained further, on
 * data with so many texts per row, scores or not, of two values or not. */
typedef struct sts_search_kind {
    bool is_new, scored, classes;
    bool held_out; /* no dev set decides within a run */
    int columns;
} sts_search_kind;
void sts_search_open_space(sts_search_space *s, const sts_search_kind *kind,
                           const sts_train_options *first);

/* Fixes an option by its name: whether it is one that is searched. */
bool sts_search_fix(sts_search_space *s, const char *name);

/* The numbers of the first trial, in a configuration as they took effect, as the start. Those out
 * of bounds are fixed as they are. */
void sts_search_start(sts_search_space *s, const sts_json *config);

/* The first trial's options, which such a configuration has. */
sts_settings sts_search_first(const sts_search_space *s, const sts_json *config);

/* Options near those of `from` (`scale` 1: as far as at first), by a generator. */
sts_settings sts_search_step(const sts_search_space *s, const sts_settings *from, double scale,
                             sts_rng *r);
bool sts_settings_equal(const sts_settings *a, const sts_settings *b);

/* Sets the options that are given; `text` keeps the words of numbers. 0, or -1. */
typedef char sts_settings_text[STS_SEARCH_OPTIONS][32];
int sts_settings_apply(const sts_search_space *s, const sts_settings *x, sts_train_options *o,
                       sts_settings_text text, sts_err *err);

/* "lr 0.001, epochs 6": those that differ from `from`; "defaults" where none does. */
void sts_settings_put(sts_strbuf *out, const sts_search_space *s, const sts_settings *x,
                      const sts_settings *from);

/* As members of an object, and back: 0, or -1 (STS_DATA). */
void sts_settings_json(sts_json *object, const sts_search_space *s, const sts_settings *x);
int sts_settings_read(sts_settings *x, const sts_search_space *s, const sts_json_in *in);

/* ---- search.c ---- */
/* How many trials trial n knows of (from 0, of those with the search's seed): those before its
 * round. The first trial is a round alone, the others follow in rounds of s->jobs. */
size_t sts_search_known(const sts_search *s, size_t n);
/* The options of the next trial, which follow from the trials that it knows of. */
sts_settings sts_search_next(const sts_search *s);
/* Adds a trial. 0, or -1 (memory). */
int sts_search_add(sts_search *s, const sts_search_trial *t, sts_err *err);
/* The best trial, from 0, of those with the search's seed; SIZE_MAX: none has a value. */
size_t sts_search_best(const sts_search *s);
/* The best of the first `known` of these. */
size_t sts_search_best_of(const sts_search *s, size_t known);
/* How many trials there were with the search's own seed. */
size_t sts_search_count(const sts_search *s);
/* The finalists, the best first, into out; the first trial is always one of them. */
size_t sts_search_finalists(const sts_search *s, size_t out[STS_SEARCH_FINALISTS + 1]);
/* The mean value of a trial's options over the first `seeds` seeds, and their standard deviation
 * (NAN for one): NAN while one of them is missing. */
double sts_search_mean(const sts_search *s, size_t trial, size_t seeds, double *deviation);
/* The number of seeds that all finalists have. */
size_t sts_search_seeds(const sts_search *s);
/* The trial that wins: the best finalist by the mean over the seeds that all have. */
size_t sts_search_winner(const sts_search *s);

/* ---- search_file.c ---- */
/* "completed", "stopped early", "diverged" */
const char *sts_trial_status_name(sts_trial_status status);
/* The trials as JSON, added to `report`. */
void sts_search_json(sts_json *report, const sts_search *s);
/* The trials back out of it: s has its space, seed and folds. 0, or -1 (STS_DATA). `name` is for
 * messages. */
int sts_search_read(sts_search *s, const sts_json *report, const char *name, sts_err *err);

#endif
