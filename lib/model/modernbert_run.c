/* modernbert_run.c - ModernBERT forward and backward, layer by layer:
 *   x1 = x + dropout(attention(rope(norm(x) Wqkv')) Wo')     (no norm in layer 0)
 *   x2 = x1 + dropout(act(in) gate) Wo2', [in | gate] = norm(x1) Wi' */
#include "model/modernbert.h"

#include "math/attention.h"
#include "math/bias.h"
#include "math/embedding.h"
#include "math/layernorm.h"
#include "math/rope.h"

#include <math.h>
#include <string.h>

typedef struct pass {
    sts_products *g;
    const sts_net *net;
    const sts_modernbert *c;
    const sts_batch *b;
    const sts_drop *drop;
    size_t T, H, F, N, D;
    uint64_t *row;
    int32_t *position;
    float *xhat0, *rstd0, *xhat_end, *rstd_end; /* of the first and the last norm */
    float *x;           /* [T x H], the residual stream */
    float *half;        /* [T x H], scratch: what a part adds to the stream */
    float *out;         /* [T x H] */
    float *inner;       /* [T x F], scratch */
    float *wide;        /* [T x max(2F, 3H)], scratch of backward */
    float *rope[2];     /* global, local: [longest x D] */
    float *scratch;     /* of attention */
    float *layers;
    size_t th, tf, t1, stride;
} pass;

typedef struct kept {
    float *xhat1, *n1, *qkv, *ctx, *xhat2, *n2; /* [T x H], qkv three times that */
    float *gated;                               /* [T x 2F] */
    float *rstd1, *rstd2;                       /* [T] */
} kept;

static size_t round16(size_t n)
{
    return (n + 15) & ~(size_t)15;
}

static kept open_layer(const pass *p, int i)
{
    float *at = p->layers + (p->drop ? (size_t)i * p->stride : 0);
    kept k = {.xhat1 = at, .n1 = at + p->th, .qkv = at + 2 * p->th, .ctx = at + 5 * p->th,
              .xhat2 = at + 6 * p->th, .n2 = at + 7 * p->th, .gated = at + 8 * p->th};
    k.rstd1 = k.gated + p->tf;
    k.rstd2 = k.rstd1 + p->t1;
    return k;
}

static pass open_pass(const sts_net *net, const sts_batch *b, const sts_drop *drop,
                      sts_products *g)
{
    const sts_modernbert *c = net->config;
    pass p = {.g = g, .net = net, .c = c, .b = b, .drop = drop, .T = (size_t)b->n_tok};
    p.H = (size_t)c->hidden;
    p.F = (size_t)c->inner;
    p.N = (size_t)c->heads;
    p.D = p.H / p.N;
    p.th = round16(p.T * p.H);
    p.tf = round16(p.T * 2 * p.F);
    p.t1 = round16(p.T);
    p.stride = 8 * p.th + p.tf + 2 * p.t1;
    return p;
}

static void take_all(pass *p, sts_work *w)
{
    size_t longest = (size_t)p->b->longest, T = p->T, H = p->H;
    p->row = sts_work_take(w, T, sizeof *p->row);
    p->position = sts_work_take(w, T, sizeof *p->position);
    p->xhat0 = sts_net_floats(w, p->th);
    p->rstd0 = sts_net_floats(w, T);
    p->xhat_end = sts_net_floats(w, p->th);
    p->rstd_end = sts_net_floats(w, T);
    p->x = sts_net_floats(w, p->th);
    p->half = sts_net_floats(w, p->th);
    p->out = sts_net_floats(w, p->th);
    p->inner = sts_net_floats(w, T * p->F);
    for (int i = 0; i < 2; i++) p->rope[i] = sts_net_floats(w, longest * p->D);
    p->scratch = sts_net_floats(w, sts_attention_scratch(p->D, longest));
    p->layers = sts_net_floats(w, (p->drop ? (size_t)p->c->layers : 1) * p->stride);
    if (p->drop) p->wide = sts_net_floats(w, T * (2 * p->F > 3 * H ? 2 * p->F : 3 * H));
}

static sts_attention attention_of(const pass *p, int i, sts_drop_site *site)
{
    return (sts_attention){
        .S = (size_t)p->b->n_seq, .N = p->N, .D = p->D, .start = p->b->start, .key = p->b->key,
        .scale = (float)(1.0 / sqrt((double)p->D)), .reach = (size_t)p->b->longest,
        .window = p->c->layer[i].local ? (size_t)p->c->window : 0, .scratch = p->scratch,
        .drop = sts_net_drop(site, p->drop, i + 1, STS_DROP_PROBS, p->c->p_attn)};
}

