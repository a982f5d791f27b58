/* ranking.h - losses by which a text is to find its partner among the texts of the batch: cosines
 * as logits, softmax, and their gradients, as products of matrices. What is compared with what,
 * and what is left out, is the loss's own. */
#ifndef STS_LOSS_RANKING_H
#define STS_LOSS_RANKING_H

#include "stsfit_loss.h"

#include <stdbool.h>

/* One column of the batch against another one, or itself; face 0 is the first texts against the
 * second ones, where row i's partner is text i. */
typedef struct sts_face {
    size_t from, to; /* columns */
} sts_face;

typedef struct sts_ranking sts_ranking;
struct sts_ranking {
    sts_loss_batch *b;
    double scale, min_score; /* of cosines; of rows that count */
    size_t faces, first;     /* how many; those of the first softmax, the others share one */
    sts_face (*face)(const sts_ranking *r, size_t f);
    /* What is added to the logit of text k in the face f of row i; minus infinity leaves it out. It
     * is not for row i's partner in face 0. */
    double (*add)(const sts_ranking *r, size_t i, size_t f, size_t k, double cosine);
    const double *own;       /* of the loss */
    /* at work, in the scratch, on rows [lo, lo + rows) */
    size_t n, dim, lo, rows;
    double *matrix;  /* [rows x faces x n] dot products; then exponentials; then s */
    double *inverse; /* [columns x n] 1 / |u|, |u| at least that of torch's normalize */
    double *steered; /* [columns x n] the same, but 0 for what has no gradient */
    double *open;    /* [n] 0, or minus infinity for rows that are not taken */
    double *loss;    /* [n] */
};

/* Numbers of scratch that it needs with so many faces. */
size_t sts_rank_scratch(const sts_loss_batch *shape, size_t faces);
/* The mean over the rows of log(sum exp) - logit of the partner (of several softmaxes, their mean),
 * and its gradients. */
double sts_rank(sts_ranking *r);

#endif
