/* stsfit.h - the public interface of libstsfit: sentence embeddings, and the training of models
 * that make them, on CPUs. Two texts are compared like this:
 *
 *     sts_err err = {0};
 *     sts_str text[2] = {{"A dog runs.", 11}, {"A dog is running.", 17}};
 *     sts_model *model = sts_model_load("models/all-MiniLM-L6-v2", &err);
 *     float vector[2][384];  // sts_model_width(model) numbers each
 *     if (!model || sts_encode(model, text, 2, vector[0], NULL, &err))
 *         fprintf(stderr, "%s\n", err.text);
 *     sts_model_free(model);
 *
 * For whole programs, with training, threads and losses of one's own, see lib/examples.
 *
 * - Errors: a function returns 0, or -1 with *err filled in; one that makes something returns NULL
 *   instead. `err` may be NULL. NULL for what must not be NULL is STS_USAGE, not a crash.
 * - Memory: what a function makes is the caller's, until the function named beside it frees it.
 *   What a caller passes is borrowed for the call, unless said otherwise.
 * - Threads: there is no global state but the environment that each thread chooses (sts_env_use).
 *   Loaded models do not change and can be shared; other objects are used by one thread at a time.
 * - Files: relative paths start in the working directory that the call, or the object's making,
 *   began in, whatever a callback makes it meanwhile. The library never prints and never exits.
 * - Units: texts are UTF-8 with a length in bytes; scores are doubles; embeddings are float32,
 *   row-major; times are in seconds, memory in bytes.
 * - Structs that a caller fills are zero-initialised: 0 and NULL mean the default. */
#ifndef STSFIT_H
#define STSFIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The functions declared here, and nothing else, are what the shared library exports. */
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* Semantic versioning: what is written against 1.y works with every later 1.z, whether it is built
 * anew or not. The macro is of the header, the function of the library that is loaded. */
#define STSFIT_VERSION "1.0.0"
const char *sts_version(void);

/* ---- errors and notes ---------------------------------------------------------------------- */

/* Codes double as the program's exit codes. */
enum {
    STS_FAILED = 1,   /* input/output or memory */
    STS_USAGE = 2,    /* the caller's options */
    STS_DATA = 3,     /* a data file's contents */
    STS_MODEL = 4,    /* a model's contents, or a model that is not supported */
    STS_DIVERGED = 5, /* training diverged or collapsed */
    STS_GATE = 6,     /* a quality gate was missed */
    STS_INTERRUPTED = 130
};

/* What went wrong: one line, at most 1 KB, control bytes escaped. Zero-initialise before use. */
typedef struct sts_err {
    int code;
    char text[1000]; /* with the name of a program before it, 1 KB */
} sts_err;

typedef enum { STS_INFO, STS_WARN } sts_level;

/* Receives what the library has to say besides errors; one line each, no newline at the end. */
typedef void sts_note_fn(void *ctx, sts_level level, const char *text);

/* Receives how far long work has got: `what` is "reading", "comparing", "counting", "loading",
 * "tokenizing", "encoding", "scoring", "evaluating", "resampling", "rehearsing", "merging" or
 * "saving"; where `all` is not known it is 0, and `done` lines or nothing. Nonzero stops all but
 * loading and saving with STS_INTERRUPTED; sts_train saves first, and a page lacks an interval. */
typedef int sts_progress_fn(void *ctx, const char *what, size_t done, size_t all);

/* ---- environment --------------------------------------------------------------------------- */

/* How many threads calls use, where their notes and progress go, and what stops them. A thread
 * works in the environment that it has chosen by sts_env_use, so that several threads can differ;
 * one that has chosen none uses STSFIT_THREADS, OMP_NUM_THREADS or the available processors, and
 * drops notes and progress. Callbacks come on the thread that made the call. Set an environment up
 * before it is used: the setters are not for while another thread works in it. */
typedef struct sts_env sts_env;

/* NULL on error. Freed by sts_env_free (NULL is fine), when no thread works in it. */
sts_env *sts_env_new(sts_err *err);
void sts_env_free(sts_env *env);

/* Makes env (NULL: none) the calling thread's; returns the one before. */
sts_env *sts_env_use(sts_env *env);

/* 1 and more; 0: as without an environment. OpenMP's and the BLAS's own numbers stay as they are.
 * With 1 no threads are started, and the process may fork; after more, a child uses 1 always. */
