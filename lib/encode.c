/* encode.c - encode, tokenize, score: a file in, one result per text, in order, in bounded
 * memory. */
#include "core/arena.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "eval/similarity.h"
#include "format/dtype.h"
#include "model/tokens.h"
#include "data/dataset.h"
#include "data/texts.h"

#include <math.h>
#include <string.h>

#define BLOCK 1024 /* lines at a time */

int sts_model_width(const sts_model *m)
{
    return m->dim;
}

void sts_free_text(void *text)
{
    sts_free(text);
}

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

/* Progress is that of `what`, or with NULL told by the caller. */
static int encode(const sts_model *m, const sts_str *text, size_t n, float *out, size_t *truncated,
                  const char *what, sts_err *err)
{
    sts_tokens t;
    if (sts_tokens_make(&t, m, text, n, err)) return -1;
    if (truncated) *truncated = t.truncated;
    int rc = sts_embed(m, &t, out, what, err);
    sts_tokens_free(&t);
    return rc ? rc : check_finite(m, text, n, out, err);
}

int sts_encode(const sts_model *m, const sts_str *text, size_t n, float *out, size_t *truncated,
               sts_err *err)
{
    return encode(m, text, n, out, truncated, "encoding", err);
}

/* ---- a block of lines ---- */

typedef struct block {
    const sts_model *m;
    sts_arena arena;
    sts_str record[BLOCK];   /* the lines as they stood */
    sts_str text[2 * BLOCK]; /* what is encoded: one or two a line */
    size_t n;
    float *vector; /* [2 BLOCK x width] */
    size_t truncated;
    sts_err *err;
} block;

static block *block_new(const sts_model *m, sts_err *err)
{
    block *b = sts_alloc(1, sizeof *b);
    if (b) b->vector = sts_alloc(2 * BLOCK * sizeof *b->vector, (size_t)m->dim);
    if (!b || !b->vector) {
        sts_fail_memory(err, "a block of lines");
        sts_free(b);
        return NULL;
    }
    b->m = m;
    b->err = err;
    if (!sts_model_same(m, err)) return b;
    sts_free(b->vector);
    sts_free(b);
    return NULL;
}

static void block_free(block *b)
{
    if (b->truncated)
        sts_note(STS_WARN, "%zu texts were cut to %zu tokens", b->truncated, b->m->max_seq_length);
    sts_arena_free(&b->arena);
    sts_free(b->vector);
    sts_free(b);
}

static int keep(block *b, sts_str from, sts_str *to)
{
    *to = (sts_str){sts_arena_text(&b->arena, from.s, from.n), from.n};
    return to->s ? 0 : sts_fail_memory(b->err, "a block of lines");
}

static int block_encode(block *b, size_t texts)
{
    size_t cut = 0;
    if (encode(b->m, b->text, texts, b->vector, &cut, NULL, b->err)) return -1;
    b->truncated += cut;
    return 0;
}

static void block_clear(block *b)
{
    b->n = 0;
    sts_arena_free(&b->arena);
}

static int stopped(sts_err *err)
{
    err->code = STS_FAILED; /* the caller knows why: there is no message */
    err->text[0] = 0;
    return -1;
}

/* ---- encode and tokenize ---- */

typedef struct vectors {
    block *b;
    sts_vector_fn *fn;
    void *ctx;
} vectors;

static int flush_vectors(block *b, sts_vector_fn *fn, void *ctx)
{
    if (block_encode(b, b->n)) return -1;
    for (size_t i = 0; i < b->n; i++)
        if (fn(ctx, b->text[i], b->vector + i * (size_t)b->m->dim)) return stopped(b->err);
    block_clear(b);
    return 0;
}

static int pause_vectors(void *ctx, sts_err *err)
{
    const vectors *v = ctx;
    if (!flush_vectors(v->b, v->fn, v->ctx))
        return v->fn(v->ctx, (sts_str){0}, NULL) ? stopped(err) : 0;
    *err = *v->b->err;
    return -1;
}

int sts_encode_file(const sts_model *m, const char *path, const sts_text_options *o,
                    sts_vector_fn *fn, void *ctx, sts_err *err)
{
    sts_texts *t = sts_texts_open(path, o, err);
    block *b = t ? block_new(m, err) : NULL;
    vectors v = {b, fn, ctx};
    int rc = b ? 0 : -1;
    if (b) sts_table_on_idle(sts_texts_table(t), pause_vectors, &v);
    while (!rc) {
        sts_str text;
        int more = sts_texts_next(t, &text, err);
        if (more > 0) rc = keep(b, text, &b->text[b->n++]);
        else rc = more;
        if (!rc && (b->n == BLOCK || !more)) {
            rc = flush_vectors(b, fn, ctx);
            if (!rc) rc = sts_table_advance(sts_texts_table(t), "encoding", err);
        }
        if (!more) break;
    }
    if (b) block_free(b);
    sts_texts_close(t);
    return rc;
}

