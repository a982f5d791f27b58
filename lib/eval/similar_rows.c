/* similar_rows.c - a part is a range of rows with a limited number of distinct texts, each of
 * which is embedded once, however many rows of the part have it. */
#include "eval/similar_rows.h"

#include "core/mem.h"
#include "core/threads.h"
#include "data/distinct.h"

#include <math.h>

#define PART_BYTES ((size_t)64 << 20) /* of embeddings, where embedding is fast */

typedef struct part {
    const sts_token_rows *d;
    size_t columns, dim;
    size_t limit;      /* of distinct texts */
    size_t lo, hi;     /* rows */
    uint32_t *of;      /* [n x columns] number of each text among the part's distinct ones */
    uint32_t *which;   /* [count] the first of equal texts */
    size_t count, cap;
    float *emb;        /* [count x dim] */
    sts_recall recall;
} part;

static void release(part *p)
{
    sts_free(p->of);
    sts_free(p->which);
    sts_free(p->emb);
    sts_recall_close(&p->recall);
}

/* Encoders whose ids are made as needed are fast: their parts are small. All rows are one part for
 * the others, so that no text is embedded twice. */
static int prepare(part *p, const sts_model *m, const sts_token_rows *d, sts_err *err)
{
    size_t columns = (size_t)d->columns, texts = columns * d->n;
    *p = (part){.d = d, .columns = columns, .dim = (size_t)m->dim, .limit = texts};
    if (d->tokens->length) p->limit = PART_BYTES / sizeof *p->emb / p->dim + columns;
    p->of = sts_alloc(texts, sizeof *p->of);
    if (!p->of) return sts_fail_memory(err, "the evaluation");
    return sts_recall_open(&p->recall, m, texts, err);
}

static int add_text(part *p, sts_distinct *distinct, size_t row, size_t column)
{
    size_t text = row * p->columns + column;
    uint32_t k = sts_distinct_bytes(distinct, sts_tokens_bytes(p->d->tokens, text));
    if (k == STS_NO_NUMBER) return -1;
    p->of[text] = k;
    if (k < p->count) return 0;
    if (sts_grow(&p->which, p->count, &p->cap, sizeof *p->which)) return -1;
    p->which[p->count++] = (uint32_t)text;
    return 0;
}

/* Takes the rows of the next part, after `hi`. */
static int take_rows(part *p, sts_err *err)
{
    sts_distinct distinct = sts_distinct_new();
    int rc = 0;
    p->lo = p->hi;
    p->count = 0;
    while (!rc && p->hi < p->d->n && p->count + p->columns <= p->limit) {
        for (size_t c = 0; c < p->columns && !rc; c++) rc = add_text(p, &distinct, p->hi, c);
        p->hi++;
    }
    sts_distinct_free(&distinct);
    return rc ? sts_fail_memory(err, "the evaluation") : 0;
}

static int embed(part *p, const sts_model *m, sts_err *err)
{
    size_t n;
    float *emb = sts_mul(p->count, p->dim, &n) ? sts_realloc(p->emb, n, sizeof *emb) : NULL;
    if (!emb) return sts_fail_memory(err, "embeddings");
    p->emb = emb;
    return sts_embed_some(m, p->d->tokens, p->which, p->count, &p->recall, emb, "evaluating",
                          p->columns * p->lo, p->columns * p->d->n, err);
}

/* The similarities of row i, of the vectors of its first text and of that of a column; returns the
 * length of the longer one. */
static double measure(sts_measured *out, size_t i, size_t column, const float *u, const float *v,
                      size_t dim)
{
    double x[STS_SIMILARITIES];
    double longest = sts_similarities(u, v, dim, x), cosine = x[STS_COSINE_SIMILARITY];
    if (column > 1) {
        out->far[i] = column == 2 ? cosine : fmax(out->far[i], cosine);
        return longest;
    }
    for (int k = 0; k < STS_SIMILARITIES; k++) out->x[k][i] = x[k];
    return longest;
}

static void measure_part(const part *p, sts_measured *out)
{
    double longest = out->longest;
#pragma omp parallel for num_threads(sts_threads()) reduction(max : longest)
    for (size_t i = p->lo; i < p->hi; i++) {
        const uint32_t *of = p->of + i * p->columns;
        for (size_t c = 1; c < p->columns; c++)
            longest = fmax(longest, measure(out, i, c, p->emb + of[0] * p->dim,
                                            p->emb + of[c] * p->dim, p->dim));
    }
    out->longest = longest;
}

static int allocate(sts_measured *out, const sts_token_rows *d, sts_err *err)
{
    bool whole = true, negatives = d->columns > 2;
    *out = (sts_measured){.longest = 0};
    for (int k = 0; k < STS_SIMILARITIES; k++) {
        bool both = negatives && k == STS_COSINE_SIMILARITY;
        out->x[k] = sts_alloc(d->n, (both ? 2 : 1) * sizeof(double));
        whole = whole && out->x[k];
    }
    if (whole && negatives) out->far = out->x[STS_COSINE_SIMILARITY] + d->n;
    return whole ? 0 : sts_fail_memory(err, "the evaluation");
}

int sts_measure(sts_measured *out, const sts_model *m, const sts_token_rows *d, sts_err *err)
{
    part p = {0};
    int rc = allocate(out, d, err);
    if (!rc) rc = prepare(&p, m, d, err);
    while (!rc && p.hi < d->n) {
        rc = take_rows(&p, err);
        if (!rc) rc = embed(&p, m, err);
        if (!rc) measure_part(&p, out);
    }
    release(&p);
    return rc;
}

int sts_measure_vectors(sts_measured *out, const float *emb, size_t dim, const sts_token_rows *d,
                        sts_err *err)
{
    size_t columns = (size_t)d->columns;
    if (allocate(out, d, err)) return -1;
    for (size_t i = 0; i < d->n; i++) {
        const float *u = emb + i * columns * dim;
        for (size_t c = 1; c < columns; c++)
            out->longest = fmax(out->longest, measure(out, i, c, u, u + c * dim, dim));
    }
    return 0;
}

void sts_measured_free(sts_measured *out)
{
    for (int k = 0; k < STS_SIMILARITIES; k++) sts_free(out->x[k]);
}
