/* modernbert_gguf.c - ModernBERT as llama.cpp has it: without biases, every nth layer global. */
#include "model/gguf_out.h"
#include "model/modernbert.h"

#include <stdio.h>

/* The n of which layers 0, n, 2n, .. are global and the others local; 0: there is none. */
static int global_every(const sts_modernbert *c)
{
    for (int n = 1; n <= c->layers; n++) {
        int i = 0;
        while (i < c->layers && c->layer[i].local == (i % n != 0)) i++;
        if (i == c->layers) return n;
    }
    return 0;
}

static int check(const sts_modernbert *c, const sts_gguf_out *o)
{
    if (c->norm_bias || c->attn_bias || c->mlp_bias)
        return sts_gguf_refuse(o, "biases in a ModernBERT");
    if (c->act != STS_GELU && c->act != STS_GELU_TANH && c->act != STS_SILU)
        return sts_gguf_refuse(o, "activations other than GELU and SiLU");
    if (!global_every(c)) return sts_gguf_refuse(o, "this order of global and local layers");
    return 0;
}

static void put_settings(const sts_net *net, const sts_gguf_out *o)
{
    const sts_modernbert *c = net->config;
    int every = global_every(c);
    sts_gguf_sizes(o, net, c->inner, c->heads, c->eps);
    sts_gguf_real(o, "rope.freq_base", c->theta[0]);
    if (every > 1) {
        sts_gguf_real(o, "rope.freq_base_swa", c->theta[1]);
        sts_gguf_int(o, "attention.sliding_window", 2 * c->window);
        sts_gguf_int(o, "attention.sliding_window_pattern", every);
    }
    sts_str act = c->act == STS_SILU ? (sts_str){"silu", 4} : (sts_str){"gelu", 4};
    sts_gguf_text(o->g, "modern-bert.hidden_activation", act);
    if (c->pad >= 0) sts_gguf_u32(o->g, "tokenizer.ggml.padding_token_id", (uint32_t)c->pad);
}

static int add_layer(const sts_net *net, const sts_gguf_out *o, int i, const sts_modern_layer *l)
{
    const struct {
        const char *name;
        const sts_norm *norm;
        const sts_linear *linear;
    } part[] = {
        {"attn_norm", &l->attn_norm, NULL},  {"attn_qkv", NULL, &l->qkv},
        {"attn_output", NULL, &l->attn_out}, {"ffn_norm", &l->mlp_norm, NULL},
        {"ffn_up", NULL, &l->mlp_in},        {"ffn_down", NULL, &l->mlp_out},
    };
    char name[48];
    for (size_t k = 0; k < sizeof part / sizeof part[0]; k++) {
        snprintf(name, sizeof name, "blk.%d.%s", i, part[k].name);
        if (part[k].norm ? sts_gguf_norm(o, net, name, part[k].norm)
                         : sts_gguf_linear(o, net, name, part[k].linear))
            return -1;
    }
    return 0;
}

int sts_modernbert_gguf(const sts_net *net, sts_gguf_out *o)
{
    const sts_modernbert *c = net->config;
    if (check(c, o)) return -1;
    o->arch = "modern-bert";
    put_settings(net, o);
    if (sts_gguf_matrix(o, net, "token_embd", c->word) ||
        sts_gguf_norm(o, net, "token_embd_norm", &c->norm) ||
        sts_gguf_norm(o, net, "output_norm", &c->final_norm))
        return -1;
    for (int i = 0; i < c->layers; i++)
        if (add_layer(net, o, i, &c->layer[i])) return -1;
    return 0;
}
