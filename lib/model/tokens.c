/* tokens.c - tokenizing in parallel, and embedding by length so that batches are even. */
#include "model/tokens.h"

#include "core/comm.h"
#include "core/mem.h"
#include "core/threads.h"
#include "math/gemm.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_TOKENS ((size_t)1024) /* of a batch of short texts: full speed, little memory */
#define MADE_TOKENS ((size_t)1 << 16) /* the same where ids are made for it: many a text */
#define MADE_ALONE 8                /* texts that are not worth a second thread */
#define REPORT_EVERY 1024                   /* texts between two reports of progress */
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
    if (i % REPORT_EVERY) return true;
    if (!s->lo && i) s->failed = sts_advance("tokenizing", i, s->hi, &s->err);
    if (s->failed) atomic_store(s->stop, true);
    return !atomic_load(s->stop);
}

/* Of which prompt text i is: 0 or 1. */
static int column_of(const sts_tokens *t, size_t i)
{
    return t->how.columns > 1 && i % (size_t)t->how.columns;
}

static sts_prompt prompt_of(const sts_tokens *t, const sts_model *m, int k)
{
    return t->how.trained && !m->prompt[k].chosen ? (sts_prompt){0} : m->prompt[k];
}

static const char *prompt_text(const sts_tokens *t, const sts_model *m, size_t i)
{
    return prompt_of(t, m, column_of(t, i)).text;
}

static int ids_of(const sts_tokens *t, const sts_model *m, sts_str text, size_t i, sts_ids *out,
                  bool *cut, sts_err *err)
{
    return sts_model_tokenize_after(m, prompt_text(t, m, i), text.s, text.n, out, cut, err);
}

/* Text i of a share, whose ids are kept; one is room for them. */
static int tokenize_one(share *s, const sts_tokens *t, const sts_model *m, sts_str text, size_t i,
                        sts_ids *one, bool *cut)
{
    if (ids_of(t, m, text, i, one, cut, &s->err)) return -1;
    for (size_t j = 0; j < one->n; j++)
        if (sts_ids_push(&s->ids, one->v[j])) return sts_fail_memory(&s->err, "token ids");
    t->start[i] = one->n; /* join makes sums of these */
    return 0;
}

/* Text i where its ids are made when they are needed. */
static int count_one(share *s, const sts_tokens *t, const sts_model *m, sts_str text, size_t i,
                     bool *cut)
{
    size_t n = 0;
    int rc = sts_model_count_after(m, prompt_text(t, m, i), text, &n, cut, &s->err);
    t->length[i] = (uint32_t)n;
    return rc;
}

static void tokenize_share(share *s, const sts_tokens *t, const sts_model *m, const sts_str *text)
{
    sts_ids one = {0};
    for (size_t i = s->lo; i < s->hi && !s->failed && advance(s, i); i++) {
        bool cut = false;
        s->failed = t->length ? count_one(s, t, m, text[i], i, &cut)
                              : tokenize_one(s, t, m, text[i], i, &one, &cut);
        s->truncated += cut;
        if (t->how.cut) t->how.cut[i] = cut;
    }
    sts_ids_free(&one);
}

