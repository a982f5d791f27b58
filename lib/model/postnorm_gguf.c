/* postnorm_gguf.c - BERT's family as llama.cpp has it, which is BERT alone: no relative positions,
 * no shared layers, no narrow embeddings. */
#include "model/gguf_out.h"
#include "model/postnorm.h"

#include <stdio.h>

static int check(const sts_net *net, const sts_gguf_out *o)
{
    const sts_postnorm *c = net->config;
    char what[96];
    snprintf(what, sizeof what, "%s encoders", net->encoder->model_type);
    if (c->relative >= 0 || c->groups) return sts_gguf_refuse(o, what);
    if (c->project.weight >= 0) return sts_gguf_refuse(o, "embeddings narrower than the layers");
    if (c->act != STS_GELU && c->act != STS_GELU_TANH)
        return sts_gguf_refuse(o, "activations other than GELU");
    return 0;
}

static int add_block(const sts_net *net, const sts_gguf_out *o, int i)
{
    static const char *const linear[STS_LINEARS] = {"attn_q",      "attn_k", "attn_v",
                                                    "attn_output", "ffn_up", "ffn_down"};
    static const char *const norm[] = {"attn_output_norm", "layer_output_norm"};
    const sts_postnorm_block *b = sts_postnorm_weights(net->config, i);
    char name[48];
    for (int k = 0; k < STS_LINEARS; k++) {
        snprintf(name, sizeof name, "blk.%d.%s", i, linear[k]);
        if (sts_gguf_linear(o, net, name, &b->linear[k])) return -1;
    }
    for (int k = 0; k < 2; k++) {
        snprintf(name, sizeof name, "blk.%d.%s", i, norm[k]);
        if (sts_gguf_norm(o, net, name, &b->norm[k])) return -1;
    }
    return 0;
}

/* Positions of RoBERTa begin behind the padding's: llama.cpp counts from 0. */
static size_t skipped_positions(const sts_postnorm *c)
{
    return c->spec->after_pad ? (size_t)c->pad + 1 : 0;
}

int sts_postnorm_gguf(const sts_net *net, sts_gguf_out *o)
{
    const sts_postnorm *c = net->config;
    if (check(net, o)) return -1;
    o->arch = "bert";
    sts_gguf_sizes(o, net, c->inner, c->heads, c->eps);
    sts_gguf_u32(o->g, "tokenizer.ggml.token_type_count", c->types ? (uint32_t)c->types : 1);
    if (c->pad >= 0) sts_gguf_u32(o->g, "tokenizer.ggml.padding_token_id", (uint32_t)c->pad);
    if (sts_gguf_matrix(o, net, "token_embd", c->word) ||
        (c->types && sts_gguf_table(o, net, "token_types", c->type, 0)) ||
        sts_gguf_table(o, net, "position_embd", c->position, skipped_positions(c)) ||
        sts_gguf_norm(o, net, "token_embd_norm", &c->norm))
        return -1;
    for (int i = 0; i < sts_postnorm_blocks(c); i++)
        if (add_block(net, o, i)) return -1;
    return 0;
}
