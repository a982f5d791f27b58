/* evaluate.h - how well a model's similarities agree with gold scores: sentence-transformers'
 * EmbeddingSimilarityEvaluator (and TripletEvaluator for triplets), with an interval. */
#ifndef STS_EVAL_EVALUATE_H
#define STS_EVAL_EVALUATE_H

#include "core/json.h"
#include "eval/metric_table.h"
#include "model/tokens.h"

typedef struct sts_evaluation {
    size_t n;         /* pairs (or triplets) */
    size_t truncated; /* texts cut */
    sts_metric_needs has; /* what the data offer */
    sts_metric value[STS_METRICS]; /* by row of the registry */
    double ci95[2];      /* of STS_METRIC_OF_SCORES, by bootstrap; NAN when there is none */
    const char *no_ci95; /* why there is none although it was asked for (static text), or NULL */
    double *cosine;      /* [n] predictions; NULL for triplets */
    double *similarity;  /* [n] the same by the model's own similarity, of that kind */
    sts_similarity_kind kind;
    bool collapsed;      /* all cosines are equal within noise */
} sts_evaluation;

/* Evaluates; `interval` asks for the bootstrap (seeded, so that it repeats). 0, or -1.
 * Freed by sts_evaluation_free. */
int sts_evaluate(sts_evaluation *e, const sts_model *m, const sts_token_rows *data, bool interval,
                 sts_err *err);
void sts_evaluation_free(sts_evaluation *e);

/* Fails with STS_MODEL when a cosine is not finite: weights that are finite, but huge, overflow. */
int sts_evaluation_check(const sts_evaluation *e, const sts_model *m, sts_err *err);

/* The value of a metric. */
sts_metric sts_evaluation_value(const sts_evaluation *e, const sts_metric_row *m);

/* Adds pairs, truncated and every metric to object; a missing one is null, and the first reason
 * is "status". */
void sts_evaluation_json(const sts_evaluation *e, cJSON *object);

/* ---- such an object, read back; NULL is an empty one ---- */

/* What its data offered. */
sts_metric_needs sts_evaluation_of(const cJSON *object);
/* How many pairs or triplets it is of; NULL when it does not say. */
const cJSON *sts_evaluation_count(const cJSON *object);
/* Whether there is an interval of STS_METRIC_OF_SCORES, which goes into ci95; else NAN does. */
bool sts_evaluation_interval(const cJSON *object, double ci95[2]);

#endif
