/* postnorm_front.c - embeddings of words, positions and token types, normalised; and MPNet's
 * relative position biases. */
#include "model/postnorm.h"

#include "math/bias.h"
#include "math/embedding.h"
#include "math/layernorm.h"

#include <math.h>
#include <stdlib.h>

/* RoBERTa: position = padding id + the number of other ids so far; padding ids have their own. */
static void fill_positions(const sts_postnorm *c, const sts_batch *b, int32_t *position)
{
    for (int s = 0; s < b->n_seq; s++) {
        int32_t n = 0;
        for (int32_t t = b->start[s]; t < b->start[s + 1]; t++) {
            if (!c->spec->after_pad) position[t] = n++;
            else position[t] = b->ids[t] == c->pad ? c->pad : c->pad + ++n;
        }
    }
}

void sts_front_forward(const sts_net *net, const sts_batch *b, const sts_front *f,
                       const sts_drop *drop, const uint64_t *row)
{
    const sts_postnorm *c = net->config;
    size_t T = (size_t)b->n_tok, E = (size_t)c->embed;
    fill_positions(c, b, f->position);
    sts_embed_forward(T, E, f->xhat, sts_net_value(net, c->word), b->ids, false);
    sts_embed_forward(T, E, f->xhat, sts_net_value(net, c->position), f->position, true);
    sts_bias_add(T, E, f->xhat, E, sts_net_value(net, c->type)); /* all tokens are of type 0 */
    sts_layernorm_forward(T, E, f->y, f->xhat, f->rstd, f->xhat, sts_net_value(net, c->norm.gain),
                          sts_net_value(net, c->norm.shift), c->eps);
    sts_drop_site site;
    const sts_drop_site *d = sts_net_drop(&site, drop, 0, STS_DROP_EMBED, c->p_hidden);
    if (d) sts_drop_rows(T, E, f->y, f->y, d, row);
}

void sts_front_backward(const sts_net *net, const sts_batch *b, const sts_front *f,
                        const sts_drop *drop, const uint64_t *row, float *dy)
{
    const sts_postnorm *c = net->config;
    size_t T = (size_t)b->n_tok, E = (size_t)c->embed;
    sts_drop_site site;
    const sts_drop_site *d = sts_net_drop(&site, drop, 0, STS_DROP_EMBED, c->p_hidden);
    if (d) sts_drop_rows(T, E, dy, dy, d, row);
    sts_norm_backward(net, &c->norm, T, E, dy, dy, f->xhat, f->rstd);
    sts_embed_backward(T, E, sts_net_grad(net, c->word), dy, b->ids, c->pad);
    sts_embed_backward(T, E, sts_net_grad(net, c->position), dy, f->position,
                       c->spec->after_pad ? c->pad : -1);
    sts_column_sum(T, E, sts_net_grad(net, c->type), dy, E);
}

/* T5's buckets, 32 in all: 16 for keys before the query and 16 after; distances below 8 have one
 * each, larger ones share them on a logarithmic scale up to 128. */
static size_t bucket(long distance) /* key - query */
{
    size_t side = distance > 0 ? 16 : 0, n = (size_t)labs(distance);
    if (n < 8) return side + n;
    /* 1e-9: 16, 32, 64 and 128 start a bucket, whatever the rounding of the logarithm. */
    size_t large = 8 + (size_t)(log((double)n / 8) / log(16.0) * 8 + 1e-9);
    return side + (large < 15 ? large : 15);
}

void sts_relative_forward(const sts_net *net, size_t reach, float *bias)
{
    const sts_postnorm *c = net->config;
    size_t N = (size_t)c->heads, n = 2 * reach - 1;
    const float *table = sts_net_value(net, c->relative);
    for (size_t i = 0; i < n; i++) {
        size_t b = bucket((long)i - (long)(reach - 1));
        for (size_t h = 0; h < N; h++) bias[h * n + i] = table[b * N + h];
    }
}

void sts_relative_backward(const sts_net *net, size_t reach, const float *dbias)
{
    const sts_postnorm *c = net->config;
    size_t N = (size_t)c->heads, n = 2 * reach - 1;
    float *dtable = sts_net_grad(net, c->relative);
    for (size_t i = 0; dtable && i < n; i++) {
        size_t b = bucket((long)i - (long)(reach - 1));
        for (size_t h = 0; h < N; h++) dtable[b * N + h] += dbias[h * n + i];
    }
}
