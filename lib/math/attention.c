/* attention.c - self-attention, head by head. */
#include "math/attention.h"

#include "core/threads.h"
#include "math/smallmm.h"
#include "math/vec.h"

#include <omp.h>
#include <string.h>

#define W 16       /* scores of a row are padded to a multiple of this */
#define QUERIES 64 /* rows of scores at a time; 64 W is a multiple of STS_DROP_BLOCK */

/* One head of one sentence, and a block of its queries. */
typedef struct job {
    const sts_attention *a;
    size_t h, H, L;
    size_t ld, ldt;           /* L padded; and so that columns do not share cache sets */
    uint64_t row;             /* its name for dropout */
    const float *q, *k, *v;   /* [L x D], rows 3H apart */
    float *kt, *vt;           /* [D x ldt]: k' and v' */
    float *p, *kept, *dp;     /* [QUERIES x ld]: probabilities, after dropout, gradient */
    size_t first, rows;       /* the block's queries */
    size_t lo, hi;            /* the keys that these see, lo a multiple of W */
} job;

static size_t pad(size_t n)
{
    return (n + W - 1) / W * W;
}

static size_t scratch_one(size_t D, size_t longest)
{
    size_t ld = pad(longest);
    return 2 * D * (ld | W) + 3 * (QUERIES * ld + STS_DROP_BLOCK);
}

size_t sts_attention_scratch(size_t D, size_t longest)
{
    return scratch_one(D, longest) * (size_t)sts_threads();
}

static job open_job(const sts_attention *a, const float *qkv, size_t s, size_t h)
{
    job w = {.a = a, .h = h, .H = a->N * a->D, .L = (size_t)(a->start[s + 1] - a->start[s])};
    w.ld = pad(w.L);
    w.ldt = w.ld | W;
    w.row = (uint64_t)(a->drop ? a->key[s] : 0) << 32 | h;
    w.q = qkv + (size_t)a->start[s] * 3 * w.H + h * a->D;
    w.k = w.q + w.H;
    w.v = w.k + w.H;
    w.kt = a->scratch + (size_t)omp_get_thread_num() * scratch_one(a->D, a->reach);
    w.vt = w.kt + a->D * w.ldt;
    w.p = w.vt + a->D * w.ldt;
    w.kept = w.p + QUERIES * w.ld + STS_DROP_BLOCK;
    w.dp = w.kept + QUERIES * w.ld + STS_DROP_BLOCK;
    return w;
}

/* The block of queries from `first`, and the keys in their window. */
static void open_block(job *w, size_t first)
{
    size_t window = w->a->window;
    w->first = first;
    w->rows = w->L - first < QUERIES ? w->L - first : QUERIES;
    w->lo = window && first > window ? (first - window) / W * W : 0;
    w->hi = window && first + w->rows + window < w->L ? first + w->rows + window : w->L;
}

/* x[0..n) -> softmax over [lo, hi), zeros elsewhere; n a multiple of W. Sixteen lanes each
 * keep their own maximum and sum. */
static void softmax_row(float *restrict x, size_t n, size_t lo, size_t hi)
{
    float top[W], sum[W] = {0};
    for (size_t j = 0; j < W; j++) top[j] = -1e30f;
    for (size_t b = 0; b < n; b += W) {
        for (size_t j = 0; j < W; j++) {
            float y = b + j >= lo && b + j < hi ? x[b + j] : -1e30f;
            x[b + j] = y;
            top[j] = y > top[j] ? y : top[j];
        }
    }
    float max = top[0], total = 0;
    for (size_t j = 1; j < W; j++) max = top[j] > max ? top[j] : max;
    for (size_t b = 0; b < n; b += W) {
        for (size_t j = 0; j < W; j++) {
            x[b + j] = sts_exp(x[b + j] - max);
            sum[j] += x[b + j];
        }
    }
    for (size_t j = 0; j < W; j++) total += sum[j];
    float scale = 1.0f / total;
    for (size_t b = 0; b < n; b += W)
        for (size_t j = 0; j < W; j++) x[b + j] *= scale;
}

/* p = softmax(q k' scale + bias) for the block. */
static void probabilities(const job *w)
{
    const sts_attention *a = w->a;
    size_t n = pad(w->hi - w->lo), window = a->window;
    sts_smallmm(w->rows, n, a->D, w->p + w->lo, w->ld, w->q + w->first * 3 * w->H, 3 * w->H, 1,
                w->kt + w->lo, w->ldt, false);
    for (size_t r = 0; r < w->rows; r++) {
        float *restrict x = w->p + r * w->ld + w->lo;
        size_t i = w->first + r;
        for (size_t j = 0; j < n; j++) x[j] *= a->scale;
        if (a->bias) {
            const float *bias = a->bias + w->h * (2 * a->reach - 1) + a->reach - 1 + w->lo - i;
            for (size_t j = 0; j < w->hi - w->lo; j++) x[j] += bias[j];
        }
        size_t lo = window && i > window + w->lo ? i - window - w->lo : 0;
        size_t hi = window && i + window + 1 < w->hi ? i + window + 1 : w->hi;
        softmax_row(x, n, lo, hi - w->lo);
    }
}

/* kept = p with dropout, and dp (when not NULL) with the same mask. The stream of the head runs
 * over its padded scores, row after row. */
static void drop_scores(const job *w, float *restrict kept, float *restrict dp)
{
    float f[STS_DROP_BLOCK];
    size_t n = w->rows * w->ld, block = w->first * w->ld / STS_DROP_BLOCK;
    for (size_t e = 0; e < n; e += STS_DROP_BLOCK, block++) {
        sts_drop_block(f, w->a->drop, w->row, block);
        for (size_t j = 0; j < STS_DROP_BLOCK; j++) kept[e + j] = w->p[e + j] * f[j];
        for (size_t j = 0; dp && j < STS_DROP_BLOCK; j++) dp[e + j] *= f[j];
    }
}

