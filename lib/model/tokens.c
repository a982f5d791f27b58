/* tokens.c - tokenizing in parallel, and embedding by length so that batches are even. */
#include "model/tokens.h"

#include "core/comm.h"
#include "core/mem.h"
#include "core/threads.h"
#include "math/gemm.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_TOKENS ((size_t)1024) /* of a batch of short texts: full speed, little memory */
#define TELL 1024                   /* texts between two reports of progress */
#define ROUNDS 16                   /* batches of each rank between two of them */

/* One thread's share: texts [lo, hi), their ids one after the other. */
typedef struct share {
    size_t lo, hi, truncated;
    sts_ids ids;
    int failed;
    sts_err err;
    atomic_bool *stop; /* of all shares */
} share;

/* The first share reports for all; whether the work continues. */
static bool advance(share *s, size_t i)
{
    if (i % TELL) return true;
    if (!s->lo && i) s->failed = sts_advance("tokenizing", i, s->hi, &s->err);
    if (s->failed) atomic_store(s->stop, true);
    return !atomic_load(s->stop);
}

static void tokenize_share(share *s, const sts_tokens *t, const sts_model *m, const sts_str *text)
{
    int (*ids_of)(const sts_model *, const char *, size_t, sts_ids *, bool *, sts_err *) =
        t->bare ? sts_model_tokenize_bare : sts_model_tokenize;
    sts_ids one = {0};
    for (size_t i = s->lo; i < s->hi && !s->failed && advance(s, i); i++) {
        bool cut = false;
        s->failed = ids_of(m, text[i].s, text[i].n, &one, &cut, &s->err);
        for (size_t j = 0; j < one.n && !s->failed; j++)
            if (sts_ids_push(&s->ids, one.v[j])) s->failed = sts_fail_memory(&s->err, "token ids");
        t->start[i] = one.n; /* join makes sums of these */
        s->truncated += cut;
        if (t->cut) t->cut[i] = cut;
    }
    sts_ids_free(&one);
}

/* Puts the shares' ids one after the other. */
static int join(sts_tokens *t, const share *s, size_t n_shares, sts_err *err)
{
    size_t all = 0;
    for (size_t k = 0; k < n_shares; k++) {
        if (s[k].failed) return sts_fail_as(err, &s[k].err);
        all += s[k].ids.n;
    }
    t->ids = sts_alloc(all, sizeof *t->ids);
    if (!t->ids) return sts_fail_memory(err, "token ids");
    size_t at = 0;
    for (size_t k = 0; k < n_shares; k++) {
        if (s[k].ids.n) memcpy(t->ids + at, s[k].ids.v, s[k].ids.n * sizeof *t->ids);
        at += s[k].ids.n;
        t->truncated += s[k].truncated;
    }
    size_t end = 0; /* start holds lengths: turn them into sums */
    for (size_t i = 0; i <= t->n; i++) {
        size_t length = t->start[i];
        t->start[i] = end;
        end += length;
    }
    return 0;
}

static int make(sts_tokens *t, const sts_model *m, const sts_str *text, size_t n, sts_err *err)
{
    size_t parts = n < 256 ? 1 : (size_t)sts_threads();
    t->start = sts_alloc(n + 1, sizeof *t->start);
    share *s = sts_alloc(parts, sizeof *s);
    atomic_bool stop = false;
    int rc = t->start && s ? 0 : sts_fail_memory(err, "token ids");
    if (!rc) {
#pragma omp parallel for schedule(static, 1) num_threads(sts_threads()) if (parts > 1)
        for (size_t k = 0; k < parts; k++) {
            sts_cut(n, parts, k, 1, &s[k].lo, &s[k].hi);
            s[k].stop = &stop;
            tokenize_share(&s[k], t, m, text);
        }
        rc = join(t, s, parts, err);
    }
    for (size_t k = 0; s && k < parts; k++) sts_ids_free(&s[k].ids);
    sts_free(s);
    if (!rc) rc = sts_comm_same("the texts' tokens", t->ids, t->start[n] * sizeof *t->ids, err);
    if (rc) sts_tokens_free(t);
    return rc;
}

int sts_tokens_make(sts_tokens *t, const sts_model *m, const sts_str *text, size_t n, sts_err *err)
{
    *t = (sts_tokens){.n = n};
    return make(t, m, text, n, err);
}

int sts_tokens_make_bare(sts_tokens *t, const sts_model *m, const sts_str *text, size_t n,
                         sts_err *err)
{
    *t = (sts_tokens){.n = n, .bare = true};
    return make(t, m, text, n, err);
}

int sts_tokens_make_cut(sts_tokens *t, const sts_model *m, const sts_str *text, size_t n, bool *cut,
                        sts_err *err)
{
    *t = (sts_tokens){.n = n, .cut = cut};
    return make(t, m, text, n, err);
}

void sts_tokens_free(sts_tokens *t)
{
    sts_free(t->ids);
    sts_free(t->start);
    *t = (sts_tokens){0};
}

