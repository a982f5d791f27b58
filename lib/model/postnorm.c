/* postnorm.c - forward and backward of BERT's family, block by block:
 *   y1 = norm(x + dropout(attention(x) Wo' + bo))
 *   y2 = norm(y1 + dropout(act(y1 Wup' + bup) Wdown' + bdown)) */
#include "model/postnorm.h"

#include "math/attention.h"
#include "math/bias.h"
#include "math/layernorm.h"

#include <math.h>
#include <string.h>

/* A pass over a batch: the sizes, and what is kept. In training each block keeps its own. */
typedef struct pass {
    sts_products *g;
    const sts_net *net;
    const sts_postnorm *c;
    const sts_batch *b;
    const sts_drop *drop;
    size_t T, H, F;
    uint64_t *row;
    sts_front front;
    float *x0;              /* [T x H], what enters the first block */
    float *x, *y1;          /* [T x H], what leaves a block, and its first half */
    float *wide;            /* [T x max(F, 3H)], scratch in training */
    float *narrow;          /* [T x max(H, embed)], scratch */
    float *scratch;         /* of attention */
    float *relative, *drelative;
    float *blocks;
    size_t th, tf, t1, stride; /* T H, T F, T rounded up to 16; floats of a block */
} pass;

/* What one block keeps; x and y1 are made again from the xhats. */
typedef struct kept {
    float *qkv, *ctx, *xhat1, *xhat2; /* [T x H], qkv three times that */
    float *pre, *act;                 /* [T x F]; act is not kept */
    float *rstd1, *rstd2;             /* [T] */
} kept;

static size_t round16(size_t n)
{
    return (n + 15) & ~(size_t)15;
}

static kept open_block(const pass *p, int i)
{
    float *at = p->blocks;
    if (!p->drop) /* evaluation: nobody comes back for anything */
        return (kept){.qkv = at, .ctx = at + 3 * p->th, .xhat1 = p->narrow, .xhat2 = p->narrow,
                      .pre = at, .act = at, .rstd1 = p->front.rstd, .rstd2 = p->front.rstd};
    at += (size_t)i * p->stride;
    return (kept){.qkv = at, .ctx = at + 3 * p->th, .xhat1 = at + 4 * p->th,
                  .xhat2 = at + 5 * p->th, .pre = at + 6 * p->th, .act = p->wide,
                  .rstd1 = at + 6 * p->th + p->tf, .rstd2 = at + 6 * p->th + p->tf + p->t1};
}

static pass open_pass(const sts_net *net, const sts_batch *b, const sts_drop *drop,
                      sts_products *g)
{
    const sts_postnorm *c = net->config;
    pass p = {.g = g, .net = net, .c = c, .b = b, .drop = drop, .T = (size_t)b->n_tok};
    p.H = (size_t)c->hidden;
    p.F = (size_t)c->inner;
    p.th = round16(p.T * p.H);
    p.tf = round16(p.T * p.F);
    p.t1 = round16(p.T);
    if (drop) p.stride = 6 * p.th + p.tf + 2 * p.t1;
    else p.stride = p.tf > 4 * p.th ? p.tf : 4 * p.th;
    return p;
}

static void take_all(pass *p, sts_work *w)
{
    const sts_postnorm *c = p->c;
    size_t E = (size_t)c->embed, longest = (size_t)p->b->longest, T = p->T;
    size_t blocks = p->drop ? (size_t)sts_postnorm_blocks(c) : 1;
    size_t biases = (size_t)c->heads * 2 * longest;
    p->row = sts_work_take(w, T, sizeof *p->row);
    p->front.position = sts_work_take(w, T, sizeof *p->front.position);
    p->front.rstd = sts_net_floats(w, T);
    p->narrow = sts_net_floats(w, T * (p->H > E ? p->H : E));
    p->x = sts_net_floats(w, T * p->H);
    p->y1 = sts_net_floats(w, T * p->H);
    p->scratch = sts_net_floats(w, sts_attention_scratch(p->H / (size_t)c->heads, longest));
    p->relative = c->relative < 0 ? NULL : sts_net_floats(w, biases);
    p->blocks = sts_net_floats(w, blocks * p->stride);
    p->x0 = p->drop ? sts_net_floats(w, T * p->H) : p->x;
    p->front.xhat = p->drop ? sts_net_floats(w, T * E) : p->narrow;
    p->front.y = c->project.weight < 0 ? p->x0 : sts_net_floats(w, T * E);
    if (!p->drop) return;
    p->wide = sts_net_floats(w, T * (p->F > 3 * p->H ? p->F : 3 * p->H));
    p->drelative = c->relative < 0 ? NULL : sts_net_floats(w, biases);
}

