/* predictions.h - RUN/predictions.tsv: what the model said of each pair of the dev and test set,
 * before and after training, without the texts:
 *
 *     part  gold  before  after  tokens1  tokens2
 *     dev   0.56  0.7312  0.5904 12       9
 *
 * Scores are in 0..1, cosines to the last bit, tokens as the model sees them; an empty field is
 * not known (yet). Rows are in the order of the data. Rows without gold have, in place of cosines,
 * how much of what was sought was found, 0 to 1 (sts_evaluation.hit). More columns follow where
 * they say something: `positive`, 1 or 0, of two classes; and before_dot, after_dot, where the
 * model's own similarity is another than the cosine. */
#ifndef STS_REPORT_PREDICTIONS_H
#define STS_REPORT_PREDICTIONS_H

#include "core/run_dir.h"

typedef enum { STS_UNCLASSED, STS_NEGATIVE, STS_POSITIVE } sts_class; /* of two */

typedef struct sts_prediction {
    double gold, before, after; /* NAN: not known */
    int tokens[2];
    double own[2]; /* before and after, by another similarity than the cosine; NAN: none */
    sts_class kind;
} sts_prediction;

typedef struct sts_predictions {
    sts_prediction *v;
    size_t n, cap;
} sts_predictions;

/* similarity: the one of `own`, NULL where there is none. */
int sts_predictions_save(const char *path, const sts_predictions *dev, const sts_predictions *test,
                         const char *similarity, sts_err *err);

/* Into empty ones; both stay empty when there is no such file. STS_DATA when it is malformed. */
int sts_predictions_load(const char *path, sts_predictions *dev, sts_predictions *test,
                         sts_err *err);

/* Appends one. 0, or -1 (memory). */
int sts_predictions_add(sts_predictions *p, const sts_prediction *row, sts_err *err);
void sts_predictions_free(sts_predictions *p);

#endif
