/* encoder_help.h - small encoders of every kind, set up from the text of a config.json with random
 * weights, for the tests that walk the registry. */
#ifndef ENCODER_HELP_H
#define ENCODER_HELP_H

#include "core/mem.h"
#include "core/rng.h"
#include "model/encoder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct subject {
    const char *type, *config;
} subject;

#define BERT_SIZES                                                                                 \
    "\"vocab_size\":90,\"hidden_size\":24,\"num_hidden_layers\":2,\"num_attention_heads\":3,"      \
    "\"intermediate_size\":40,\"max_position_embeddings\":80"

/* Every encoder needs at least one line: awkward widths, and what only it has. */
static const subject subjects[] = {
    {"bert", "{" BERT_SIZES ",\"hidden_act\":\"gelu_new\"}"},
    {"bert", "{\"vocab_size\":50,\"hidden_size\":30,\"num_hidden_layers\":1,"
             "\"num_attention_heads\":5,\"intermediate_size\":37,\"hidden_act\":\"silu\","
             "\"max_position_embeddings\":80}"},
    {"roberta", "{" BERT_SIZES ",\"type_vocab_size\":1,\"pad_token_id\":3}"},
    {"xlm-roberta", "{" BERT_SIZES ",\"type_vocab_size\":1}"},
    {"mpnet", "{" BERT_SIZES "}"},
    {"distilbert", "{\"vocab_size\":90,\"dim\":24,\"n_layers\":2,\"n_heads\":3,\"hidden_dim\":40,"
                   "\"max_position_embeddings\":80}"},
    {"electra", "{" BERT_SIZES ",\"embedding_size\":16}"},
    {"albert", "{\"vocab_size\":90,\"hidden_size\":24,\"num_hidden_layers\":4,"
               "\"num_attention_heads\":3,\"intermediate_size\":40,\"embedding_size\":10,"
               "\"num_hidden_groups\":2,\"inner_group_num\":2,\"max_position_embeddings\":80}"},
    {"modernbert", "{" BERT_SIZES ",\"local_attention\":8,"
                   "\"pad_token_id\":3}"},
    {"modernbert", "{" BERT_SIZES ",\"norm_bias\":true,\"attention_bias\":true,\"mlp_bias\":true,"
                   "\"pad_token_id\":null}"},
    {"static", "{\"vocab_size\":90,\"hidden_size\":24}"},
    {"bag", "{\"dimension\":24,\"features\":90}"},
};
enum { SUBJECTS = sizeof subjects / sizeof *subjects };

typedef struct rig {
    sts_net net;
    sts_params params;
    sts_batch batch;
    sts_work work;
    sts_err err;
    float *out;
    void *tape;
} rig;

/* 0, or -1 with r->err; sizes only, no weights. */
static inline int rig_settings(rig *r, const char *type, const sts_json *json)
{
    *r = (rig){.net.encoder = sts_encoder_find(type)};
    r->net.params = &r->params;
    cr_assert(r->net.encoder, "no encoder %s", type);
    sts_json_in in = {json, "config.json", STS_MODEL, &r->err};
    return r->net.encoder->configure(&r->net, &in);
}

static inline int rig_configure(rig *r, const char *type, const char *config)
{
    sts_json *json = sts_json_of_text(config);
    cr_assert(json, "%s", config);
    int bad = rig_settings(r, type, json);
    sts_json_free(json);
    return bad;
}

static inline void rig_free(rig *r)
{
    if (r->net.config) r->net.encoder->free_config(r->net.config);
    sts_params_free(&r->params);
    sts_batch_free(&r->batch);
    sts_work_free(&r->work);
}

static inline bool ends_with(const char *s, const char *end)
{
    return strlen(s) >= strlen(end) && !strcmp(s + strlen(s) - strlen(end), end);
}

/* Biases, gains and matrices all random, of sizes that keep activations near 1. */
static inline void rig_weights(rig *r)
{
    cr_assert(!sts_params_alloc(&r->params, &r->err));
    cr_assert(!sts_params_alloc_grad(&r->params, &r->err));
    sts_rng rng = sts_rng_new(11, 3);
    for (size_t i = 0; i < r->params.n; i++) {
        const sts_param *p = &r->params.v[i];
        bool gain = p->n_dims == 1 && ends_with(p->name, "weight");
        double size = p->n_dims == 1 ? 0.2 : p->sparse ? 0.5 : 1 / sqrt((double)p->shape[1]);
        for (size_t k = 0; k < p->count; k++)
            r->params.value[p->offset + k] = (float)(gain + size * sts_rng_normal(&rng));
    }
}

static inline void rig_open(rig *r, const subject *s)
{
    cr_assert(!rig_configure(r, s->type, s->config), "%s: %s", s->type, r->err.text);
    cr_assert(!r->net.encoder->layout(&r->net, &r->err), "%s: %s", s->type, r->err.text);
    rig_weights(r);
}

static inline int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Sentence k of our small world, n ids; always the same. */
static inline void rig_add(rig *r, uint32_t k, size_t n)
{
    int32_t ids[128];
    sts_rng rng = sts_rng_new(500 + k, 1);
    uint32_t below = r->net.vocab < 90 ? (uint32_t)r->net.vocab : 90;
    for (size_t i = 0; i < n; i++) ids[i] = (int32_t)sts_rng_below(&rng, below);
    if (r->net.encoder->ids) qsort(ids, n, sizeof *ids, by_number); /* bags are sorted */
    cr_assert(!sts_batch_add(&r->batch, ids, n, k, &r->err));
}

static const size_t lengths[] = {14, 2, 40, 1, 0, 67, 17, 9};
enum { SENTENCES = sizeof lengths / sizeof *lengths };

static inline void rig_fill(rig *r)
{
    sts_batch_clear(&r->batch);
    for (uint32_t k = 0; k < SENTENCES; k++) rig_add(r, k, lengths[k]);
}

static inline size_t rig_size(const rig *r)
{
    size_t rows = (size_t)(r->net.encoder->pooled ? r->batch.n_seq : r->batch.n_tok);
    return rows * (size_t)r->net.hidden;
}

/* Forward of r->batch in a workspace that a dry pass has sized. */
static inline void rig_forward(rig *r, const sts_drop *drop)
{
    const sts_encoder *e = r->net.encoder;
    r->work.used = 0, r->work.dry = true;
    e->forward(&r->net, &r->batch, drop, &r->work, &r->out, &r->tape);
    if (drop) e->backward(&r->net, &r->batch, drop, &r->work, r->tape, r->out);
    size_t bytes = r->work.used;
    r->work.used = 0, r->work.dry = false;
    cr_assert(!sts_work_reserve(&r->work, bytes, &r->err));
    e->forward(&r->net, &r->batch, drop, &r->work, &r->out, &r->tape);
    cr_assert(r->work.used <= bytes, "%s takes more than its dry pass counted", e->model_type);
}

/* Gradients of <out, weight>, from zero. */
static inline void rig_backward(rig *r, const sts_drop *drop, const float *weight)
{
    size_t n = rig_size(r);
    float *dout = malloc((n + 1) * sizeof *dout);
    memcpy(dout, weight, n * sizeof *dout);
    memset(r->params.grad, 0, r->params.count * sizeof *r->params.grad);
    r->net.encoder->backward(&r->net, &r->batch, drop, &r->work, r->tape, dout);
    free(dout);
}

#endif