/* `site` must outlive what is returned. */
static sts_attention attention_of(const pass *p, int block, sts_drop_site *site)
{
    size_t N = (size_t)p->c->heads, D = p->H / N;
    return (sts_attention){
        .S = (size_t)p->b->n_seq, .N = N, .D = D, .start = p->b->start, .key = p->b->key,
        .scale = (float)(1.0 / sqrt((double)D)), .bias = p->relative,
        .reach = (size_t)p->b->longest, .scratch = p->scratch,
        .drop = sts_net_drop(site, p->drop, block + 1, STS_DROP_PROBS, p->c->p_probs)};
}

static const sts_drop_site *drop_of(const pass *p, int block, int which, sts_drop_site *site)
{
    bool has = which == STS_DROP_INNER ? p->c->spec->drop_inner : p->c->spec->drop_attention;
    return has ? sts_net_drop(site, p->drop, block + 1, which, p->c->p_hidden) : NULL;
}

/* ---- forward ------------------------------------------------------------------------------- */

/* The projections as they are multiplied: all at once where their weights lie side by side. */
static int qkv_products(const sts_postnorm_block *w, sts_linear l[3])
{
    for (int i = 0; i < 3; i++) l[i] = w->linear[STS_Q + i];
    if (!w->qkv_together) return 3;
    l[0].out *= 3;
    l[0].bias = -1; /* each has its own */
    return 1;
}

static void qkv_forward(const pass *p, const sts_postnorm_block *w, float *qkv, const float *x)
{
    size_t H = p->H;
    sts_linear l[3];
    int n = qkv_products(w, l);
    for (int i = 0; i < n; i++)
        sts_linear_forward(p->g, p->net, &l[i], p->T, qkv + (size_t)i * H, 3 * H, x);
    for (int i = STS_Q; i <= STS_V; i++)
        sts_bias_add(p->T, H, qkv + (size_t)i * H, 3 * H, sts_net_value(p->net, w->linear[i].bias));
}

/* y = norm(residual + dropout(x W' + bias)); the product is left as xhat. */
static void close_half(const pass *p, const sts_linear *l, const sts_norm *n, float *y, float *xhat,
                       float *rstd, const float *x, const float *residual, const sts_drop_site *d)
{
    const sts_net *net = p->net;
    sts_linear_forward(p->g, net, l, p->T, xhat, l->out, x);
    sts_residual_norm_forward(p->T, p->H, y, xhat, rstd, sts_net_value(net, l->bias), residual,
                              sts_net_value(net, n->gain), sts_net_value(net, n->shift),
                              p->c->eps, d, p->row);
}

static void block_forward(const pass *p, int i)
{
    const sts_postnorm_block *w = sts_postnorm_weights(p->c, i);
    const float *x = i ? p->x : p->x0;
    kept k = open_block(p, i);
    sts_drop_site site;
    qkv_forward(p, w, k.qkv, x);
    sts_attention a = attention_of(p, i, &site);
    sts_attention_forward(&a, k.ctx, k.qkv);
    close_half(p, &w->linear[STS_O], &w->norm[0], p->y1, k.xhat1, k.rstd1, k.ctx, x,
               drop_of(p, i, STS_DROP_ATTENTION, &site));
    sts_linear_forward(p->g, p->net, &w->linear[STS_UP], p->T, k.pre, p->F, p->y1);
    sts_act_forward(p->c->act, p->T, p->F, k.act, k.pre,
                    sts_net_value(p->net, w->linear[STS_UP].bias));
    close_half(p, &w->linear[STS_DOWN], &w->norm[1], p->x, k.xhat2, k.rstd2, k.act, p->y1,
               drop_of(p, i, STS_DROP_INNER, &site));
}

