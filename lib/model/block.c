/* block.c - texts to finite embeddings, alone and a block at a time. */
#include "model/block.h"

#include "core/mem.h"
#include "format/dtype.h"

/* Weights that are finite, but huge, may still overflow. */
static int check_finite(const sts_model *m, const sts_str *text, size_t n, const float *v,
                        sts_err *err)
{
    size_t dim = (size_t)m->dim, bad = sts_not_finite(v, n * dim);
    if (bad == n * dim) return 0;
    char shown[128];
    sts_quote(shown, sizeof shown, text[bad / dim].s, text[bad / dim].n);
    return sts_fail(err, STS_MODEL, "the model's vector of \"%s\" has a component %zu that is NaN "
                    "or infinite: its weights are damaged", shown, bad % dim + 1);
}

static int embed_texts(const sts_model *m, const sts_str *text, size_t n, sts_token_options how,
                       float *out, const char *what, sts_err *err)
{
    sts_tokens t;
    if (sts_require(m, "model", err)) return -1;
    if (n && (sts_require(text, "text", err) || sts_require(out, "out", err))) return -1;
    if (sts_tokens_make(&t, m, text, n, how, err)) return -1;
    int rc = sts_embed(m, &t, out, what, err);
    sts_tokens_free(&t);
    return rc ? rc : check_finite(m, text, n, out, err);
}

int sts_embed_texts(const sts_model *m, const sts_str *text, size_t n, int columns, float *out,
                    bool *cut, const char *what, sts_err *err)
{
    sts_token_options how = {.columns = columns, .cut = cut};
    return embed_texts(m, text, n, how, out, what, err);
}

sts_block *sts_block_new(const sts_model *m, sts_err *err)
{
    sts_block *b = sts_alloc(1, sizeof *b);
    if (b) b->vector = sts_alloc(2 * STS_BLOCK * sizeof *b->vector, (size_t)m->dim);
    if (!b || !b->vector) {
        sts_fail_memory(err, "a block of lines");
        sts_free(b);
        return NULL;
    }
    b->m = m;
    b->err = err;
    if (!sts_model_same(m, err) && !sts_recall_open(&b->recall, m, SIZE_MAX, err)) return b;
    sts_free(b->vector);
    sts_free(b);
    return NULL;
}

void sts_block_free(sts_block *b)
{
    sts_tokens_warn_cut(b->m, b->truncated, b->texts);
    sts_arena_free(&b->arena);
    sts_recall_close(&b->recall);
    sts_free(b->vector);
    sts_free(b);
}

int sts_block_keep(sts_block *b, sts_str from, sts_str *to)
{
    *to = (sts_str){sts_arena_text(&b->arena, from.s, from.n), from.n};
    return to->s ? 0 : sts_fail_memory(b->err, "a block of lines");
}

int sts_block_encode(sts_block *b, size_t rows, int columns)
{
    bool cut[2 * STS_BLOCK];
    size_t texts = rows * (size_t)columns;
    sts_token_options how = {.columns = columns, .recall = &b->recall, .cut = cut};
    if (embed_texts(b->m, b->text, texts, how, b->vector, NULL, b->err)) return -1;
    b->texts += texts;
    for (size_t i = 0; i < texts; i++) b->truncated += cut[i];
    return 0;
}

void sts_block_clear(sts_block *b)
{
    b->n = 0;
    sts_arena_free(&b->arena);
}
