/* arena.h - a bump allocator for things that live and die together (texts of a data set). */
#ifndef STS_CORE_ARENA_H
#define STS_CORE_ARENA_H

#include <stddef.h>

typedef struct sts_arena {
    struct sts_arena_block *top;
    size_t total; /* bytes handed out */
} sts_arena;

/* n bytes, aligned to 8; NULL when memory is out. Zero-initialise the arena before use. */
void *sts_arena_take(sts_arena *a, size_t n);

/* A NUL-terminated copy of n bytes of s. */
char *sts_arena_text(sts_arena *a, const char *s, size_t n);

/* Frees everything taken; the arena can be used again. */
void sts_arena_free(sts_arena *a);

#endif