void sts_env_threads(sts_env *env, int n);
/* Whether errors and notes name options as a command line does (--lr, -o), or, at first, by their
 * names alone, which sts_train_set takes (lr, output). */
void sts_env_command_line(sts_env *env, bool is);
/* NULL drops them. */
void sts_env_notes(sts_env *env, sts_note_fn *fn, void *ctx);
void sts_env_progress(sts_env *env, sts_progress_fn *fn, void *ctx);
/* A flag that stops all long work once it is nonzero; a signal's number in it makes the error code
 * 128 + that number. NULL: none. It may be set by a signal handler or another thread. */
void sts_env_stop(sts_env *env, const volatile int *flag);
/* Lets calls in env know a loss of the program's own (stsfit_loss.h) by its name, before those of
 * the library; `context` is passed to it. The descriptor is copied, what it points to is not. 0, or
 * -1 (STS_USAGE). */
struct sts_loss;
int sts_env_loss(sts_env *env, const struct sts_loss *loss, void *context, sts_err *err);

/* A borrowed text: `n` bytes at `s`, not necessarily NUL-terminated. */
typedef struct sts_str {
    const char *s;
    size_t n;
} sts_str;

/* ---- data ---------------------------------------------------------------------------------- */

/* How to read; zero-initialised means "find out". */
typedef struct sts_data_options {
    const char *format;  /* auto, stsb, sick, semeval, glue, tsv, csv, jsonl, text; NULL = auto */
    const char *columns; /* "score=5,sentence1=6,sentence2=7"; NULL = by format or header */
    const char *score_range; /* "MIN:MAX", "FILE=MIN:MAX", several with commas; NULL: by format */
    const char *labels;  /* "entailment=1,neutral=0.5,...": what stands for scores; NULL: numbers */
    const char *positive; /* of two classes: scores of the file's own scale from this number on;
                             NULL: the higher value where there are two */
    bool skip_bad;       /* --on-bad-row skip */
    bool unscored;       /* the score column may be absent */
    bool plain_pairs;    /* ... where there are two columns, or `columns` names two */
    bool named;          /* by a file, not by the user: only regular files are read */
} sts_data_options;

/* How the texts of a file are found; zero-initialised means "find out". */
typedef struct sts_text_options {
    const char *input;   /* auto, lines, tsv, csv, jsonl; NULL = auto: by the file's name, or by a
                            header of known names */
    const char *columns; /* of a table: up to three names or numbers, "title,body"; NULL = by
                            known names */
    uint64_t skip;       /* so many texts at the start are passed over */
} sts_text_options;

/* Rows in memory: `columns` (2 to 128) texts each, all with scores or none. Freed by sts_data_free
 * (NULL is fine), after the last call that reads them. NULL on error. */
typedef struct sts_data sts_data;
sts_data *sts_data_new(int columns, sts_err *err);
/* Adds a copy of a row; *score is from 0 to 1, NULL: none. 0, or -1 (STS_DATA). */
int sts_data_add(sts_data *data, const sts_str *text, const double *score, sts_err *err);

/* A row with more: all rows have a weight or none has, and so with ids. Both are for training: a
 * row of weight 2 counts as two rows in losses that heed weights (others are refused, STS_USAGE),
 * and a loss of one's own is given them (stsfit_loss.h). Elsewhere each row counts once. */
typedef struct sts_data_row {
    size_t size;          /* of this struct; 0: that of 1.0 */
    const sts_str *text;  /* [columns] */
    const double *score;  /* as in sts_data_add */
    const double *weight; /* positive; NULL: none, all count alike */
    const uint64_t *id;   /* any number; NULL: which row it is, from 0 */
} sts_data_row;
int sts_data_add_row(sts_data *data, const sts_data_row *row, sts_err *err);
size_t sts_data_count(const sts_data *data);
void sts_data_free(sts_data *data);

/* ---- models -------------------------------------------------------------------------------- */

/* A model that is loaded does not change but by the setters below: any number of threads may use
 * one at the same time, while none calls a setter. */
typedef struct sts_model sts_model;

/* Reads a Hugging Face or sentence-transformers directory, a bag, a run (its model/) or a
 * checkpoint. NULL on error (STS_MODEL, STS_FAILED). Freed by sts_model_free (NULL is fine). */
sts_model *sts_model_load(const char *dir, sts_err *err);
void sts_model_free(sts_model *m);

/* Numbers in an embedding. */
int sts_model_width(const sts_model *m);

