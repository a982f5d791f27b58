/* postnorm_setup.c - settings and tensors of BERT's family. */
#include "model/postnorm.h"

#include "core/c_locale.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "model/encoder_config.h"

#include <stdio.h>
#include <string.h>

static int read_sizes(sts_postnorm *c, const sts_json_in *in)
{
    const sts_postnorm_spec *s = c->spec;
    if (sts_config_size(in, "vocab_size", 1, STS_MAX_VOCAB, &c->vocab) ||
        sts_config_size(in, "max_position_embeddings", 1, STS_MAX_POSITIONS, &c->positions) ||
        sts_config_size(in, s->key.types, 1, STS_MAX_WIDTH, &c->types) ||
        sts_config_size(in, s->key.hidden, 1, STS_MAX_WIDTH, &c->hidden) ||
        sts_config_size(in, s->key.layers, 1, STS_MAX_LAYERS, &c->layers) ||
        sts_config_size(in, s->key.heads, 1, STS_MAX_WIDTH, &c->heads) ||
        sts_config_size(in, s->key.inner, 1, STS_MAX_WIDTH, &c->inner) ||
        sts_config_int(in, s->key.groups, 1, c->layers, &c->groups) ||
        sts_config_int(in, s->key.repeats, 1, STS_MAX_LAYERS / c->layers, &c->repeats))
        return -1;
    if (!s->key.embed) c->embed = c->hidden;
    return sts_config_size(in, s->key.embed, 1, STS_MAX_WIDTH, &c->embed);
}

static int read_settings(sts_postnorm *c, const sts_json_in *in)
{
    const sts_postnorm_spec *s = c->spec;
    if (sts_config_refuse(in) || read_sizes(c, in) ||
        sts_config_heads(in, c->hidden, c->heads) ||
        sts_config_act(in, s->key.act, &c->act) ||
        sts_config_prob(in, s->key.p_hidden, &c->p_hidden) ||
        sts_config_prob(in, s->key.p_probs, &c->p_probs) ||
        sts_config_float(in, s->key.eps, 0, 1, &c->eps))
        return -1;
    return s->fixed_pad ? 0 : sts_config_pad(in, c->vocab, &c->pad);
}

static int set_limits(sts_net *net, const sts_postnorm *c, const sts_json_in *in)
{
    net->hidden = c->hidden;
    net->vocab = c->vocab;
    net->layers = c->layers;
    net->max_positions = c->positions;
    if (!c->spec->after_pad) return 0;
    if (c->pad < 0 || c->pad + 1 >= c->positions)
        return sts_fail(in->err, in->code,
                        "%s: max_position_embeddings %d leaves no room after pad_token_id %d",
                        in->name, c->positions, c->pad);
    net->max_positions = c->positions - c->pad - 1;
    return 0;
}

int sts_postnorm_configure(sts_net *net, const sts_json_in *in, const sts_postnorm_spec *spec)
{
    sts_postnorm *c = sts_alloc(1, sizeof *c);
    if (!c) return sts_fail_memory(in->err, "the encoder");
    *c = *spec->defaults;
    c->spec = spec;
    net->config = c;
    if (!read_settings(c, in) && !set_limits(net, c, in)) return 0;
    sts_postnorm_free(c);
    net->config = NULL;
    return -1;
}

void sts_postnorm_set_dropout(sts_net *net, float p)
{
    sts_postnorm *c = net->config;
    c->p_hidden = c->p_probs = p;
}

const char *sts_postnorm_describe_dropout(const sts_net *net, char out[160])
{
    const sts_postnorm *c = net->config;
    sts_print(out, 160, "%s %g, %s %g", c->spec->key.p_hidden, (double)c->p_hidden,
              c->spec->key.p_probs, (double)c->p_probs);
    return out;
}

void sts_postnorm_free(void *config)
{
    sts_postnorm *c = config;
    if (!c) return;
    sts_free(c->block);
    sts_free(c);
}

static int sets(const sts_postnorm *c)
{
    return c->groups ? c->groups * c->repeats : c->layers;
}

int sts_postnorm_blocks(const sts_postnorm *c)
{
    return c->groups ? c->layers * c->repeats : c->layers;
}

/* ALBERT: layer l uses group floor(l groups / layers), and runs through the group's blocks. */
const sts_postnorm_block *sts_postnorm_weights(const sts_postnorm *c, int block)
{
    if (!c->groups) return &c->block[block];
    int group = block / c->repeats * c->groups / c->layers;
    return &c->block[group * c->repeats + block % c->repeats];
}

