/* order.c - sorting a series once, for ranks of it and of its resamples. */
#include "eval/order.h"

#include "core/mem.h"

#include <stdlib.h>

typedef struct item {
    double x;
    uint32_t row;
} item;

static int ascending(const void *a, const void *b)
{
    const item *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return p->row < q->row ? -1 : 1;
}

int sts_order_make(sts_order *o, const double *x, size_t n)
{
    *o = (sts_order){.n = n};
    item *items = n < UINT32_MAX ? sts_alloc(n, sizeof *items) : NULL;
    o->row = items ? sts_alloc(n, sizeof *o->row) : NULL;
    o->end = o->row ? sts_alloc(n, sizeof *o->end) : NULL;
    if (!o->end) {
        sts_free(items);
        sts_order_free(o);
        return -1;
    }
    for (size_t i = 0; i < n; i++) items[i] = (item){x[i], (uint32_t)i};
    qsort(items, n, sizeof *items, ascending);
    for (size_t i = n; i-- > 0;) {
        o->row[i] = items[i].row;
        o->end[i] = i + 1 < n && items[i].x == items[i + 1].x ? o->end[i + 1] : (uint32_t)(i + 1);
    }
    sts_free(items);
    return 0;
}

void sts_order_free(sts_order *o)
{
    sts_free(o->row);
    sts_free(o->end);
    *o = (sts_order){0};
}
