/* pooling.c - rows of tokens to one row a sentence: mean, cls, max, mean by the root of the length,
 * mean weighted by position, last token, or several of them side by side. */
#include "core/mem.h"
#include "core/strbuf.h"
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

static int add_mode(pooling *p, const sts_json *v, const sts_json_in *in)
{
    for (int m = 0; sts_json_is_string(v) && m < MODES; m++) {
        if (strcmp(v->text, name[m])) continue;
        for (int i = 0; i < p->n; i++)
            if (p->mode[i] == (enum mode)m)
                return sts_fail(in->err, in->code, "%s: \"pooling_mode\": %s twice", in->name,
                                name[m]);
        p->mode[p->n++] = (enum mode)m;
        return 0;
    }
    return sts_fail(in->err, in->code,
                    "%s: \"pooling_mode\": found %.60s; supported are cls, max, "
                    "mean, mean_sqrt_len_tokens, weightedmean and lasttoken",
                    in->name, sts_json_is_string(v) ? v->text : "no string");
}

/* "pooling_mode": a name or a list of names, in their order; else the old booleans. */
static int read_modes(pooling *p, const sts_json_in *in)
{
    const sts_json *v = sts_json_get(in->object, "pooling_mode"), *e;
    if (sts_json_is_array(v) && v->child) {
        sts_json_each(e, v) if (add_mode(p, e, in)) return -1;
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
    bool include_prompt = true;
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
    m->no_prompt = !include_prompt;
    return 0;
}

/* ---- one sentence ---- */

/* A sentence: the rows of tokens [from, to) count. */
typedef struct span {
    size_t from, to, H;
} span;

/* The factor of token t in the modes that are sums; weighted by places in the whole sentence. */
static float factor(enum mode mode, size_t t, const span *s)
{
    float n = (float)(s->to - s->from);
    switch (mode) {
    case MEAN: return 1 / n;
    case ROOT: return 1 / sqrtf(n);
    case WEIGHTED: return (float)(t + 1) / (n * (float)(s->from + 1 + s->to) / 2);
    case CLS: return t == s->from;
    case LAST: return t == s->to - 1;
    default: return 0;
    }
}

/* y[H] = the maxima; best[H] (may be NULL) is where they are. */
static void pool_max(const span *s, float *y, const float *x, int32_t *best)
{
    for (size_t j = 0; j < s->H; j++) {
        size_t at = s->from;
        for (size_t t = s->from + 1; t < s->to; t++)
            if (x[t * s->H + j] > x[at * s->H + j]) at = t;
        y[j] = x[at * s->H + j];
        if (best) best[j] = (int32_t)at;
    }
}

/* y[H] from x, the rows of the sentence. Nothing to pool gives zeros. */
static void pool(enum mode mode, const span *s, float *y, const float *x, int32_t *best)
{
    memset(y, 0, s->H * sizeof *y);
    if (mode == MAX && s->from < s->to) pool_max(s, y, x, best);
    for (size_t t = s->from; t < s->to && mode != MAX; t++) {
        float f = factor(mode, t, s);
        for (size_t j = 0; j < s->H && f != 0; j++) y[j] += f * x[t * s->H + j];
    }
}

/* dx += from dy[H]. */
static void unpool(enum mode mode, const span *s, float *dx, const float *dy, const int32_t *best)
{
    for (size_t j = 0; j < s->H && mode == MAX && s->from < s->to; j++)
        dx[(size_t)best[j] * s->H + j] += dy[j];
    for (size_t t = s->from; t < s->to && mode != MAX; t++) {
        float f = factor(mode, t, s);
        for (size_t j = 0; j < s->H && f != 0; j++) dx[t * s->H + j] += f * dy[j];
    }
}

static span span_of(const sts_module *m, const sts_batch *b, size_t s)
{
    size_t L = (size_t)(b->start[s + 1] - b->start[s]);
    size_t skip = m->no_prompt ? (size_t)b->skip[s] : 0;
    return (span){skip < L ? skip : L, L, (size_t)m->in};
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
#pragma omp parallel for num_threads(sts_threads()) if ((size_t)b->n_tok * D > STS_PARALLEL_MIN)
    for (size_t s = 0; s < S; s++) {
        span part = span_of(m, b, s);
        for (int i = 0; i < p->n; i++) {
            size_t at = s * D + (size_t)i * H;
            pool(p->mode[i], &part, y + at, x + (size_t)b->start[s] * H, best ? best + at : NULL);
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
#pragma omp parallel for num_threads(sts_threads()) if ((size_t)b->n_tok * D > STS_PARALLEL_MIN)
    for (size_t s = 0; s < S; s++) {
        span part = span_of(m, b, s);
        float *rows = d + (size_t)b->start[s] * H;
        memset(rows, 0, part.to * H * sizeof *rows);
        for (int i = 0; i < p->n; i++) {
            size_t at = s * D + (size_t)i * H;
            unpool(p->mode[i], &part, rows, dout + at, best + at);
        }
    }
}

static const char *describe(const sts_module *m, char out[160])
{
    const pooling *p = m->config;
    size_t n = 0;
    for (int i = 0; i < p->n; i++)
        n = sts_append(out, 160, n, "%s%s", i ? ", " : "", name[p->mode[i]]);
    if (m->no_prompt) sts_append(out, 160, n, "; without the prompt's tokens");
    return out;
}

const sts_module_type sts_module_pooling = {
    .type = "Pooling",
    .pools = true,
    .configure = configure,
    .forward = forward,
    .backward = backward,
    .describe = describe,
};
