/* rows.h - what the built-in losses share: measures of two rows (cosine, distance) with their
 * gradients, and the two ways to make a loss of them: row by row, and by order. */
#ifndef STS_LOSS_ROWS_H
#define STS_LOSS_ROWS_H

#include "stsfit_loss.h"

#include <stdbool.h>

/* Two rows under a measure: where they are, where their gradients go, and what the measure's
 * gradient needs to know about its value. */
typedef struct sts_row_pair {
    sts_loss_batch *batch;
    const double *u, *v; /* [dim] */
    double *du, *dv;
    double nu, nv, value; /* norms, clamped; what was measured */
    bool flat;            /* a norm was clamped: no gradient */
} sts_row_pair;

/* Row i of the first column against row j of `column`. */
sts_row_pair sts_row_pair_at(sts_loss_batch *b, int i, int column, int j);

typedef struct sts_measure {
    double (*value)(sts_row_pair *p);
    void (*grad)(sts_row_pair *p, double g); /* adds g * d(value)/d(u, v), after value */
} sts_measure;

extern const sts_measure sts_cosine;      /* torch.cosine_similarity: norms are at least 1e-8 */
extern const sts_measure sts_unit_cosine; /* of torch's normalize: norms are at least 1e-12 */
extern const sts_measure sts_distance;    /* Euclidean; gradient 0 where u = v */

double sts_row_dot(const double *u, const double *v, int dim);
double sts_row_norm(const double *u, int dim);
/* Fills in p's norms, clamped to eps; a clamped one makes p flat and warns. */
void sts_row_norms(sts_row_pair *p, double nu, double nv, double eps);

/* Zeroes the gradients of all columns: every loss starts so. */
void sts_rows_clear(sts_loss_batch *b);
/* Whether row i counts: its score is at least min_score, or there are no scores. */
bool sts_row_taken(const sts_loss_batch *b, int i, double min_score);
/* How many rows are taken; warns when none is. */
int sts_rows_taken(sts_loss_batch *b, double min_score);

/* A row's loss from its measure and its score (1 without scores); *slope: d(loss)/d(measure). */
typedef double sts_row_loss(double measure, double score, const double *option, double *slope);

/* The weighted mean of f over the rows with a score of at least min_score; the whole run of such a
 * loss. */
double sts_rows_mean(sts_loss_batch *b, const sts_measure *m, double min_score, sts_row_loss *f);

/* The option of losses that only take pairs said to be alike, and what is said of those that have
 * nothing else. */
#define STS_MIN_SCORE(least) \
    STS_NUMBER("min_score", "pairs of a lower score are left out; unscored ones are not", least, \
               0, 1)
#define STS_ONLY_PULLS \
    "nothing pushes texts apart: the encoder collapses to one vector unless training is short"

/* CoSENT: log(1 + sum over y_i > y_j of exp(scale * (s_j - s_i))), where s measures the pairs and
 * y are their scores. A triplet is a pair (u, v) of score 1 and a pair (u, w) of score 0. */
double sts_rows_ordered(sts_loss_batch *b, const sts_measure *m, double scale);

#endif
