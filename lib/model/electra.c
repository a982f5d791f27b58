/* electra.c - ELECTRA's discriminator (Clark et al., 2020): BERT with narrower embeddings that are
 * projected to the hidden width. */
#include "model/postnorm.h"

static const sts_postnorm defaults = {
    .vocab = 30522, .positions = 512, .types = 2, .embed = 128, .hidden = 256, .layers = 12,
    .heads = 4, .inner = 1024, .pad = 0, .act = STS_GELU, .eps = 1e-12f, .p_hidden = 0.1f,
    .p_probs = 0.1f,
};

static const sts_postnorm_spec spec = {
    .key = {.hidden = "hidden_size", .layers = "num_hidden_layers",
            .heads = "num_attention_heads", .inner = "intermediate_size", .act = "hidden_act",
            .p_hidden = "hidden_dropout_prob", .p_probs = "attention_probs_dropout_prob",
            .embed = "embedding_size", .types = "type_vocab_size", .eps = "layer_norm_eps"},
    .name = {.norm = "embeddings.LayerNorm", .project = "embeddings_project",
             .block = "encoder.layer.#.",
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

const sts_encoder sts_encoder_electra = STS_POSTNORM_ENCODER("electra", "ELECTRA", configure);
