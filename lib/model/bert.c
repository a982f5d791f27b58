/* bert.c - BERT: Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers" (2018). */
#include "model/postnorm.h"

static const sts_postnorm defaults = {
    .vocab = 30522, .positions = 512, .types = 2, .hidden = 768, .layers = 12, .heads = 12,
    .inner = 3072, .pad = 0, .act = STS_GELU, .eps = 1e-12f, .p_hidden = 0.1f, .p_probs = 0.1f,
};

static const sts_postnorm_spec spec = {
    .key = {.hidden = "hidden_size", .layers = "num_hidden_layers",
            .heads = "num_attention_heads", .inner = "intermediate_size", .act = "hidden_act",
            .p_hidden = "hidden_dropout_prob", .p_probs = "attention_probs_dropout_prob",
            .types = "type_vocab_size", .eps = "layer_norm_eps"},
    .name = {.norm = "embeddings.LayerNorm", .block = "encoder.layer.#.",
             .linear = {"attention.self.query", "attention.self.key", "attention.self.value",
                        "attention.output.dense", "intermediate.dense", "output.dense"},
             .norms = {"attention.output.LayerNorm", "output.LayerNorm"}},
    .drop_attention = true, .drop_inner = true,
    .defaults = &defaults,
};

static int configure(sts_net *net, const sts_json_in *in)
{
    return sts_postnorm_configure(net, in, &spec);
}

const sts_encoder sts_encoder_bert =
    STS_POSTNORM_ENCODER("bert", "BERT, MiniLM, BGE, E5, GTE", configure);
