/* albert.c - ALBERT (Lan et al., 2019): BERT with narrow embeddings projected to the hidden width
 * and layers that share their weights in groups. No dropout on the feed-forward part. */
#include "model/postnorm.h"

static const sts_postnorm defaults = {
    .vocab = 30000, .positions = 512, .types = 2, .embed = 128, .hidden = 4096, .layers = 12,
    .heads = 64, .inner = 16384, .groups = 1, .repeats = 1, .pad = 0, .act = STS_GELU_TANH,
    .eps = 1e-12f,
};

static const sts_postnorm_spec spec = {
    .key = {.hidden = "hidden_size", .layers = "num_hidden_layers",
            .heads = "num_attention_heads", .inner = "intermediate_size", .act = "hidden_act",
            .p_hidden = "hidden_dropout_prob", .p_probs = "attention_probs_dropout_prob",
            .embed = "embedding_size", .types = "type_vocab_size", .eps = "layer_norm_eps",
            .groups = "num_hidden_groups", .repeats = "inner_group_num"},
    .name = {.norm = "embeddings.LayerNorm", .project = "encoder.embedding_hidden_mapping_in",
             .block = "encoder.albert_layer_groups.#.albert_layers.#.",
             .linear = {"attention.query", "attention.key", "attention.value", "attention.dense",
                        "ffn", "ffn_output"},
             .norms = {"attention.LayerNorm", "full_layer_layer_norm"}},
    .project_always = true,
    .drop_attention = true,
    .defaults = &defaults,
};

static int configure(sts_net *net, const sts_json_in *in)
{
    return sts_postnorm_configure(net, in, &spec);
}

const sts_encoder sts_encoder_albert = STS_POSTNORM_ENCODER("albert", "ALBERT", configure);
