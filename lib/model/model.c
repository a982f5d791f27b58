/* model.c - a model at work: texts to ids, ids to embeddings, gradients back. */
#include "model/model.h"

#include "core/comm.h"
#include "core/mem.h"
#include "model/files.h"
#include "model/prompt.h"

#include <string.h>

#define LIMIT (1 << 20) /* of tokens, and of texts at a time */
#define TEXT_MAX ((size_t)INT32_MAX) /* bytes */

void sts_model_free(sts_model *m)
{
    if (!m) return;
    for (size_t i = 0; i < m->n_modules; i++) {
        sts_free(m->module[i].path);
        sts_free(m->module[i].config);
    }
    sts_free(m->module);
    if (m->net.config && m->net.encoder->free_config) m->net.encoder->free_config(m->net.config);
    sts_tokenizer_free(m->tokenizer);
    sts_params_free(&m->params);
    sts_model_files_free(m->files);
    for (int k = 0; k < 2; k++) sts_free(m->prompt[k].text);
    sts_free(m->dir);
    sts_free(m->path);
    sts_free(m->decision);
    sts_free(m->name);
    sts_free(m);
}

int sts_model_same(const sts_model *m, sts_err *err)
{
    const sts_params *p = &m->params;
    if (sts_comm_same_text("the precision", sts_model_precision(m), err)) return -1;
    return sts_comm_same(m->dir ? m->dir : "the model", p->value, p->count * sizeof *p->value, err);
}

/* ---- texts ---- */

static int tokenize(const sts_model *m, const char *text, size_t n, sts_ids *out, bool *truncated,
                    sts_err *err)
{
    const sts_encoder *e = m->net.encoder;
    if (e->ids) return e->ids(&m->net, text, n, m->max_seq_length, out, truncated, err);
    return sts_tokenizer_encode(m->tokenizer, text, n, m->max_seq_length, out, truncated, err);
}

/* Puts the prompt, unless it is NULL, in front of *text, which then lies in *joined, freed by
 * sts_free. */
static int put_prompt(const char *prompt, sts_str *text, char **joined, sts_err *err)
{
    *joined = NULL;
    if (text->n && !text->s)
        return sts_fail(err, STS_USAGE, "a text is NULL, with a length of %zu", text->n);
    if (text->n > TEXT_MAX)
        return sts_fail(err, STS_USAGE, "a text has %zu bytes: it may have %zu", text->n, TEXT_MAX);
    if (!prompt) return 0;
    size_t k = strlen(prompt), all;
    *joined = sts_add(k, text->n, &all) ? sts_alloc(all, 1) : NULL;
    if (!*joined) return sts_fail_memory(err, "a text");
    memcpy(*joined, prompt, k);
    if (text->n) memcpy(*joined + k, text->s, text->n);
    *text = (sts_str){*joined, all};
    return 0;
}

int sts_model_tokenize_after(const sts_model *m, const char *prompt, const char *text, size_t n,
                             sts_ids *out, bool *truncated, sts_err *err)
{
    sts_str all = {text, n};
    char *joined;
    int rc = put_prompt(prompt, &all, &joined, err);
    if (!rc) rc = tokenize(m, all.s, all.n, out, truncated, err);
    sts_free(joined);
    return rc;
}

int sts_model_count_after(const sts_model *m, const char *prompt, sts_str text, size_t *count,
                          bool *truncated, sts_err *err)
{
    const sts_text_encoder *e = m->net.encoder->texts;
    char *joined;
    int rc = put_prompt(prompt, &text, &joined, err);
    if (!rc)
        rc = e->count(&m->net, text.s, text.n, m->max_seq_length, count, truncated, err);
    sts_free(joined);
    return rc;
}

int sts_model_encode_after(const sts_model *m, void *memory, const char *prompt, sts_str text,
                           size_t ids, float *out, sts_err *err)
{
    const sts_text_encoder *e = m->net.encoder->texts;
    char *joined;
    int rc = put_prompt(prompt, &text, &joined, err);
    if (!rc) rc = e->embed(&m->net, memory, text.s, text.n, ids, out, err);
    sts_free(joined);
    return rc;
}

int sts_model_tokenize(const sts_model *m, const char *text, size_t n, sts_ids *out,
                       bool *truncated, sts_err *err)
{
    return sts_model_tokenize_after(m, m->prompt[0].text, text, n, out, truncated, err);
}

int sts_model_width(const sts_model *m)
{
    return m->dim;
}

int sts_model_set_max_seq_length(sts_model *m, size_t n, sts_err *err)
{
    if (n < 3) /* room for two special tokens and one of the text */
        return sts_fail(err, STS_USAGE, "a maximum length of %zu tokens is too short", n);
    if (m->net.max_positions && n > (size_t)m->net.max_positions)
        return sts_fail(err, STS_USAGE,
                        "a maximum length of %zu tokens: the model has %d positions", n,
                        m->net.max_positions);
    m->max_seq_length = n;
    if (sts_model_count_prompts(m, err)) return -1;
    return sts_files_set_length(m->files, n, err);
}

void sts_model_set_batch_size(sts_model *m, size_t n)
{
    m->batch_size = n;
}

