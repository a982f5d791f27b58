/* corpus.h - the rows of several data files as one list of texts and scores. */
#ifndef STS_DATA_CORPUS_H
#define STS_DATA_CORPUS_H

#include "core/json.h"
#include "data/dataset.h"

#include <sys/types.h>

typedef struct sts_corpus {
    sts_dataset **file; /* owned; the texts are theirs */
    size_t n_files;
    sts_str *text;      /* [n * columns] */
    double *score;      /* [n] in 0..1; NULL for triplets and pairs without scores */
    bool *positive;     /* [n] where --positive is given, or scores have two values: the higher one;
                           else NULL */
    double *weight;     /* [n] of rows in memory that have some; else NULL */
    uint64_t *id;       /* the same */
    size_t n;
    int columns;        /* texts a row: 2 or more */
    const char *drawn;  /* how it was held out of another (static); NULL: it was not */
} sts_corpus;

/* Reads the files; all must have the same number of texts, and all or none scores. 0, or -1. */
int sts_corpus_load(sts_corpus *c, const char *const *paths, size_t n, const sts_data_options *o,
                    sts_err *err);

/* Refuses a --score-range for all files that none of them has, since all have known ranges of their
 * own. 0, or -1 (STS_USAGE). */
int sts_corpora_have_range(const sts_corpus *const *c, size_t n, const sts_data_options *o,
                           sts_err *err);

/* Makes the lists of texts and scores of the files that c has. 0, or -1. */
int sts_corpus_join(sts_corpus *c, const sts_data_options *o, sts_err *err);

/* Room for weights and ids of its n rows, where they are wanted. 0, or -1 (memory). */
int sts_corpus_make_numbers(sts_corpus *c, bool weights, bool ids, sts_err *err);
/* Whether all texts of at least one row are the same bytes. */
bool sts_corpus_all_equal(const sts_corpus *c);

/* Warns where they are: what is evaluated on them says nothing. */
void sts_corpus_note_equal(const sts_corpus *c, const char *name);

/* Whether the scores, in 0..1, have exactly two values, the lower and the higher one, of which at
 * least one occurs again: two rows are not classes. */
bool sts_corpus_two_values(const sts_corpus *c, double value[2]);

/* Notes that scores of two values, which nobody called classes, are taken for such; warns where
 * --positive leaves one class. */
void sts_corpus_note_classes(const sts_corpus *c, const sts_data_options *o, const char *name);

/* The scale of the scores, as in the files; 0..1 where they are of files of several scales. `rest`
 * (or NULL) is what c was held out of. */
void sts_corpus_scale(const sts_corpus *c, const sts_corpus *rest, double *lo, double *hi);

#define STS_HOLD_OUT_PAIRS 160 /* of fewer, 32 would be more than a fifth */

/* Moves a seeded tenth of c's distinct pairs, 32 at least, with all their rows to `held`, which
 * borrows the texts; nothing where there are fewer than STS_HOLD_OUT_PAIRS. Rows stay in file
 * order. 0, or -1 (memory, or stopped). (hold_out.c) */
int sts_corpus_hold_out(sts_corpus *c, sts_corpus *held, uint64_t seed, sts_err *err);

/* Puts each row of a corpus into one of `folds` parts of about one size, fold[n], seeded: rows that
 * are linked by equal texts into one. 0, or -1 (STS_DATA where that leaves a fold without rows).
 * (hold_out.c) */
int sts_corpus_folds(const sts_corpus *c, size_t folds, uint64_t seed, size_t *fold, sts_err *err);

/* Moves the rows i with out[i] to `held`, which borrows the texts. 0, or -1 (memory). */
int sts_corpus_move(sts_corpus *c, sts_corpus *held, const bool *out, sts_err *err);

/* Leaves out the rows with a score below `least`; returns how many. */
size_t sts_corpus_drop_below(sts_corpus *c, double least);

/* Whether a model to evaluate is the built-in encoder, new for the corpus: "bag", unless there
 * is a directory (a run, most likely) of that name. 1, 0, or -1 where that is unknown. */
int sts_corpus_is_bag(const char *model, sts_err *err);

/* Refuses an output (NULL: none) that is one of the corpus's files: 0, or -1 (STS_USAGE). */
int sts_corpus_spare(const sts_corpus *c, const char *output, sts_err *err);

void sts_corpus_free(sts_corpus *c);

/* Permissions that all of its files have: what shows their texts gets no others. */
mode_t sts_corpus_mode(const sts_corpus *c);

/* What was read, for the report: an array of files; NULL when memory is out. */
sts_json *sts_corpus_json(const sts_corpus *c);

#endif
