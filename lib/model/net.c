/* net.c - tensors, linear layers and dropout sites of encoders. */
#include "model/net.h"

#include "math/bias.h"
#include "math/layernorm.h"

#include <stdio.h>
#include <string.h>

int sts_net_add(sts_net *net, sts_err *err, unsigned flags, const char *prefix, const char *name,
                size_t rows, size_t cols, int *out)
{
    char full[256];
    snprintf(full, sizeof full, "%s%s", prefix, name);
    *out = sts_params_add(net->params, err, flags, full, cols ? 2 : 1, (size_t[]){rows, cols});
    return *out < 0 ? -1 : 0;
}

const float *sts_net_value(const sts_net *net, int param)
{
    return param < 0 ? NULL : net->params->value + net->params->v[param].offset;
}

float *sts_net_grad(const sts_net *net, int param)
{
    if (param < 0 || !net->params->grad || net->params->v[param].frozen) return NULL;
    return net->params->grad + net->params->v[param].offset;
}

void sts_net_complete(const sts_net *net, int param)
{
    const sts_params *p = net->params;
    if (p->complete && param >= 0) p->complete(p->complete_ctx, p->v[param].offset);
}

int sts_linear_add(sts_net *net, sts_err *err, const char *prefix, const char *name, size_t out,
                   size_t in, bool has_bias, sts_linear *linear)
{
    char full[128];
    *linear = (sts_linear){.weight = -1, .bias = -1, .in = in, .out = out};
    snprintf(full, sizeof full, "%s.weight", name);
    if (sts_net_add(net, err, 0, prefix, full, out, in, &linear->weight)) return -1;
    snprintf(full, sizeof full, "%s.bias", name);
    return has_bias ? sts_net_add(net, err, STS_NO_DECAY, prefix, full, out, 0, &linear->bias) : 0;
}

int sts_norm_add(sts_net *net, sts_err *err, const char *prefix, const char *name, size_t width,
                 bool has_bias, sts_norm *norm)
{
    char full[128];
    *norm = (sts_norm){.gain = -1, .shift = -1};
    snprintf(full, sizeof full, "%s.weight", name);
    if (sts_net_add(net, err, STS_NO_DECAY, prefix, full, width, 0, &norm->gain)) return -1;
    snprintf(full, sizeof full, "%s.bias", name);
    return has_bias ? sts_net_add(net, err, STS_NO_DECAY, prefix, full, width, 0, &norm->shift) : 0;
}

void sts_linear_forward(sts_products *g, const sts_net *net, const sts_linear *l, size_t T,
                        float *y, size_t ldy, const float *x)
{
    sts_gemm_nt(g, T, l->out, l->in, y, ldy, x, l->in, sts_net_value(net, l->weight), l->in);
}

void sts_linear_backward(sts_products *g, const sts_net *net, const sts_linear *l, size_t T,
                         float *dx, const float *dy, size_t ldy, bool add)
{
    sts_gemm_nn(g, T, l->in, l->out, dx, l->in, dy, ldy, sts_net_value(net, l->weight), l->in, add);
}

void sts_linear_gradients(sts_products *g, const sts_net *net, const sts_linear *l, size_t T,
                          const float *dy, size_t ldy, const float *x)
{
    float *dw = sts_net_grad(net, l->weight);
    if (dw) sts_gemm_tn(g, l->out, l->in, T, dw, l->in, dy, ldy, x, l->in);
    sts_column_sum(T, l->out, sts_net_grad(net, l->bias), dy, ldy);
}

void sts_norm_backward(const sts_net *net, const sts_norm *n, size_t T, size_t H, float *dx,
                       const float *dy, const float *xhat, const float *rstd)
{
    sts_layernorm_backward(T, H, dx, sts_net_grad(net, n->gain), sts_net_grad(net, n->shift), dy,
                           xhat, rstd, sts_net_value(net, n->gain));
}

const sts_drop_site *sts_net_drop(sts_drop_site *d, const sts_drop *drop, int layer, int which,
                                  float p)
{
    if (!drop || p <= 0) return NULL;
    uint64_t key = sts_drop_key(drop->seed, drop->step);
    return sts_drop_at(d, key, (uint32_t)layer * 4 + (uint32_t)which, p) ? d : NULL;
}

void sts_net_rows(const sts_batch *b, uint64_t *row, int32_t *position)
{
    for (int s = 0; s < b->n_seq; s++) {
        for (int32_t t = b->start[s]; t < b->start[s + 1]; t++) {
            position[t] = t - b->start[s];
            row[t] = (uint64_t)b->key[s] << 32 | (uint32_t)position[t];
        }
    }
}

float *sts_net_floats(sts_work *w, size_t n)
{
    return sts_work_take(w, n, sizeof(float));
}
