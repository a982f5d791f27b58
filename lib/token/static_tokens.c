/* static_tokens.c - which tokens of an encoder's tokenizer a static model has, as model2vec chooses
 * them, and words of one's own beside them. */
#include "token/static_tokens.h"

#include "core/mem.h"
#include "core/strbuf.h"
#include "token/tokenizer_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct making {
    sts_static_tokens *s;
    const sts_tokenizer *t;
    sts_token_file *f;
    const sts_own_words *words;
    int32_t base;      /* tokens other than its own words */
    sts_tokenizer *of; /* the new one, which cuts the words */
    sts_err *err;
} making;

/* ---- the encoder's own tokens ---- */

/* "[unused12]" and what begins so. */
static bool is_unused(sts_str t)
{
    size_t i = 7;
    if (t.n < 9 || memcmp(t.s, "[unused", 7)) return false;
    while (i < t.n && isdigit((unsigned char)t.s[i])) i++;
    return i > 7 && i < t.n && t.s[i] == ']';
}

static void choose(const sts_token_file *f, const char *pad, const char *unknown, bool *keep)
{
    const sts_json *one;
    for (size_t i = 0; i < f->n; i++) keep[f->entry[i].id] = !is_unused(f->entry[i].text);
    sts_json_each(one, sts_json_member(f->tree, "added_tokens"))
    {
        const sts_json *id = sts_json_member(one, "id");
        const char *content = sts_json_as_string(sts_json_member(one, "content"));
        if (!sts_json_is_number(id) || id->number < 0 || id->number >= f->ids || !content) continue;
        keep[(int32_t)id->number] =
            (pad && !strcmp(content, pad)) || (unknown && !strcmp(content, unknown));
    }
}

/* A byte-level pre-tokenizer puts a blank before the first word too. */
static void add_prefix_space(sts_json *part)
{
    sts_json *one, *prefix = sts_json_member(part, "add_prefix_space");
    const char *type = sts_json_as_string(sts_json_member(part, "type"));
    if (type && !strcmp(type, "ByteLevel") && sts_json_is_false(prefix))
        prefix->kind = STS_NODE_TRUE;
    sts_json_each(one, sts_json_member(part, "pretokenizers")) add_prefix_space(one);
}

/* Nothing goes around a text, and nothing cuts or pads it. */
static void strip(sts_token_file *f)
{
    static const char *const key[] = {"post_processor", "padding", "truncation"};
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) sts_json_remove(f->tree, key[i]);
    add_prefix_space(sts_json_member(f->tree, "pre_tokenizer"));
}

/* ---- the ids that are asked of the encoder ---- */

static int begin(making *m)
{
    m->s->start[m->s->n + 1] = m->s->ids.n;
    m->s->n++;
    return 0;
}

static int push(making *m, int32_t id)
{
    return sts_ids_push(&m->s->ids, id) ? sts_fail_memory(m->err, "token ids") : 0;
}

/* A token of the encoder's: itself, with the special tokens around it. */
static int add_own(making *m, int32_t id)
{
    const sts_post *p = &m->t->post;
    for (size_t i = 0; i < p->n; i++)
        if (push(m, p->item[i] == STS_POST_TEXT ? id : p->item[i])) return -1;
    return begin(m);
}

/* A word: the tokens that the encoder's tokenizer cuts it into. */
static int add_word(making *m, const sts_own_word *w, sts_str token)
{
    sts_ids ids = {0};
    int32_t unknown = m->t->model.unknown;
    int rc = sts_tokenizer_encode(m->t, token.s, token.n, 0, &ids, NULL, m->err);
    char shown[128];
    sts_quote(shown, sizeof shown, w->text.s, w->text.n);
    for (size_t i = 0; i < ids.n && !rc; i++)
        rc = ids.v[i] == unknown
                 ? sts_fail(m->err, STS_DATA, "%s:%zu: \"%s\" is unknown to the model's tokenizer, "
                            "which has no vector for it: remove this line", m->words->file,
                            w->line, shown)
                 : push(m, ids.v[i]);
    sts_ids_free(&ids);
    return rc ? rc : begin(m);
}