void sts_postnorm_forward(const sts_net *net, const sts_batch *b, const sts_drop *drop, sts_work *w,
                          float **out, void **tape)
{
    pass p = open_pass(net, b, drop, &w->products), *saved = NULL;
    const sts_postnorm *c = p.c;
    if (drop) saved = sts_work_take(w, 1, sizeof *saved);
    take_all(&p, w);
    int blocks = sts_postnorm_blocks(c);
    *out = p.x;
    if (tape) *tape = saved;
    if (w->dry) return;
    if (saved) *saved = p;
    if (!p.T) return;
    sts_net_rows(b, p.row, p.front.position); /* the front puts its own positions there */
    sts_front_forward(net, b, &p.front, drop, p.row);
    if (c->project.weight >= 0) {
        sts_linear_forward(p.g, net, &c->project, p.T, p.x0, p.H, p.front.y);
        sts_bias_add(p.T, p.H, p.x0, p.H, sts_net_value(net, c->project.bias));
    }
    if (p.relative) sts_relative_forward(net, (size_t)b->longest, p.relative);
    for (int i = 0; i < blocks; i++) block_forward(&p, i);
}

/* ---- backward ------------------------------------------------------------------------------ */

/* The first step back through half a block: d = d(norm's output) becomes d(residual), and what is
 * returned is d(product): d itself, or with dropout a copy. */
static const float *open_half(const pass *p, const sts_norm *n, float *d, const float *xhat,
                              const float *rstd, const sts_drop_site *site)
{
    sts_norm_backward(p->net, n, p->T, p->H, d, d, xhat, rstd);
    if (!site) return d;
    sts_drop_rows(p->T, p->H, p->narrow, d, site, p->row);
    return p->narrow;
}

/* The norm's output once more. */
static void again(const pass *p, const sts_norm *n, float *y, const float *xhat)
{
    sts_layernorm_again(p->T, p->H, y, xhat, sts_net_value(p->net, n->gain),
                        sts_net_value(p->net, n->shift));
}

static void through(const pass *p, const sts_linear *l, float *dx, const float *dy, bool add)
{
    sts_linear_backward(p->g, p->net, l, p->T, dx, dy, l->out, add);
}

static void inner_backward(const pass *p, const sts_postnorm_block *w, int i, const kept *k,
                           float *d)
{
    const sts_linear *up = &w->linear[STS_UP], *down = &w->linear[STS_DOWN];
    sts_drop_site site;
    const float *dh = open_half(p, &w->norm[1], d, k->xhat2, k->rstd2,
                                drop_of(p, i, STS_DROP_INNER, &site));
    through(p, down, p->wide, dh, false);
    sts_act_backward(p->c->act, p->T, p->F, k->pre, p->wide); /* pre becomes act(pre) */
    sts_linear_gradients(p->g, p->net, down, p->T, dh, p->H, k->pre);
    again(p, &w->norm[0], p->y1, k->xhat1);
    sts_linear_gradients(p->g, p->net, up, p->T, p->wide, p->F, p->y1);
    through(p, up, d, p->wide, true);
}

/* Gradients of the three projections, and d += dqkv W when below is wanted. */
static void qkv_backward(const pass *p, const sts_postnorm_block *w, float *d, const float *dqkv,
                         const float *x, bool below)
{
    sts_linear l[3];
    int n = qkv_products(w, l);
    bool together = n == 1;
    for (int i = STS_Q; i <= STS_V; i++)
        together = together && sts_net_grad(p->net, w->linear[i].weight);
    if (together) sts_linear_gradients(p->g, p->net, &l[0], p->T, dqkv, 3 * p->H, x);
    for (int i = STS_Q; i <= STS_V; i++) {
        sts_linear one = w->linear[i];
        if (together) one.weight = -1; /* it has its gradient */
        sts_linear_gradients(p->g, p->net, &one, p->T, dqkv + (size_t)i * p->H, 3 * p->H, x);
    }
    for (int i = 0; i < n && below; i++)
        sts_linear_backward(p->g, p->net, &l[i], p->T, d, dqkv + (size_t)i * p->H, 3 * p->H, true);
}

