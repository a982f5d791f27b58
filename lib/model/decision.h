/* decision.h - what a model's cosines mean: stsfit.json in its directory, which stsfit train writes
 * from the dev set, and which other tools ignore. */
#ifndef STS_MODEL_DECISION_H
#define STS_MODEL_DECISION_H

#include "core/json.h"
#include "model/model.h"

#define STS_DECISION "stsfit.json"

/* The file of a model's directory; freed by sts_json_free. NULL where there is none (*err stays),
 * or on error (STS_MODEL, STS_FAILED). */
sts_json *sts_decision_load(const sts_model *m, sts_err *err);

/* A nondecreasing function of the cosine, on the scale lo .. hi. */
struct sts_calibration {
    size_t n;
    double *cosine, *score; /* [n] knots, ascending */
    double lo, hi;
};

/* The calibration in such a file, which may be NULL: newly allocated. NULL where there is none
 * (*err stays), or on error. */
sts_calibration *sts_decision_calibration(const sts_json *decision, sts_err *err);

#endif
