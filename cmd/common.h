/* common.h - what the commands share: options that several have, messages, progress, output. */
#ifndef STSFIT_COMMON_H
#define STSFIT_COMMON_H

#include "opt.h"

#include <stdio.h>

/* First member of every command's struct. */
typedef struct common {
    const char *model;
    const char *progress; /* auto, bar, plain, none */
    bool json, quiet, verbose;
    int64_t threads, max_seq_length, batch_size;
    sts_data_options reading;
    const char *on_bad_row, *precision;
} common;

#define COMMON(T, field) (offsetof(T, c) + offsetof(common, field))

/* Lines of option tables, for a struct T whose first member is `common c`. */
#define OPT_MODEL(T, standard_)                                                                    \
    {OPT_TEXT, "model", NULL, 'm', "DIR", COMMON(T, model), 0, 0,                                  \
     "a sentence-transformers or Hugging Face directory, a run or a checkpoint", standard_}
#define OPT_READING(T)                                                                             \
    {OPT_GROUP, .help = "Data"},                                                                   \
    {OPT_TEXT, "format", NULL, 0, "auto|stsb|sick|semeval|glue|tsv|csv|jsonl",                     \
     COMMON(T, reading.format), 0, 0, "how the files are laid out", "auto"},                       \
    {OPT_TEXT, "columns", NULL, 0, "LIST", COMMON(T, reading.columns), 0, 0,                       \
     "e.g. score=5,sentence1=6,sentence2=7 (numbers from 1, or names)", "by header or format"},    \
    {OPT_TEXT, "score-range", NULL, 0, "LIST", COMMON(T, reading.score_range), 0, 0,               \
     "MIN:MAX, mapped to 0..1, of files of no known range; FILE=MIN:MAX of one", "by format"},     \
    {OPT_TEXT, "labels", NULL, 0, "LIST", COMMON(T, reading.labels), 0, 0,                         \
     "values of words or classes in 0..1: entailment=1,neutral=0.5,contradiction=0", "none"},      \
    {OPT_TEXT, "on-bad-row", NULL, 0, "fail|skip", COMMON(T, on_bad_row), 0, 0,                    \
     "stop at bad rows, or leave them out and count them", NULL}
/* For the commands that embed texts; train has its own. */
#define OPT_BATCH(T)                                                                               \
    {OPT_INT, "batch-size", NULL, 0, "N", COMMON(T, batch_size), 1, 1 << 20,                       \
     "texts encoded at a time; it changes rounding only", "by length"}
#define OPT_MACHINE(T)                                                                             \
    {OPT_GROUP, .help = "Running"},                                                                \
    {OPT_INT, "threads", NULL, 0, "N", COMMON(T, threads), 0, 256,                                 \
     "threads", "STSFIT_THREADS, OMP_NUM_THREADS, or all processors"},                             \
    {OPT_INT, "max-seq-length", NULL, 0, "N", COMMON(T, max_seq_length), 0, 1 << 20,               \
     "tokens a text is cut to", "the model's"},                                                    \
    {OPT_TEXT, "progress", NULL, 0, "auto|bar|plain|none", COMMON(T, progress), 0, 0,              \
     "how progress is shown on stderr", NULL},                                                     \
    {OPT_FLAG, "quiet", NULL, 'q', NULL, COMMON(T, quiet), 0, 0, "errors only on stderr", NULL},   \
    {OPT_FLAG, "verbose", NULL, 'v', NULL, COMMON(T, verbose), 0, 0,                               \
     "also say details on stderr", NULL}

/* For the commands that compute. */
#define OPT_PRECISION(T)                                                                           \
    {OPT_TEXT, "precision", NULL, 0, "fp32|bf16|auto", COMMON(T, precision), 0, 0,                 \
     "of matrix products; auto: bf16 where oneDNN and the processor can", NULL}

void common_defaults(common *c);

/* Threads, notes and reading options as c says; call it first in every run(). */
void common_start(common *c);

/* The model of --model at --max-seq-length; NULL with err filled in. */
sts_model *common_model(const common *c, sts_err *err);

/* The one file that a command reads: args' only one, or "-" for stdin. NULL, with a message
 * printed, when there are more, or when stdout is that file. */
const char *common_input(const char *name, const opt_args *args);

/* Prints "stsfit: text" on stderr when there is a text; returns the exit code. */
int common_fail(const sts_err *err);

/* Gives standard descriptors that are closed a file that fails, so that no other file takes their
 * place and gets what is printed. */
void common_open_standard(void);

/* Flushes and checks stdout. 0, or the exit code; a reader that went away is no error. */
int common_finish(int code);

/* Whether stdout still takes output after a write; for callbacks. */
bool common_write(FILE *f, const void *buf, size_t n);

/* A line on stderr that ends with a name, whatever bytes are in it. */
void common_tell(const char *text, const char *name);

/* Says why `what` could not be written, as the first failed write found out; the exit code. */
int common_write_failed(const char *what);

/* ---- tune.c ---- */
/* Sets what OpenMP and the BLAS read when they are opened, where the environment does not. */
void tune(void);

/* ---- progress.c ---- */
typedef enum { PROGRESS_NONE, PROGRESS_PLAIN, PROGRESS_BAR } progress_style;
/* Chooses the style; from now on the library's progress is shown on stderr: a line drawn over and
 * over on a terminal, at most ten times a second; elsewhere a new one every ten seconds. */
void progress_start(const common *c);
progress_style progress_chosen(void);
/* For a product that goes to the same terminal: nothing is drawn between its lines. */
void progress_give_way(void);
/* Ends the bar's line, if there is one, so that something else can be printed. */
void progress_clear(void);
/* Whether the bar may be drawn again: ten times a second at most. */
bool progress_due(void);
/* A bar (none for NAN) and a text in the line's place, as wide as the terminal lets it be. */
void progress_bar(double part, const char *text);
/* A plain line. */
void progress_plain(const char *text);
/* Whether colour may be used on stderr. */
bool progress_colour(void);
/* "0:05", "1:02:03" */
const char *progress_time(double seconds, char out[32]);

#endif
