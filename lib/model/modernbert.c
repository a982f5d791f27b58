/* modernbert.c - ModernBERT (Warner et al., 2024): settings and tensors. Norms stand before each
 * part, positions are rotations, two of three layers see a window, the inner part is gated. */
#include "model/modernbert.h"

#include "core/c_locale.h"
#include "core/mem.h"
#include "model/encoder_config.h"

#include <stdio.h>
#include <string.h>

static const sts_modernbert defaults = {
    .vocab = 50368, .positions = 8192, .hidden = 768, .layers = 22, .heads = 12, .inner = 1152,
    .pad = 50283, .act = STS_GELU, .eps = 1e-5f, .theta = {160000.0, 10000.0},
};

static int read_sizes(sts_modernbert *c, const sts_json_in *in)
{
    if (sts_config_size(in, "vocab_size", 1, STS_MAX_VOCAB, &c->vocab) ||
        sts_config_size(in, "max_position_embeddings", 1, STS_MAX_POSITIONS, &c->positions) ||
        sts_config_size(in, "hidden_size", 1, STS_MAX_WIDTH, &c->hidden) ||
        sts_config_size(in, "num_attention_heads", 1, STS_MAX_WIDTH, &c->heads) ||
        sts_config_size(in, "intermediate_size", 1, STS_MAX_WIDTH, &c->inner) ||
        sts_config_heads(in, c->hidden, c->heads) || sts_config_pad(in, c->vocab, &c->pad))
        return -1;
    int width = c->hidden / c->heads;
    if (width % 2)
        return sts_fail(in->err, in->code, "%s: heads of odd width %d cannot be rotated", in->name,
                        width);
    return sts_config_int(in, "head_dim", width, width, &width);
}

static int read_settings(sts_modernbert *c, const sts_json_in *in)
{
    return sts_config_act(in, "hidden_activation", &c->act) ||
                   sts_config_float(in, "norm_eps", 0, 1, &c->eps) ||
                   sts_config_prob(in, "embedding_dropout", &c->p_embed) ||
                   sts_config_prob(in, "attention_dropout", &c->p_attn) ||
                   sts_config_prob(in, "mlp_dropout", &c->p_mlp) ||
                   sts_json_bool(in, "norm_bias", &c->norm_bias) ||
                   sts_json_bool(in, "attention_bias", &c->attn_bias) ||
                   sts_json_bool(in, "mlp_bias", &c->mlp_bias)
               ? -1
               : 0;
}

/* Which layers are local: layer_types (new spelling), or every nth is global (old). */
static int read_layers(sts_modernbert *c, const sts_json_in *in)
{
    int every = 3, local = 128;
    if (sts_config_int(in, "global_attn_every_n_layers", 1, STS_MAX_LAYERS, &every) ||
        sts_config_int(in, "local_attention", 2, STS_MAX_POSITIONS, &local))
        return -1;
    c->window = local / 2;
    int same = c->window; /* another name of the same thing */
    if (sts_config_int(in, "sliding_window", same, same, &same)) return -1;
    const sts_json *types = sts_json_get(in->object, "layer_types");
    if (!types || sts_json_is_null(types)) {
        for (int i = 0; i < c->layers; i++) c->layer[i].local = i % every != 0;
        return 0;
    }
    int n = 0;
    for (const sts_json *t = types->child; t; t = t->next, n++) {
        const char *name = sts_json_as_string(t);
        bool local_type = name && !strcmp(name, "sliding_attention");
        if (!local_type && !(name && !strcmp(name, "full_attention")))
            return sts_fail(in->err, in->code, "%s: layer_types[%d]: \"%s\" is not supported",
                            in->name, n, name ? name : "not a string");
        if (n < c->layers) c->layer[n].local = local_type;
    }
    if (sts_json_is_array(types) && n == c->layers) return 0;
    return sts_fail(in->err, in->code, "%s: layer_types has %d entries for %d layers", in->name, n,
                    c->layers);
}

/* {"rope_type": "default", "rope_theta": x} */
static int read_rope(const sts_json_in *in, const sts_json *object, double *theta)
{
    if (sts_json_is_null(object)) return 0;
    if (!sts_json_is_object(object))
        return sts_fail(in->err, in->code, "%s: rope_parameters: \"%s\" must be an object",
                        in->name, object->key);
    const char *type = "default";
    sts_json_in rope = {object, in->name, in->code, in->err};
    for (const sts_json *t = object->child; t; t = t->next)
        if (strcmp(t->key, "rope_type") && strcmp(t->key, "rope_theta"))
            return sts_fail(in->err, in->code, "%s: rope_parameters: \"%s\" is not supported",
                            in->name, t->key);
    if (sts_json_text(&rope, "rope_type", &type) ||
        sts_json_num(&rope, "rope_theta", 1, 1e12, theta))
        return -1;
    if (!strcmp(type, "default")) return 0;
    return sts_fail(in->err, in->code, "%s: rope_type \"%s\" is not supported", in->name, type);
}

