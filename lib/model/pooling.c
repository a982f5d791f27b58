/* pooling.c - rows of tokens to one row a sentence: mean, cls, max, mean by the root of the length,
 * mean weighted by position, last token, or several of them side by side. */
#include "core/mem.h"
#include "math/op.h"
#include "model/config.h"
#include "model/module.h"

#include <math.h>
#include <string.h>

enum mode { CLS, MAX, MEAN, ROOT, WEIGHTED, LAST, MODES };

static const char *const name[MODES] = {"cls",  "max",          "mean", "mean_sqrt_len_tokens",
                                        "weightedmean", "lasttoken"};
/* The booleans of sentence-transformers before 5.4, in the order in which results stand. */
static const char *const old_key[MODES] = {
    "pooling_mode_cls_token",           "pooling_mode_max_tokens",
    "pooling_mode_mean_tokens",         "pooling_mode_mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens", "pooling_mode_lasttoken",
};

typedef struct pooling {
    enum mode mode[MODES];
    int n;
} pooling;

/* ---- configuration ---- */

static int add_mode(pooling *p, const cJSON *v, const sts_json_in *in)
{
    for (int m = 0; cJSON_IsString(v) && m < MODES; m++) {
        if (strcmp(v->valuestring, name[m])) continue;
        for (int i = 0; i < p->n; i++)
            if (p->mode[i] == (enum mode)m)
                return sts_fail(in->err, in->code, "%s: \"pooling_mode\": %s twice", in->name,
                                name[m]);
        p->mode[p->n++] = (enum mode)m;
        return 0;
    }
    return sts_fail(in->err, in->code, "%s: \"pooling_mode\": found %.60s; supported are cls, max, "
                    "mean, mean_sqrt_len_tokens, weightedmean and lasttoken", in->name,
                    cJSON_IsString(v) ? v->valuestring : "no text");
}

/* "pooling_mode": a name or a list of names, in their order; else the old booleans. */
static int read_modes(pooling *p, const sts_json_in *in)
{
    const cJSON *v = sts_json_get(in->object, "pooling_mode"), *e;
    if (cJSON_IsArray(v) && v->child) {
        cJSON_ArrayForEach(e, v) if (add_mode(p, e, in)) return -1;
        return 0;
    }
    if (v) return add_mode(p, v, in);
    for (int m = 0; m < MODES; m++) {
        bool on = false;
        if (sts_json_bool(in, old_key[m], &on)) return -1;
        if (on) p->mode[p->n++] = (enum mode)m;
    }
    if (!p->n) p->mode[p->n++] = MEAN;
    return 0;
}

static int configure(sts_module *m, sts_params *params, const sts_json_in *in)
{
    (void)params;
    int64_t width = -1;
    bool include_prompt = true; /* model_dir.c looks at it together with the prompts */
    pooling *p = sts_alloc(1, sizeof *p);
    m->config = p;
    if (!p) return sts_fail_memory(in->err, in->name);
    if (!in->object) return sts_fail(in->err, in->code, "%s: is missing", in->name);
    if (sts_config_keys(in, "embedding_dimension word_embedding_dimension pooling_mode "
                            "include_prompt pooling_mode_cls_token pooling_mode_max_tokens "
                            "pooling_mode_mean_tokens pooling_mode_mean_sqrt_len_tokens "
                            "pooling_mode_weightedmean_tokens pooling_mode_lasttoken") ||
        sts_json_int(in, "word_embedding_dimension", 1, 1 << 24, &width) ||
        sts_json_int(in, "embedding_dimension", 1, 1 << 24, &width) ||
        sts_json_bool(in, "include_prompt", &include_prompt) || read_modes(p, in))
        return -1;
    if (width != m->in)
        return sts_fail(in->err, in->code, "%s: \"embedding_dimension\" must be %d, the width of "
                        "the token embeddings, found %lld", in->name, m->in, (long long)width);
    m->out = m->in * p->n;
    return 0;
}

/* ---- one sentence ---- */

/* The factor of token t of L in the means. */
static float factor(enum mode mode, size_t t, size_t L)
{
    float n = (float)L;
    switch (mode) {
    case MEAN: return 1 / n;
    case ROOT: return 1 / sqrtf(n);
    case WEIGHTED: return (float)(t + 1) / (n * (n + 1) / 2);
    case CLS: return t == 0;
    case LAST: return t == L - 1;
    default: return 0;
    }
}

