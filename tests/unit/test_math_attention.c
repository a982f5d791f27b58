/* test_math_attention.c - attention against the formula in double, its gradients against signed
 * finite differences of that formula: windows, biases, dropout, lengths around every block. */
#include "math/attention.h"

#include "core/threads.h"
#include "math_help.h"

#include <criterion/criterion.h>
#include <string.h>

typedef struct setup {
    const char *name;
    size_t N, D, window;
    bool bias;
    float p;
    int32_t length[6];
} setup;

static const setup setups[] = {
    {"plain", 3, 8, 0, false, 0, {14, 1, 0, 40, 3}},
    {"one head, wide", 1, 64, 0, false, 0, {17, 16, 15, 2}},
    {"long", 2, 16, 0, false, 0, {64, 65, 130, 7}},
    {"bias", 2, 10, 0, true, 0, {70, 5, 33, 1}},
    {"dropout", 2, 8, 0, false, 0.25f, {14, 9, 66, 31}},
    {"bias and dropout", 3, 5, 0, true, 0.4f, {20, 80, 1}},
    {"window", 2, 8, 4, false, 0, {14, 3, 5, 90}},
    {"wide window", 1, 16, 40, false, 0, {100, 41, 160}},
    {"window and dropout", 2, 8, 7, false, 0.3f, {150, 8, 20}},
};
enum { SETUPS = sizeof setups / sizeof *setups };

typedef struct world {
    const setup *s;
    size_t S, T, H, reach, biases;
    int32_t start[7];
    uint32_t key[6];
    float *qkv, *ctx, *dctx, *bias, *scratch;
    sts_drop_site site;
    sts_attention a;
} world;

static world make(const setup *s)
{
    world w = {.s = s, .H = s->N * s->D};
    while (w.S < 6 && (s->length[w.S] || w.S < 3)) {
        w.start[w.S + 1] = w.start[w.S] + s->length[w.S];
        w.key[w.S] = 100 + 3 * (uint32_t)w.S;
        if ((size_t)s->length[w.S] > w.reach) w.reach = (size_t)s->length[w.S];
        w.S++;
    }
    w.T = (size_t)w.start[w.S];
    w.biases = s->N * (2 * w.reach - 1);
    w.qkv = random_floats(w.T * 3 * w.H, 1);
    w.dctx = random_floats(w.T * w.H, 2);
    w.ctx = random_floats(w.T * w.H, 3);
    w.bias = random_floats(w.biases, 4);
    w.scratch = random_floats(sts_attention_scratch(s->D, w.reach), 5);
    bool drop = sts_drop_at(&w.site, 31, 6, s->p);
    w.a = (sts_attention){.S = w.S, .N = s->N, .D = s->D, .start = NULL, .key = NULL,
                          .scale = 1 / sqrtf((float)s->D), .window = s->window,
                          .bias = s->bias ? w.bias : NULL, .reach = w.reach,
                          .drop = drop ? &w.site : NULL, .scratch = w.scratch};
    return w;
}

static void point(world *w) /* after make returned: pointers into the world itself */
{
    w->a.start = w->start;
    w->a.key = w->key;
    if (w->a.drop) w->a.drop = &w->site;
}

static void done(world *w)
{
    free(w->qkv), free(w->ctx), free(w->dctx), free(w->bias), free(w->scratch);
}

/* The dropout factors of one head of one sentence, as the kernel's stream has them: rows padded to
 * multiples of 16. */
static double factor(const world *w, size_t s, size_t h, size_t i, size_t j)
{
    if (!w->a.drop) return 1;
    size_t ld = ((size_t)w->s->length[s] + 15) / 16 * 16, e = i * ld + j;
    static float f[STS_DROP_BLOCK];
    sts_drop_block(f, w->a.drop, (uint64_t)w->key[s] << 32 | h, e / STS_DROP_BLOCK);
    return (double)f[e % STS_DROP_BLOCK];
}

/* One row of probabilities (after dropout) of head h, query i of sentence s. */
static void probabilities(const world *w, const double *qkv, const double *bias, size_t s, size_t h,
                          size_t i, double *p)
{
    size_t L = (size_t)w->s->length[s], D = w->s->D, H = w->H, t0 = (size_t)w->start[s];
    double sum = 0, max = -1e300;
    for (size_t j = 0; j < L; j++) {
        size_t away = i > j ? i - j : j - i;
        p[j] = -1e300;
        if (w->s->window && away > w->s->window) continue;
        double dot = 0;
        for (size_t d = 0; d < D; d++)
            dot += qkv[(t0 + i) * 3 * H + h * D + d] * qkv[(t0 + j) * 3 * H + H + h * D + d];
        p[j] = dot / sqrt((double)D);
        if (w->s->bias) p[j] += bias[h * (2 * w->reach - 1) + w->reach - 1 + j - i];
        if (p[j] > max) max = p[j];
    }
    for (size_t j = 0; j < L; j++) sum += p[j] = p[j] < -1e299 ? 0 : exp(p[j] - max);
    for (size_t j = 0; j < L; j++) p[j] *= factor(w, s, h, i, j) / sum;
}

