/* gguf_out.c - tensors and settings of an encoder, by llama.cpp's names. */
#include "model/gguf_out.h"

#include <stdio.h>
#include <string.h>

int sts_gguf_refuse(const sts_gguf_out *o, const char *what)
{
    return sts_fail(o->err, STS_MODEL, "%s: llama.cpp cannot run %s: this model cannot be exported",
                    o->dir, what);
}

/* ---- tensors ---- */

static int add(const sts_gguf_out *o, const sts_net *net, const char *name, const char *part,
               int param, size_t skip, sts_gguf_type type)
{
    if (param < 0) return 0;
    const sts_param *p = &net->params->v[param];
    size_t width = sts_param_width(p), rows = p->n_dims > 1 ? p->shape[0] - skip : 0;
    if (p->n_dims < 2) width = p->count;
    char text[64];
    snprintf(text, sizeof text, "%.48s.%s", name, part);
    return sts_gguf_add(o->g, text, type, rows, width,
                        net->params->value + p->offset + skip * width, o->err);
}

int sts_gguf_matrix(const sts_gguf_out *o, const sts_net *net, const char *name, int param)
{
    return add(o, net, name, "weight", param, 0, o->type);
}

int sts_gguf_table(const sts_gguf_out *o, const sts_net *net, const char *name, int param,
                   size_t skip)
{
    return add(o, net, name, "weight", param, skip, STS_GGUF_F32);
}

int sts_gguf_norm(const sts_gguf_out *o, const sts_net *net, const char *name, const sts_norm *norm)
{
    return add(o, net, name, "weight", norm->gain, 0, STS_GGUF_F32) ||
                   add(o, net, name, "bias", norm->shift, 0, STS_GGUF_F32)
               ? -1
               : 0;
}

int sts_gguf_linear(const sts_gguf_out *o, const sts_net *net, const char *name,
                    const sts_linear *linear)
{
    return sts_gguf_matrix(o, net, name, linear->weight) ||
                   add(o, net, name, "bias", linear->bias, 0, STS_GGUF_F32)
               ? -1
               : 0;
}

/* ---- settings ---- */

static const char *key_of(const sts_gguf_out *o, const char *key, char text[96])
{
    snprintf(text, 96, "%.24s.%.64s", o->arch, key);
    return text;
}

void sts_gguf_int(const sts_gguf_out *o, const char *key, int x)
{
    char text[96];
    sts_gguf_u32(o->g, key_of(o, key, text), (uint32_t)x);
}

void sts_gguf_real(const sts_gguf_out *o, const char *key, double x)
{
    char text[96];
    sts_gguf_f32(o->g, key_of(o, key, text), (float)x);
}

/* The numbers of llama.cpp's poolings. */
static int pooling_type(const char *name)
{
    return !strcmp(name, "cls") ? 2 : !strcmp(name, "lasttoken") ? 3 : 1;
}

void sts_gguf_sizes(const sts_gguf_out *o, const sts_net *net, int inner, int heads, float eps)
{
    char text[96];
    sts_gguf_text(o->g, "general.architecture", (sts_str){o->arch, strlen(o->arch)});
    sts_gguf_int(o, "context_length", net->max_positions);
    sts_gguf_int(o, "embedding_length", net->hidden);
    sts_gguf_int(o, "feed_forward_length", inner);
    sts_gguf_int(o, "block_count", net->layers);
    sts_gguf_int(o, "attention.head_count", heads);
    sts_gguf_real(o, "attention.layer_norm_epsilon", (double)eps);
    sts_gguf_bool(o->g, key_of(o, "attention.causal", text), false);
    sts_gguf_int(o, "pooling_type", pooling_type(o->pooling));
}
