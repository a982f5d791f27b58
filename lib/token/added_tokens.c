/* added_tokens.c - added tokens: leftmost-longest, not overlapping, first in the raw text (those
 * that are not "normalized"), then in the normalized one. */
#include "token/added_tokens.h"

#include "core/limits.h"
#include "core/mem.h"
#include "token/unicode.h"

#include <stdio.h>
#include <string.h>

/* ---- loading ---- */

int sts_added_init(sts_added_tokens *a, const sts_subword *m, sts_err *err)
{
    a->next = (int32_t)m->vocab.strings; /* the reference counts on from the vocabulary's size */
    if (sts_trie_init(&a->index) || sts_trie_init(&a->raw) || sts_trie_init(&a->normed))
        return sts_fail_memory(err, "added tokens");
    return 0;
}

/* The id of a string: the model's own, or the next free one, which must be what the file says. */
static int give_id(sts_added_tokens *a, const sts_subword *m, const sts_added *t,
                   const sts_json_in *in, int32_t *id)
{
    *id = sts_trie_find(&m->vocab, t->content, strlen(t->content));
    if (*id < 0) *id = a->next++;
    if (t->id < 0 || t->id == *id) return 0;
    return sts_fail(in->err, in->code, "%s: \"id\": \"%.200s\" has the id %d, but the model's "
                    "vocabulary makes it %d", in->name, t->content, (int)t->id, (int)*id);
}

int sts_added_add(sts_added_tokens *a, const sts_subword *m, const sts_added *token,
                  const sts_json_in *in)
{
    size_t len = strlen(token->content);
    if (len == 0) return 0;
    if (len > STS_ADDED_MAX)
        return sts_fail(in->err, in->code, "%s: \"content\" is longer than %d bytes", in->name,
                        (int)STS_ADDED_MAX);
    int32_t i = sts_trie_find(&a->index, token->content, len), id;
    if (i >= 0) { /* the last of the same string counts */
        sts_added t = *token;
        t.content = a->v[i].content;
        t.id = a->v[i].id;
        a->v[i] = t;
        return 0;
    }
    if (give_id(a, m, token, in, &id)) return -1;
    if (sts_grow(&a->v, a->n, &a->cap, sizeof *a->v) ||
        sts_trie_add(&a->index, token->content, len, (int32_t)a->n))
        return sts_fail_memory(in->err, "added tokens");
    char *content = sts_strdup(token->content);
    if (!content) return sts_fail_memory(in->err, "added tokens");
    a->v[a->n] = *token;
    a->v[a->n].content = content;
    a->v[a->n++].id = id;
    if (id > a->largest) a->largest = id;
    return 0;
}

static int load_one(sts_added_tokens *a, const sts_subword *m, const sts_json_in *in)
{
    sts_added t = {0};
    const char *content = NULL;
    int64_t id = -1;
    bool special = false;
    if (!sts_json_is_object(in->object))
        return sts_fail(in->err, in->code, "%s: must be a list of objects", in->name);
    if (sts_need_text(in, "content", &content) || !sts_need(in, "id") ||
        sts_json_int(in, "id", 0, STS_MAX_ID, &id) ||
        sts_need_bool(in, "single_word", &t.single_word) ||
        sts_need_bool(in, "lstrip", &t.lstrip) || sts_need_bool(in, "rstrip", &t.rstrip) ||
        sts_need_bool(in, "normalized", &t.normalized) || sts_need_bool(in, "special", &special))
        return -1;
    char *copy = sts_strdup(content);
    if (!copy) return sts_fail_memory(in->err, "added tokens");
    t.content = copy;
    t.id = (int32_t)id;
    int rc = sts_added_add(a, m, &t, in);
    sts_free(copy);
    return rc;
}

int sts_added_load(sts_added_tokens *a, const sts_subword *m, const sts_json_in *in)
{
    const sts_json *one;
    if (!in->object || sts_json_is_null(in->object)) return 0;
    if (!sts_json_is_array(in->object))
        return sts_fail(in->err, in->code, "%s: must be a list", in->name);
    int i = 0;
    sts_json_each(one, in->object)
    {
        char name[768];
        snprintf(name, sizeof name, "%.700s[%d]", in->name, i++);
        sts_json_in sub = {one, name, in->code, in->err};
        if (load_one(a, m, &sub)) return -1;
    }
    return 0;
}

/* One string to look for; no two tokens may look for the same. */
static int add_pattern(sts_trie *t, bool start[256], const char *s, size_t n, size_t i,
                       const sts_added_tokens *a, const sts_json_in *in)
{
    if (n == 0)
        return sts_fail(in->err, in->code, "%s: \"%.200s\" normalizes to nothing", in->name,
                        a->v[i].content);
    int32_t was = sts_trie_find(t, s, n);
    if (was >= 0)
        return sts_fail(in->err, in->code, "%s: \"%.200s\" and \"%.200s\" normalize to the same "
                        "text", in->name, a->v[was].content, a->v[i].content);
    start[(unsigned char)*s] = true;
    return sts_trie_add(t, s, n, (int32_t)i) ? sts_fail_memory(in->err, "added tokens") : 0;
}

