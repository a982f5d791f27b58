/* batch.h - a packed batch: the ids of several sentences one after the other, no padding.
 * start has n_seq + 1 entries; sentence s is ids[start[s] .. start[s + 1]). Sentences may be
 * empty. key[s] names the sentence's place in the whole training step, so that dropout does not
 * depend on how a batch is cut up. */
#ifndef STS_MODEL_BATCH_H
#define STS_MODEL_BATCH_H

#include "core/err.h"

#include <stdint.h>

typedef struct sts_batch {
    int n_seq, n_tok;
    int longest; /* tokens of the longest sentence */
    int32_t *ids;
    int32_t *start;
    uint32_t *key;
    int32_t *skip; /* [n_seq] the first tokens, which are a prompt's; 0 when it is added */
    const float *given; /* [n_seq x hidden] the vectors of a pooled encoder, where they were made
                           from texts: ids are not set. Borrowed; NULL: forward makes them */
    size_t cap_tok, cap_seq;
} sts_batch;

/* Empties the batch, keeping its memory. Zero-initialise before first use. */
void sts_batch_clear(sts_batch *b);
/* Adds a sentence of n ids, which with NULL are not set yet. 0, or -1 when memory is out. */
int sts_batch_add(sts_batch *b, const int32_t *ids, size_t n, uint32_t key, sts_err *err);
void sts_batch_free(sts_batch *b);

#endif
