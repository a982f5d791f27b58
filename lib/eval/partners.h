/* partners.h - pairs without scores: does each text find its partner among all of the other column?
 * As sentence-transformers' TranslationEvaluator; memory is linear in the rows. */
#ifndef STS_EVAL_PARTNERS_H
#define STS_EVAL_PARTNERS_H

#include "core/err.h"

#include <stddef.h>

typedef struct sts_partners {
    double src2trg, trg2src; /* share of first texts that find the second, and the reverse */
    double mrr;              /* mean reciprocal rank of the partner, over both directions */
} sts_partners;

/* Of n rows of dim numbers each, which are normalised to length 1 in place. text[2 i] and
 * text[2 i + 1] are the texts of row i: a text equal to the partner is the partner. found[n] gets
 * the share of the two searches of each row that succeed: 0, 0.5 or 1. 0, or -1 (memory, no BLAS,
 * or stopped). */
int sts_partners_find(sts_partners *p, float *u, float *v, const sts_str *text, size_t n,
                      size_t dim, double *found, sts_err *err);

#endif
