/* layernorm_module.c - sentence-transformers' LayerNorm module: torch's LayerNorm, eps 1e-5. */
#include "math/layernorm.h"

#include "model/config.h"
#include "model/module.h"

#define EPS 1e-5f

static int configure(sts_module *m, sts_params *params, const sts_json_in *in)
{
    int64_t width = -1;
    size_t shape[] = {(size_t)m->in};
    m->out = m->in;
    if (!in->object) return sts_fail(in->err, in->code, "%s: is missing", in->name);
    if (sts_config_keys(in, "dimension") || sts_json_int(in, "dimension", 1, 1 << 24, &width) ||
        sts_module_check_names(m, in))
        return -1;
    if (width != m->in)
        return sts_fail(in->err, in->code, "%s: \"dimension\" must be %d, the width of what goes "
                        "in, found %lld", in->name, m->in, (long long)width);
    if (sts_module_param(m, params, in->err, 0, STS_NO_DECAY, "norm.weight", 1, shape)) return -1;
    return sts_module_param(m, params, in->err, 1, STS_NO_DECAY, "norm.bias", 1, shape);
}

typedef struct tape {
    float *xhat, *rstd;
} tape;

static void forward(const sts_module *m, const sts_params *params, const sts_batch *b,
                    const sts_drop *drop, sts_work *w, const float *x, float **out, void **to)
{
    (void)drop;
    size_t n = sts_module_rows(m, b), D = (size_t)m->in;
    tape *t = *to = sts_work_take(w, 1, sizeof *t);
    float *y = *out = sts_work_take(w, n * D, sizeof *y);
    float *xhat = sts_work_take(w, n * D, sizeof *xhat), *rstd = sts_work_take(w, n, sizeof *rstd);
    if (w->dry) return;
    *t = (tape){xhat, rstd};
    sts_layernorm_forward(n, D, y, xhat, rstd, x, params->value + params->v[m->param[0]].offset,
                          params->value + params->v[m->param[1]].offset, EPS);
}

static void backward(const sts_module *m, sts_params *params, const sts_batch *b,
                     const sts_drop *drop, sts_work *w, void *from, float *dout, float **dx)
{
    (void)drop;
    const tape *t = from;
    *dx = dout;
    if (w->dry) return;
    size_t gamma = params->v[m->param[0]].offset, beta = params->v[m->param[1]].offset;
    sts_layernorm_backward(sts_module_rows(m, b), (size_t)m->in, dout, params->grad + gamma,
                           params->grad + beta, dout, t->xhat, t->rstd, params->value + gamma);
}

const sts_module_type sts_module_layernorm = {
    .type = "LayerNorm",
    .configure = configure,
    .forward = forward,
    .backward = backward,
};
