/* params.h - the weights of a model in one table: name, shape, offset into one block of values
 * and one of gradients. Clip, update, save and copy are flat loops over it. */
#ifndef STS_MODEL_PARAMS_H
#define STS_MODEL_PARAMS_H

#include "core/err.h"

#include <stdint.h>

#define STS_MAX_DIMS 4

typedef struct sts_param {
    char *name;  /* our canonical tensor name, e.g. "encoder.layer.0.attention.self.query.weight" */
    int n_dims;
    size_t shape[STS_MAX_DIMS];
    size_t offset, count; /* in floats; offsets are multiples of 16 (64 bytes) */
    bool decay;       /* weight decay applies (not to biases and LayerNorm) */
    bool sparse;      /* rows are picked by the batch's ids: a step touches few of them */
    bool frozen;      /* kept as it is */
    float lr_scale;   /* 1 for most: factor on the learning rate */
} sts_param;

/* Floats in a row; a table may have no rows at all. */
static inline size_t sts_param_width(const sts_param *p)
{
    return p->shape[0] ? p->count / p->shape[0] : 0;
}

typedef struct sts_params {
    sts_param *v;
    size_t n, cap;
    size_t count;  /* floats in all, padding included */
    float *value;  /* [count], 64-byte aligned */
    float *grad;   /* [count], or NULL when not training */
    uint16_t *rounded; /* [count], the values of all but sparse tensors in bf16; NULL: not wanted */
    /* called by backward, when not NULL: gradients from offset `from` on are complete */
    void (*complete)(void *ctx, size_t from);
    void *complete_ctx;
} sts_params;

/* Declares a tensor (before sts_params_alloc); `flags` from below. Returns its index, or -1. */
enum { STS_NO_DECAY = 1, STS_SPARSE = 2 };
int sts_params_add(sts_params *p, sts_err *err, unsigned flags, const char *name, int n_dims,
                   const size_t *shape);
/* Allocates the values, zeroed; after that no tensor can be added. */
int sts_params_alloc(sts_params *p, sts_err *err);
/* Allocates zeroed gradients (when absent). */
int sts_params_alloc_grad(sts_params *p, sts_err *err);
/* Zeros laid out as the values; NULL: no memory. The pages of what is not sparse are had by writing
 * now: had by reading first, as a sum is, each would be exchanged while all threads wait. */
float *sts_params_alloc_like(const sts_params *p);
/* Allocates the roundings (when absent) and makes them. */
int sts_params_alloc_rounded(sts_params *p, sts_err *err);
/* Rounds again what is kept rounded: after every change of values. The optimizer does so itself. */
void sts_params_round(sts_params *p);
/* The longest side of a tensor that is not sparse. */
size_t sts_params_longest(const sts_params *p);
/* The tensor of that name, or NULL. */
sts_param *sts_params_find(const sts_params *p, const char *name);
/* Whether both have the same tensors in the same places. */
bool sts_params_alike(const sts_params *a, const sts_params *b);
/* Numbers in all tensors, padding not counted. */
size_t sts_params_numel(const sts_params *p);
void sts_params_free(sts_params *p);

#endif