static int keep_tokens(making *m, const char *pad, const char *unknown)
{
    sts_token_file *f = m->f;
    int32_t ids = f->ids;
    size_t room = (size_t)ids + (m->words ? m->words->n : 0) + 1;
    bool *keep = sts_alloc((size_t)ids, sizeof *keep);
    int32_t *to = sts_alloc((size_t)ids, sizeof *to);
    m->s->start = sts_alloc(room, sizeof *m->s->start);
    int rc = keep && to && m->s->start ? 0 : sts_fail_memory(m->err, "the vocabulary");
    if (!rc) choose(f, pad, unknown, keep);
    if (!rc) rc = sts_token_file_keep(f, keep, to, m->err);
    for (int32_t id = 0; id < ids && !rc; id++)
        if (to[id] >= 0) rc = add_own(m, id);
    const sts_token_entry *e = unknown ? sts_token_file_find(f, unknown, strlen(unknown)) : NULL;
    m->s->unknown = e && !e->dropped ? e->id : -1;
    m->base = f->ids;
    /* model2vec 0.10 keeps "unk_id" of Unigram as it was: another token by now, often "." */
    bool moved = !strcmp(f->type, "Unigram") && m->t->model.unknown != m->s->unknown;
    m->s->left_out = moved && m->t->model.unknown < f->ids ? m->t->model.unknown : -1;
    sts_free(keep);
    sts_free(to);
    return rc;
}

/* ---- words of one's own ---- */

/* The score of a word among those of Unigram: the lowest one. */
static sts_str lowest(const sts_token_file *f)
{
    sts_str low = {0};
    double least = 0;
    for (size_t i = 0; i < f->n; i++) {
        const sts_token_entry *e = &f->entry[i];
        double x = sts_token_score(e);
        if (e->dropped || (low.n && x >= least)) continue;
        low = e->score;
        least = x;
    }
    return low;
}

/* What a word is after normalizing, and the pieces it is cut into; valid until the next call. */
typedef struct pieces {
    sts_text text[4];
    sts_pieces cut[2];
    const sts_text *normal;
    const sts_pieces *found;
} pieces;

static int cut_word(const sts_tokenizer *t, sts_str word, pieces *p, sts_err *err)
{
    static const sts_pieces none;
    p->found = &none;
    if (sts_normalize(&t->normalizer, word.s, word.n, true, p->text, &p->normal, err)) return -1;
    sts_piece whole = {0, p->normal->n, p->normal->first};
    if (!p->normal->n) return 0;
    return sts_pretokenize(&t->pretokenizer, p->normal, whole, p->cut, &p->found, err);
}

static void pieces_free(pieces *p)
{
    for (size_t i = 0; i < 4; i++) sts_text_free(&p->text[i]);
    for (size_t i = 0; i < 2; i++) {
        sts_text_free(&p->cut[i].own);
        sts_free(p->cut[i].v);
    }
}

static sts_str trimmed(const sts_text *t)
{
    size_t from = 0, to = t->n;
    while (from < to && isspace((unsigned char)t->s[from])) from++;
    while (to > from && isspace((unsigned char)t->s[to - 1])) to--;
    return (sts_str){t->s + from, to - from};
}

/* Several words are found in the text as they stand, before it is cut. */
static int add_phrase(making *m, const sts_own_word *w, sts_str text)
{
    if (sts_token_file_add(m->f, text, lowest(m->f), m->err) || add_word(m, w, text)) return -1;
    sts_json *list = sts_json_member(m->f->tree, "added_tokens");
    if (!list) list = sts_json_add_array(m->f->tree, "added_tokens");
    sts_json *one = sts_json_new_object();
    const sts_token_entry *e = &m->f->entry[m->f->n - 1];
    bool ok = list && one && sts_json_add_number(one, "id", e->id) &&
              sts_json_add_string(one, "content", e->text.s) &&
              sts_json_add_bool(one, "single_word", false) &&
              sts_json_add_bool(one, "lstrip", true) && sts_json_add_bool(one, "rstrip", true) &&
              sts_json_add_bool(one, "normalized", true) &&
              sts_json_add_bool(one, "special", false);
    if (ok) sts_json_append(list, one);
    else sts_json_free(one);
    return ok ? 0 : sts_fail_memory(m->err, "the vocabulary");
}