/* Puts the shares' ids one after the other, if they are kept. */
static int join(sts_tokens *t, const share *s, size_t n_shares, sts_err *err)
{
    size_t all = 0;
    for (size_t k = 0; k < n_shares; k++) {
        if (s[k].failed) return sts_fail_as(err, &s[k].err);
        all += s[k].ids.n;
        t->truncated += s[k].truncated;
    }
    if (!t->start) return 0;
    t->ids = sts_alloc(all, sizeof *t->ids);
    if (!t->ids) return sts_fail_memory(err, "token ids");
    size_t at = 0;
    for (size_t k = 0; k < n_shares; k++) {
        if (s[k].ids.n) memcpy(t->ids + at, s[k].ids.v, s[k].ids.n * sizeof *t->ids);
        at += s[k].ids.n;
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
    if (t->model) t->length = sts_alloc(n, sizeof *t->length);
    else t->start = sts_alloc(n + 1, sizeof *t->start);
    share *s = sts_alloc(parts, sizeof *s);
    atomic_bool stop = false;
    int rc = (t->length || t->start) && s ? 0 : sts_fail_memory(err, "token ids");
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
    if (!rc && t->start)
        rc = sts_comm_same("the texts' tokens", t->ids, t->start[n] * sizeof *t->ids, err);
    if (!rc && t->length)
        rc = sts_comm_same("the texts' tokens", t->length, n * sizeof *t->length, err);
    if (rc) sts_tokens_free(t);
    return rc;
}

int sts_tokens_make(sts_tokens *t, const sts_model *m, const sts_str *text, size_t n,
                    sts_token_options how, sts_err *err)
{
    if (n > UINT32_MAX) return sts_fail(err, STS_DATA, "%zu texts are too many", n);
    *t = (sts_tokens){.n = n, .how = how};
    for (int k = 0; k < 2; k++) t->prompt[k] = prompt_of(t, m, k).tokens;
    if (m->net.encoder->texts) {
        t->model = m;
        t->text = text;
    }
    return make(t, m, text, n, err);
}

void sts_tokens_free(sts_tokens *t)
{
    sts_free(t->ids);
    sts_free(t->start);
    sts_free(t->length);
    *t = (sts_tokens){0};
}

void sts_tokens_warn_cut(const sts_model *m, size_t cut, size_t n)
{
    if (cut)
        sts_note(STS_WARN, "%zu of %zu texts are cut to %zu tokens", cut, n, m->max_seq_length);
}

sts_str sts_tokens_bytes(const sts_tokens *t, size_t i)
{
    if (t->length) return t->text[i];
    return (sts_str){(const char *)(t->ids + t->start[i]),
                     sts_tokens_length(t, i) * sizeof *t->ids};
}

/* ---- packing ---- */

/* Makes the ids of sentences [lo, hi) of a batch that has room for them, texts which[...]. */
static int make_ids(const sts_tokens *t, const uint32_t *which, const sts_batch *b, size_t lo,
                    size_t hi, sts_err *err)
{
    sts_ids one = {0};
    int rc = 0;
    for (size_t s = lo; s < hi && !rc; s++) {
        rc = ids_of(t, t->model, t->text[which[s]], which[s], &one, NULL, err);
        assert(rc || one.n == t->length[which[s]]);
        if (!rc && one.n) memcpy(b->ids + b->start[s], one.v, one.n * sizeof *one.v);
    }
    sts_ids_free(&one);
    return rc;
}

static int make_all_ids(const sts_tokens *t, const uint32_t *which, const sts_batch *b,
                        sts_err *err)
{
    size_t n = (size_t)b->n_seq, parts = n < MADE_ALONE ? 1 : (size_t)sts_threads();
    atomic_bool failed = false;
#pragma omp parallel for schedule(static, 1) num_threads(sts_threads()) if (parts > 1)
    for (size_t k = 0; k < parts; k++) {
        sts_err own = {0};
        size_t lo, hi;
        sts_cut(n, parts, k, 1, &lo, &hi);
        if (!make_ids(t, which, b, lo, hi, &own)) continue;
        if (!atomic_exchange(&failed, true) && err) *err = own;
    }
    return failed ? -1 : 0;
}

/* The ids of text i; NULL where they are not kept. */
static const int32_t *kept_ids(const sts_tokens *t, size_t i)
{
    return t->ids ? t->ids + t->start[i] : NULL;
}

int sts_tokens_pack(const sts_tokens *t, const uint32_t *which, const uint32_t *key, size_t n,
                    sts_batch *b, sts_err *err)
{
    sts_batch_clear(b);
    for (size_t i = 0; i < n; i++) {
        if (sts_batch_add(b, kept_ids(t, which[i]), sts_tokens_length(t, which[i]), key[i], err))
            return -1;
        b->skip[i] = t->prompt[column_of(t, which[i])];
    }
    return t->length ? make_all_ids(t, which, b, err) : 0;
}

/* ---- embedding ---- */

int sts_recall_open(sts_recall *r, const sts_model *m, size_t texts, sts_err *err)
{
    const sts_text_encoder *e = m->net.encoder->texts;
    *r = (sts_recall){.m = m, .threads = texts < MADE_ALONE ? 1 : sts_threads()};
    if (!e) return 0;
    r->memory = sts_alloc((size_t)r->threads, sizeof *r->memory);
    int rc = r->memory ? 0 : sts_fail_memory(err, "embeddings");
    for (int k = 0; k < r->threads && !rc; k++)
        rc = (r->memory[k] = e->open(&m->net, texts, err)) ? 0 : -1;
    if (rc) sts_recall_close(r);
    return rc;
}

void sts_recall_close(sts_recall *r)
{
    for (int k = 0; r->memory && k < r->threads; k++)
        r->m->net.encoder->texts->close(r->memory[k]);
    sts_free(r->memory);
    *r = (sts_recall){0};
}

typedef struct entry {
    const int32_t *ids; /* NULL: not kept */
    size_t n, row;      /* row: where its embedding goes */
    int prompt;         /* tokens of the prompt */
} entry;

/* Longest first; equal ids beside one another, in the order of the texts. */
static int by_length(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->n != y->n) return x->n < y->n ? 1 : -1;
    if (x->prompt != y->prompt) return x->prompt < y->prompt ? -1 : 1;
    int c = x->n ? memcmp(x->ids, y->ids, x->n * sizeof *x->ids) : 0;
    if (c) return c;
    return (x->row > y->row) - (x->row < y->row);
}

