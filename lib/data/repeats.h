/* repeats.h - what a run should know about its rows before it trains on them: pairs that occur
 * again, in training data or in what it is evaluated on. */
#ifndef STS_DATA_REPEATS_H
#define STS_DATA_REPEATS_H

#include "data/corpus.h"

#define STS_APART 0.2 /* scores of one pair in 0..1 that differ by more contradict each other */

typedef struct sts_repeats {
    size_t again;     /* training rows whose pair came before, in either order */
    size_t conflicts; /* of these, rows whose score contradicts the first one's */
    size_t sharing;   /* distinct training pairs that have a text that another one has too */
} sts_repeats;

/* Texts equal but for case and white space are the same. Into in_train[k]: how many rows of
 * other[k], of n (may be empty), have a pair that is trained on. 0, or -1 (memory, or stopped). */
int sts_repeats_count(sts_repeats *out, const sts_corpus *train, const sts_corpus *const *other,
                      size_t *in_train, size_t n, sts_err *err);

#endif
