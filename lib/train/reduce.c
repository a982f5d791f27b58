/* reduce.c - adding up gradients over the ranks, in buckets. All ranks start the same buckets in
 * the same order, whenever their own backward gets there, or without one (a rank without rows). */
#include "train/reduce.h"

#include "core/comm.h"
#include "core/mem.h"

#include <string.h>

#define BUCKET ((size_t)1 << 20) /* floats: long enough for a network's full rate */

static int add_bucket(sts_reduce *r, size_t offset, size_t count, sts_err *err)
{
    sts_bucket *last = r->n ? &r->bucket[r->n - 1] : NULL;
    if (last && last->offset == offset + count && last->count + count <= BUCKET) {
        last->offset = offset;
        last->count += count;
        return 0;
    }
    if (sts_grow(&r->bucket, r->n, &r->cap, sizeof *r->bucket))
        return sts_fail_memory(err, "the exchange of gradients");
    r->bucket[r->n++] = (sts_bucket){offset, count};
    return 0;
}

/* A tensor, with the padding behind it, in pieces of at most a bucket; the last comes first. */
static int add_tensor(sts_reduce *r, size_t offset, size_t end, sts_err *err)
{
    while (end > offset) {
        size_t count = end - offset < BUCKET ? end - offset : BUCKET;
        end -= count;
        if (add_bucket(r, end, count, err)) return -1;
    }
    return 0;
}

int sts_reduce_init(sts_reduce *r, sts_params *params, sts_err *err)
{
    *r = (sts_reduce){.params = params};
    size_t end = params->count;
    for (size_t i = params->n; i--; end = params->v[i].offset) {
        const sts_param *p = &params->v[i];
        if (p->sparse || p->frozen) continue;
        if (!add_tensor(r, p->offset, end, err)) continue;
        sts_reduce_free(r);
        return -1;
    }
    return 0;
}

void sts_reduce_free(sts_reduce *r)
{
    sts_free(r->bucket);
    sts_free(r->rows);
    *r = (sts_reduce){0};
}

/* All gradients from offset `from` on are complete. */
static void send(void *ctx, size_t from)
{
    sts_reduce *r = ctx;
    for (; r->started < r->n && r->bucket[r->started].offset >= from; r->started++) {
        const sts_bucket *b = &r->bucket[r->started];
        sts_comm_sum_begin(r->params->grad + b->offset, b->count);
    }
}

void sts_reduce_open(sts_reduce *r)
{
    r->started = 0;
    r->params->complete = send;
    r->params->complete_ctx = r;
}

static bool by_rows(const sts_param *p)
{
    return p->sparse && !p->frozen;
}

static int reserve_rows(sts_reduce *r, size_t rows, sts_err *err)
{
    size_t width = 0, need;
    for (size_t i = 0; i < r->params->n; i++) {
        const sts_param *p = &r->params->v[i];
        if (by_rows(p)) width += sts_param_width(p);
    }
    if (!sts_mul(rows, width, &need)) return sts_fail_memory(err, "the exchange of gradients");
    if (need <= r->cap_rows) return 0;
    float *room = sts_realloc(r->rows, need, 2 * sizeof *room);
    if (!room) return sts_fail_memory(err, "the exchange of gradients");
    r->rows = room;
    r->cap_rows = 2 * need;
    return 0;
}

/* Copies the touched rows of all sparse tensors out of the gradients, or back; returns how many
 * floats they are. */
static size_t copy_rows(const sts_reduce *r, const sts_touched *t, bool back)
{
    float *at = r->rows;
    for (size_t i = 0; i < r->params->n; i++) {
        const sts_param *p = &r->params->v[i];
        if (!by_rows(p)) continue;
        size_t width = sts_param_width(p);
        for (size_t j = 0; j < t->n; j++, at += width) {
            float *g = r->params->grad + p->offset + (size_t)t->row[j] * width;
            if (back) memcpy(g, at, width * sizeof *g);
            else memcpy(at, g, width * sizeof *g);
        }
    }
    return (size_t)(at - r->rows);
}

int sts_reduce_close(sts_reduce *r, const sts_touched *touched, sts_err *err)
{
    r->params->complete = NULL;
    if (reserve_rows(r, touched->n, err)) return -1;
    send(r, 0);
    size_t n = copy_rows(r, touched, false);
    if (n) sts_comm_sum_begin(r->rows, n);
    if (sts_comm_sum_end(err)) return -1;
    copy_rows(r, touched, true);
    return 0;
}