static int add_single(making *m, const sts_own_word *w, sts_str text)
{
    if (!strcmp(m->f->type, "BPE")) {
        char shown[128];
        sts_quote(shown, sizeof shown, w->text.s, w->text.n);
        return sts_fail(m->err, STS_MODEL, "%s:%zu: \"%s\" would need merges of its own: the "
                        "model's tokenizer is BPE, which takes no single words; leave --vocabulary "
                        "out", m->words->file, w->line, shown);
    }
    return sts_token_file_add(m->f, text, lowest(m->f), m->err) || add_word(m, w, text) ? -1 : 0;
}

/* One word more, in the pass over single words or that over phrases. The same text twice among
 * the own words is refused; a token of the encoder's is counted. */
static int take_word(making *m, const sts_own_word *w, bool phrases, pieces *p)
{
    char shown[128];
    sts_quote(shown, sizeof shown, w->text.s, w->text.n);
    if (cut_word(m->of, w->text, p, m->err)) return -1;
    if (!p->found->n)
        return sts_fail(m->err, STS_DATA, "%s:%zu: \"%s\" is nothing to the model's tokenizer: "
                        "remove this line", m->words->file, w->line, shown);
    bool phrase = p->found->n > 1;
    if (phrase != phrases) return 0;
    const sts_piece *only = p->found->v;
    sts_str text = phrase ? trimmed(p->normal) : (sts_str){p->found->s + only->at, only->n};
    const sts_token_entry *e = sts_token_file_find(m->f, text.s, text.n);
    bool there = e && !e->dropped;
    if (there && e->id >= m->base)
        return sts_fail(m->err, STS_DATA, "%s:%zu: \"%s\" is the same token as an earlier line: "
                        "remove one of them", m->words->file, w->line, shown);
    m->s->known += there;
    m->s->added += !there;
    if (there) return 0;
    return phrase ? add_phrase(m, w, text) : add_single(m, w, text);
}

static int take_words(making *m)
{
    pieces p = {0};
    int rc = 0;
    for (int phrases = 0; phrases < 2; phrases++)
        for (size_t i = 0; i < m->words->n && !rc; i++)
            rc = take_word(m, &m->words->v[i], phrases, &p);
    pieces_free(&p);
    return rc;
}

/* ---- the whole ---- */

/* The tokenizer as it is so far: its text is read once, which also checks it. */
static int write_out(making *m)
{
    sts_free(m->s->json);
    sts_tokenizer_free(m->of);
    m->of = NULL;
    m->s->json = sts_token_file_text(m->f, m->err);
    if (!m->s->json) return -1;
    sts_str text = {m->s->json, strlen(m->s->json)};
    m->of = sts_tokenizer_parse(text, m->f->name, false, false, m->err);
    return m->of ? 0 : -1;
}

int sts_static_tokens_make(sts_static_tokens *s, const sts_tokenizer *t, sts_token_file *f,
                           const char *pad, const char *unknown, const sts_own_words *words,
                           sts_err *err)
{
    *s = (sts_static_tokens){.unknown = -1, .left_out = -1};
    making m = {.s = s, .t = t, .f = f, .words = words, .err = err};
    strip(f);
    int rc = keep_tokens(&m, pad, unknown);
    if (!rc) rc = write_out(&m);
    if (!rc && words) rc = take_words(&m);
    if (!rc && words) rc = write_out(&m);
    sts_tokenizer_free(m.of);
    return rc;
}

void sts_static_tokens_free(sts_static_tokens *s)
{
    sts_free(s->json);
    sts_free(s->start);
    sts_ids_free(&s->ids);
    *s = (sts_static_tokens){0};
}
