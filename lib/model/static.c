/* static.c - static embeddings (sentence-transformers' StaticEmbedding, model2vec): the mean of
 * the rows of a text's tokens, nothing else. Such a directory has no config.json of an encoder: who
 * loads it gives the shape of embedding.weight as {"vocab_size": V, "hidden_size": D}. */
#include "math/embedding.h"
#include "model/encoder_config.h"
#include "model/net.h"

#include "core/mem.h"

#include <string.h>

typedef struct table {
    int param;
} table;

static int configure(sts_net *net, const sts_json_in *in)
{
    net->vocab = net->hidden = 0;
    if (sts_config_int(in, "vocab_size", 1, STS_MAX_VOCAB, &net->vocab) ||
        sts_config_int(in, "hidden_size", 1, STS_MAX_WIDTH, &net->hidden))
        return -1;
    if (!net->vocab || !net->hidden)
        return sts_fail(in->err, in->code, "%s: vocab_size and hidden_size are missing", in->name);
    net->config = sts_alloc(1, sizeof(table));
    return net->config ? 0 : sts_fail_memory(in->err, "the encoder");
}

static int layout(sts_net *net, sts_err *err)
{
    table *t = net->config;
    return sts_net_add(net, err, STS_SPARSE, "", "embedding.weight", (size_t)net->vocab,
                       (size_t)net->hidden, &t->param);
}

static void forward(const sts_net *net, const sts_batch *b, const sts_drop *drop, sts_work *w,
                    float **out, void **tape)
{
    (void)drop;
    const table *t = net->config;
    size_t S = (size_t)b->n_seq, H = (size_t)net->hidden;
    *out = sts_net_floats(w, S * H);
    if (tape) *tape = NULL;
    if (!w->dry)
        sts_embed_mean_forward(S, H, *out, sts_net_value(net, t->param), b->ids, b->start);
}

/* model2vec leaves unknown tokens out, sentence-transformers counts them. With a row of zeros both
 * give vectors of one direction; so such a row learns nothing. */
static void keep_zero_row(const sts_net *net, const table *t)
{
    size_t H = (size_t)net->hidden, at = (size_t)net->unknown * H;
    float *grad = sts_net_grad(net, t->param);
    const float *row = sts_net_value(net, t->param) + at;
    for (size_t j = 0; j < H; j++)
        if (row[j] != 0) return;
    memset(grad + at, 0, H * sizeof *grad);
}

static void backward(const sts_net *net, const sts_batch *b, const sts_drop *drop, sts_work *w,
                     void *tape, float *dout)
{
    (void)drop, (void)tape;
    const table *t = net->config;
    if (w->dry) return;
    sts_embed_mean_backward((size_t)b->n_seq, (size_t)net->hidden, sts_net_grad(net, t->param),
                            dout, b->ids, b->start);
    if (net->unknown >= 0 && sts_net_grad(net, t->param)) keep_zero_row(net, t);
}

const sts_encoder sts_encoder_static = {
    .model_type = "static",
    .help = "static embeddings: the mean of the tokens' vectors",
    .pooled = true,
    .configure = configure,
    .layout = layout,
    .forward = forward,
    .backward = backward,
    .free_config = sts_free,
    .lr = 0.005, /* each row is seen in few steps: 5e-5 leaves the table as it was */
};