/* Limits texts to n tokens, special ones included. 0, or -1 when the model cannot take that. */
int sts_model_set_max_seq_length(sts_model *m, size_t n, sts_err *err);

/* Encodes n texts at a time in place of as many as make a good batch; 0: the latter again. Vectors
 * depend on it by float rounding only. */
void sts_model_set_batch_size(sts_model *m, size_t n);

/* How the products of matrices are made: "fp32" in float32, as at first; "bf16" with their factors
 * rounded to bf16, by oneDNN, where that is installed and the processor has instructions for it
 * (else -1, STS_USAGE); "auto" is bf16 there if a measurement of some milliseconds on the
 * model's own shapes finds that faster, and fp32 elsewhere. Weights, sums and everything else
 * stay float32. An encoder without such products is fp32 always. */
int sts_model_set_precision(sts_model *m, const char *precision, sts_err *err);

/* What goes before texts, as in sentence-transformers: a text, or the name of a prompt of the
 * model's. NULL: the model's default prompt, which training leaves out. */
typedef struct sts_prompts {
    const char *text, *name; /* of all texts; or of the first of each row, and of its others */
    const char *text1, *name1, *text2, *name2;
} sts_prompts;
/* A note shows them. 0, or -1 (STS_USAGE): the same texts have two, or a name is not known. */
int sts_model_set_prompts(sts_model *m, const sts_prompts *o, sts_err *err);
/* Cuts vectors to their first n numbers. 0, or -1 when they have not so many (STS_USAGE). */
int sts_model_set_dims(sts_model *m, size_t n, sts_err *err);
/* All four, as the options of the same names: 0 and NULL leave the model's own. */
int sts_model_set(sts_model *m, int64_t max_seq_length, int64_t batch_size, int64_t dims,
                  const char *precision, sts_err *err);
/* What it came to: "fp32" or "bf16". */
const char *sts_model_precision(const sts_model *m);

/* Embeddings of n texts into out [n x sts_model_width(m)]; cut[i] (cut may be NULL) says whether
 * text i was longer than the model's limit. A text's embedding does not depend on the others but by
 * float rounding: batches of other sizes, and other numbers of threads, are multiplied in another
 * order, which moves a number by some 1e-7 of the vector's length, and by 1e-6 at most, in fp32.
 * The same texts in the same call, with as many threads, give the same bits. */
int sts_encode(const sts_model *m, const sts_str *text, size_t n, float *out, bool *cut,
               sts_err *err);

/* The ids of a text, special ones and truncation included: *n of them, of which ids gets at most
 * `room`. *cut (may be NULL) says whether the text was cut. */
int sts_tokenize(const sts_model *m, sts_str text, int32_t *ids, size_t room, size_t *n, bool *cut,
                 sts_err *err);

/* Writes the model to `dir`, which must not exist or be empty; other tools open it. Nothing is
 * left there on failure. */
int sts_save(const sts_model *m, const char *dir, sts_err *err);

/* For servers, whose threads have a text or two at a time: calls that come while another is being
 * worked on are encoded as one batch, which is faster than each by itself. It starts no threads;
 * one of the callers works for all, with the threads of its environment. Any number of threads may
 * share a batcher. The model must outlive it. */
typedef struct sts_batcher sts_batcher;
sts_batcher *sts_batcher_new(const sts_model *m, sts_err *err);
void sts_batcher_free(sts_batcher *b); /* when no thread is in a call; NULL is fine */
/* As sts_encode. */
int sts_batcher_encode(sts_batcher *b, const sts_str *text, size_t n, float *out, bool *cut,
                       sts_err *err);

/* The similarity, by sts_model_similarity, of the first two texts of each row, into out[n]. */
int sts_score(const sts_model *m, const sts_data *data, double *out, sts_err *err);

/* Receives a metric by its name in JSON (`stsfit eval --json`), with NAN where it cannot be
 * computed. */
typedef void sts_metric_fn(void *ctx, const char *name, double value);

/* Evaluates on rows with scores, or of three texts: fn gets each metric. */
int sts_measure_data(const sts_model *m, const sts_data *data, sts_metric_fn *fn, void *ctx,
                     sts_err *err);

/* Embeddings of the texts of a file ("-" is stdin): fn is called for each, in order. What is not 0
 * stops (STS_FAILED, no message). Texts are taken in blocks of equal size, so memory is bounded; a
 * pause of a pipe ends a block early. After each block `vector` is NULL once: what is buffered can
 * go out. */