static void norm_forward(const pass *p, const sts_norm *n, float *y, float *xhat, float *rstd,
                         const float *x)
{
    sts_layernorm_forward(p->T, p->H, y, xhat, rstd, x, sts_net_value(p->net, n->gain),
                          sts_net_value(p->net, n->shift), p->c->eps);
}

/* ---- forward ------------------------------------------------------------------------------- */

static void through(const pass *p, const sts_linear *l, float *y, const float *x)
{
    sts_linear_forward(p->g, p->net, l, p->T, y, l->out, x);
}

static void attention_forward(const pass *p, int i, const kept *k)
{
    const sts_modern_layer *l = &p->c->layer[i];
    sts_drop_site site;
    if (l->attn_norm.gain >= 0) norm_forward(p, &l->attn_norm, k->n1, k->xhat1, k->rstd1, p->x);
    else memcpy(k->n1, p->x, p->T * p->H * sizeof *k->n1);
    through(p, &l->qkv, k->qkv, k->n1);
    sts_bias_add(p->T, 3 * p->H, k->qkv, 3 * p->H, sts_net_value(p->net, l->qkv.bias));
    sts_rope(p->T, p->N, p->D, k->qkv, p->rope[l->local], p->position, false);
    sts_attention a = attention_of(p, i, &site);
    sts_attention_forward(&a, k->ctx, k->qkv);
    through(p, &l->attn_out, p->half, k->ctx);
    sts_residual_add(p->T, p->H, p->x, p->half, sts_net_value(p->net, l->attn_out.bias),
                     sts_net_drop(&site, p->drop, i + 1, STS_DROP_ATTENTION, p->c->p_attn), p->row);
}

static void mlp_forward(const pass *p, int i, const kept *k)
{
    const sts_modern_layer *l = &p->c->layer[i];
    sts_drop_site site;
    norm_forward(p, &l->mlp_norm, k->n2, k->xhat2, k->rstd2, p->x);
    through(p, &l->mlp_in, k->gated, k->n2);
    sts_glu_forward(p->c->act, p->T, p->F, p->inner, k->gated,
                    sts_net_value(p->net, l->mlp_in.bias),
                    sts_net_drop(&site, p->drop, i + 1, STS_DROP_INNER, p->c->p_mlp), p->row);
    through(p, &l->mlp_out, p->half, p->inner);
    sts_residual_add(p->T, p->H, p->x, p->half, sts_net_value(p->net, l->mlp_out.bias), NULL, NULL);
}

static void front_forward(const pass *p)
{
    const sts_modernbert *c = p->c;
    sts_drop_site site;
    const sts_drop_site *d = sts_net_drop(&site, p->drop, 0, STS_DROP_EMBED, c->p_embed);
    sts_embed_forward(p->T, p->H, p->xhat0, sts_net_value(p->net, c->word), p->b->ids, false);
    norm_forward(p, &c->norm, p->x, p->xhat0, p->rstd0, p->xhat0);
    if (d) sts_drop_rows(p->T, p->H, p->x, p->x, d, p->row);
    for (int i = 0; i < 2; i++)
        sts_rope_table((size_t)p->b->longest, p->D, p->rope[i], c->theta[i]);
}

void sts_modernbert_forward(const sts_net *net, const sts_batch *b, const sts_drop *drop,
                            sts_work *w, float **out, void **tape)
{
    pass p = open_pass(net, b, drop, &w->products), *saved = NULL;
    if (drop) saved = sts_work_take(w, 1, sizeof *saved);
    take_all(&p, w);
    *out = p.out;
    if (tape) *tape = saved;
    if (w->dry) return;
    if (saved) *saved = p;
    if (!p.T) return;
    sts_net_rows(b, p.row, p.position);
    front_forward(&p);
    for (int i = 0; i < p.c->layers; i++) {
        kept k = open_layer(&p, i);
        attention_forward(&p, i, &k);
        mlp_forward(&p, i, &k);
    }
    norm_forward(&p, &p.c->final_norm, p.out, p.xhat_end, p.rstd_end, p.x);
}

/* ---- backward ------------------------------------------------------------------------------ */

static void back(const pass *p, const sts_linear *l, float *dx, const float *dy)
{
    sts_linear_backward(p->g, p->net, l, p->T, dx, dy, l->out, false);
}

