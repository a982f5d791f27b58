/* loss.h - the registry of losses, "NAME:k=v,..." parsed against it, and losses from shared
 * objects. */
#ifndef STS_LOSS_LOSS_H
#define STS_LOSS_LOSS_H

#include "core/err.h"
#include "stsfit_loss.h"

/* A loss chosen, with its options set. */
typedef struct sts_loss_spec {
    const sts_loss *loss;
    double option[STS_LOSS_MAX_OPTIONS];
    char *option_text[STS_LOSS_MAX_OPTIONS]; /* of texts that were set; NULL: the default */
    void *context;   /* for sts_loss_batch.context */
    void *library;   /* the shared object it came from, or NULL */
    char *path;      /* ... as it was given */
    sts_loss *whole; /* what `loss` is then: its descriptor, with all members of this version */
} sts_loss_spec;

/* Reads "name", "alias:k=v,k2=v2" or "./file.so:k=v". STS_USAGE on error, with "did you mean".
 * What it fills in (nothing, on error) is freed by sts_loss_close. */
int sts_loss_parse(sts_loss_spec *spec, const char *text, sts_err *err);
void sts_loss_close(sts_loss_spec *spec);

/* "cosent:scale=20" with every option, as the report and config.json carry it; sts_loss_parse
 * reads it back to the last bit. Returns out. */
const char *sts_loss_format(const sts_loss_spec *spec, char *out, size_t size);

const sts_loss *const *sts_loss_all(size_t *n);
const sts_loss *sts_loss_find(const char *name_or_alias);

/* "scored pairs or triplets": what the set `needs` stands for. Returns out. */
const char *sts_loss_needs(unsigned needs, char *out, size_t size);

/* Whether rows of `columns` texts, with scores or not, are what the loss needs (STS_USAGE). */
int sts_loss_fits(const sts_loss_spec *spec, int columns, bool scored, sts_err *err);

/* The score below which a row adds nothing to this loss, so that it may be left out before batches
 * are made; -INFINITY when every row counts. */
double sts_loss_min_score(const sts_loss_spec *spec);

/* The numbers of scratch that the loss needs for a batch of this shape: n, dim, columns and
 * teacher_dim are set. */
size_t sts_loss_scratch(const sts_loss_spec *spec, sts_loss_batch shape);

/* Runs the loss on a batch that lacks but size, options, context and warning. Warns, too, when the
 * gradient is zero although the loss is not. */
double sts_loss_run(const sts_loss_spec *spec, sts_loss_batch *batch);

#endif
