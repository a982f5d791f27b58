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
    int64_t threads, max_seq_length, batch_size, dims;
    sts_data_options reading;
    const char *precision;
    sts_prompts prompts;
} common;

/* Rows of option tables, for commands whose struct starts with `common`. */
#define OPT_MODEL                                                                                  \
    {.kind = STS_OPT_TEXT, .name = "model", .aliases = "model-name-or-path", .letter = 'm',        \
     .arg = "DIR", .offset = offsetof(common, model), .value = "stsfit-run",                       \
     .help = "sentence-transformers or Hugging Face directory, run or checkpoint"}
#define OPT_JSON(help_)                                                                            \
    {.kind = STS_OPT_FLAG, .name = "json", .offset = offsetof(common, json), .help = help_}
/* For the commands that read single texts, whose struct T has `sts_text_options texts`. */
#define OPT_TEXTS(T)                                                                               \
    {.kind = STS_OPT_CHOICE, .name = "input", .arg = "auto|lines|tsv|csv|jsonl",                   \
     .offset = offsetof(T, texts.input), .standard = "auto",                                       \
     .help = "what TEXTS is: one text per line, or a table; auto: by name and header"},            \
    {.kind = STS_OPT_TEXT, .name = "columns", .arg = "LIST",                                       \
     .offset = offsetof(T, texts.columns), .standard = "by header",                                \
     .help = "columns of a table that are texts: up to three names or numbers from 1"}
/* For the commands that embed texts; train has its own. */
#define OPT_BATCH                                                                                  \
    {.kind = STS_OPT_INT, .name = "batch-size", .arg = "N",                                        \
     .offset = offsetof(common, batch_size), .min = 1, .max = 1 << 20, .standard = "by length",    \
     .help = "texts to encode at a time; it changes rounding only"}
#define OPT_LENGTH                                                                                 \
    {.kind = STS_OPT_INT, .name = "max-seq-length", .arg = "N",                                    \
     .offset = offsetof(common, max_seq_length), .max = 1 << 20, .standard = "the model's",        \
     .help = "tokens at which texts are cut"}
#define OPT_PRECISION                                                                              \
    {.kind = STS_OPT_CHOICE, .name = "precision", .arg = "fp32|bf16|auto",                         \
     .offset = offsetof(common, precision), .value = "fp32",                                       \
     .switches = (const sts_switch[]){{"bf16", "bf16", "fp32"}, {"fp16", "fp16", "fp32"}, {0}},    \
     .help = "precision of matrix products; auto: bf16 where measured to be faster"}
#define OPT_DIMS                                                                                   \
    {.kind = STS_OPT_INT, .name = "dims", .aliases = "truncate-dim", .arg = "D",                   \
     .offset = offsetof(common, dims), .min = 1, .max = 1 << 20, .standard = "all",                \
     .help = "use the first D numbers of each vector"}
#define OPT_THREADS                                                                                \
    {.kind = STS_OPT_INT, .name = "threads", .arg = "N", .offset = offsetof(common, threads),      \
     .max = 256, .standard = "STSFIT_THREADS, OMP_NUM_THREADS, or all processors",                 \
     .help = "threads to use"}
/* How vectors are stored, for commands whose struct T has these texts. */
#define OPT_VECTORS(T, at)                                                                         \
    {.kind = STS_OPT_CHOICE, .name = "vectors", .arg = "float|int8|ubinary",                       \
     .offset = offsetof(T, at), .value = "float",                                                  \
     .help = "numbers of a vector: float32, a byte each, or a bit each, eight in a byte"}
#define OPT_CALIBRATION(T, at)                                                                     \
    {.kind = STS_OPT_TEXT, .name = "calibration", .arg = "TEXTS", .flags = STS_OPT_INPUT,          \
     .offset = offsetof(T, at), .standard = "the texts themselves",                                \
     .help = "texts from whose vectors int8 takes the range of each number"}
#define OPT_DIRECTORY(T, help_)                                                                    \
    {.kind = STS_OPT_TEXT, .name = "output", .letter = 'o', .arg = "DIR",                          \
     .offset = offsetof(T, o.output), .standard = "required", .help = help_}
