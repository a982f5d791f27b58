/* batch.c - packing sentences one after the other. */
#include "model/batch.h"

#include "core/mem.h"

#include <limits.h>
#include <string.h>

void sts_batch_clear(sts_batch *b)
{
    b->n_seq = b->n_tok = b->longest = 0;
    b->given = NULL;
}

static int make_room(sts_batch *b, size_t n, sts_err *err)
{
    if (n > (size_t)(INT_MAX - b->n_tok)) return sts_fail(err, STS_FAILED, "batch too large");
    size_t seqs = (size_t)b->n_seq + 2, toks = (size_t)b->n_tok + n;
    if (seqs > b->cap_seq) {
        int32_t *start = sts_realloc(b->start, 2 * seqs, sizeof *start);
        if (start) b->start = start;
        uint32_t *key = sts_realloc(b->key, 2 * seqs, sizeof *key);
        if (key) b->key = key;
        int32_t *skip = sts_realloc(b->skip, 2 * seqs, sizeof *skip);
        if (skip) b->skip = skip;
        if (!start || !key || !skip) return sts_fail_memory(err, "a batch");
        b->cap_seq = 2 * seqs;
    }
    if (toks > b->cap_tok) {
        int32_t *ids = sts_realloc(b->ids, 2 * toks, sizeof *ids);
        if (!ids) return sts_fail_memory(err, "a batch");
        b->ids = ids;
        b->cap_tok = 2 * toks;
    }
    return 0;
}

int sts_batch_add(sts_batch *b, const int32_t *ids, size_t n, uint32_t key, sts_err *err)
{
    if (make_room(b, n, err)) return -1;
    b->start[b->n_seq] = b->n_tok;
    b->skip[b->n_seq] = 0;
    b->key[b->n_seq++] = key;
    if (ids && n) memcpy(b->ids + b->n_tok, ids, n * sizeof *ids);
    b->n_tok += (int)n;
    b->start[b->n_seq] = b->n_tok;
    if ((int)n > b->longest) b->longest = (int)n;
    return 0;
}

void sts_batch_free(sts_batch *b)
{
    sts_free(b->ids);
    sts_free(b->start);
    sts_free(b->key);
    sts_free(b->skip);
    *b = (sts_batch){0};
}