void sts_tokens_warn_cut(const sts_model *m, size_t cut, size_t n)
{
    if (cut)
        sts_note(STS_WARN, "%zu of %zu texts are cut to %zu tokens", cut, n, m->max_seq_length);
}

/* ---- embedding ---- */

typedef struct entry {
    const int32_t *ids;
    size_t n, text;
} entry;

/* Longest first; equal ids beside one another, in the order of the texts. */
static int by_length(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->n != y->n) return x->n < y->n ? 1 : -1;
    int c = x->n ? memcmp(x->ids, y->ids, x->n * sizeof *x->ids) : 0;
    if (c) return c;
    return (x->text > y->text) - (x->text < y->text);
}

static bool same_ids(const entry *x, const entry *y)
{
    return x->n == y->n && (!x->n || !memcmp(x->ids, y->ids, x->n * sizeof *x->ids));
}

static bool is_full(const sts_batch *b, const entry *next)
{
    return b->n_seq && (size_t)b->n_tok + next->n > BATCH_TOKENS;
}

/* Fills b with distinct texts from entry i on, `size` of them (0: as many as are
 * good); returns the entry after the last one taken. */
static size_t fill(sts_batch *b, const entry *e, size_t i, size_t n, size_t size, sts_err *err)
{
    sts_batch_clear(b);
    while (i < n) {
        if (size ? (size_t)b->n_seq == size : is_full(b, &e[i])) break;
        if (sts_batch_add(b, e[i].ids, e[i].n, 0, err)) return 0;
        size_t first = i++;
        while (i < n && same_ids(&e[first], &e[i])) i++;
    }
    return i;
}

/* Copies the rows of a batch to every text that they stand for. */
static void spread(const entry *e, size_t lo, size_t hi, const float *rows, size_t dim, float *out)
{
    size_t row = 0;
    for (size_t i = lo; i < hi; i++) {
        if (i > lo && !same_ids(&e[i - 1], &e[i])) row++;
        memcpy(out + e[i].text * dim, rows + row * dim, dim * sizeof *out);
    }
}

/* Embeds b, which holds the texts of entries [lo, hi). */
static int embed_batch(const sts_model *m, const sts_batch *b, sts_work *w, const entry *e,
                       size_t lo, size_t hi, float *out, sts_err *err)
{
    float *rows;
    if (sts_work_reserve(w, sts_model_workspace(m, b, false), err)) return -1;
    sts_model_forward(m, b, NULL, w, &rows, NULL);
    if (sts_gemm_check(err)) return -1;
    spread(e, lo, hi, rows, (size_t)m->dim, out);
    return 0;
}

/* Reports that i of n texts are done after `turn` batches, and stops where any rank is to stop:
 * all of them ask at the same turns. */
static int report(const char *what, int turn, size_t i, size_t n, sts_err *err)
{
    int size = sts_comm_size();
    if (!what || (size > 1 && i < n && turn % (ROUNDS * size))) return 0;
    int stop = sts_progress(what, i, n) != 0;
    if (sts_comm_max(&stop, err)) return -1;
    return stop ? sts_fail(err, STS_INTERRUPTED, "interrupted while %s", what) : 0;
}

static int embed_sorted(const sts_model *m, const entry *e, size_t n, bool bare, float *out,
                        const char *what, sts_err *err)
{
    sts_batch b = {.bare = bare};
    sts_work w = {0};
    int rc = 0, turn = 0;
    for (size_t i = 0, next; i < n && !rc; i = next) {
        next = fill(&b, e, i, n, m->batch_size, err);
        if (!next) rc = -1;
        else if (turn % sts_comm_size() == sts_comm_rank())
            rc = embed_batch(m, &b, &w, e, i, next, out, err);
        if (!rc) rc = report(what, ++turn, next, n, err);
    }
    sts_batch_free(&b);
    sts_work_free(&w);
    return rc;
}

int sts_embed(const sts_model *m, const sts_tokens *t, float *out, const char *what, sts_err *err)
{
    entry *e = sts_alloc(t->n, sizeof *e);
    if (!e) return sts_fail_memory(err, "embeddings");
    if (!m->net.encoder->pooled && sts_gemm_open(err)) return sts_free(e), -1;
    for (size_t i = 0; i < t->n; i++)
        e[i] = (entry){t->ids + t->start[i], t->start[i + 1] - t->start[i], i};
    qsort(e, t->n, sizeof *e, by_length);
    size_t floats = t->n * (size_t)m->dim;
    for (size_t i = 0; i < floats && sts_comm_size() > 1; i++) out[i] = -0.0f; /* for the sum */
    int rc = embed_sorted(m, e, t->n, t->bare, out, what, err);
    if (!rc) rc = sts_comm_sum(out, floats, err);
    sts_free(e);
    return rc;
}

float *sts_embeddings(const sts_model *m, const sts_tokens *t, const char *what, sts_err *err)
{
    float *out = sts_alloc(t->n, (size_t)m->dim * sizeof *out);
    if (!out) sts_fail_memory(err, "embeddings");
    if (!out || !sts_embed(m, t, out, what, err)) return out;
    sts_free(out);
    return NULL;
}