int sts_model_set_dims(sts_model *m, size_t n, sts_err *err)
{
    if (n < 1 || n > (size_t)m->width)
        return sts_fail(err, STS_USAGE, "%zu dimensions: the model's vectors have %d", n, m->width);
    m->dim = (int)n;
    return 0;
}

int sts_model_set(sts_model *m, int64_t max_seq_length, int64_t batch_size, int64_t dims,
                  const char *precision, sts_err *err)
{
    if (max_seq_length < 0 || max_seq_length > LIMIT || batch_size < 0 || batch_size > LIMIT)
        return sts_fail(err, STS_USAGE, "a maximum length of %lld tokens, %lld texts at a time: "
                        "both are from 0 to %d", (long long)max_seq_length, (long long)batch_size,
                        LIMIT);
    sts_model_set_batch_size(m, (size_t)batch_size);
    if (dims < 0)
        return sts_fail(err, STS_USAGE, "%lld dimensions: the model's vectors have %d",
                        (long long)dims, m->width);
    if (dims && sts_model_set_dims(m, (size_t)dims, err)) return -1;
    if (max_seq_length && sts_model_set_max_seq_length(m, (size_t)max_seq_length, err)) return -1;
    return sts_model_set_precision(m, precision, err);
}

/* ---- forward and backward ---- */

/* Room for the roundings of a product's factors: at most, three projections made as one, [T x 3H]
 * and [T x H]. */
static sts_bf16 take_room(const sts_model *m, const sts_batch *b, sts_work *w)
{
    const sts_params *p = &m->params;
    size_t rows = (size_t)(b->n_tok > b->n_seq ? b->n_tok : b->n_seq);
    sts_bf16 r = {p->value, p->rounded, p->count, NULL, 0};
    if (p->rounded) r.n_room = rows * 4 * sts_params_longest(p);
    if (p->rounded) r.room = sts_work_take(w, r.n_room, sizeof *r.room);
    return r;
}

/* What backward needs: the encoder's tape, and one of each module. */
typedef struct tape {
    void *encoder;
    void **module;
} tape;

/* The first m->dim components of each row, as sentence-transformers cuts what it encodes (and not
 * what it trains); they are not normalised again. */
static void cut_rows(const sts_model *m, const sts_batch *b, sts_work *w, float **rows)
{
    size_t n = (size_t)b->n_seq, dim = (size_t)m->dim, width = (size_t)m->width;
    const float *from = *rows;
    if (dim == width) return;
    float *to = *rows = sts_work_take(w, n * dim, sizeof *to);
    for (size_t i = 0; !w->dry && i < n; i++)
        memcpy(to + i * dim, from + i * width, dim * sizeof *to);
}

/* A copy, since modules may write into their input. */
static float *take_given(const sts_model *m, const sts_batch *b, sts_work *w)
{
    size_t n = (size_t)b->n_seq * (size_t)m->net.hidden;
    float *rows = sts_work_take(w, n, sizeof *rows);
    if (!w->dry && n) memcpy(rows, b->given, n * sizeof *rows);
    return rows;
}

int sts_model_forward(const sts_model *m, const sts_batch *b, const sts_drop *drop, sts_work *w,
                      float **out, void **to, sts_err *err)
{
    w->used = 0;
    void *unused;
    tape *t = sts_work_take(w, 1, sizeof *t);
    void **module = sts_work_take(w, m->n_modules, sizeof *module);
    if (w->dry) t = NULL;
    w->products.bf16 = take_room(m, b, w);
    if (b->given) *out = take_given(m, b, w);
    else m->net.encoder->forward(&m->net, b, drop, w, out, t ? &t->encoder : &unused);
    for (size_t i = 0; i < m->n_modules; i++) {
        const sts_module *k = &m->module[i];
        k->type->forward(k, &m->params, b, drop, w, *out, out, t ? &module[i] : &unused);
    }
    if (!drop) cut_rows(m, b, w, out);
    if (t) *t = (tape){t->encoder, module};
    if (to) *to = t;
    return sts_products_check(&w->products, err);
}

/* With gradients into params; when dry, NULL. */
static void backward(const sts_model *m, sts_params *params, const sts_batch *b,
                     const sts_drop *drop, sts_work *w, const tape *t, float *demb)
{
    for (size_t i = m->n_modules; i--;) {
        const sts_module *k = &m->module[i];
        k->type->backward(k, params, b, drop, w, t ? t->module[i] : NULL, demb, &demb);
    }
    m->net.encoder->backward(&m->net, b, drop, w, t ? t->encoder : NULL, demb);
}

int sts_model_backward(sts_model *m, const sts_batch *b, const sts_drop *drop, sts_work *w,
                       void *from, float *demb, sts_err *err)
{
    backward(m, &m->params, b, drop, w, from, demb);
    return sts_products_check(&w->products, err);
}

size_t sts_model_workspace(const sts_model *m, const sts_batch *b, bool training)
{
    sts_work w = {.dry = true};
    sts_drop drop = {0};
    float *out;
    void *to;
    sts_model_forward(m, b, training ? &drop : NULL, &w, &out, &to, NULL);
    if (training) backward(m, NULL, b, &drop, &w, to, out);
    return w.used;
}
