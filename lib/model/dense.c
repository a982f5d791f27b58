/* dense.c - y = f(x W' + b), with x (or x R', when the widths differ) added on request. */
#include "core/mem.h"
#include "math/bias.h"
#include "math/gemm.h"
#include "model/config.h"
#include "model/module.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WEIGHT, BIAS, RESIDUAL };

/* f(z), and with it f'(z). */
typedef struct activation {
    const char *name; /* torch's class */
    double (*f)(double z, double *slope);
} activation;

static double identity(double z, double *slope)
{
    *slope = 1;
    return z;
}

static double hyperbolic(double z, double *slope)
{
    double y = tanh(z);
    *slope = 1 - y * y;
    return y;
}

static double relu(double z, double *slope)
{
    *slope = z > 0;
    return z > 0 ? z : 0;
}

/* z P(N <= z); the slope adds z times the normal density. */
static double gelu(double z, double *slope)
{
    double p = 0.5 * erfc(-z * 0.70710678118654752);
    *slope = p + z * 0.39894228040143268 * exp(-0.5 * z * z);
    return z * p;
}

static double sigmoid(double z, double *slope)
{
    double y = 1 / (1 + exp(-z));
    *slope = y * (1 - y);
    return y;
}

static double silu(double z, double *slope)
{
    double s, y = sigmoid(z, &s);
    *slope = y + z * s;
    return z * y;
}

static double leaky(double z, double *slope)
{
    *slope = z > 0 ? 1 : 0.01;
    return z * *slope;
}

static double elu(double z, double *slope)
{
    *slope = z > 0 ? 1 : exp(z);
    return z > 0 ? z : expm1(z);
}

static const activation activations[] = {
    {"Identity", identity}, {"Tanh", hyperbolic}, {"ReLU", relu},       {"GELU", gelu},
    {"Sigmoid", sigmoid},   {"SiLU", silu},       {"LeakyReLU", leaky}, {"ELU", elu},
};

typedef struct dense {
    const activation *act;
    bool residual;
} dense;

/* ---- configuration ---- */

/* "torch.nn.modules.activation.Tanh": the last part counts, below torch.nn only. */
static int find_activation(dense *d, const sts_json_in *in)
{
    const char *full = "torch.nn.modules.activation.Tanh"; /* the reference's default */
    const sts_json *v = sts_json_get(in->object, "activation_function");
    if (sts_json_is_null(v) || sts_json_text(in, "activation_function", &full))
        return sts_fail(in->err, in->code, "%s: \"activation_function\" must be a string",
                        in->name);
    const char *dot = strrchr(full, '.');
    bool torch = !strncmp(full, "torch.nn.", 9);
    for (size_t i = 0; torch && i < sizeof activations / sizeof *activations; i++)
        if (!strcmp(dot + 1, activations[i].name)) d->act = &activations[i];
    if (d->act) return 0;
    return sts_fail(in->err, in->code, "%s: \"activation_function\": \"%s\" is not supported; "
                    "torch.nn's Identity, Tanh, ReLU, GELU, Sigmoid, SiLU, LeakyReLU and ELU are",
                    in->name, full);
}

static int add_params(sts_module *m, sts_params *params, sts_err *err, bool bias, bool residual)
{
    size_t shape[] = {(size_t)m->out, (size_t)m->in};
    if (sts_module_param(m, params, err, WEIGHT, 0, "linear.weight", 2, shape)) return -1;
    if (bias && sts_module_param(m, params, err, BIAS, STS_NO_DECAY, "linear.bias", 1, shape))
        return -1;
    if (!residual || m->in == m->out) return 0;
    return sts_module_param(m, params, err, RESIDUAL, 0, "residual.weight", 2, shape);
}

static int configure(sts_module *m, sts_params *params, const sts_json_in *in)
{
    int64_t from = -1, to = -1;
    bool bias = true;
    dense *d = m->config = sts_alloc(1, sizeof *d);
    if (!d) return sts_fail_memory(in->err, in->name);
    if (!in->object) return sts_fail(in->err, in->code, "%s: is missing", in->name);
    sts_config_note_keys(in, "in_features out_features bias activation_function use_residual "
                             "module_input_name module_output_name");
    if (sts_json_int(in, "in_features", 1, 1 << 20, &from) ||
        sts_json_int(in, "out_features", 1, 1 << 20, &to) || sts_json_bool(in, "bias", &bias) ||
        sts_json_bool(in, "use_residual", &d->residual) || find_activation(d, in) ||
        sts_module_check_names(m, in))
        return -1;
    if (from != m->in)
        return sts_fail(in->err, in->code, "%s: \"in_features\" must be %d, the width of what goes "
                        "in, found %lld", in->name, m->in, (long long)from);
    if (to < 0) return sts_fail(in->err, in->code, "%s: \"out_features\" is missing", in->name);
    m->out = (int)to;
    return add_params(m, params, in->err, bias, d->residual);
}