typedef int sts_vector_fn(void *ctx, sts_str text, const float *vector);
int sts_encode_file(const sts_model *m, const char *path, const sts_text_options *o,
                    sts_vector_fn *fn, void *ctx, sts_err *err);

/* Token ids of the same, special tokens and truncation included; `ids` NULL: a pause. */
typedef int sts_ids_fn(void *ctx, const int32_t *ids, size_t n);
int sts_tokenize_file(const sts_model *m, const char *path, const sts_text_options *o,
                      sts_ids_fn *fn, void *ctx, sts_err *err);

/* The similarity that the model is meant to be used with, similarity_fn_name in
 * config_sentence_transformers.json: "cosine", "dot", "euclidean" or "manhattan" (both negative
 * distances, so that more is more alike). Static. */
const char *sts_model_similarity(const sts_model *m);

/* Each record of a file of pairs as it was, with that similarity (NULL for the header line; NAN for
 * a blank line). `delimiter` separates the columns, 0: JSON lines. record.s NULL: a pause. */
typedef int sts_scored_fn(void *ctx, sts_str record, const double *similarity, char delimiter);
int sts_score_file(const sts_model *m, const char *path, const sts_data_options *o,
                   sts_scored_fn *fn, void *ctx, sts_err *err);

/* From which cosine on two texts count as the same: `choice` is a number, or "f1" or "accuracy",
 * the best threshold on the dev set of the model's training. 0, or -1 (STS_MODEL: it has none). */
int sts_model_threshold(const sts_model *m, const char *choice, double *threshold, sts_err *err);

/* The scale of a model's training scores, as a nondecreasing function of the cosine, fitted to dev.
 * NULL on error (STS_MODEL: it has none); freed by sts_calibration_free (NULL is fine). */
typedef struct sts_calibration sts_calibration;
sts_calibration *sts_calibration_load(const sts_model *m, sts_err *err);
double sts_calibration_apply(const sts_calibration *c, double cosine);
void sts_calibration_free(sts_calibration *c);

/* What is in a model, checkpoint or run: a summary for people, the same with every tensor and file,
 * or JSON. Freed by sts_free_text. */
typedef enum { STS_INFO_SUMMARY, STS_INFO_FULL, STS_INFO_JSON } sts_info_form;
char *sts_info(const char *dir, sts_info_form form, sts_err *err);
void sts_free_text(void *text);

/* ---- training ------------------------------------------------------------------------------ */

/* Zero, NAN or NULL where an option (sts_train_rows) has no such value: the default. Later versions
 * add members at the end. */
typedef struct sts_train_options {
    size_t size; /* of this struct, as sts_train_defaults sets it; 0: that of 1.0 */
    const char *const *data; /* files of pairs or triplets, read one after the other */
    size_t n_data;
    sts_data_options reading; /* of all files */
    const char *model;        /* "bag" or a directory */
    const char *output;       /* the run directory */
    const char *dev, *test;   /* NULL: a seeded tenth of data; none. Dev "none" too */
    bool data_named, dev_named, test_named; /* as sts_data_options.named */
    const char *loss, *teacher; /* NULL: the encoder's own default; none */
    const char *dims;         /* "D1[:W1],D2,...": where the loss is taken; NULL: all at once */
    double epochs;            /* NAN in any of these: the default */
    double lr, warmup, weight_decay, max_grad_norm, dropout;
    int64_t max_steps;        /* 0: by epochs */
    int64_t batch_size, accumulate;
    int64_t mini_batch;       /* rows embedded at a time; 0: all of a batch */
    const char *batches;      /* "shuffled", "no-duplicates"; NULL: by the loss */
    int64_t batch_size_per_rank; /* 0: batch_size is the whole step's, cut among the ranks */
    const char *scheduler, *metric, *keep;
    const char *average;      /* last:K, best:K, ema:D; NULL: none */
    const char *blend;        /* auto, or the share of the tuned weights, 0 to 1; NULL: 1 */
    const char *precision;    /* as sts_model_set_precision; NULL: fp32 */
    uint64_t seed;
    bool no_shuffle, freeze_embeddings, resume, overwrite, dry_run, train_prompt;
    sts_prompts prompts;      /* in training and evaluations; kept with the model */
    int64_t freeze_layers, max_seq_length;            /* 0: none; the model's own */
    int64_t threads;          /* 0: as the environment says */
    int64_t log_steps, eval_steps, save_steps;        /* 0: the default */
    int64_t save_total_limit, patience;               /* 0: the default; off */
    int64_t card_samples;     /* training rows that the model card shows; 0: none */
    const char *fail_under;   /* "metric=x" or NULL */
    const char *command_line; /* for the report */
    const sts_data *rows, *dev_rows, *test_rows; /* in place of data, dev and test */
    const volatile int *stop; /* nonzero once the run should stop: a signal's number, or any other
                                 for SIGINT; NULL: the environment's */
    const char *guard;        /* rows to evaluate on before and after alone; NULL: none */
    bool guard_named;         /* as sts_data_options.named */
    const sts_data *guard_rows; /* in place of guard */
    double r_drop;            /* weight of the difference of two passes; 0: one pass */
    double layer_decay;       /* a layer's learning rate by that of the layer above; 0: 1 */
    int64_t width;            /* numbers per vector of a new bag; 0: 384 */
} sts_train_options;