#define OPT_QUIET                                                                                  \
    {.kind = STS_OPT_FLAG, .name = "quiet", .letter = 'q', .offset = offsetof(common, quiet),      \
     .help = "print errors only on stderr"}

/* Tables of rows: how data are read, and what the program does while it runs. */
#define OPT_READING {.library = sts_data_rows, .base = offsetof(common, reading)}
#define OPT_PROMPT {.library = sts_prompt_rows, .base = offsetof(common, prompts)}
#define OPT_PROMPTS {.library = sts_pair_prompt_rows, .base = offsetof(common, prompts)}
#define OPT_RUNNING {.rows = common_running}
extern const sts_option common_running[];

/* What the library's calls work in: made before anything else. 0, or -1. */
int common_open_env(sts_err *err);
void common_close_env(void);
sts_env *common_env(void);

/* Threads, notes and progress as c says; call it first in every run(). */
void common_start(common *c);

/* The model of --model at --max-seq-length and so on; NULL with err filled in. */
sts_model *common_model(const common *c, sts_err *err);

/* The one file that a command reads: args' only one, or "-" for stdin. NULL, with a message
 * printed, when there are more, or when stdout is that file. */
const char *common_input(const char *name, const opt_args *args);

/* --calibration without --vectors int8: STS_USAGE, with a message printed; else 0. */
int common_check_calibration(const char *type, const char *calibration);

/* Prints the JSON file `name` of a run directory on stdout. 0, or the exit code. */
int common_print_json(const char *dir, const char *name);

/* "stsfit COMMAND ..." as a shell would take it again, freed by free(); NULL: no memory. */
char *common_command_line(const char *command, const opt_args *args);

/* Prints "stsfit: text" on stderr when there is a text; returns the exit code. */
int common_fail(const sts_err *err);

/* Gives standard descriptors that are closed a file that fails, so that no other file takes their
 * place and gets what is printed. */
void common_open_standard(void);

/* The program as it was invoked ("./stsfit"): the word that a shell takes for it, freed by
 * sts_free_text; NULL when memory is out. */
void common_invoked_as(const char *name);
char *common_program(void);

/* Flushes and checks stdout. 0, or the exit code; a reader that went away is not an error. */
int common_finish(int code);

/* Whether stdout still takes output after a write; for callbacks. */
bool common_write(FILE *f, const void *buf, size_t n);

/* A line on stderr that ends with a name, whatever bytes are in it. */
void common_tell(const char *text, const char *name);

/* ---- environment.c ---- */
/* Sets what OpenMP and the BLAS read when they are opened, where the environment does not. */
void set_environment(void);

/* ---- stop.c ---- */
/* From now on the first signal sets the flag that is returned, to its number, and a second one ends
 * the program. */
const volatile int *stop_on_signals(void);
/* Whether there is something to save after the first signal: else the program has a second to end
 * by itself. Not so at first. */
void stop_saves(bool something);

/* ---- progress.c ---- */
typedef enum { PROGRESS_NONE, PROGRESS_PLAIN, PROGRESS_BAR } progress_style;
/* Chooses the style; from now on the library's progress is shown on stderr: a line drawn over and
 * over on a terminal, at most ten times a second; elsewhere a new one every ten seconds. */
void progress_start(const common *c, sts_env *env);
progress_style progress_chosen(void);
/* For a product that goes to the same terminal: nothing is drawn between its lines. */
void progress_give_way(void);
/* Ends the bar's line, if there is one, so that something else can be printed. */
void progress_clear(void);
/* Whether the bar may be drawn again: ten times a second at most. */
bool progress_due(void);
/* A bar (none for NAN) and a text in the line's place, as wide as the terminal lets it be: the
 * text's last parts, which two blanks separate, are left out first. */
void progress_bar(double part, const char *text);
/* The length of as many of the text's parts as fit in `room` columns; of the first at least. */
int progress_fits(const char *text, int room);
/* A plain line. */
void progress_plain(const char *text);
/* Whether colour may be used on stderr. */
bool progress_colour(void);
/* "0:05", "1:02:03" */
const char *progress_time(double seconds, char out[32]);

#endif
