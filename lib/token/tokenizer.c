/* tokenizer.c - the whole pipeline: added tokens, normalizer, pre-tokenizer, model,
 * post-processor; and the memory it works in. */
#include "token/tokenizer_parts.h"

#include "core/mem.h"
#include "token/unicode.h"

#include <string.h>

int32_t sts_tokenizer_vocab_size(const sts_tokenizer *t)
{
    return t->vocab_size;
}

size_t sts_tokenizer_model_max_length(const sts_tokenizer *t)
{
    return t->model_max_length;
}

int32_t sts_tokenizer_unknown(const sts_tokenizer *t)
{
    return t->model.unknown;
}

const char *sts_tokenizer_kind(const sts_tokenizer *t)
{
    return t->model.type->name;
}

/* ---- memory ---- */

static void scratch_free(sts_scratch *w)
{
    if (!w) return;
    for (size_t i = 0; i < 4; i++) sts_text_free(&w->text[i]);
    for (size_t i = 0; i < 2; i++) {
        sts_text_free(&w->pieces[i].own);
        sts_free(w->pieces[i].v);
    }
    sts_text_free(&w->mended);
    sts_free(w->lattice.a);
    sts_free(w->lattice.b);
    sts_free(w);
}

/* A spare scratch of an earlier call, or a new one: threads take different ones. */
static sts_scratch *scratch_take(const sts_tokenizer *t)
{
    for (size_t i = 0; i < STS_SPARE; i++) {
        sts_scratch *w = atomic_exchange(&t->spare->slot[i], NULL);
        if (w) return w;
    }
    return sts_alloc(1, sizeof(sts_scratch));
}

static void scratch_give(const sts_tokenizer *t, sts_scratch *w)
{
    for (size_t i = 0; i < STS_SPARE && w; i++) w = atomic_exchange(&t->spare->slot[i], w);
    scratch_free(w);
}

void sts_tokenizer_free(sts_tokenizer *t)
{
    if (!t) return;
    for (size_t i = 0; t->spare && i < STS_SPARE; i++)
        scratch_free(atomic_load(&t->spare->slot[i]));
    sts_free(t->spare);
    sts_free(t->name);
    sts_parts_free(&t->normalizer);
    sts_parts_free(&t->pretokenizer);
    sts_subword_free(&t->model);
    sts_added_free(&t->added);
    sts_post_free(&t->post);
    sts_free(t);
}

/* ---- encoding ---- */

/* One call's state: stops as soon as it has more than `limit` ids, when that is not 0. */
typedef struct job {
    const sts_tokenizer *t;
    sts_scratch *w;
    sts_ids *out;
    size_t limit;
    sts_err *err;
} job;

static bool full(const job *j)
{
    return j->limit && j->out->n > j->limit;
}

static int push(const job *j, int32_t id)
{
    return sts_ids_push(j->out, id) ? sts_fail_memory(j->err, "token ids") : 0;
}

static int encode_words(const job *j, const sts_text *text, sts_piece piece)
{
    const sts_pieces *p;
    if (sts_pretokenize(&j->t->pretokenizer, text, piece, j->w->pieces, &p, j->err)) return -1;
    const sts_subword *m = &j->t->model;
    for (size_t i = 0; i < p->n && !full(j); i++)
        if (m->type->run(m, p->s + p->v[i].at, p->v[i].n, &j->w->lattice, j->out, j->err))
            return -1;
    return 0;
}

/* Text without raw added tokens; `first`: it starts the input. */
static int encode_plain(const job *j, const char *s, size_t n, bool first)
{
    const sts_text *text;
    if (sts_normalize(&j->t->normalizer, s, n, first, j->w->text, &text, j->err)) return -1;
    sts_added_walk walk = {.tokens = &j->t->added, .normed = true, .s = text->s, .n = text->n};
    sts_piece whole = {0, text->n, text->first};
    size_t from, to;
    int32_t id;
    while (!full(j) && sts_added_next(&walk, &from, &to, &id)) {
        sts_piece piece = {from, to - from, whole.first > from ? whole.first - from : 0};
        if (id >= 0 ? push(j, id) : encode_words(j, text, piece)) return -1;
    }
    return 0;
}

static int encode_text(const job *j, const char *s, size_t n)
{
    sts_added_walk walk = {.tokens = &j->t->added, .s = s, .n = n};
    size_t from, to;
    int32_t id;
    while (!full(j) && sts_added_next(&walk, &from, &to, &id))
        if (id >= 0 ? push(j, id) : encode_plain(j, s + from, to - from, from == 0)) return -1;
    return 0;
}

/* Puts the post-processor's tokens around the ids; with less room than those need, only as many. */
static int add_specials(const job *j, size_t max_len)
{
    const sts_post *p = &j->t->post;
    if (!j->t->special && p->n == 1) return 0;
    sts_ids own = *j->out, *out = j->out;
    int rc = 0;
    *out = (sts_ids){0};
    for (size_t i = 0; i < p->n && !rc; i++) {
        bool text = p->item[i] == STS_POST_TEXT;
        if (!text && j->t->special) rc = push(j, p->item[i]);
        for (size_t k = 0; text && k < own.n && !rc; k++) rc = push(j, own.v[k]);
    }
    sts_ids_free(&own);
    if (max_len && out->n > max_len) out->n = max_len;
    return rc;
}

/* Bytes that are not UTF-8 become U+FFFD. */
static int mend(sts_text *out, const char *s, size_t n)
{
    out->n = 0;
    for (size_t i = 0; i < n;) {
        size_t good = sts_utf8_valid(s + i, n - i);
        if (sts_text_add(out, s + i, good)) return -1;
        i += good;
        if (i++ < n && sts_text_add(out, "\xef\xbf\xbd", 3)) return -1;
    }
    return 0;
}

int sts_tokenizer_encode(const sts_tokenizer *t, const char *text, size_t n, size_t max_len,
                         sts_ids *out, bool *truncated, sts_err *err)
{
    size_t specials = t->special ? t->post.specials : 0;
    size_t room = max_len > specials ? max_len - specials : 0;
    job j = {t, scratch_take(t), out, max_len ? room : 0, err};
    out->n = 0;
    if (!j.w) return sts_fail_memory(err, "a tokenizer");
    int rc = 0;
    if (sts_utf8_valid(text, n) < n) {
        rc = mend(&j.w->mended, text, n) ? sts_fail_memory(err, "a text") : 0;
        text = j.w->mended.s;
        n = j.w->mended.n;
    }
    if (!rc) rc = encode_text(&j, text, n);
    if (rc && err && err->code == STS_MODEL) sts_fail_prefix(err, t->name);
    bool cut = max_len && out->n + specials > max_len;
    if (max_len && out->n > room) out->n = room;
    if (!rc) rc = add_specials(&j, max_len);
    if (truncated) *truncated = cut;
    scratch_give(t, j.w);
    return rc;
}
