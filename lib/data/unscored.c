/* unscored.c - pairs without scores, which belong together: texts with several partners, which a
 * ranking takes for wrong answers of one another, and texts that are nearly the same. */
#include "core/arena.h"
#include "core/mem.h"
#include "data/distinct.h"
#include "data/survey.h"

#include <stdlib.h>
#include <string.h>

typedef struct pair { /* by the numbers of its texts */
    uint32_t text[2];
} pair;

typedef struct walk {
    sts_survey_file *f;
    sts_distinct distinct, words;  /* texts and pairs; texts by their words */
    uint32_t *first, *first_words; /* [n of each] the row where it was first */
    uint32_t *uses;                /* [texts] distinct pairs that have it */
    pair *pairs;                   /* distinct ones */
    size_t n_first, cap_first, n_uses, cap_uses, n_words, cap_words, n_pairs, cap_pairs;
    sts_arena kept; /* the words of texts, which `words` borrows */
} walk;

static void walk_free(walk *w)
{
    sts_distinct_free(&w->distinct);
    sts_distinct_free(&w->words);
    sts_free(w->first);
    sts_free(w->first_words);
    sts_free(w->uses);
    sts_free(w->pairs);
    sts_arena_free(&w->kept);
}

static void add(const walk *w, sts_findings *list, size_t row, size_t before)
{
    const sts_row *r = w->f->data->row;
    sts_finding_add(list, &(sts_finding){.line = r[row].line,
                                         .other_line = r[before].line,
                                         .row = &r[row]});
}

/* ---- texts by their words ---- */

static bool in_word(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static int by_bytes(const void *a, const void *b)
{
    const sts_str *x = a, *y = b;
    int order = memcmp(x->s, y->s, x->n < y->n ? x->n : y->n);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* The words of a text, its bytes in lower case, into word[]; returns how many. */
static size_t find_words(char *s, size_t n, sts_str *word)
{
    size_t words = 0;
    for (size_t i = 0; i < n;) {
        size_t from = i;
        for (; i < n && in_word((unsigned char)s[i]); i++)
            if (s[i] >= 'A' && s[i] <= 'Z') s[i] |= 32;
        if (i > from) word[words++] = (sts_str){s + from, i - from};
        else i++;
    }
    return words;
}

/* In one order whatever their order is: the same for texts that differ in that and in punctuation
 * alone. Into out, a byte longer than the text; returns the length. */
static size_t join_words(sts_str *word, size_t words, char *out)
{
    size_t at = 0;
    qsort(word, words, sizeof *word, by_bytes);
    for (size_t k = 0; k < words; k++) {
        memcpy(out + at, word[k].s, word[k].n);
        at += word[k].n;
        out[at++] = ' ';
    }
    return at;
}

/* A text that is new: has one of the same words been there before? 0, or -1 (memory). */
static int compare_words(walk *w, sts_str text, uint32_t row)
{
    char *lower = sts_strndup(text.s, text.n), *key = sts_arena_take(&w->kept, text.n + 1);
    sts_str *word = sts_alloc(text.n / 2 + 1, sizeof *word);
    int rc = lower && key && word ? 0 : -1;
    size_t n = rc ? 0 : join_words(word, find_words(lower, text.n, word), key);
    sts_free(lower);
    sts_free(word);
    if (rc || !n) return rc; /* none has no words */
    uint32_t id = sts_distinct_bytes(&w->words, (sts_str){key, n});
    if (id == STS_NO_NUMBER) return -1;
    if (id < w->n_words) {
        add(w, &w->f->near, row, w->first_words[id]);
        return 0;
    }
    if (sts_grow(&w->first_words, w->n_words, &w->cap_words, sizeof *w->first_words)) return -1;
    w->first_words[w->n_words++] = row;
    return 0;
}

/* ---- pairs ---- */

/* Numbers a text; one that is new is remembered with its row. */
static int meet(walk *w, sts_str text, uint32_t row, uint32_t *id)
{
    *id = sts_distinct_text(&w->distinct, text);
    if (*id == STS_NO_NUMBER) return -1;
    if (*id < w->n_first) return 0;
    if (sts_grow(&w->first, w->n_first, &w->cap_first, sizeof *w->first) ||
        sts_grow(&w->uses, w->n_uses, &w->cap_uses, sizeof *w->uses))
        return -1;
    w->first[w->n_first++] = row;
    w->uses[w->n_uses++] = 0;
    return compare_words(w, text, row);
}

/* A pair that is new. */
static int take_pair(walk *w, const uint32_t id[2], uint32_t row)
{
    uint32_t before = w->uses[id[0]] ? id[0] : id[1];
    if (w->uses[before]) add(w, &w->f->shared, row, w->first[before]);
    w->uses[id[0]]++;
    w->uses[id[1]] += id[0] != id[1];
    w->f->equal += id[0] == id[1];
    if (sts_grow(&w->pairs, w->n_pairs, &w->cap_pairs, sizeof *w->pairs)) return -1;
    w->pairs[w->n_pairs++] = (pair){{id[0], id[1]}};
    return 0;
}

static int take_row(walk *w, uint32_t row)
{
    uint32_t id[2];
    const sts_str *text = w->f->data->row[row].text;
    if (meet(w, text[0], row, &id[0]) || meet(w, text[1], row, &id[1])) return -1;
    uint32_t number = sts_distinct_pair(&w->distinct, id[0], id[1]);
    if (number == STS_NO_NUMBER) return -1;
    return number < w->n_pairs ? 0 : take_pair(w, id, row);
}

int sts_survey_unscored(sts_survey_file *f, sts_err *err)
{
    const sts_dataset *d = f->data;
    if (d->scored || d->n_texts != 2) return 0;
    walk w = {.f = f, .distinct = sts_distinct_new(), .words = sts_distinct_new()};
    int rc = 0;
    for (uint32_t i = 0; i < d->n && !rc; i++) rc = take_row(&w, i);
    for (size_t k = 0; k < w.n_pairs && !rc; k++)
        f->sharing += w.uses[w.pairs[k].text[0]] > 1 || w.uses[w.pairs[k].text[1]] > 1;
    f->distinct = w.n_pairs;
    f->texts = w.n_first;
    walk_free(&w);
    return rc ? sts_fail_memory(err, f->path) : 0;
}