static void attention_backward(const pass *p, const sts_postnorm_block *w, int i, const kept *k,
                               float *d, bool below)
{
    const sts_linear *o = &w->linear[STS_O];
    sts_drop_site site;
    const float *dh = open_half(p, &w->norm[0], d, k->xhat1, k->rstd1,
                                drop_of(p, i, STS_DROP_ATTENTION, &site));
    sts_linear_gradients(p->g, p->net, o, p->T, dh, p->H, k->ctx);
    through(p, o, k->ctx, dh, false); /* d(ctx) takes the place of ctx */
    sts_attention a = attention_of(p, i, &site);
    sts_attention_backward(&a, p->wide, p->drelative, k->qkv, k->ctx);
    if (i) again(p, &sts_postnorm_weights(p->c, i - 1)->norm[1], p->x, open_block(p, i - 1).xhat2);
    qkv_backward(p, w, d, p->wide, i ? p->x : p->x0, below);
}

static bool learns(const sts_net *net, int param)
{
    return sts_net_grad(net, param) != NULL;
}

static bool norm_learns(const sts_net *net, const sts_norm *n)
{
    return learns(net, n->gain) || learns(net, n->shift);
}

static bool front_learns(const sts_net *net, const sts_postnorm *c)
{
    return learns(net, c->word) || learns(net, c->position) || learns(net, c->type) ||
           norm_learns(net, &c->norm) || learns(net, c->project.weight) ||
           (c->project.weight >= 0 && learns(net, c->project.bias));
}

static bool block_learns(const sts_net *net, const sts_postnorm_block *w)
{
    for (int i = 0; i < STS_LINEARS; i++)
        if (learns(net, w->linear[i].weight) || learns(net, w->linear[i].bias)) return true;
    return norm_learns(net, &w->norm[0]) || norm_learns(net, &w->norm[1]);
}

/* The lowest block that gradients must reach; -1: the embeddings. */
static int lowest(const sts_net *net, const sts_postnorm *c)
{
    if (front_learns(net, c)) return -1;
    int blocks = sts_postnorm_blocks(c), i = 0;
    if (learns(net, c->relative)) return 0;
    while (i < blocks && !block_learns(net, sts_postnorm_weights(c, i))) i++;
    return i;
}

static void front_backward(const pass *p, float *d)
{
    const sts_linear *l = &p->c->project;
    if (l->weight >= 0) {
        sts_linear_gradients(p->g, p->net, l, p->T, d, p->H, p->front.y);
        through(p, l, p->narrow, d, false);
        d = p->narrow;
    }
    sts_front_backward(p->net, p->b, &p->front, p->drop, p->row, d);
}

void sts_postnorm_backward(const sts_net *net, const sts_batch *b, const sts_drop *drop,
                           sts_work *w, void *tape, float *dout)
{
    if (w->dry || !b->n_tok) return;
    pass at_work = *(const pass *)tape, *p = &at_work;
    p->g = &w->products;
    p->net = net;
    p->b = b;
    p->drop = drop;
    const sts_postnorm *c = p->c;
    size_t reach = (size_t)b->longest;
    int last = lowest(net, c);
    if (p->drelative) memset(p->drelative, 0, (size_t)c->heads * 2 * reach * sizeof(float));
    for (int i = sts_postnorm_blocks(c) - 1; i >= 0 && i >= last; i--) {
        const sts_postnorm_block *weights = sts_postnorm_weights(c, i);
        kept k = open_block(p, i);
        inner_backward(p, weights, i, &k, dout);
        attention_backward(p, weights, i, &k, dout, i > last);
        if (!c->groups) sts_net_complete(net, weights->linear[STS_Q].weight); /* its first tensor */
    }
    if (p->drelative) sts_relative_backward(net, reach, p->drelative);
    if (last < 0) front_backward(p, dout);
}
