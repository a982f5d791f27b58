/* score.c - `stsfit score`: pairs in, the same records with a similarity each out, in order. */
#include "core/mem.h"
#include "core/utf8.h"
#include "data/memory.h"
#include "eval/similarity.h"
#include "model/block.h"

#include <math.h>
#include <string.h>

const char *sts_model_similarity(const sts_model *m)
{
    return sts_similarity_name(sts_similarity_named(m->similarity));
}

int sts_score(const sts_model *m, const sts_data *data, double *out, sts_err *err)
{
    sts_corpus c;
    if (sts_require(m, "model", err) || sts_require(out, "out", err)) return -1;
    if (sts_corpus_copy(&c, data, err)) return -1;
    size_t dim = (size_t)m->dim, columns = (size_t)c.columns, n = c.n * columns;
    float *vector = sts_alloc(n, dim * sizeof *vector);
    int rc = vector ? sts_embed_texts(m, c.text, n, c.columns, vector, NULL, "scoring", err)
                    : sts_fail_memory(err, "embeddings");
    sts_similarity_kind kind = sts_similarity_named(m->similarity);
    for (size_t i = 0; i < c.n && !rc; i++) {
        const float *u = vector + i * columns * dim;
        sts_similarity(kind, u, u + dim, 1, dim, &out[i]);
    }
    sts_free(vector);
    sts_corpus_free(&c);
    return rc;
}

static int flush_scores(sts_block *b, char delimiter, sts_scored_fn *fn, void *ctx)
{
    double x;
    sts_similarity_kind kind = sts_similarity_named(b->m->similarity);
    size_t dim = (size_t)b->m->dim;
    if (sts_block_encode(b, b->n, 2)) return -1;
    for (size_t i = 0; i < b->n; i++) {
        const float *u = b->vector + 2 * i * dim;
        sts_similarity(kind, u, u + dim, 1, dim, &x);
        if (sts_utf8_blank(b->record[i].s, b->record[i].n)) x = NAN;
        if (fn(ctx, b->record[i], &x, delimiter)) return sts_fail_quiet(b->err);
    }
    sts_block_clear(b);
    return 0;
}

typedef struct scores {
    sts_block *b;
    char delimiter;
    sts_scored_fn *fn;
    void *ctx;
} scores;

static int pause_scores(void *ctx, sts_err *err)
{
    const scores *s = ctx;
    if (!flush_scores(s->b, s->delimiter, s->fn, s->ctx))
        return s->fn(s->ctx, (sts_str){0}, NULL, s->delimiter) ? sts_fail_quiet(err) : 0;
    return sts_fail_as(err, s->b->err);
}

static int take_row(sts_block *b, sts_rows *rows, int *more)
{
    sts_row row;
    sts_str raw;
    *more = sts_rows_next(rows, &row, &raw, b->err);
    if (*more <= 0) return *more;
    sts_str *text = &b->text[2 * b->n];
    if (sts_block_keep(b, raw, &b->record[b->n]) || sts_block_keep(b, row.text[0], &text[0]) ||
        sts_block_keep(b, row.text[1], &text[1]))
        return -1;
    b->n++;
    return 0;
}

int sts_score_file(const sts_model *m, const char *path, const sts_data_options *o,
                   sts_scored_fn *fn, void *ctx, sts_err *err)
{
    if (sts_require(m, "model", err) || sts_require(fn, "fn", err)) return -1;
    sts_rows *rows = sts_rows_open(path, o, true, err);
    sts_block *b = rows ? sts_block_new(m, err) : NULL;
    int rc = b ? 0 : -1, more = 1;
    const char *header = b ? sts_rows_header(rows) : NULL;
    char delimiter = b ? sts_rows_delimiter(rows) : 0;
    scores s = {b, delimiter, fn, ctx};
    if (b) sts_rows_on_idle(rows, pause_scores, &s);
    if (header && fn(ctx, (sts_str){header, strlen(header)}, NULL, delimiter))
        rc = sts_fail_quiet(err);
    while (!rc && more) {
        rc = take_row(b, rows, &more);
        if (rc || (b->n < STS_BLOCK && more)) continue;
        rc = flush_scores(b, delimiter, fn, ctx);
        if (!rc) rc = sts_rows_advance(rows, "scoring", err);
    }
    if (!rc) sts_rows_note_blank(rows, "written again without a similarity");
    if (b) sts_block_free(b);
    sts_rows_close(rows);
    return rc;
}