static void mlp_backward(const pass *p, int i, const kept *k, float *d)
{
    const sts_modern_layer *l = &p->c->layer[i];
    sts_drop_site site;
    back(p, &l->mlp_out, p->inner, d);
    sts_glu_backward(p->c->act, p->T, p->F, p->inner, p->wide, k->gated, p->inner,
                     sts_net_drop(&site, p->drop, i + 1, STS_DROP_INNER, p->c->p_mlp), p->row);
    sts_linear_gradients(p->g, p->net, &l->mlp_out, p->T, d, p->H, p->inner);
    sts_linear_gradients(p->g, p->net, &l->mlp_in, p->T, p->wide, 2 * p->F, k->n2);
    back(p, &l->mlp_in, p->half, p->wide);
    sts_norm_backward(p->net, &l->mlp_norm, p->T, p->H, p->half, p->half, k->xhat2, k->rstd2);
    sts_residual_add(p->T, p->H, d, p->half, NULL, NULL, NULL);
}

static void attention_backward(const pass *p, int i, const kept *k, float *d, bool below)
{
    const sts_modern_layer *l = &p->c->layer[i];
    sts_drop_site site;
    const float *dh = d;
    const sts_drop_site *s = sts_net_drop(&site, p->drop, i + 1, STS_DROP_ATTENTION, p->c->p_attn);
    if (s) {
        sts_drop_rows(p->T, p->H, p->half, d, s, p->row);
        dh = p->half;
    }
    sts_linear_gradients(p->g, p->net, &l->attn_out, p->T, dh, p->H, k->ctx);
    back(p, &l->attn_out, k->ctx, dh); /* d(ctx) takes the place of ctx */
    sts_attention a = attention_of(p, i, &site);
    sts_attention_backward(&a, p->wide, NULL, k->qkv, k->ctx);
    sts_rope(p->T, p->N, p->D, p->wide, p->rope[l->local], p->position, true);
    sts_linear_gradients(p->g, p->net, &l->qkv, p->T, p->wide, 3 * p->H, k->n1);
    if (!below && l->attn_norm.gain < 0) return;
    back(p, &l->qkv, p->half, p->wide);
    if (l->attn_norm.gain >= 0)
        sts_norm_backward(p->net, &l->attn_norm, p->T, p->H, p->half, p->half, k->xhat1, k->rstd1);
    if (below) sts_residual_add(p->T, p->H, d, p->half, NULL, NULL, NULL);
}

static void front_backward(const pass *p, float *d)
{
    const sts_modernbert *c = p->c;
    sts_drop_site site;
    const sts_drop_site *s = sts_net_drop(&site, p->drop, 0, STS_DROP_EMBED, c->p_embed);
    if (s) sts_drop_rows(p->T, p->H, d, d, s, p->row);
    sts_norm_backward(p->net, &c->norm, p->T, p->H, d, d, p->xhat0, p->rstd0);
    sts_embed_backward(p->T, p->H, sts_net_grad(p->net, c->word), d, p->b->ids, c->pad);
}

/* The lowest layer that gradients must reach; -1: the embeddings. Tensors are declared in order,
 * so that the first that learns decides. */
static int lowest(const sts_net *net, const sts_modernbert *c)
{
    if (sts_net_grad(net, c->word) || sts_net_grad(net, c->norm.gain) ||
        sts_net_grad(net, c->norm.shift))
        return -1;
    for (int i = 0; i < c->layers; i++) {
        int end = i + 1 < c->layers ? c->layer[i + 1].attn_norm.gain : c->final_norm.gain;
        int at = i ? c->layer[i].attn_norm.gain : c->layer[i].qkv.weight;
        for (; at < end; at++)
            if (sts_net_grad(net, at)) return i;
    }
    return c->layers;
}

void sts_modernbert_backward(const sts_net *net, const sts_batch *b, const sts_drop *drop,
                             sts_work *w, void *tape, float *dout)
{
    if (w->dry || !b->n_tok) return;
    pass at_work = *(const pass *)tape, *p = &at_work;
    p->g = &w->products;
    p->net = net;
    p->b = b;
    p->drop = drop;
    int last = lowest(net, p->c);
    sts_norm_backward(net, &p->c->final_norm, p->T, p->H, dout, dout, p->xhat_end, p->rstd_end);
    for (int i = p->c->layers - 1; i >= 0 && i >= last; i--) {
        kept k = open_layer(p, i);
        mlp_backward(p, i, &k, dout);
        attention_backward(p, i, &k, dout, i > last);
        const sts_modern_layer *l = &p->c->layer[i];
        sts_net_complete(net, i ? l->attn_norm.gain : l->qkv.weight); /* its first tensor */
    }
    if (last < 0) front_backward(p, dout);
}
