/* decision.h - what a model's cosines mean: stsfit.json in its directory, which stsfit train writes
 * from the dev set, and which other tools ignore. */
#ifndef STS_MODEL_DECISION_H
#define STS_MODEL_DECISION_H

#include "core/json.h"
#include "model/model.h"

#define STS_DECISION "stsfit.json"

/* A nondecreasing function of the cosine, on the scale lo .. hi. */
struct sts_calibration {
    size_t n;
    double *cosine, *score; /* [n] knots, ascending; scores from 0 to 1 */
    double lo, hi;
};

typedef struct sts_decision {
    double f1, accuracy;          /* thresholds of the cosine; NAN: none */
    sts_calibration *calibration; /* the caller's, freed by sts_calibration_free; NULL: none */
} sts_decision;

/* Without anything. */
sts_decision sts_decision_none(void);
bool sts_decision_any(const sts_decision *d);

/* Writes the file, whose dev set had so many pairs. 0, or -1 (STS_FAILED). */
int sts_decision_save(const sts_decision *d, size_t pairs, const char *path, sts_err *err);

/* Reads the file of a model's directory, if it is there, into the model; its contents are not
 * checked. 0, or -1 (STS_MODEL, STS_FAILED). */
int sts_decision_keep(sts_model *m, sts_err *err);
/* What it says into *d, empty where there is none; all of it is checked. 0, or -1 (STS_MODEL,
 * STS_FAILED) with *d empty. */
int sts_decision_load(const sts_model *m, sts_decision *d, sts_err *err);

#endif
