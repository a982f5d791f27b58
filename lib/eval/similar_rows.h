/* similar_rows.h - similarities of rows of texts. Texts are embedded a part of the rows at a time,
 * so that the embeddings of many rows need not be in memory at once. */
#ifndef STS_EVAL_SIMILAR_ROWS_H
#define STS_EVAL_SIMILAR_ROWS_H

#include "eval/similarity.h"
#include "model/tokens.h"

typedef struct sts_measured {
    double *x[STS_SIMILARITIES]; /* [n] by kind, of the first two texts; NULL: taken */
    double *far; /* [n] largest cosine of the first text and a negative; where there are negatives:
                    behind the cosines in x */
    double longest;              /* norm of any embedding */
} sts_measured;

/* Compares the first text of each row with its second one and, where there are, with its negatives:
 * the texts from the third on. 0, or -1 (memory, or stopped). Freed by sts_measured_free in any
 * case. */
int sts_measure(sts_measured *out, const sts_model *m, const sts_token_rows *d, sts_err *err);
/* The same of embeddings that are there, in the order of the texts [n * columns x dim]. */
int sts_measure_vectors(sts_measured *out, const float *emb, size_t dim, const sts_token_rows *d,
                        sts_err *err);
void sts_measured_free(sts_measured *out);

#endif
