/* pair_table.h - the merge rules of BPE: (left id, right id) to a rank and the merged id. */
#ifndef STS_TOKEN_PAIR_TABLE_H
#define STS_TOKEN_PAIR_TABLE_H

#include "token/subword.h"

typedef struct sts_pair {
    int32_t left, right, id; /* id -1: a free slot */
    uint32_t rank;
} sts_pair;

typedef struct sts_pairs {
    sts_pair *slot; /* open addressing; at most half are taken */
    uint32_t mask;
    size_t n;
} sts_pairs;

/* Reads src->merges: "a b" strings or [a, b] lists, best first. A right part starts with the
 * `prefix` bytes of the continuing prefix, which the merged string does not have. */
int sts_pairs_load(sts_pairs *p, const sts_subword *m, const sts_model_text *src, size_t prefix);
void sts_pairs_free(sts_pairs *p);

/* Where the rule for two neighbours is or would go. The table has slots. */
static inline sts_pair *sts_pairs_place(const sts_pairs *p, int32_t left, int32_t right)
{
    uint64_t h = ((uint64_t)(uint32_t)left << 32 | (uint32_t)right) * 0x9e3779b97f4a7c15u;
    uint32_t i = (uint32_t)(h >> 32) & p->mask;
    while (p->slot[i].id >= 0 && (p->slot[i].left != left || p->slot[i].right != right))
        i = (i + 1) & p->mask;
    return &p->slot[i];
}

/* The rule, or NULL. */
static inline const sts_pair *sts_pairs_find(const sts_pairs *p, int32_t left, int32_t right)
{
    const sts_pair *s = p->slot ? sts_pairs_place(p, left, right) : NULL;
    return s && s->id >= 0 ? s : NULL;
}

#endif
