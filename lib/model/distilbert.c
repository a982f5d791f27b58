/* distilbert.c - DistilBERT (Sanh et al., 2019): BERT without token types, half the layers, no
 * dropout on what attention gives, and names of its own for everything. */
#include "model/encoder_config.h"
#include "model/postnorm.h"

static const sts_postnorm defaults = {
    .vocab = 30522, .positions = 512, .hidden = 768, .layers = 6, .heads = 12, .inner = 3072,
    .pad = 0, .act = STS_GELU, .eps = 1e-12f, .p_hidden = 0.1f, .p_probs = 0.1f,
};

static const sts_postnorm_spec spec = {
    .key = {.hidden = "dim", .layers = "n_layers", .heads = "n_heads", .inner = "hidden_dim",
            .act = "activation", .p_hidden = "dropout", .p_probs = "attention_dropout"},
    .name = {.norm = "embeddings.LayerNorm", .block = "transformer.layer.#.",
             .linear = {"attention.q_lin", "attention.k_lin", "attention.v_lin",
                        "attention.out_lin", "ffn.lin1", "ffn.lin2"},
             .norms = {"sa_layer_norm", "output_layer_norm"}},
    .drop_inner = true,
    .defaults = &defaults,
};

/* Other families' names for the same settings are understood by the reference too. */
static int configure(sts_net *net, const sts_json_in *in)
{
    if (sts_postnorm_configure(net, in, &spec)) return -1;
    const sts_postnorm *c = net->config;
    int same[] = {c->hidden, c->heads, c->layers};
    static const char *const other[] = {"hidden_size", "num_attention_heads", "num_hidden_layers"};
    for (int i = 0; i < 3; i++)
        if (sts_config_int(in, other[i], same[i], same[i], &same[i])) return -1;
    return 0;
}

const sts_encoder sts_encoder_distilbert =
    STS_POSTNORM_ENCODER("distilbert", "DistilBERT", configure);
