/* work.c - handing out a workspace front to back. */
#include "model/work.h"

#include "core/mem.h"

#include <assert.h>

void *sts_work_take(sts_work *w, size_t n, size_t size)
{
    size_t bytes = (n * size + 63) & ~(size_t)63;
    void *p = w->dry ? (void *)w : (void *)(w->base + w->used);
    w->used += bytes;
    assert(w->dry || w->used <= w->cap); /* the dry pass counted less than this one takes */
    return p;
}

int sts_work_reserve(sts_work *w, size_t bytes, sts_err *err)
{
    if (bytes <= w->cap) return 0;
    sts_free(w->base);
    w->base = sts_alloc_raw(bytes, 1);
    w->used = w->cap = 0;
    if (!w->base) return sts_fail_memory(err, "the workspace of a step");
    w->cap = bytes;
    return 0;
}

void sts_work_free(sts_work *w)
{
    sts_free(w->base);
    *w = (sts_work){0};
}