/* What was understood, before the first step. */
typedef struct sts_train_start {
    const char *data, *model, *loss, *plan, *machine; /* a line each, for people */
    uint64_t steps, first_step;
} sts_train_start;

typedef struct sts_train_step {
    uint64_t step, steps;
    double epoch, loss, grad_norm, lr;
    double pairs_per_s, seconds_left;
    double peak_memory;      /* bytes; 0 where unknown */
    bool logged; /* it is also a line of log.jsonl */
} sts_train_step;

typedef struct sts_train_eval {
    uint64_t step;
    double epoch;
    const char *metric;     /* the one that decides */
    double value;           /* NAN when it cannot be computed */
    bool best;              /* so far */
    bool averaged;          /* of averaged weights, after the event of the step's own */
} sts_train_eval;

typedef struct sts_train_result {
    const char *table;      /* before and after on dev and test, for people */
    const char *model_dir;  /* NULL after a dry run: table is its estimate */
    const char *selected;   /* which weights it holds, for people */
    const char *verdict;    /* was it better than the start, for people; NULL: not known */
    const char *status;     /* "completed", "stopped early", "interrupted" ... */
    double value;           /* of the deciding metric, of the selected model; NAN without dev */
    uint64_t steps;
    const char *guard;      /* what became of the rows of --guard, for people; NULL: not known */
} sts_train_result;

/* One thing that happens while training: of the four pointers, that of its kind is set. Later
 * versions may add kinds, which a receiver passes over, and members at the end of any struct. */
typedef enum { STS_EVENT_START, STS_EVENT_STEP, STS_EVENT_EVAL, STS_EVENT_END } sts_event_kind;
typedef struct sts_event {
    size_t size; /* of this struct, in the library that is loaded */
    sts_event_kind kind;
    const sts_train_start *start;
    const sts_train_step *step;
    const sts_train_eval *eval;
    const sts_train_result *end;
} sts_event;

/* What the receiver of an event wants: to stop after what is saved now, as if a signal had come;
 * or to end at once, with nothing saved that is not saved already (STS_INTERRUPTED both). At
 * STS_EVENT_END all is saved, and the first of these changes nothing. */
typedef enum { STS_CONTINUE, STS_STOP_SAVED, STS_ABORT } sts_answer;
typedef sts_answer sts_event_fn(void *ctx, const sts_event *e);

/* Trains and writes the run directory; fn (may be NULL) is called on this thread. *model (may be
 * NULL) gets that of the selected weights, for sts_model_free: NULL where there is none, as
 * after a dry run or a failure before the end. 0, or -1: STS_DIVERGED, STS_GATE and so on.
 *
 * Once `stop` is set, by a callback, a signal or another thread, it ends after the step or the
 * batch in progress with 128 + the signal's number (STS_INTERRUPTED for SIGINT): the state of the
 * last step is saved, and resuming from it gives what the uncut run would have given, an evaluation
 * cut short included. Before the first step nothing is written. */
int sts_train(const sts_train_options *o, sts_event_fn *fn, void *ctx, sts_model **model,
              sts_err *err);

/* Fills in size and the defaults of every field that is within it. */
void sts_train_fill(sts_train_options *o, size_t size);
static inline sts_train_options sts_train_defaults(void)
{
    sts_train_options o;
    sts_train_fill(&o, sizeof o);
    return o;
}

/* Sets an option by its name on the command line: sts_train_set(&o, "lr", "2e-5", &err). The text
 * must outlive *o. 0, or -1 (STS_USAGE). */
