/* trie.h - a map from byte strings to ids that is walked byte by byte. Node 0 is the root. */
#ifndef STS_TOKEN_TRIE_H
#define STS_TOKEN_TRIE_H

#include <stddef.h>
#include <stdint.h>

typedef struct sts_edge {
    uint32_t key;   /* node << 8 | byte */
    uint32_t child; /* 0: a free slot */
} sts_edge;

typedef struct sts_trie {
    sts_edge *edge; /* a hash table by open addressing */
    uint32_t mask;  /* its slots - 1 */
    int32_t *id;    /* of each node; -1: no string ends here */
    size_t n, cap;  /* nodes */
    size_t strings;
} sts_trie;

#define STS_TRIE_NODES ((size_t)3 << 22) /* a node's number has 24 bits; 200 MB in all */

int sts_trie_init(sts_trie *t);
/* Maps s[n] to id >= 0; a string seen before gets the new id. 0, or -1 when memory is out or the
 * trie is full. */
int sts_trie_add(sts_trie *t, const char *s, size_t n, int32_t id);
/* The id of s[n], or -1. */
int32_t sts_trie_find(const sts_trie *t, const char *s, size_t n);
/* The node of s[n], walked from `node`; 0 when there is none. */
uint32_t sts_trie_walk(const sts_trie *t, uint32_t node, const char *s, size_t n);
void sts_trie_free(sts_trie *t);

static inline uint32_t sts_trie_slot(const sts_trie *t, uint32_t key)
{
    uint32_t h = key * 0x9e3779b1u;
    return (h ^ h >> 15) & t->mask;
}

/* The child of a node by a byte, or 0. */
static inline uint32_t sts_trie_step(const sts_trie *t, uint32_t node, char byte)
{
    uint32_t key = node << 8 | (unsigned char)byte;
    for (uint32_t i = sts_trie_slot(t, key);; i = (i + 1) & t->mask)
        if (t->edge[i].key == key || t->edge[i].child == 0) return t->edge[i].child;
}

#endif