/* The spec's block name with each '#' replaced: by the only number, or by group and number. */
static void block_prefix(const sts_postnorm *c, int set, char *out, size_t size)
{
    int numbers[2] = {c->groups ? set / c->repeats : set, c->groups ? set % c->repeats : 0};
    size_t n = 0, k = 0;
    for (const char *s = c->spec->name.block; *s && n + 16 < size; s++) {
        if (*s != '#') out[n++] = *s;
        else n = sts_append(out, size, n, "%d", numbers[k++ % 2]);
    }
    out[n] = 0;
}

/* q, k and v: the weights one after the other, then the biases, so that one product serves all. */
static int layout_qkv(sts_net *net, sts_err *err, const char *prefix, const sts_postnorm *c,
                      sts_postnorm_block *b)
{
    size_t h = (size_t)c->hidden;
    char name[128];
    for (int i = STS_Q; i <= STS_V; i++) {
        b->linear[i] = (sts_linear){.in = h, .out = h};
        snprintf(name, sizeof name, "%s.weight", c->spec->name.linear[i]);
        if (sts_net_add(net, err, 0, prefix, name, h, h, &b->linear[i].weight)) return -1;
    }
    for (int i = STS_Q; i <= STS_V; i++) {
        snprintf(name, sizeof name, "%s.bias", c->spec->name.linear[i]);
        if (sts_net_add(net, err, STS_NO_DECAY, prefix, name, h, 0, &b->linear[i].bias)) return -1;
    }
    b->qkv_together = h * h % 16 == 0; /* tensors start at multiples of 16: no gap between */
    return 0;
}

static int layout_block(sts_net *net, sts_err *err, const sts_postnorm *c, int set)
{
    const sts_postnorm_spec *s = c->spec;
    sts_postnorm_block *b = &c->block[set];
    size_t h = (size_t)c->hidden, f = (size_t)c->inner;
    char prefix[128];
    block_prefix(c, set, prefix, sizeof prefix);
    if (layout_qkv(net, err, prefix, c, b)) return -1;
    if (sts_linear_add(net, err, prefix, s->name.linear[STS_O], h, h, true, &b->linear[STS_O]) ||
        sts_norm_add(net, err, prefix, s->name.norms[0], h, true, &b->norm[0]) ||
        sts_linear_add(net, err, prefix, s->name.linear[STS_UP], f, h, true, &b->linear[STS_UP]) ||
        sts_linear_add(net, err, prefix, s->name.linear[STS_DOWN], h, f, true,
                       &b->linear[STS_DOWN]))
        return -1;
    return sts_norm_add(net, err, prefix, s->name.norms[1], h, true, &b->norm[1]);
}

static int layout_front(sts_net *net, sts_err *err, sts_postnorm *c)
{
    const sts_postnorm_spec *s = c->spec;
    size_t e = (size_t)c->embed, h = (size_t)c->hidden;
    c->type = c->relative = c->project.weight = -1;
    if (sts_net_add(net, err, STS_SPARSE, "embeddings.", "word_embeddings.weight",
                    (size_t)c->vocab, e, &c->word) ||
        sts_net_add(net, err, 0, "embeddings.", "position_embeddings.weight",
                    (size_t)c->positions, e, &c->position))
        return -1;
    if (s->key.types && sts_net_add(net, err, 0, "embeddings.", "token_type_embeddings.weight",
                                    (size_t)c->types, e, &c->type))
        return -1;
    if (sts_norm_add(net, err, "", s->name.norm, e, true, &c->norm)) return -1;
    if (s->name.project && (s->project_always || e != h) &&
        sts_linear_add(net, err, "", s->name.project, h, e, true, &c->project))
        return -1;
    if (!s->relative) return 0;
    return sts_net_add(net, err, STS_NO_DECAY, "", s->relative, 32, (size_t)c->heads,
                       &c->relative);
}

int sts_postnorm_layout(sts_net *net, sts_err *err)
{
    sts_postnorm *c = net->config;
    c->block = sts_alloc((size_t)sets(c), sizeof *c->block);
    if (!c->block) return sts_fail_memory(err, "the encoder");
    if (layout_front(net, err, c)) return -1;
    for (int i = 0; i < sets(c); i++)
        if (layout_block(net, err, c, i)) return -1;
    return 0;
}
