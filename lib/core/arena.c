/* arena.c - blocks of doubling size, newest first. */
#include "core/arena.h"

#include "core/mem.h"

#include <stdint.h>
#include <string.h>

struct sts_arena_block {
    struct sts_arena_block *next;
    size_t used, cap;
};

#define FIRST_BLOCK ((size_t)1 << 12)
#define LARGEST_BLOCK ((size_t)1 << 22)

void *sts_arena_take(sts_arena *a, size_t n)
{
    if (n > SIZE_MAX - 64) return NULL;
    n = (n + 7) & ~(size_t)7;
    struct sts_arena_block *b = a->top;
    if (!b || b->cap - b->used < n) {
        size_t cap = b ? b->cap * 2 : FIRST_BLOCK;
        if (cap > LARGEST_BLOCK) cap = LARGEST_BLOCK;
        if (cap < n) cap = n;
        b = sts_realloc(NULL, sizeof *b + cap, 1);
        if (!b) return NULL;
        *b = (struct sts_arena_block){.next = a->top, .cap = cap};
        a->top = b;
    }
    void *p = (char *)(b + 1) + b->used;
    b->used += n;
    a->total += n;
    return p;
}

char *sts_arena_text(sts_arena *a, const char *s, size_t n)
{
    char *p = n < SIZE_MAX ? sts_arena_take(a, n + 1) : NULL;
    if (!p) return NULL;
    if (n) memcpy(p, s, n);
    p[n] = 0;
    return p;
}

void sts_arena_free(sts_arena *a)
{
    while (a->top) {
        struct sts_arena_block *next = a->top->next;
        sts_free(a->top);
        a->top = next;
    }
    a->total = 0;
}
