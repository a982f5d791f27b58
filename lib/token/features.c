/* features.c - words and n-grams of a text. */
#include "token/features.h"

#include "core/mem.h"
#include "core/rng.h"
#include "token/unicode.h"

#include <string.h>

#define WORD_END 0x110000u /* stands for the two ends of a word; no character has this number */
#define LONGEST_WORD 64    /* characters; the rest is a new word */

/* Scripts written without spaces: CJK, kana, Thai, Lao, Myanmar, Khmer. */
static bool runs_on(uint32_t cp)
{
    return sts_is_cjk(cp) || (cp >= 0x3040 && cp < 0x3100) || (cp >= 0x31f0 && cp < 0x3200) ||
           (cp >= 0xe00 && cp < 0xf00) || (cp >= 0x1000 && cp < 0x10a0) ||
           (cp >= 0x1780 && cp < 0x1800);
}

static bool in_word(uint32_t cp)
{
    return sts_is_letter(cp) || sts_is_number(cp) || sts_is_mark(cp);
}

typedef struct walk {
    const sts_feature_options *o;
    sts_ids *out;
    size_t most;
    bool full;
    uint32_t c[LONGEST_WORD + 2]; /* the word, with its ends */
    size_t n;
    bool runs_on;
} walk;

/* Adds the feature of characters c[n]; `kind` keeps words and n-grams apart. 0, or -1. */
static int add(walk *w, uint64_t kind, const uint32_t *c, size_t n)
{
    if (w->most && w->out->n >= w->most) return w->full = true, 0;
    uint64_t h = kind;
    for (size_t i = 0; i < n; i++) h = (h ^ c[i]) * 0x100000001b3u; /* FNV-1a, by characters */
    return sts_ids_push(w->out, (int32_t)(sts_mix64(h) >> (64 - STS_FEATURE_BITS)));
}

static int add_ngrams(walk *w, const uint32_t *c, size_t n, size_t shortest, size_t longest)
{
    for (size_t k = shortest; k <= longest; k++)
        for (size_t i = 0; i + k <= n; i++)
            if (add(w, 2, c + i, k)) return -1;
    return 0;
}

/* The word gathered so far: itself, and its n-grams with the ends marked. */
static int end_word(walk *w)
{
    size_t n = w->n;
    w->n = 0;
    if (!n) return 0;
    uint32_t *c = w->c + 1;
    if (w->runs_on) return add_ngrams(w, c, n, 1, 3);
    if (add(w, 1, c, n)) return -1;
    c[-1] = c[n] = WORD_END;
    return add_ngrams(w, w->c, n + 2, (size_t)w->o->shortest, (size_t)w->o->longest);
}

static int take(walk *w, uint32_t cp)
{
    bool run = runs_on(cp), word = in_word(cp);
    if (w->n && (!word || run != w->runs_on || w->n == LONGEST_WORD) && end_word(w)) return -1;
    if (!word) return 0;
    w->runs_on = run;
    w->c[1 + w->n++] = cp;
    return 0;
}

static int walk_text(walk *w, const char *s, size_t n)
{
    for (size_t i = 0; i < n && !w->full;) {
        uint32_t cp, low[2];
        i += sts_utf8_get(s + i, &cp);
        int k = sts_lower(cp, low);
        for (int j = 0; j < k; j++)
            if (take(w, low[j])) return -1;
    }
    return w->full ? 0 : end_word(w);
}

int sts_features(const char *text, size_t n, const sts_feature_options *o, size_t most,
                 sts_ids *out, bool *truncated, sts_err *err)
{
    walk w = {.o = o, .out = out, .most = most};
    sts_text normal = {0};
    out->n = 0;
    bool ascii = sts_utf8_ascii(text, n) == n;
    int rc = ascii ? 0 : sts_normal_form(STS_NFKC, text, n, &normal);
    if (!rc) rc = ascii ? walk_text(&w, text, n) : walk_text(&w, normal.s, normal.n);
    sts_text_free(&normal);
    if (truncated) *truncated = w.full;
    return rc ? sts_fail_memory(err, "the features of a text") : 0;
}
