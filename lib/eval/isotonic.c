/* isotonic.c - pools adjacent violators: neighbours that fall share their mean. */
#include "eval/isotonic.h"

#include "core/mem.h"
#include "eval/order.h"

#include <stdint.h>

typedef struct pool { /* positions of equal value */
    double sum, weight;
    double lo, hi; /* x of the first and the last one */
} pool;

static double value(const pool *p)
{
    return p->sum / p->weight;
}

/* One pool for each tie of x, joined with the ones before as long as these are higher. */
static size_t make_pools(pool *p, const sts_order *o, const double *x, const double *y)
{
    size_t n = 0;
    for (size_t from = 0, to; from < o->n; from = to) {
        to = sts_order_tied(o, from);
        double at = x[o->row[from]];
        pool next = {.lo = at, .hi = at};
        for (size_t i = from; i < to; i++) next.sum += y[o->row[i]];
        next.weight = (double)(to - from);
        for (; n && value(&p[n - 1]) >= value(&next); n--) {
            next.sum += p[n - 1].sum;
            next.weight += p[n - 1].weight;
            next.lo = p[n - 1].lo;
        }
        p[n++] = next;
    }
    return n;
}

int sts_isotonic_fit(const double *x, const double *y, size_t n, double *x_out, double *y_out,
                     size_t *knots)
{
    sts_order order;
    *knots = 0;
    if (sts_order_make(&order, x, n)) return -1;
    pool *p = sts_alloc(n, sizeof *p);
    size_t pools = p ? make_pools(p, &order, x, y) : 0;
    for (size_t i = 0; i < pools; i++) {
        x_out[*knots] = p[i].lo;
        y_out[(*knots)++] = value(&p[i]);
        if (p[i].hi == p[i].lo) continue;
        x_out[*knots] = p[i].hi;
        y_out[(*knots)++] = value(&p[i]);
    }
    sts_free(p);
    sts_order_free(&order);
    return p ? 0 : -1;
}