/* ---- forward and backward ---- */

typedef struct tape {
    const float *x;
    float *slope; /* f'(z), [rows x out] */
} tape;

static float *at(const sts_module *m, const sts_params *params, float *block, int k)
{
    return m->param[k] < 0 ? NULL : block + params->v[m->param[k]].offset;
}

/* z becomes f(z + bias) (+= what r holds), slope (may be NULL) its derivative. */
static void activate(const sts_module *m, size_t n, float *z, const float *bias, const float *r,
                     float *slope)
{
    const dense *d = m->config;
    size_t D = (size_t)m->out;
    for (size_t i = 0; i < n * D; i++) {
        double s, y = d->act->f((double)z[i] + (bias ? bias[i % D] : 0), &s);
        z[i] = (float)(y + (r ? r[i] : 0));
        if (slope) slope[i] = (float)s;
    }
}

static void forward(const sts_module *m, const sts_params *params, const sts_batch *b,
                    const sts_drop *drop, sts_work *w, const float *x, float **out, void **to)
{
    const dense *d = m->config;
    size_t n = sts_module_rows(m, b), I = (size_t)m->in, O = (size_t)m->out;
    tape *t = *to = sts_work_take(w, 1, sizeof *t);
    float *y = *out = sts_work_take(w, n * O, sizeof *y);
    float *slope = drop ? sts_work_take(w, n * O, sizeof *slope) : NULL;
    float *r = d->residual && I != O ? sts_work_take(w, n * O, sizeof *r) : NULL;
    if (w->dry) return;
    sts_products *g = &w->products;
    *t = (tape){x, slope};
    sts_gemm_nt(g, n, O, I, y, O, x, I, at(m, params, params->value, WEIGHT), I);
    if (r) sts_gemm_nt(g, n, O, I, r, O, x, I, at(m, params, params->value, RESIDUAL), I);
    activate(m, n, y, at(m, params, params->value, BIAS), r ? r : d->residual ? x : NULL, slope);
}

static void backward(const sts_module *m, sts_params *params, const sts_batch *b,
                     const sts_drop *drop, sts_work *w, void *from, float *dout, float **dx)
{
    (void)drop;
    const dense *d = m->config;
    const tape *t = from;
    size_t n = sts_module_rows(m, b), I = (size_t)m->in, O = (size_t)m->out;
    float *dz = sts_work_take(w, n * O, sizeof *dz);
    float *out = *dx = sts_work_take(w, n * I, sizeof *out);
    if (w->dry) return;
    sts_products *g = &w->products;
    for (size_t i = 0; i < n * O; i++) dz[i] = dout[i] * t->slope[i];
    sts_gemm_tn(g, O, I, n, at(m, params, params->grad, WEIGHT), I, dz, O, t->x, I);
    sts_column_sum(n, O, at(m, params, params->grad, BIAS), dz, O);
    sts_gemm_nn(g, n, I, O, out, I, dz, O, at(m, params, params->value, WEIGHT), I, false);
    if (d->residual && I == O)
        for (size_t i = 0; i < n * I; i++) out[i] += dout[i];
    if (m->param[RESIDUAL] < 0) return;
    sts_gemm_tn(g, O, I, n, at(m, params, params->grad, RESIDUAL), I, dout, O, t->x, I);
    sts_gemm_nn(g, n, I, O, out, I, dout, O, at(m, params, params->value, RESIDUAL), I, true);
}

static const char *describe(const sts_module *m, char out[160])
{
    const dense *d = m->config;
    snprintf(out, 160, "%d to %d, %s%s%s", m->in, m->out, d->act->name,
             m->param[BIAS] < 0 ? ", no bias" : "", d->residual ? ", residual" : "");
    return out;
}

const sts_module_type sts_module_dense = {
    .type = "Dense",
    .configure = configure,
    .forward = forward,
    .backward = backward,
    .describe = describe,
};