int sts_added_finish(sts_added_tokens *a, const sts_parts *normalizer, const sts_json_in *in)
{
    sts_text w[4] = {{0}};
    int rc = 0;
    for (size_t i = 0; i < a->n && !rc; i++) {
        const char *s = a->v[i].content;
        const sts_text *out;
        if (!a->v[i].normalized) {
            rc = add_pattern(&a->raw, a->raw_start, s, strlen(s), i, a, in);
            continue;
        }
        rc = sts_normalize(normalizer, s, strlen(s), true, w, &out, in->err);
        if (!rc) rc = add_pattern(&a->normed, a->normed_start, out->s, out->n, i, a, in);
    }
    for (size_t i = 0; i < 4; i++) sts_text_free(&w[i]);
    return rc;
}

void sts_added_free(sts_added_tokens *a)
{
    for (size_t i = 0; i < a->n; i++) sts_free(a->v[i].content);
    sts_free(a->v);
    sts_trie_free(&a->index);
    sts_trie_free(&a->raw);
    sts_trie_free(&a->normed);
    *a = (sts_added_tokens){0};
}

/* ---- finding ---- */

static size_t char_before(const char *s, size_t at)
{
    do at--;
    while (at > 0 && ((unsigned char)s[at] & 0xc0) == 0x80);
    return at;
}

/* Where the white space that ends at `at` begins, not before `least`. */
static size_t space_before(const char *s, size_t least, size_t at)
{
    while (at > least) {
        size_t before = char_before(s, at);
        uint32_t cp;
        sts_utf8_get(s + before, &cp);
        if (!sts_is_space(cp)) break;
        at = before;
    }
    return at;
}

static size_t space_after(const char *s, size_t n, size_t at)
{
    while (at < n) {
        uint32_t cp;
        size_t k = sts_utf8_get(s + at, &cp);
        if (!sts_is_space(cp)) break;
        at += k;
    }
    return at;
}

static bool alone(const char *s, size_t n, size_t from, size_t to)
{
    uint32_t cp;
    if (from > 0) {
        sts_utf8_get(s + char_before(s, from), &cp);
        if (sts_is_word(cp)) return false;
    }
    if (to == n) return true;
    sts_utf8_get(s + to, &cp);
    return !sts_is_word(cp);
}

/* The longest of the leftmost matches from w->at on; NULL: none. */
static const sts_added *match(const sts_added_walk *w, size_t *from, size_t *to)
{
    const sts_trie *t = w->normed ? &w->tokens->normed : &w->tokens->raw;
    const bool *start = w->normed ? w->tokens->normed_start : w->tokens->raw_start;
    if (t->strings == 0) return NULL;
    for (size_t i = w->at; i < w->n; i++) {
        if (!start[(unsigned char)w->s[i]]) continue;
        int32_t best = -1;
        uint32_t node = 0;
        for (size_t j = i; j < w->n && (node = sts_trie_step(t, node, w->s[j])); j++) {
            if (t->id[node] < 0) continue;
            best = t->id[node];
            *to = j + 1;
        }
        *from = i;
        if (best >= 0) return &w->tokens->v[best];
    }
    return NULL;
}

bool sts_added_next(sts_added_walk *w, size_t *from, size_t *to, int32_t *id)
{
    const sts_added *t;
    if (w->held) { /* the token behind the plain text of the last call */
        *from = w->from;
        *to = w->to;
        *id = w->held - 1;
        w->held = 0;
        return true;
    }
    while ((t = match(w, from, to))) {
        w->at = *to;
        if (t->single_word && !alone(w->s, w->n, *from, *to)) continue;
        /* white space that the last token took is not read again, or long runs of it would
         * take quadratic time */
        if (t->lstrip) *from = *from > w->done ? space_before(w->s, w->done, *from) : w->done;
        if (t->rstrip) *to = space_after(w->s, w->n, *to > w->done ? *to : w->done);
        if (*from >= *to) continue; /* all of it is white space that the last token took */
        size_t plain = w->done;
        w->done = *to;
        *id = t->id;
        if (plain >= *from) return true;
        w->held = t->id + 1;
        w->from = *from;
        w->to = *to;
        *from = plain;
        *to = w->from;
        *id = -1;
        return true;
    }
    w->at = w->n;
    *from = w->done;
    *to = w->done = w->n;
    *id = -1;
    return *from < *to;
}