/* rope_parameters (new spelling) over global_rope_theta and local_rope_theta (old). */
static int read_theta(sts_modernbert *c, const sts_json_in *in)
{
    if (sts_json_is_null(sts_json_get(in->object, "local_rope_theta")))
        return sts_fail(in->err, in->code, "%s: local_rope_theta null is not supported", in->name);
    if (sts_json_num(in, "global_rope_theta", 1, 1e12, &c->theta[0]) ||
        sts_json_num(in, "local_rope_theta", 1, 1e12, &c->theta[1]))
        return -1;
    const sts_json *rope = sts_json_get(in->object, "rope_parameters");
    if (!rope || sts_json_is_null(rope)) return 0;
    if (!sts_json_is_object(rope))
        return sts_fail(in->err, in->code, "%s: rope_parameters is not an object", in->name);
    for (const sts_json *t = rope->child; t; t = t->next) {
        bool local = !strcmp(t->key, "sliding_attention");
        if (!local && strcmp(t->key, "full_attention"))
            return sts_fail(in->err, in->code, "%s: rope_parameters: \"%s\" is not supported",
                            in->name, t->key);
        if (read_rope(in, t, &c->theta[local])) return -1;
    }
    return 0;
}

static int configure(sts_net *net, const sts_json_in *in)
{
    int layers = defaults.layers;
    if (sts_config_refuse(in) ||
        sts_config_size(in, "num_hidden_layers", 1, STS_MAX_LAYERS, &layers))
        return -1;
    sts_modernbert *c = sts_alloc(1, sizeof *c + (size_t)layers * sizeof c->layer[0]);
    if (!c) return sts_fail_memory(in->err, "the encoder");
    memcpy(c, &defaults, sizeof *c);
    c->layers = layers;
    if (read_sizes(c, in) || read_settings(c, in) || read_layers(c, in) || read_theta(c, in)) {
        sts_free(c);
        return -1;
    }
    net->config = c;
    net->hidden = c->hidden;
    net->max_positions = c->positions;
    net->vocab = c->vocab;
    net->layers = layers;
    return 0;
}

static void set_dropout(sts_net *net, float p)
{
    sts_modernbert *c = net->config;
    c->p_embed = c->p_attn = c->p_mlp = p;
}

static const char *describe_dropout(const sts_net *net, char out[160])
{
    const sts_modernbert *c = net->config;
    sts_print(out, 160, "embedding_dropout %g, attention_dropout %g, mlp_dropout %g",
              (double)c->p_embed, (double)c->p_attn, (double)c->p_mlp);
    return out;
}

static int layout_layer(sts_net *net, sts_err *err, const sts_modernbert *c, int i,
                        sts_modern_layer *l)
{
    size_t h = (size_t)c->hidden, f = (size_t)c->inner;
    char at[64];
    snprintf(at, sizeof at, "layers.%d.", i);
    l->attn_norm = (sts_norm){-1, -1};
    if (i && sts_norm_add(net, err, at, "attn_norm", h, c->norm_bias, &l->attn_norm)) return -1;
    if (sts_linear_add(net, err, at, "attn.Wqkv", 3 * h, h, c->attn_bias, &l->qkv) ||
        sts_linear_add(net, err, at, "attn.Wo", h, h, c->attn_bias, &l->attn_out) ||
        sts_norm_add(net, err, at, "mlp_norm", h, c->norm_bias, &l->mlp_norm) ||
        sts_linear_add(net, err, at, "mlp.Wi", 2 * f, h, c->mlp_bias, &l->mlp_in))
        return -1;
    return sts_linear_add(net, err, at, "mlp.Wo", h, f, c->mlp_bias, &l->mlp_out);
}

static int layout(sts_net *net, sts_err *err)
{
    sts_modernbert *c = net->config;
    size_t h = (size_t)c->hidden;
    if (sts_net_add(net, err, STS_SPARSE, "embeddings.", "tok_embeddings.weight", (size_t)c->vocab,
                    h, &c->word) ||
        sts_norm_add(net, err, "embeddings.", "norm", h, c->norm_bias, &c->norm))
        return -1;
    for (int i = 0; i < c->layers; i++)
        if (layout_layer(net, err, c, i, &c->layer[i])) return -1;
    return sts_norm_add(net, err, "", "final_norm", h, c->norm_bias, &c->final_norm);
}

const sts_encoder sts_encoder_modernbert = {
    .model_type = "modernbert",
    .help = "ModernBERT",
    .configure = configure,
    .set_dropout = set_dropout,
    .describe_dropout = describe_dropout,
    .layout = layout,
    .forward = sts_modernbert_forward,
    .backward = sts_modernbert_backward,
    .free_config = sts_free,
    .gguf = sts_modernbert_gguf,
};
