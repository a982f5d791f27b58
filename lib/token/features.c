/* features.c - words and n-grams of a text. */
#include "token/features.h"

#include "core/mem.h"
#include "core/rng.h"
#include "token/unicode.h"

#include <string.h>

#define WORD_END 0x110000u /* stands for the two ends of a word; no character has this number */

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

/* ---- words ---- */

typedef struct walk {
    sts_word_fn *each;
    void *ctx;
    int stop;                 /* what `each` answered */
    uint32_t c[STS_LONGEST_WORD]; /* the word */
    size_t n;
    bool runs_on;
} walk;

static int end_word(walk *w)
{
    size_t n = w->n;
    w->n = 0;
    if (n) w->stop = w->each(w->ctx, w->c, n, w->runs_on);
    return w->stop;
}

static int take(walk *w, uint32_t cp)
{
    bool run = runs_on(cp), word = in_word(cp);
    bool ends = !word || run != w->runs_on || w->n == STS_LONGEST_WORD;
    if (w->n && ends && end_word(w)) return w->stop;
    if (!word) return 0;
    w->runs_on = run;
    w->c[w->n++] = cp;
    return 0;
}

static int walk_text(walk *w, const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t cp, low[2];
        i += sts_utf8_get(s + i, &cp);
        int k = sts_lower(cp, low);
        for (int j = 0; j < k; j++)
            if (take(w, low[j])) return w->stop;
    }
    return end_word(w);
}

int sts_words(const char *text, size_t n, sts_word_fn *each, void *ctx)
{
    walk w = {.each = each, .ctx = ctx};
    if (sts_utf8_ascii(text, n) == n) return walk_text(&w, text, n);
    sts_text normal = {0};
    int rc = sts_normal_form(STS_NFKC, text, n, &normal);
    if (!rc) rc = walk_text(&w, normal.s, normal.n);
    sts_text_free(&normal);
    return rc;
}

/* ---- their features ---- */

enum { FULL = 1 };

typedef struct gathering {
    const sts_feature_options *o;
    sts_ids *out;
    size_t limit; /* 0: none */
} gathering;

/* Adds the feature of characters c[n]; `kind` keeps words and n-grams apart. 0, FULL, or -1. */
static int add(gathering *g, uint64_t kind, const uint32_t *c, size_t n)
{
    if (g->limit && g->out->n >= g->limit) return FULL;
    uint64_t h = kind;
    for (size_t i = 0; i < n; i++) h = (h ^ c[i]) * 0x100000001b3u; /* FNV-1a, by characters */
    return sts_ids_push(g->out, (int32_t)(sts_mix64(h) >> (64 - STS_FEATURE_BITS)));
}

static int add_ngrams(gathering *g, const uint32_t *c, size_t n, int shortest, int longest)
{
    int rc = 0;
    for (size_t k = (size_t)shortest; k <= (size_t)longest; k++)
        for (size_t i = 0; i + k <= n && !rc; i++) rc = add(g, 2, c + i, k);
    return rc;
}

/* The n-grams of a word with its end marked, and with `start` its start. */
static int add_marked(gathering *g, const uint32_t *c, size_t n, bool start)
{
    uint32_t marked[STS_LONGEST_WORD + 2] = {WORD_END};
    memcpy(marked + 1, c, n * sizeof *c);
    marked[n + 1] = WORD_END;
    return add_ngrams(g, marked + !start, n + 1 + start, g->o->shortest, g->o->longest);
}

static int add_word(void *ctx, const uint32_t *c, size_t n, bool runs)
{
    if (runs) return add_ngrams(ctx, c, n, 1, 3);
    int rc = add(ctx, 1, c, n);
    return rc ? rc : add_marked(ctx, c, n, true);
}

static int add_rest(void *ctx, const uint32_t *c, size_t n, bool runs)
{
    return runs ? add_ngrams(ctx, c, n, 1, 3) : add_marked(ctx, c, n, false);
}

int sts_word_features(const uint32_t *c, size_t n, bool runs, const sts_feature_options *o,
                      sts_ids *out)
{
    gathering g = {o, out, 0};
    return add_word(&g, c, n, runs);
}

static size_t count_ngrams(size_t n, size_t shortest, size_t longest)
{
    size_t count = 0;
    for (size_t k = shortest; k <= longest && k <= n; k++) count += n - k + 1;
    return count;
}

size_t sts_word_count(size_t n, bool runs, const sts_feature_options *o)
{
    if (runs) return count_ngrams(n, 1, 3);
    return 1 + count_ngrams(n + 2, (size_t)o->shortest, (size_t)o->longest);
}

static int gather(const char *text, size_t n, sts_word_fn *each, gathering *g, bool *truncated,
                  sts_err *err)
{
    g->out->n = 0;
    int rc = sts_words(text, n, each, g);
    if (truncated) *truncated = rc == FULL;
    return rc < 0 ? sts_fail_memory(err, "the features of a text") : 0;
}

int sts_features(const char *text, size_t n, const sts_feature_options *o, size_t limit,
                 sts_ids *out, bool *truncated, sts_err *err)
{
    gathering g = {o, out, limit};
    return gather(text, n, add_word, &g, truncated, err);
}

int sts_features_of_rest(const char *rest, size_t n, const sts_feature_options *o, sts_ids *out,
                         sts_err *err)
{
    gathering g = {o, out, 0};
    return gather(rest, n, add_rest, &g, NULL, err);
}