static bool same_ids(const entry *x, const entry *y)
{
    if (!x->ids || x->n != y->n || x->prompt != y->prompt) return false;
    return !x->n || !memcmp(x->ids, y->ids, x->n * sizeof *x->ids);
}

static bool is_full(const sts_batch *b, const entry *next)
{
    return b->n_seq && (size_t)b->n_tok + next->n > (next->ids ? BATCH_TOKENS : MADE_TOKENS);
}

/* The work of sts_embed: entries e[n] by length or, where ids are not kept, in the order of
 * `which`. */
typedef struct embedding {
    const sts_model *m;
    const sts_tokens *t;
    const uint32_t *which;
    entry *e;
    size_t n;
    float *out;
    sts_batch b;
    sts_work w;
    const sts_recall *recall;
    float *given; /* where vectors are made from texts: those of the batch */
} embedding;

/* Makes the vectors of sentences [lo, hi) of the batch, texts which[...]. */
static int encode_texts(const embedding *k, void *memory, const uint32_t *which, size_t lo,
                        size_t hi, sts_err *err)
{
    const sts_tokens *t = k->t;
    size_t width = (size_t)k->m->net.hidden;
    int rc = 0;
    for (size_t s = lo; s < hi && !rc; s++) {
        uint32_t i = which[s];
        rc = sts_model_encode_after(k->m, memory, prompt_text(t, k->m, i), t->text[i],
                                    t->length[i], k->given + s * width, err);
    }
    return rc;
}

/* Gives the batch its vectors, made from texts which[...]. */
static int encode_batch(embedding *k, const uint32_t *which, sts_err *err)
{
    size_t n = (size_t)k->b.n_seq, parts = n < MADE_ALONE ? 1 : (size_t)k->recall->threads, all;
    bool fits = sts_mul(n, (size_t)k->m->net.hidden, &all);
    float *given = fits ? sts_realloc(k->given, all, sizeof *given) : NULL;
    if (!given) return sts_fail_memory(err, "embeddings");
    k->b.given = k->given = given;
    atomic_bool failed = false;
#pragma omp parallel for schedule(static, 1) num_threads(sts_threads()) if (parts > 1)
    for (size_t p = 0; p < parts; p++) {
        sts_err own = {0};
        size_t lo, hi;
        sts_cut(n, parts, p, 1, &lo, &hi);
        if (!encode_texts(k, k->recall->memory[p], which, lo, hi, &own)) continue;
        if (!atomic_exchange(&failed, true) && err) *err = own;
    }
    return failed ? -1 : 0;
}

/* Fills the batch with distinct texts from entry i on, as many as the model asks for or are good;
 * returns the entry after the last one taken. 0: failed. */