int sts_train_set(sts_train_options *o, const char *name, const char *text, sts_err *err);

/* Sets the options that a JSON object names, {"lr": 2e-5, "loss": "cosent", "overwrite": true}, in
 * its order; null is passed over. Texts are put into `json`, which is overwritten and must outlive
 * *o. The options before a wrong one are set; files of data cannot be. 0, or -1 (STS_USAGE). */
int sts_train_set_json(sts_train_options *o, char *json, sts_err *err);

/* ---- evaluating ---------------------------------------------------------------------------- */

typedef struct sts_eval_options {
    size_t size; /* of this struct; 0: that of 1.0 */
    const char *const *data; /* none: the run's own dev set */
    size_t n_data;
    sts_data_options reading;
    const char *model;
    int64_t max_seq_length;  /* 0: the model's own */
    int64_t batch_size;      /* texts encoded at a time; 0: by their length */
    int64_t dims;            /* numbers of a vector that are used, the first ones; 0: all */
    const char *precision;   /* NULL: fp32 */
    sts_prompts prompts;
    const char *predictions; /* a file for pairs, gold and predicted on the data's scale, and the
                                model's own similarity; NULL: none */
    const char *fail_under;  /* "metric=x"; NULL: none */
    const char *threshold;   /* figures at this one: see sts_model_threshold; NULL: none */
    const char *vectors;     /* figures of vectors quantized so, too: see sts_quantizer_new; "float"
                                and NULL: none */
    const char *calibration; /* a file of texts that give int8 its ranges; NULL: those of data */
} sts_eval_options;

typedef enum { STS_AS_TEXT, STS_AS_JSON, STS_AS_MARKDOWN } sts_form;

/* Evaluates a model on files of pairs or triplets; *out (freed by sts_free_text) is text or JSON,
 * given also when a gate is missed (-1, STS_GATE). */
int sts_eval(const sts_eval_options *o, sts_form form, char **out, sts_err *err);

/* Two models on the same pairs. */
typedef struct sts_compare_options {
    size_t size; /* of this struct; 0: that of 1.0 */
    const char *a, *b;       /* directories, or "bag" */
    const char *const *data; /* files of scored pairs; none: the dev set of run a */
    size_t n_data;
    sts_data_options reading;
    int64_t max_seq_length;  /* 0: the models' own */
    int64_t batch_size;      /* texts encoded at a time; 0: by their length */
    const char *precision;   /* NULL: fp32 */
    bool pairs;              /* show the pairs on which they differ most, and texts */
} sts_compare_options;

/* Pearson and Spearman of both on each file, the difference with its paired bootstrap interval and
 * p; *out (freed by sts_free_text) is the table or JSON. */
int sts_compare(const sts_compare_options *o, sts_form form, char **out, sts_err *err);

/* ---- reports and checks ---------------------------------------------------------------------- */

/* The HTML page of one or several run directories. */
typedef struct sts_report_options {
    size_t size; /* of this struct; 0: that of 1.0 */
    const char *const *runs;
    size_t n_runs;
    bool pairs;         /* show the texts of the worst dev pairs, read again from the data */
    const char *output; /* a file, written whole or not at all; NULL: into *out */
} sts_report_options;

/* *out (NULL with output) is freed by sts_free_text. */
int sts_report(const sts_report_options *o, char **out, sts_err *err);

/* What is in data files (`stsfit check`); *out as above. -1 with STS_DATA when there are faults,
 * *out given all the same. `model` (may be NULL) is asked how much it would cut to
 * max_seq_length tokens (0: its own length). */
int sts_check(const char *const *data, size_t n_data, const sts_data_options *reading,
              const char *model, int64_t max_seq_length, sts_form form, char **out, sts_err *err);

/* Whether the gradient of a loss, named as for training ("mine:margin=1", "./mine.so"), is that of
 * its value: finite differences on random rows of each kind that it takes. 0, or -1 (STS_USAGE).
 * Training checks so every loss that is not the library's own before it begins. */
int sts_loss_check(const char *text, sts_err *err);

/* The losses (name NULL), or one of them. NULL on error. */
char *sts_losses(const char *name, sts_form form, sts_err *err);

#include "stsfit_comm.h"
#include "stsfit_convert.h"
#include "stsfit_file.h"
#include "stsfit_option.h"
#include "stsfit_tune.h"

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif
#endif