static void twin(const world *w, const double *qkv, const double *bias, double *ctx)
{
    double p[200];
    size_t D = w->s->D, H = w->H;
    for (size_t s = 0; s < w->S; s++) {
        size_t L = (size_t)w->s->length[s], t0 = (size_t)w->start[s];
        for (size_t q = 0; q < L * w->s->N; q++) {
            size_t i = q / w->s->N, h = q % w->s->N;
            probabilities(w, qkv, bias, s, h, i, p);
            for (size_t d = 0; d < D; d++) {
                double sum = 0;
                for (size_t j = 0; j < L; j++)
                    sum += p[j] * qkv[(t0 + j) * 3 * H + 2 * H + h * D + d];
                ctx[(t0 + i) * H + h * D + d] = sum;
            }
        }
    }
}

Test(attention, forward)
{
    for (int q = 0; q < SETUPS; q++) {
        world w = make(&setups[q]);
        point(&w);
        double *qkv = doubles_of(w.qkv, w.T * 3 * w.H), *bias = doubles_of(w.bias, w.biases);
        double *ctx = malloc(w.T * w.H * sizeof *ctx);
        twin(&w, qkv, bias, ctx);
        sts_attention_forward(&w.a, w.ctx, w.qkv);
        double e = worst(w.ctx, ctx, w.T * w.H, 1);
        cr_assert(e < 3e-6, "%s: error %g", w.s->name, e);
        free(qkv), free(bias), free(ctx);
        done(&w);
    }
}

/* <ctx, dctx> at qkv + step * along, bias + step * turn. */
static double loss(const world *w, const double *qkv, const float *along, const double *bias,
                   const float *turn, double step)
{
    size_t n = w->T * 3 * w->H;
    double *x = malloc(n * sizeof *x), *b = malloc(w->biases * sizeof *b), sum = 0;
    double *ctx = malloc(w->T * w->H * sizeof *ctx);
    for (size_t i = 0; i < n; i++) x[i] = qkv[i] + step * (double)along[i];
    for (size_t i = 0; i < w->biases; i++) b[i] = bias[i] + step * (double)turn[i];
    twin(w, x, b, ctx);
    for (size_t i = 0; i < w->T * w->H; i++) sum += ctx[i] * (double)w->dctx[i];
    free(x), free(b), free(ctx);
    return sum;
}

Test(attention, backward)
{
    for (int q = 0; q < SETUPS; q++) {
        world w = make(&setups[q]);
        point(&w);
        size_t n = w.T * 3 * w.H;
        double *qkv = doubles_of(w.qkv, n), *bias = doubles_of(w.bias, w.biases);
        float *dqkv = random_floats(n, 8), *dbias = calloc(w.biases, sizeof *dbias);
        sts_attention_backward(&w.a, dqkv, w.s->bias ? dbias : NULL, w.qkv, w.dctx);
        for (uint64_t k = 0; k < 6; k++) { /* 0, 1, 2: q, k, v alone; 3: all; 4, 5: the bias */
            float *along = random_floats(n, 20 + k), *turn = random_floats(w.biases, 30 + k);
            for (size_t i = 0; i < n; i++)
                if (k > 3 || (k < 3 && i % (3 * w.H) / w.H != k)) along[i] = 0;
            for (size_t i = 0; i < w.biases; i++)
                if (k < 3 || !w.s->bias) turn[i] = 0;
            double slope = (loss(&w, qkv, along, bias, turn, 1e-5) -
                            loss(&w, qkv, along, bias, turn, -1e-5)) / 2e-5;
            double dot = 0, size = 1;
            for (size_t i = 0; i < n; i++) dot += (double)dqkv[i] * (double)along[i];
            for (size_t i = 0; i < n; i++) size += pow((double)dqkv[i] * (double)along[i], 2);
            for (size_t i = 0; i < w.biases; i++) dot += (double)dbias[i] * (double)turn[i];
            cr_assert(fabs(dot - slope) < 5e-6 * sqrt(size) * 3, "%s, direction %d: %.9g for %.9g",
                      w.s->name, (int)k, dot, slope);
            free(along), free(turn);
        }
        free(qkv), free(bias), free(dqkv), free(dbias);
        done(&w);
    }
}

Test(attention, threads_and_packing_do_not_show)
{
    for (int q = 0; q < SETUPS; q++) {
        sts_threads_set(3);
        world w = make(&setups[q]);
        point(&w);
        size_t n = w.T * w.H;
        float *three = malloc(n * sizeof *three), *d3 = random_floats(3 * n, 1);
        float *d1 = random_floats(3 * n, 1), *b3 = calloc(w.biases, sizeof *b3);
        float *b1 = calloc(w.biases, sizeof *b1);
        sts_attention_forward(&w.a, three, w.qkv);
        sts_attention_backward(&w.a, d3, w.s->bias ? b3 : NULL, w.qkv, w.dctx);
        sts_threads_set(1);
        sts_attention_backward(&w.a, d1, w.s->bias ? b1 : NULL, w.qkv, w.dctx);
        cr_assert(!memcmp(d1, d3, 3 * n * sizeof *d1), "%s: gradient", w.s->name);
        cr_assert(!memcmp(b1, b3, w.biases * sizeof *b1), "%s: bias", w.s->name);
        for (size_t s = 0; s < w.S; s++) { /* each sentence by itself */
            sts_attention one = w.a;
            one.S = 1, one.start = w.start + s, one.key = w.key + s;
            sts_attention_forward(&one, w.ctx, w.qkv);
        }
        cr_assert(!memcmp(w.ctx, three, n * sizeof *three), "%s", w.s->name);
        free(three), free(d1), free(d3), free(b1), free(b3);
        done(&w);
    }
}
