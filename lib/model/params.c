/* params.c - the table of weights. */
#include "model/params.h"

#include "core/limits.h"
#include "core/mem.h"
#include "math/bf16.h"
#include "math/op.h"

#include <stdint.h>
#include <string.h>

#define ALIGN ((size_t)16) /* floats: 64 bytes */
#define PAGE ((size_t)1024) /* floats: 4 KiB, the smallest page there is */

int sts_params_add(sts_params *p, sts_err *err, unsigned flags, const char *name, int n_dims,
                   const size_t *shape)
{
    if (p->n >= STS_MAX_TENSORS) return sts_fail(err, STS_MODEL, "more than 100,000 tensors");
    if (sts_grow(&p->v, p->n, &p->cap, sizeof *p->v)) return sts_fail_memory(err, name);
    sts_param t = {.n_dims = n_dims, .offset = p->count, .count = 1, .lr_scale = 1};
    for (int i = 0; i < n_dims; i++) {
        t.shape[i] = shape[i];
        if (!sts_mul(t.count, shape[i], &t.count) || t.count > SIZE_MAX / 64)
            return sts_fail(err, STS_MODEL, "tensor %s: too large", name);
    }
    if (!sts_add(p->count, (t.count + ALIGN - 1) & ~(ALIGN - 1), &p->count) ||
        p->count > SIZE_MAX / 64)
        return sts_fail(err, STS_MODEL, "tensor %s: the model is too large", name);
    t.decay = !(flags & STS_NO_DECAY);
    t.sparse = flags & STS_SPARSE;
    t.name = sts_strdup(name);
    if (!t.name) return sts_fail_memory(err, name);
    p->v[p->n] = t;
    return (int)p->n++;
}

int sts_params_alloc(sts_params *p, sts_err *err)
{
    p->value = sts_alloc_aligned(p->count, sizeof *p->value);
    return p->value ? 0 : sts_fail_memory(err, "the weights");
}

int sts_params_alloc_grad(sts_params *p, sts_err *err)
{
    if (!p->grad) p->grad = sts_params_alloc_like(p);
    return p->grad ? 0 : sts_fail_memory(err, "the gradients");
}

float *sts_params_alloc_like(const sts_params *p)
{
    float *like = sts_alloc(p->count, sizeof *like);
    for (size_t i = 0; i < p->n && like; i++) {
        size_t end = p->v[i].sparse ? 0 : p->v[i].count;
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (end >= STS_PARALLEL_MIN)
        for (size_t at = 0; at < end; at += PAGE) like[p->v[i].offset + at] = 0;
    }
    return like;
}

int sts_params_alloc_rounded(sts_params *p, sts_err *err)
{
    if (!p->rounded) p->rounded = sts_alloc_aligned(p->count, sizeof *p->rounded);
    if (!p->rounded) return sts_fail_memory(err, "the weights in bf16");
    sts_params_round(p);
    return 0;
}

void sts_params_round(sts_params *p)
{
    for (size_t i = 0; i < p->n && p->rounded; i++) {
        const sts_param *t = &p->v[i];
        if (!t->sparse) sts_bf16_round_all(p->rounded + t->offset, p->value + t->offset, t->count);
    }
}

size_t sts_params_longest(const sts_params *p)
{
    size_t longest = 0;
    for (size_t i = 0; i < p->n; i++)
        for (int d = 0; d < p->v[i].n_dims && !p->v[i].sparse; d++)
            if (p->v[i].shape[d] > longest) longest = p->v[i].shape[d];
    return longest;
}

sts_param *sts_params_find(const sts_params *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (!strcmp(p->v[i].name, name)) return &p->v[i];
    return NULL;
}

bool sts_params_alike(const sts_params *a, const sts_params *b)
{
    bool alike = a->n == b->n && a->count == b->count;
    for (size_t i = 0; i < a->n && alike; i++) {
        const sts_param *p = &a->v[i], *q = &b->v[i];
        alike = !strcmp(p->name, q->name) && p->n_dims == q->n_dims && p->offset == q->offset &&
                !memcmp(p->shape, q->shape, (size_t)p->n_dims * sizeof *p->shape);
    }
    return alike;
}

size_t sts_params_numel(const sts_params *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) n += p->v[i].count;
    return n;
}

void sts_params_free(sts_params *p)
{
    for (size_t i = 0; i < p->n; i++) sts_free(p->v[i].name);
    sts_free(p->v);
    sts_free(p->value);
    sts_free(p->grad);
    sts_free(p->rounded);
    *p = (sts_params){0};
}
