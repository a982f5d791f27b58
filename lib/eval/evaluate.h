/* evaluate.h - how well a model's similarities agree with gold scores: sentence-transformers'
 * EmbeddingSimilarityEvaluator (and TripletEvaluator for triplets), with an interval. */
#ifndef STS_EVAL_EVALUATE_H
#define STS_EVAL_EVALUATE_H

#include "core/json.h"
#include "eval/metric.h"
#include "eval/similarity.h"
#include "model/tokens.h"

typedef struct sts_evaluation {
    size_t n;         /* pairs (or triplets) */
    size_t truncated; /* texts cut */
    bool triplets;
    sts_metric pearson[STS_SIMILARITIES], spearman[STS_SIMILARITIES];
    sts_metric mse;      /* of the cosine against the score in 0..1 */
    sts_metric accuracy; /* triplets: share with cos(a, p) > cos(a, n) */
    double ci95[2];      /* of spearman_cosine, by bootstrap; NAN when there is none */
    const char *no_ci95; /* why there is none although it was asked for (static text), or NULL */
    double *cosine;      /* [n] predictions; NULL when triplets */
    bool collapsed;      /* all cosines are equal within noise */
} sts_evaluation;

typedef struct sts_eval_data {
    const sts_tokens *tokens; /* text j of row i is text i * columns + j */
    const double *gold;       /* [n] in 0..1; NULL for triplets */
    size_t n;
    int columns;
} sts_eval_data;

/* Evaluates; `interval` asks for the bootstrap (seeded, so that it repeats). 0, or -1.
 * Freed by sts_evaluation_free. */
int sts_evaluate(sts_evaluation *e, const sts_model *m, const sts_eval_data *data, bool interval,
                 sts_err *err);
void sts_evaluation_free(sts_evaluation *e);

/* Fails with STS_MODEL when a cosine is not finite: weights that are finite, but huge, overflow. */
int sts_evaluation_check(const sts_evaluation *e, const sts_model *m, sts_err *err);

/* What there is, for messages. */
#define STS_METRICS                                                                                \
    "there are spearman_cosine, pearson_cosine, the same with _euclidean, _manhattan and _dot, "   \
    "mse, and cosine_accuracy for triplets"

/* A metric by its name in reports ("spearman_cosine", "pearson_dot", "mse", "cosine_accuracy");
 * *higher_is_better (may be NULL). NULL when there is no such name. */
const sts_metric *sts_evaluation_metric(const sts_evaluation *e, const char *name,
                                        bool *higher_is_better);

/* Adds pairs, truncated and every metric to object; a missing one is null, and the first reason
 * is "status". */
void sts_evaluation_json(const sts_evaluation *e, cJSON *object);

#endif