static size_t fill(embedding *k, size_t i, sts_err *err)
{
    size_t size = k->m->batch_size;
    const entry *e = k->e;
    sts_batch_clear(&k->b);
    while (i < k->n) {
        if (size ? (size_t)k->b.n_seq == size : is_full(&k->b, &e[i])) break;
        if (sts_batch_add(&k->b, e[i].ids, e[i].n, 0, err)) return 0;
        k->b.skip[k->b.n_seq - 1] = e[i].prompt;
        size_t first = i++;
        while (i < k->n && same_ids(&e[first], &e[i])) i++;
    }
    return i;
}

/* Copies the rows of a batch to every text that they stand for: those of entries [lo, hi). */
static void spread(const embedding *k, size_t lo, size_t hi, const float *rows)
{
    size_t row = 0, dim = (size_t)k->m->dim;
    for (size_t i = lo; i < hi; i++) {
        if (i > lo && !same_ids(&k->e[i - 1], &k->e[i])) row++;
        memcpy(k->out + k->e[i].row * dim, rows + row * dim, dim * sizeof *rows);
    }
}

/* Embeds the batch, which holds the texts of entries [lo, hi). */
static int embed_batch(embedding *k, size_t lo, size_t hi, sts_err *err)
{
    float *rows;
    if (k->t->length && encode_batch(k, k->which + lo, err)) return -1;
    if (sts_work_reserve(&k->w, sts_model_workspace(k->m, &k->b, false), err)) return -1;
    if (sts_model_forward(k->m, &k->b, NULL, &k->w, &rows, NULL, err)) return -1;
    spread(k, lo, hi, rows);
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

static int embed_entries(embedding *k, const char *what, size_t done, size_t all, sts_err *err)
{
    int rc = 0, turn = 0;
    for (size_t i = 0, next; i < k->n && !rc; i = next) {
        next = fill(k, i, err);
        if (!next) rc = -1;
        else if (turn % sts_comm_size() == sts_comm_rank()) rc = embed_batch(k, i, next, err);
        if (!rc) rc = report(what, ++turn, done + next, all, err);
    }
    return rc;
}

static int make_entries(embedding *k, sts_err *err)
{
    const sts_tokens *t = k->t;
    k->e = sts_alloc(k->n, sizeof *k->e);
    if (!k->e) return sts_fail_memory(err, "embeddings");
    for (size_t i = 0; i < k->n; i++) {
        uint32_t text = k->which[i];
        k->e[i] = (entry){kept_ids(t, text), sts_tokens_length(t, text), i,
                          t->prompt[column_of(t, text)]};
    }
    if (t->ids) qsort(k->e, k->n, sizeof *k->e, by_length);
    return 0;
}

int sts_embed_some(const sts_model *m, const sts_tokens *t, const uint32_t *which, size_t n,
                   const sts_recall *r, float *out, const char *what, size_t done, size_t all,
                   sts_err *err)
{
    embedding k = {.m = m, .t = t, .which = which, .n = n, .recall = r, .out = out};
    size_t floats = n * (size_t)m->dim;
    int rc = make_entries(&k, err);
    if (!rc && !m->net.encoder->pooled) rc = sts_gemm_open(err);
    for (size_t i = 0; i < floats && sts_comm_size() > 1; i++) out[i] = -0.0f; /* for the sum */
    if (!rc) rc = embed_entries(&k, what, done, all, err);
    if (!rc) rc = sts_comm_sum(out, floats, err);
    sts_batch_free(&k.b);
    sts_work_free(&k.w);
    sts_free(k.given);
    sts_free(k.e);
    return rc;
}

int sts_embed(const sts_model *m, const sts_tokens *t, float *out, const char *what, sts_err *err)
{
    uint32_t *all = sts_alloc(t->n, sizeof *all);
    if (!all) return sts_fail_memory(err, "embeddings");
    for (size_t i = 0; i < t->n; i++) all[i] = (uint32_t)i;
    sts_recall own = {0};
    const sts_recall *r = t->how.recall ? t->how.recall : &own;
    int rc = t->how.recall ? 0 : sts_recall_open(&own, m, t->n, err);
    if (!rc) rc = sts_embed_some(m, t, all, t->n, r, out, what, 0, t->n, err);
    sts_recall_close(&own);
    sts_free(all);
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
