/* dropout_module.c - sentence-transformers' Dropout module; nothing in evaluation. */
#include "core/c_locale.h"
#include "core/mem.h"
#include "math/dropout.h"
#include "model/config.h"
#include "model/module.h"

#include <stdio.h>
#include <string.h>

#define FIRST_SITE 0xf00000u /* above those of any encoder */

static int configure(sts_module *m, sts_params *params, const sts_json_in *in)
{
    (void)params;
    double p = 0.2;
    float *config = m->config = sts_alloc(1, sizeof *config);
    m->out = m->in;
    if (!config) return sts_fail_memory(in->err, in->name);
    if (in->object && (sts_config_keys(in, "dropout") || sts_json_num(in, "dropout", 0, 0.99, &p)))
        return -1;
    *config = (float)p;
    return sts_module_check_names(m, in);
}

static void set_dropout(sts_module *m, float p)
{
    *(float *)m->config = p;
}

/* Rows are named by their sentence, and in it by their place. */
static void apply(const sts_module *m, const sts_batch *b, const sts_drop *drop, float *x)
{
    sts_drop_site site;
    size_t D = (size_t)m->in;
    uint64_t key = drop ? sts_drop_key(drop->seed, drop->step) : 0;
    if (!drop || !sts_drop_at(&site, key, FIRST_SITE + (uint32_t)m->idx, *(float *)m->config))
        return;
    for (int s = 0; s < b->n_seq; s++) {
        size_t from = m->tokens ? (size_t)b->start[s] : (size_t)s;
        size_t to = m->tokens ? (size_t)b->start[s + 1] : (size_t)s + 1;
        for (size_t i = from; i < to; i++)
            sts_drop_row(x + i * D, D, &site, (uint64_t)b->key[s] << 32 | (i - from));
    }
}

static void forward(const sts_module *m, const sts_params *params, const sts_batch *b,
                    const sts_drop *drop, sts_work *w, const float *x, float **out, void **tape)
{
    (void)params;
    size_t n = sts_module_rows(m, b) * (size_t)m->in;
    *out = sts_work_take(w, n, sizeof **out);
    *tape = NULL;
    if (w->dry) return;
    if (n) memcpy(*out, x, n * sizeof **out);
    apply(m, b, drop, *out);
}

static void backward(const sts_module *m, sts_params *params, const sts_batch *b,
                     const sts_drop *drop, sts_work *w, void *tape, float *dout, float **dx)
{
    (void)params, (void)tape;
    *dx = dout;
    if (!w->dry) apply(m, b, drop, dout);
}

static const char *describe(const sts_module *m, char out[160])
{
    sts_print(out, 160, "dropout %g", (double)*(const float *)m->config);
    return out;
}

const sts_module_type sts_module_dropout = {
    .type = "Dropout",
    .configure = configure,
    .forward = forward,
    .backward = backward,
    .describe = describe,
    .set_dropout = set_dropout,
};