typedef struct idle_ids {
    sts_ids_fn *fn;
    void *ctx;
} idle_ids;

static int pause_ids(void *ctx, sts_err *err)
{
    const idle_ids *i = ctx;
    return i->fn(i->ctx, NULL, 0) ? stopped(err) : 0;
}

int sts_tokenize_file(const sts_model *m, const char *path, const sts_text_options *o,
                      sts_ids_fn *fn, void *ctx, sts_err *err)
{
    sts_texts *t = sts_texts_open(path, o, err);
    sts_ids ids = {0};
    idle_ids idle = {fn, ctx};
    int rc = t ? 0 : -1;
    if (t) sts_table_on_idle(sts_texts_table(t), pause_ids, &idle);
    for (size_t n = 1; !rc; n++) {
        sts_str text;
        if (n % BLOCK == 0) rc = sts_table_advance(sts_texts_table(t), "tokenizing", err);
        if (rc) break;
        int more = sts_texts_next(t, &text, err);
        if (more <= 0) {
            rc = more;
            break;
        }
        rc = sts_model_tokenize(m, text.s, text.n, &ids, NULL, err);
        if (!rc && fn(ctx, ids.v, ids.n)) rc = stopped(err);
    }
    sts_ids_free(&ids);
    sts_texts_close(t);
    return rc;
}

/* ---- score ---- */

static int flush_scores(block *b, char delimiter, sts_scored_fn *fn, void *ctx)
{
    double cosine;
    size_t dim = (size_t)b->m->dim;
    if (block_encode(b, 2 * b->n)) return -1;
    for (size_t i = 0; i < b->n; i++) {
        const float *u = b->vector + 2 * i * dim;
        sts_similarity(STS_COSINE_SIMILARITY, u, u + dim, 1, dim, &cosine);
        if (sts_utf8_blank(b->record[i].s, b->record[i].n)) cosine = NAN;
        if (fn(ctx, b->record[i], &cosine, delimiter)) return stopped(b->err);
    }
    block_clear(b);
    return 0;
}

typedef struct scores {
    block *b;
    char delimiter;
    sts_scored_fn *fn;
    void *ctx;
} scores;

static int pause_scores(void *ctx, sts_err *err)
{
    const scores *s = ctx;
    if (!flush_scores(s->b, s->delimiter, s->fn, s->ctx))
        return s->fn(s->ctx, (sts_str){0}, NULL, s->delimiter) ? stopped(err) : 0;
    *err = *s->b->err;
    return -1;
}

static int take_row(block *b, sts_rows *rows, int *more)
{
    sts_row row;
    sts_str raw;
    *more = sts_rows_next(rows, &row, &raw, b->err);
    if (*more <= 0) return *more;
    if (keep(b, raw, &b->record[b->n]) || keep(b, row.text[0], &b->text[2 * b->n]) ||
        keep(b, row.text[1], &b->text[2 * b->n + 1]))
        return -1;
    b->n++;
    return 0;
}

int sts_score_file(const sts_model *m, const char *path, const sts_data_options *o,
                   sts_scored_fn *fn, void *ctx, sts_err *err)
{
    sts_rows *rows = sts_rows_open(path, o, true, err);
    block *b = rows ? block_new(m, err) : NULL;
    int rc = b ? 0 : -1, more = 1;
    const char *header = b ? sts_rows_header(rows) : NULL;
    char delimiter = b ? sts_rows_delimiter(rows) : 0;
    scores s = {b, delimiter, fn, ctx};
    if (b) sts_rows_on_idle(rows, pause_scores, &s);
    if (header && fn(ctx, (sts_str){header, strlen(header)}, NULL, delimiter)) rc = stopped(err);
    while (!rc && more) {
        rc = take_row(b, rows, &more);
        if (rc || (b->n < BLOCK && more)) continue;
        rc = flush_scores(b, delimiter, fn, ctx);
        if (!rc) rc = sts_rows_advance(rows, "scoring", err);
    }
    if (b) block_free(b);
    sts_rows_close(rows);
    return rc;
}
