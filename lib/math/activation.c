/* activation.c - GELU and its relatives, row by row. */
#include "math/activation.h"

#include "math/vec.h"

#include <string.h>

const char sts_act_names[] = "gelu, gelu_new, gelu_pytorch_tanh, quick_gelu, silu, swish, relu";

bool sts_act_find(const char *name, sts_act *act)
{
    static const struct {
        const char *name;
        sts_act act;
    } known[] = {
        {"gelu", STS_GELU},           {"gelu_python", STS_GELU},
        {"gelu_new", STS_GELU_TANH},  {"gelu_pytorch_tanh", STS_GELU_TANH},
        {"gelu_fast", STS_GELU_TANH}, {"gelu_python_tanh", STS_GELU_TANH},
        {"silu", STS_SILU},           {"swish", STS_SILU},
        {"relu", STS_RELU},           {"quick_gelu", STS_GELU_QUICK},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(name, known[i].name)) continue;
        *act = known[i].act;
        return true;
    }
    return false;
}

/* Each gives act(x) and writes its derivative; callers that do not need that drop it. */
static inline float gelu(float x, float *slope)
{
    float e, p = sts_normal(x, &e);
    *slope = sts_fma(x * 0.398942280f, e, p); /* 1 / sqrt(2 pi) */
    return x * p;
}

/* (1 + tanh(u)) / 2 = sigmoid(2u), u = sqrt(2/pi) (x + 0.044715 x^3) */
static inline float gelu_tanh(float x, float *slope)
{
    float square = x * x, rise;
    float s = sts_sigmoid(1.59576912f * x * sts_fma(0.044715f, square, 1.0f), &rise);
    float inner = 1.59576912f * sts_fma(0.134145f, square, 1.0f);
    *slope = sts_fma(x * rise, inner, s);
    return x * s;
}

static inline float gelu_quick(float x, float *slope)
{
    float rise, s = sts_sigmoid(1.702f * x, &rise);
    *slope = sts_fma(1.702f * x, rise, s);
    return x * s;
}

static inline float silu(float x, float *slope)
{
    float rise, s = sts_sigmoid(x, &rise);
    *slope = sts_fma(x, rise, s);
    return x * s;
}

static inline float relu(float x, float *slope)
{
    *slope = x > 0 ? 1.0f : 0.0f;
    return x < 0 ? 0.0f : x; /* NaN stays */
}

/* y = f(x), and slope = f'(x), over a row: one vectorised loop for each activation. */
#define ROW(f)                                                                                     \
    static void f##_row(float *restrict y, float *restrict slope, const float *restrict x,         \
                        size_t n)                                                                  \
    {                                                                                              \
        for (size_t j = 0; j < n; j++) y[j] = f(x[j], &slope[j]);                                  \
    }                                                                                              \
    static void f##_values(float *y, const float *x, size_t n) /* y may be x */                    \
    {                                                                                              \
        _Pragma("omp simd") for (size_t j = 0; j < n; j++)                                         \
        {                                                                                          \
            float unused;                                                                          \
            y[j] = f(x[j], &unused);                                                               \
        }                                                                                          \
    }
ROW(gelu)
ROW(gelu_tanh)
ROW(gelu_quick)
ROW(silu)
ROW(relu)

typedef void row_fn(float *restrict y, float *restrict slope, const float *restrict x, size_t n);
typedef void values_fn(float *y, const float *x, size_t n);
static row_fn *const rows[] = {gelu_row, gelu_tanh_row, gelu_quick_row, silu_row, relu_row};
static values_fn *const values[] = {gelu_values, gelu_tanh_values, gelu_quick_values, silu_values,
                                    relu_values};

static void add_row(float *restrict x, const float *restrict bias, size_t n)
{
    if (!bias) return;
    for (size_t j = 0; j < n; j++) x[j] += bias[j];
}

void sts_act_forward(sts_act act, size_t T, size_t F, float *y, float *x, const float *bias)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * F > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++) {
        add_row(x + t * F, bias, F);
        values[act](y + t * F, x + t * F, F);
    }
}

#define CHUNK 256 /* columns at a time, in the first-level cache */

static void backward_row(sts_act act, size_t F, float *x, float *dy)
{
    float y[CHUNK], slope[CHUNK];
    for (size_t j = 0; j < F; j += CHUNK) {
        size_t n = F - j < CHUNK ? F - j : CHUNK;
        rows[act](y, slope, x + j, n);
        memcpy(x + j, y, n * sizeof *y);
        for (size_t i = 0; i < n; i++) dy[j + i] *= slope[i];
    }
}

void sts_act_backward(sts_act act, size_t T, size_t F, float *x, float *dy)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * F > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++) backward_row(act, F, x + t * F, dy + t * F);
}

void sts_glu_forward(sts_act act, size_t T, size_t F, float *y, float *x, const float *bias,
                     const sts_drop_site *drop, const uint64_t *row)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * F > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++) {
        float *restrict in = x + t * 2 * F, *restrict out = y + t * F;
        add_row(in, bias, 2 * F);
        values[act](out, in, F);
        for (size_t j = 0; j < F; j++) out[j] *= in[F + j];
        if (drop) sts_drop_row(out, F, drop, row[t]);
    }
}

/* With f the dropout factor: y = f act(in) gate; din = f dy gate act'(in); dgate = f dy act(in) */
static void glu_backward_row(sts_act act, size_t F, float *y, float *dx, const float *x,
                             const float *dy, const sts_drop_site *drop, uint64_t row)
{
    float a[STS_DROP_BLOCK], slope[STS_DROP_BLOCK], f[STS_DROP_BLOCK], g[STS_DROP_BLOCK];
    for (size_t j = 0; j < STS_DROP_BLOCK; j++) f[j] = 1.0f;
    for (size_t j = 0; j < F; j += STS_DROP_BLOCK) {
        size_t n = F - j < STS_DROP_BLOCK ? F - j : STS_DROP_BLOCK;
        if (drop) sts_drop_block(f, drop, row, j / STS_DROP_BLOCK);
        rows[act](a, slope, x + j, n);
        const float *gate = x + F + j;
        for (size_t i = 0; i < n; i++) g[i] = f[i] * dy[j + i]; /* before y, which may be dy */
        for (size_t i = 0; i < n; i++) y[j + i] = a[i] * gate[i] * f[i];
        for (size_t i = 0; i < n; i++) dx[j + i] = g[i] * gate[i] * slope[i];
        for (size_t i = 0; i < n; i++) dx[F + j + i] = g[i] * a[i];
    }
}

void sts_glu_backward(sts_act act, size_t T, size_t F, float *y, float *dx, const float *x,
                      const float *dy, const sts_drop_site *drop, const uint64_t *row)
{
#pragma omp parallel for schedule(static) num_threads(sts_threads()) if (T * F > STS_PARALLEL_MIN)
    for (size_t t = 0; t < T; t++)
        glu_backward_row(act, F, y + t * F, dx + t * 2 * F, x + t * 2 * F, dy + t * F, drop,
                         row ? row[t] : 0);
}
