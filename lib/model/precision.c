/* precision.c - chooses between float32 and bf16 by the time of the model's own products. */
#include "model/precision.h"

#include "core/clock.h"
#include "core/comm.h"
#include "core/mem.h"
#include "math/gemm.h"

#include <math.h>
#include <string.h>

/* Enough for kernels to run at their rate, few enough for milliseconds. */
enum { TOKENS = 128, SHAPES = 8, ROUNDS = 3 };

/* ---- measuring ---- */

/* One weight of each shape; their number. */
static size_t find_shapes(const sts_params *p, const sts_param *found[SHAPES])
{
    size_t n = 0;
    for (size_t i = 0; i < p->n && n < SHAPES; i++) {
        const sts_param *t = &p->v[i];
        bool known = t->n_dims != 2 || t->sparse;
        for (size_t j = 0; j < n && !known; j++)
            known = found[j]->shape[0] == t->shape[0] && found[j]->shape[1] == t->shape[1];
        if (!known) found[n++] = t;
    }
    return n;
}

typedef struct buffers {
    float *x, *dx, *y, *dw;
    uint16_t *room;
} buffers;

static int take_buffers(buffers *b, const sts_params *p)
{
    const sts_param *shape[SHAPES];
    size_t n = TOKENS * sts_params_longest(p), largest = 0;
    for (size_t i = find_shapes(p, shape); i--;)
        if (shape[i]->count > largest) largest = shape[i]->count;
    *b = (buffers){.x = sts_alloc_aligned(n, sizeof(float)),
                   .dx = sts_alloc_aligned(n, sizeof(float)),
                   .y = sts_alloc_aligned(n, sizeof(float)),
                   .dw = sts_alloc_aligned(largest, sizeof(float)),
                   .room = sts_alloc_aligned(2 * n, sizeof(uint16_t))};
    for (size_t i = 0; i < n && b->x; i++) b->x[i] = (float)(i % 17) / 17 - 0.47f;
    return b->x && b->dx && b->y && b->dw && b->room ? 0 : -1;
}

static void free_buffers(buffers *b)
{
    sts_free(b->x);
    sts_free(b->dx);
    sts_free(b->y);
    sts_free(b->dw);
    sts_free(b->room);
}

static void multiply(sts_products *g, const sts_params *p, const sts_param *t, const buffers *b)
{
    size_t out = t->shape[0], in = t->shape[1];
    const float *w = p->value + t->offset;
    sts_gemm_nt(g, TOKENS, out, in, b->y, out, b->x, in, w, in);
    sts_gemm_nn(g, TOKENS, in, out, b->dx, in, b->y, out, w, in, false);
    sts_gemm_tn(g, out, in, TOKENS, b->dw, in, b->y, out, b->x, in);
}

/* The shortest of some rounds, after one in which code is compiled and memory is had. */
static double time_products(sts_products *g, const sts_params *p, const buffers *b)
{
    const sts_param *shape[SHAPES];
    size_t n = find_shapes(p, shape);
    double best = INFINITY;
    for (int round = 0; round <= ROUNDS; round++) {
        double start = sts_clock();
        for (size_t i = 0; i < n; i++) multiply(g, p, shape[i], b);
        double seconds = sts_clock() - start;
        if (round && seconds < best) best = seconds;
    }
    return best;
}

static int measure(const sts_model *m, bool bf16, double *seconds, sts_err *err)
{
    const sts_params *p = &m->params;
    size_t n_room = 2 * TOKENS * sts_params_longest(p);
    buffers b;
    if (take_buffers(&b, p)) {
        free_buffers(&b);
        return sts_fail_memory(err, "a measurement");
    }
    sts_products g = {0};
    if (bf16) g.bf16 = (sts_bf16){p->value, p->rounded, p->count, b.room, n_room};
    int rc = sts_gemm_open(err);
    if (!rc) *seconds = time_products(&g, p, &b);
    if (!rc) rc = sts_products_check(&g, err);
    free_buffers(&b);
    return rc;
}

sts_precision_probe sts_precision_now = {sts_onednn_open, measure};

/* ---- choosing ---- */

static void drop_roundings(sts_model *m)
{
    sts_free(m->params.rounded);
    m->params.rounded = NULL;
}

/* Whether bf16 is faster, the same on all ranks; m->measured has both times. */
static int compare(sts_model *m, bool *faster, sts_err *err)
{
    double *s = m->measured;
    if (sts_precision_now.measure(m, false, &s[0], err) ||
        sts_precision_now.measure(m, true, &s[1], err))
        return -1;
    int slower = !(s[1] < s[0]);
    if (sts_comm_max(&slower, err)) return -1;
    *faster = !slower;
    return 0;
}

static int set_bf16(sts_model *m, bool automatic, sts_err *err)
{
    bool faster = false;
    int rc = sts_params_alloc_rounded(&m->params, err);
    if (!rc) rc = compare(m, &faster, err);
    if (rc) drop_roundings(m);
    if (rc || faster) return rc;
    double fp32 = 1e3 * m->measured[0], bf16 = 1e3 * m->measured[1];
    if (automatic) {
        sts_note(STS_INFO, "--precision auto: fp32, in which products take %.2g ms, in bf16 %.2g",
                 fp32, bf16);
        drop_roundings(m);
    } else {
        sts_note(STS_WARN, "--precision bf16 is not faster here: products take %.2g ms, in fp32 "
                 "%.2g; --precision auto measures first", bf16, fp32);
    }
    return 0;
}

static int refuse_bf16(bool automatic, const sts_err *why, sts_err *err)
{
    if (!automatic) return sts_fail(err, why->code, "--precision bf16: %s", why->text);
    sts_note(STS_INFO, "--precision auto is fp32 here: %s",
             *why->text ? why->text : "another rank has no bf16");
    return 0;
}

int sts_model_set_precision(sts_model *m, const char *precision, sts_err *err)
{
    bool automatic = precision && !strcmp(precision, "auto");
    bool rounded = precision && !strcmp(precision, "bf16");
    if (precision && !automatic && !rounded && strcmp(precision, "fp32"))
        return sts_fail(err, STS_USAGE, "precision is '%.40s', not fp32, bf16 or auto", precision);
    drop_roundings(m);
    m->measured[0] = m->measured[1] = 0;
    if (!automatic && !rounded) return 0;
    if (!m->net.layers) {
        if (rounded)
            sts_note(STS_INFO, "--precision bf16 has no effect on this encoder: it has no layers");
        return 0;
    }
    sts_err why = {0};
    int missing = sts_precision_now.open(&why) != 0;
    if (automatic && sts_comm_max(&missing, err)) return -1;
    return missing ? refuse_bf16(automatic, &why, err) : set_bf16(m, automatic, err);
}

const char *sts_model_precision(const sts_model *m)
{
    return m->params.rounded ? "bf16" : "fp32";
}
