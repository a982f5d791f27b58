/* order.h - the rows of a series from its least to its greatest value, with the ties marked. */
#ifndef STS_EVAL_ORDER_H
#define STS_EVAL_ORDER_H

#include <stddef.h>
#include <stdint.h>

typedef struct sts_order {
    size_t n;
    uint32_t *row; /* [n] rows by ascending value */
    uint32_t *end; /* [n] one past the last position that is tied with this one */
} sts_order;

/* 0, or -1 when memory is out. Freed by sts_order_free. NaN must not be in x. */
int sts_order_make(sts_order *o, const double *x, size_t n);
void sts_order_free(sts_order *o);

/* One past the last position of the tie that position `at` begins. */
static inline size_t sts_order_tied(const sts_order *o, size_t at)
{
    return o->end[at];
}

#endif
