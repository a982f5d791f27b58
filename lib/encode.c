/* encode.c - `stsfit encode`: texts in, one vector each out, in order. */
#include "data/texts.h"
#include "model/block.h"

int sts_encode(const sts_model *m, const sts_str *text, size_t n, float *out, bool *cut,
               sts_err *err)
{
    return sts_embed_texts(m, text, n, 1, out, cut, "encoding", err);
}

typedef struct vectors {
    sts_block *b;
    sts_vector_fn *fn;
    void *ctx;
} vectors;

static int flush_vectors(sts_block *b, sts_vector_fn *fn, void *ctx)
{
    if (sts_block_encode(b, b->n, 1)) return -1;
    for (size_t i = 0; i < b->n; i++)
        if (fn(ctx, b->text[i], b->vector + i * (size_t)b->m->dim)) return sts_fail_quiet(b->err);
    sts_block_clear(b);
    return 0;
}

static int pause_vectors(void *ctx, sts_err *err)
{
    const vectors *v = ctx;
    if (!flush_vectors(v->b, v->fn, v->ctx))
        return v->fn(v->ctx, (sts_str){0}, NULL) ? sts_fail_quiet(err) : 0;
    return sts_fail_as(err, v->b->err);
}

int sts_encode_file(const sts_model *m, const char *path, const sts_text_options *o,
                    sts_vector_fn *fn, void *ctx, sts_err *err)
{
    sts_texts *t = sts_texts_open(path, o, err);
    sts_block *b = t ? sts_block_new(m, err) : NULL;
    vectors v = {b, fn, ctx};
    int rc = b ? 0 : -1;
    if (b) sts_table_on_idle(sts_texts_table(t), pause_vectors, &v);
    while (!rc) {
        sts_str text;
        int more = sts_texts_next(t, &text, err);
        if (more > 0) rc = sts_block_keep(b, text, &b->text[b->n++]);
        else rc = more;
        if (!rc && (b->n == STS_BLOCK || !more)) {
            rc = flush_vectors(b, fn, ctx);
            if (!rc) rc = sts_table_advance(sts_texts_table(t), "encoding", err);
        }
        if (!more) break;
    }
    if (!rc) sts_texts_note_blank(t, "encoded");
    if (b) sts_block_free(b);
    sts_texts_close(t);
    return rc;
}