/* y[H] from x[L x H]; best[H] (may be NULL) is where the maxima are. */
static void pool(enum mode mode, size_t L, size_t H, float *y, const float *x, int32_t *best)
{
    for (size_t j = 0; j < H; j++) y[j] = mode == MAX && L ? x[j] : 0;
    if (best && mode == MAX) memset(best, 0, H * sizeof *best);
    if (mode == CLS && L) memcpy(y, x, H * sizeof *y);
    if (mode == LAST && L) memcpy(y, x + (L - 1) * H, H * sizeof *y);
    if (mode == CLS || mode == LAST) return;
    for (size_t t = 0; t < L; t++, x += H) {
        float f = mode == WEIGHTED ? (float)(t + 1) : 1;
        for (size_t j = 0; j < H && mode != MAX; j++) y[j] += f * x[j];
        for (size_t j = 0; j < H && mode == MAX; j++) {
            if (!(x[j] > y[j])) continue;
            y[j] = x[j];
            if (best) best[j] = (int32_t)t;
        }
    }
    float n = (float)L, sum = mode == MEAN ? n : mode == ROOT ? sqrtf(n) : n * (n + 1) / 2;
    for (size_t j = 0; j < H && mode != MAX && L; j++) y[j] /= sum;
}

/* dx[L x H] += from dy[H]. */
static void unpool(enum mode mode, size_t L, size_t H, float *dx, const float *dy,
                   const int32_t *best)
{
    for (size_t j = 0; j < H && mode == MAX && L; j++) dx[(size_t)best[j] * H + j] += dy[j];
    for (size_t t = 0; t < L && mode != MAX; t++, dx += H) {
        float f = factor(mode, t, L);
        for (size_t j = 0; j < H && f != 0; j++) dx[j] += f * dy[j];
    }
}

/* ---- the batch ---- */

static void forward(const sts_module *m, const sts_params *params, const sts_batch *b,
                    const sts_drop *drop, sts_work *w, const float *x, float **out, void **tape)
{
    (void)params;
    const pooling *p = m->config;
    size_t H = (size_t)m->in, D = (size_t)m->out, S = (size_t)b->n_seq;
    float *y = *out = sts_work_take(w, S * D, sizeof *y);
    int32_t *best = drop ? sts_work_take(w, S * D, sizeof *best) : NULL;
    *tape = best;
    if (w->dry) return;
#pragma omp parallel for if ((size_t)b->n_tok * D > STS_PARALLEL_MIN)
    for (size_t s = 0; s < S; s++) {
        size_t from = (size_t)b->start[s], L = (size_t)b->start[s + 1] - from;
        for (int i = 0; i < p->n; i++) {
            size_t at = s * D + (size_t)i * H;
            pool(p->mode[i], L, H, y + at, x + from * H, best ? best + at : NULL);
        }
    }
}

static void backward(const sts_module *m, sts_params *params, const sts_batch *b,
                     const sts_drop *drop, sts_work *w, void *tape, float *dout, float **dx)
{
    (void)params, (void)drop;
    const pooling *p = m->config;
    const int32_t *best = tape;
    size_t H = (size_t)m->in, D = (size_t)m->out, S = (size_t)b->n_seq;
    float *d = *dx = sts_work_take(w, (size_t)b->n_tok * H, sizeof *d);
    if (w->dry) return;
#pragma omp parallel for if ((size_t)b->n_tok * D > STS_PARALLEL_MIN)
    for (size_t s = 0; s < S; s++) {
        size_t from = (size_t)b->start[s], L = (size_t)b->start[s + 1] - from;
        memset(d + from * H, 0, L * H * sizeof *d);
        for (int i = 0; i < p->n; i++) {
            size_t at = s * D + (size_t)i * H;
            unpool(p->mode[i], L, H, d + from * H, dout + at, best + at);
        }
    }
}

const sts_module_type sts_module_pooling = {
    .type = "Pooling",
    .pools = true,
    .configure = configure,
    .forward = forward,
    .backward = backward,
};
