/* batches.h - which rows are in which batch: a function of seed and epoch alone, the same on every
 * rank, so that resuming needs no state.
 *
 * Rows come in shuffled order (or in that of the file). Where no text may occur twice in a batch, a
 * row goes to the first batch that has room and none of its texts, as in sentence-transformers, or
 * to a later one where that is hard to find. The number of batches is that of the first epoch, for
 * all of them. Linear in the rows. */
#ifndef STS_TRAIN_BATCHES_H
#define STS_TRAIN_BATCHES_H

#include "core/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sts_batches {
    size_t n, size;         /* rows, and rows of a batch at most */
    uint64_t seed;
    bool shuffle;
    const uint32_t *text;   /* [n x columns] equal numbers for equal texts, which no batch has twice
                             * unless in one row; NULL: batches are cut from the order. Borrowed. */
    int columns;
    uint32_t n_texts;       /* all numbers are below it */
    /* made by sts_batches_init */
    size_t count;           /* batches of an epoch */
    uint32_t *order;        /* [n] the rows of `epoch`, batch by batch */
    size_t *start;          /* [count + 1]: batch i is order[start[i] .. start[i + 1]) */
    uint64_t epoch;         /* from 0 */
} sts_batches;

/* Makes the batches of epoch 0, once the members above are set. 0, or -1 (memory). Freed by
 * sts_batches_free. */
int sts_batches_init(sts_batches *b, sts_err *err);
void sts_batches_free(sts_batches *b);

/* Makes those of another epoch. 0, or -1 (memory). */
int sts_batches_of(sts_batches *b, uint64_t epoch, sts_err *err);

#endif
