/* trie.c - nodes are numbers; edges live in one hash table by (node, byte). */
#include "token/trie.h"

#include "core/mem.h"

#include <string.h>

int sts_trie_init(sts_trie *t)
{
    *t = (sts_trie){.mask = 255, .n = 1, .cap = 64};
    t->edge = sts_alloc(t->mask + 1, sizeof *t->edge);
    t->id = sts_alloc(t->cap, sizeof *t->id);
    if (!t->edge || !t->id) {
        sts_trie_free(t);
        return -1;
    }
    t->id[0] = -1;
    return 0;
}

static void insert(sts_trie *t, sts_edge e)
{
    uint32_t i = sts_trie_slot(t, e.key);
    while (t->edge[i].child) i = (i + 1) & t->mask;
    t->edge[i] = e;
}

/* Twice the slots, so that three quarters at most are taken. */
static int grow(sts_trie *t)
{
    size_t old = (size_t)t->mask + 1;
    sts_edge *edge = t->edge, *wider = sts_alloc(2 * old, sizeof *wider);
    if (!wider) return -1;
    t->edge = wider;
    t->mask = (uint32_t)(2 * old - 1);
    for (size_t i = 0; i < old; i++)
        if (edge[i].child) insert(t, edge[i]);
    sts_free(edge);
    return 0;
}

static uint32_t add_child(sts_trie *t, uint32_t node, char byte)
{
    if (t->n == STS_TRIE_NODES) return 0;
    if (t->n > t->mask / 4 * 3 && grow(t)) return 0;
    if (sts_grow(&t->id, t->n, &t->cap, sizeof *t->id)) return 0;
    uint32_t child = (uint32_t)t->n++;
    t->id[child] = -1;
    insert(t, (sts_edge){node << 8 | (unsigned char)byte, child});
    return child;
}

int sts_trie_add(sts_trie *t, const char *s, size_t n, int32_t id)
{
    uint32_t node = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t next = sts_trie_step(t, node, s[i]);
        if (!next) next = add_child(t, node, s[i]);
        if (!next) return -1;
        node = next;
    }
    if (t->id[node] < 0) t->strings++;
    t->id[node] = id;
    return 0;
}

uint32_t sts_trie_walk(const sts_trie *t, uint32_t node, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        node = sts_trie_step(t, node, s[i]);
        if (!node) return 0;
    }
    return node;
}

int32_t sts_trie_find(const sts_trie *t, const char *s, size_t n)
{
    uint32_t node = sts_trie_walk(t, 0, s, n);
    return node || n == 0 ? t->id[node] : -1;
}

void sts_trie_free(sts_trie *t)
{
    sts_free(t->edge);
    sts_free(t->id);
    *t = (sts_trie){0};
}
