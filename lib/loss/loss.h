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
    void *library; /* the shared object it came from, or NULL */
} sts_loss_spec;

/* Reads "name", "alias:k=v,k2=v2" or "./file.so:k=v". STS_USAGE on error, with "did you mean". */
int sts_loss_parse(sts_loss_spec *spec, const char *text, sts_err *err);
void sts_loss_close(sts_loss_spec *spec);

/* "cosent:scale=20" with every option, as the report and config.json carry it. Returns out. */
const char *sts_loss_format(const sts_loss_spec *spec, char *out, size_t size);

const sts_loss *const *sts_loss_all(size_t *n);
const sts_loss *sts_loss_find(const char *name_or_alias);

#endif
