/* loss.h - the registry of losses, what a user chooses of them, and its value on a batch. */
#ifndef STS_LOSS_LOSS_H
#define STS_LOSS_LOSS_H

#include "core/err.h"
#include "stsfit_loss.h"

#define STS_LOSS_PARTS 8
#define STS_LOSS_DIMS 16

/* One loss of a sum, with its options set. */
typedef struct sts_loss_part {
    const sts_loss *loss;
    double weight;
    double option[STS_LOSS_MAX_OPTIONS];
    char *option_text[STS_LOSS_MAX_OPTIONS]; /* of texts that were set; NULL: the default */
    void *context;   /* for sts_loss_batch.context */
    bool own;        /* the program's, registered in its environment */
    void *library;   /* the shared object it came from, or NULL */
    char *path;      /* ... as it was given */
    sts_loss *whole; /* what `loss` is then: its descriptor, with all members of this version */
} sts_loss_part;

/* What is minimized: the weighted sum of its parts, most often of one. With dims (Matryoshka), the
 * weighted sum of that over the first components of the embeddings, scaled to length 1. */
typedef struct sts_loss_spec {
    int n_parts;
    sts_loss_part part[STS_LOSS_PARTS];
    int n_dims; /* 0: the embeddings as they are */
    int dim[STS_LOSS_DIMS]; /* descending */
    double dim_weight[STS_LOSS_DIMS];
} sts_loss_spec;

/* Reads "name", "alias:k=v,k2=v2", "./file.so:k=v", or several of them as "A+W*B:k=v+C": STS_USAGE
 * on error, with "did you mean". What it fills in (nothing, on error) is freed by
 * sts_loss_close. */
int sts_loss_parse(sts_loss_spec *spec, const char *text, sts_err *err);
void sts_loss_close(sts_loss_spec *spec);

/* The length of the first loss of a text, weight and options included; after it comes a '+', or the
 * end. */
size_t sts_loss_first(const char *text);
/* The name, or the path, of the first loss of a text: *n bytes. */
const char *sts_loss_name(const char *text, size_t *n);

/* "cosent:scale=20+0.5*angle:scale=20" with every option, as the report and config.json carry it;
 * sts_loss_parse reads it back to the last bit. For sts_free; NULL: no memory. */
char *sts_loss_format(const sts_loss_spec *spec);

/* Reads "D1[:W1],D2[:W2],..." into the spec (STS_USAGE), and writes it; for sts_free. */
int sts_loss_set_dims(sts_loss_spec *spec, const char *text, sts_err *err);
char *sts_loss_format_dims(const sts_loss_spec *spec);
/* Whether embeddings of `width` have these dimensions (STS_USAGE); warns when theirs is not one. */
int sts_loss_check_dims(const sts_loss_spec *spec, int width, sts_err *err);

/* The names of the parts of a sum, joined by " + ". Returns out. */
const char *sts_loss_names(const sts_loss_spec *spec, char *out, size_t size);

const sts_loss *const *sts_loss_all(size_t *n);
const sts_loss *sts_loss_find(const char *name_or_alias);
/* The loss called name[n]; NULL on error (STS_USAGE), with what may have been meant. */
const sts_loss *sts_loss_get(const char *name, size_t n, sts_err *err);

/* "scored pairs or triplets": what the set `needs` stands for. Returns out. */
const char *sts_loss_needs(unsigned needs, char *out, size_t size);

/* Whether each part takes one of these kinds of rows (a set of STS_LOSS_PAIRS and the like). */
bool sts_loss_takes(const sts_loss_spec *spec, unsigned rows);
/* Whether any part has one of these traits (STS_LOSS_IN_BATCH and the like). */
bool sts_loss_has(const sts_loss_spec *spec, unsigned traits);
/* ... and whether all have all of them. */
bool sts_loss_all_have(const sts_loss_spec *spec, unsigned traits);
/* Whether any part is this built-in loss, or comes from elsewhere. */
bool sts_loss_part_named(const sts_loss_spec *spec, const char *name);
bool sts_loss_is_foreign(const sts_loss_spec *spec);

/* Whether rows of `columns` texts, with scores or not, are what the loss needs (STS_USAGE). */
int sts_loss_fits(const sts_loss_spec *spec, int columns, bool scored, sts_err *err);

/* The score below which a row adds nothing to this loss, so that it may be left out before batches
 * are made; -INFINITY when every row counts. */
double sts_loss_min_score(const sts_loss_spec *spec);

/* The numbers of scratch that the loss needs for a batch of this shape: n, dim, columns and
 * teacher_dim are set. */
size_t sts_loss_scratch(const sts_loss_spec *spec, sts_loss_batch shape);

/* What a batch came to. */
typedef struct sts_loss_result {
    double value;
    double part[STS_LOSS_PARTS]; /* of each part, before its weight, over all dims */
    const char *warning;         /* static text; or NULL */
    const char *of;              /* the loss of a sum that warns; or NULL */
} sts_loss_result;

/* Runs the loss on a batch that lacks but size, options, context and warning. Warns, too, when the
 * gradient is zero although the loss is not. */
sts_loss_result sts_loss_run(const sts_loss_spec *spec, const sts_loss_batch *batch);

#endif