static void forward_one(const sts_attention *a, float *ctx, const float *qkv, size_t s, size_t h)
{
    job w = open_job(a, qkv, s, h);
    float *out = ctx + (size_t)a->start[s] * w.H + h * a->D;
    sts_transpose(w.L, a->D, w.kt, w.ldt, w.k, 3 * w.H, w.ld);
    for (size_t i = 0; i < w.L; i += QUERIES) {
        open_block(&w, i);
        if (a->drop && a->window) memset(w.p, 0, w.rows * w.ld * sizeof *w.p);
        probabilities(&w);
        if (a->drop) drop_scores(&w, w.p, NULL);
        sts_smallmm(w.rows, a->D, w.hi - w.lo, out + i * w.H, w.H, w.p + w.lo, w.ld, 1,
                    w.v + w.lo * 3 * w.H, 3 * w.H, false);
    }
}

void sts_attention_forward(const sts_attention *a, float *ctx, const float *qkv)
{
#pragma omp parallel for collapse(2) schedule(dynamic, 2) num_threads(sts_threads())
    for (size_t s = 0; s < a->S; s++)
        for (size_t h = 0; h < a->N; h++) forward_one(a, ctx, qkv, s, h);
}

/* dp -> the gradient of the scores: p (dp - sum_j p dp); added to dbias, then scaled. */
static void softmax_backward(const job *w, float *dbias)
{
    const sts_attention *a = w->a;
    size_t n = pad(w->hi - w->lo);
    for (size_t r = 0; r < w->rows; r++) {
        const float *restrict p = w->p + r * w->ld + w->lo;
        float *restrict dp = w->dp + r * w->ld + w->lo;
        float dot[W] = {0}, total = 0;
        for (size_t b = 0; b < n; b += W)
            for (size_t j = 0; j < W; j++) dot[j] += p[b + j] * dp[b + j];
        for (size_t j = 0; j < W; j++) total += dot[j];
        for (size_t j = 0; j < n; j++) dp[j] = p[j] * (dp[j] - total);
        if (dbias) {
            float *restrict out = dbias + a->reach - 1 + w->lo - w->first - r;
            for (size_t j = 0; j < w->hi - w->lo; j++) out[j] += dp[j];
        }
        for (size_t j = 0; j < n; j++) dp[j] *= a->scale;
    }
}

/* One block, with P~ the dropped P and dS as above:
 * dv += P~' do; dP = do v'; dq = dS k; dk += dS' q */
static void backward_block(job *w, float *dq, float *dbias, const float *dout)
{
    size_t D = w->a->D, row = 3 * w->H, keys = w->hi - w->lo;
    float *dk = dq + w->H + w->lo * row, *dv = dk + w->H;
    const float *d = dout + w->first * w->H, *kept = w->p;
    if (w->a->drop && w->a->window) {
        memset(w->p, 0, w->rows * w->ld * sizeof *w->p);
        memset(w->dp, 0, w->rows * w->ld * sizeof *w->dp);
    }
    probabilities(w);
    sts_smallmm(w->rows, pad(keys), D, w->dp + w->lo, w->ld, d, w->H, 1, w->vt + w->lo, w->ldt,
                false);
    if (w->a->drop) {
        drop_scores(w, w->kept, w->dp);
        kept = w->kept;
    }
    sts_smallmm(keys, D, w->rows, dv, row, kept + w->lo, 1, w->ld, d, w->H, true);
    softmax_backward(w, dbias);
    sts_smallmm(w->rows, D, keys, dq + w->first * row, row, w->dp + w->lo, w->ld, 1,
                w->k + w->lo * row, row, false);
    sts_smallmm(keys, D, w->rows, dk, row, w->dp + w->lo, 1, w->ld, w->q + w->first * row, row,
                true);
}

static void backward_one(const sts_attention *a, float *dqkv, float *dbias, const float *qkv,
                         const float *dctx, size_t s, size_t h)
{
    job w = open_job(a, qkv, s, h);
    size_t row = 3 * w.H;
    float *dq = dqkv + (size_t)a->start[s] * row + h * a->D;
    sts_transpose(w.L, a->D, w.kt, w.ldt, w.k, row, w.ld);
    sts_transpose(w.L, a->D, w.vt, w.ldt, w.v, row, w.ld);
    for (size_t i = 0; i < w.L; i++) {
        memset(dq + i * row + w.H, 0, a->D * sizeof *dq);
        memset(dq + i * row + 2 * w.H, 0, a->D * sizeof *dq);
    }
    for (size_t i = 0; i < w.L; i += QUERIES) {
        open_block(&w, i);
        backward_block(&w, dq, dbias, dctx + (size_t)a->start[s] * w.H + h * a->D);
    }
}

void sts_attention_backward(const sts_attention *a, float *dqkv, float *dbias, const float *qkv,
                            const float *dctx)
{
    if (dbias) { /* a head's biases are shared by all sentences: one thread sums them, in order */
#pragma omp parallel for schedule(dynamic, 1) num_threads(sts_threads())
        for (size_t h = 0; h < a->N; h++)
            for (size_t s = 0; s < a->S; s++)
                backward_one(a, dqkv, dbias + h * (2 * a->reach - 1), qkv, dctx, s, h);
        return;
    }
#pragma omp parallel for collapse(2) schedule(dynamic, 2) num_threads(sts_threads())
    for (size_t s = 0; s < a->S; s++)
        for (size_t h = 0; h < a->N; h++) backward_one(a, dqkv, NULL, qkv, dctx, s, h);
}
