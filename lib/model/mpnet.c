/* mpnet.c - MPNet (Song et al., 2020): BERT without token types, positions after the padding id
 * (always 1), and biases on the scores by relative position, shared by all layers. */
#include "model/postnorm.h"

#include "model/encoder_config.h"

static const sts_postnorm defaults = {
    .vocab = 30527, .positions = 512, .hidden = 768, .layers = 12, .heads = 12, .inner = 3072,
    .pad = 1, .act = STS_GELU, .eps = 1e-12f, .p_hidden = 0.1f, .p_probs = 0.1f,
};

static const sts_postnorm_spec spec = {
    .key = {.hidden = "hidden_size", .layers = "num_hidden_layers",
            .heads = "num_attention_heads", .inner = "intermediate_size", .act = "hidden_act",
            .p_hidden = "hidden_dropout_prob", .p_probs = "attention_probs_dropout_prob",
            .eps = "layer_norm_eps"},
    .name = {.norm = "embeddings.LayerNorm", .block = "encoder.layer.#.",
             .linear = {"attention.attn.q", "attention.attn.k", "attention.attn.v",
                        "attention.attn.o", "intermediate.dense", "output.dense"},
             .norms = {"attention.LayerNorm", "output.LayerNorm"}},
    .after_pad = true, .fixed_pad = true,
    .drop_attention = true, .drop_inner = true,
    .relative = "encoder.relative_attention_bias.weight",
    .defaults = &defaults,
};

static int configure(sts_net *net, const sts_json_in *in)
{
    int buckets = 32; /* the reference computes with 32, whatever the table's size */
    if (sts_config_int(in, "relative_attention_num_buckets", 32, 32, &buckets)) return -1;
    return sts_postnorm_configure(net, in, &spec);
}

const sts_encoder sts_encoder_mpnet =
    STS_POSTNORM_ENCODER("mpnet", "MPNet, e.g. all-mpnet-base-v2", configure);
