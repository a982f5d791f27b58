/* attention.h - multi-head self-attention over packed sentences: each sentence attends to itself
 * only. Heads of sentences are shared out among the threads; one is worked off in cache, 64
 * queries at a time, so that memory grows with the length and not with its square. */
#ifndef STS_MATH_ATTENTION_H
#define STS_MATH_ATTENTION_H

#include "math/dropout.h"

typedef struct sts_attention {
    size_t S, N, D;
    const int32_t *start; /* [S + 1]: sentence s is rows start[s] .. start[s + 1) */
    const uint32_t *key;  /* [S]: names of the sentences, for dropout */
    float scale;          /* of the scores, 1 / sqrt(D) */
    size_t window;        /* 0: all; else query i sees keys j with |i - j| <= window */
    const float *bias;    /* [N x (2 reach - 1)]: [h][reach - 1 + j - i] is added to scores */
    size_t reach;         /* tokens of the longest sentence */
    const sts_drop_site *drop; /* of the probabilities, or NULL */
    float *scratch;       /* sts_attention_scratch floats */
} sts_attention;

/* Floats of scratch for sentences of at most `longest` tokens. */
size_t sts_attention_scratch(size_t D, size_t longest);

/* ctx[T x H] = dropout(softmax(q k' scale + bias)) v, from qkv[T x 3H] = [q | k | v]. */
void sts_attention_forward(const sts_attention *a, float *ctx, const float *qkv);

/* dqkv[T x 3H] from dctx[T x H]; probabilities are computed again. dbias[N x (2 reach - 1)] +=,
 * or NULL. */
void sts_attention_backward(const sts_attention *a, float *dqkv, float *dbias, const float *qkv,
                            const float *dctx);

#endif
