/* columns.c - the names that columns go by, and --columns. */
#include "data/layout.h"

#include "core/strbuf.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In order of preference, already without case, spaces and underscores. */
static const char *const score_names[] = {
    "score", "scores", "similarity", "similarityscore", "relatedness", "relatednessscore",
    "goldscore", "gold", "rating", "ratings", "stsscore", "humanscore", "humanrating",
    "humanjudgment", "humanjudgement", "judgment", "judgement", "meanscore", "averagescore",
    "avgscore", "meanrating", "averagerating", "simscore", "sim", "sts", "relevance",
    "relevancescore", "cosine", "cosinesimilarity", "grade", "label", "labels", "goldlabel",
    "target", "isduplicate", "duplicate", "isparaphrase", "paraphrase", "match", "quality",
};

static const char *const text_names[][2] = {
    {"sentence1", "sentence2"}, {"sentencea", "sentenceb"}, {"text1", "text2"},
    {"texta", "textb"},         {"sent1", "sent2"},         {"s1", "s2"},
    {"senta", "sentb"},         {"question1", "question2"}, {"q1", "q2"},
    {"phrase1", "phrase2"},     {"string1", "string2"},     {"input1", "input2"},
    {"#1string", "#2string"},   {"sentence0", "sentence1"}, {"text0", "text1"},
    {"anchor", "positive"},     {"query", "positive"},      {"question", "positive"},
    {"premise", "hypothesis"},  {"query", "document"},      {"query", "passage"},
    {"query", "answer"},        {"question", "answer"},     {"q", "a"},
    {"query", "doc"},           {"query", "text"},          {"question", "context"},
    {"source", "target"},       {"sentence", "paraphrase"}, {"text", "paraphrase"},
    {"original", "paraphrase"},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* The next letter or digit of s from *i on, in lower case; 0 at the end. Spaces and the like are
 * passed over; bytes of other letters count as they are. */
static int next_letter(const char *s, size_t n, size_t *i)
{
    while (*i < n && strchr(" _-.\t", s[*i]) && s[*i]) (*i)++;
    if (*i == n) return 0;
    int c = (unsigned char)s[(*i)++];
    return c >= 'A' && c <= 'Z' ? c | 32 : c;
}

/* Is this header field the known name b? Fields too long for a name are not looked through. */
static bool same_name(sts_str a, const char *b)
{
    size_t i = 0, j = 0, n = strlen(b);
    if (a.n >= STS_COLUMN_NAME_MAX) return false;
    for (;;) {
        int x = next_letter(a.s, a.n, &i), y = next_letter(b, n, &j);
        if (x != y) return false;
        if (!x) return i == a.n;
    }
}

int sts_names_find(const sts_str *names, size_t n, const char *wanted)
{
    for (size_t i = 0; i < n && wanted; i++)
        if (same_name(names[i], wanted)) return (int)i;
    return -1;
}

/* The first two texts among the names; their row of text_names, or -1. */
static int match_pair(const sts_str *names, size_t n, int column[STS_COLS])
{
    for (size_t i = 0; i < COUNT(text_names); i++) {
        for (int k = 0; k < 2; k++)
            column[STS_COL_TEXT + k] = sts_names_find(names, n, text_names[i][k]);
        if (column[STS_COL_TEXT] >= 0 && column[STS_COL_TEXT + 1] >= 0) return (int)i;
    }
    return -1;
}

static void match_score(const sts_str *names, size_t n, bool texts, int column[STS_COLS])
{
    for (size_t i = 0; i < COUNT(score_names) && column[STS_COL_SCORE] < 0; i++) {
        int at = sts_names_find(names, n, score_names[i]);
        bool text = texts && (at == column[STS_COL_TEXT] || at == column[STS_COL_TEXT + 1]);
        column[STS_COL_SCORE] = text ? -1 : at;
    }
}

/* Where a column of negatives stands among them: "negative" 0, "negative_2" 3; -1: another. */
static int rank_negative(sts_str name)
{
    static const char word[] = "negative";
    size_t i = 0;
    if (name.n >= STS_COLUMN_NAME_MAX) return -1;
    for (const char *p = word; *p; p++)
        if (next_letter(name.s, name.n, &i) != *p) return -1;
    int number = 0, c, digits = 0;
    for (; (c = next_letter(name.s, name.n, &i)) >= '0' && c <= '9' && digits < 6; digits++)
        number = 10 * number + c - '0';
    if (c || i < name.n) return -1;
    return digits ? number + 1 : 0;
}

/* Adds the negatives to the two texts, by their numbers; how many texts there are then. */
static int match_negatives(const sts_str *names, size_t n, int column[STS_COLS])
{
    int texts = 2;
    for (int last = -1;; texts++) {
        int next = INT_MAX, at = -1;
        for (size_t i = 0; i < n; i++) {
            int rank = rank_negative(names[i]);
            if (rank <= last || rank >= next) continue;
            next = rank;
            at = (int)i;
        }
        if (at < 0) return texts;
        if (texts < STS_TEXTS_MAX) column[STS_COL_TEXT + texts] = at;
        last = next;
    }
}

/* Beside a score, other pairs than those with a "positive" are scored ones, whatever is called a
 * negative there; what has negatives needs no score. */
int sts_names_match(const sts_str *names, size_t n, int column[STS_COLS])
{
    for (int c = 0; c < STS_COLS; c++) column[c] = -1;
    int pair = match_pair(names, n, column), texts = pair < 0 ? 0 : 2;
    match_score(names, n, texts, column);
    bool scored = column[STS_COL_SCORE] >= 0;
    if (texts && (!scored || !strcmp(text_names[pair][1], "positive")))
        texts = match_negatives(names, n, column);
    if (texts > 2) column[STS_COL_SCORE] = -1;
    return texts;
}

int sts_names_fit(const sts_search *s, int texts, uint64_t line, sts_err *err)
{
    if (texts <= STS_TEXTS_MAX) return 1;
    return sts_fail(err, STS_DATA,
                    "%s:%llu: %d columns of negatives, of which %d can be read: say "
                    "which with --columns anchor=...,positive=...,negative=...,negative_2=...",
                    s->file, (unsigned long long)line, texts - 2, STS_TEXTS_MAX - 2);
}

/* The column called exactly so, or else nearly so. */
static int find_chosen(const sts_str *names, size_t n, const char *wanted)
{
    for (size_t i = 0; i < n; i++)
        if (names[i].n == strlen(wanted) && !memcmp(names[i].s, wanted, names[i].n)) return (int)i;
    return sts_names_find(names, n, wanted);
}

int sts_names_choose(sts_layout *l, const sts_search *s, const sts_str *names, size_t n,
                     uint64_t line, sts_err *err)
{
    const sts_columns *want = &s->columns;
    for (int c = 0; c < STS_COLS; c++) {
        if (want->number[c]) l->column[c] = want->number[c] - 1;
        if (!want->name[c][0]) continue;
        l->column[c] = find_chosen(names, n, want->name[c]);
        if (l->column[c] >= 0) continue;
        char what[STS_COLUMN_NAME_MAX + 2];
        snprintf(what, sizeof what, "'%s'", want->name[c]);
        return sts_names_missing(s, line, what, names, n, 0, err);
    }
    /* sentence1=6,sentence2=6 is a slip, and would train on equal sentences */
    for (int a = 0; a < STS_COLS; a++)
        for (int b = 0; b < a; b++)
            if (l->column[a] >= 0 && l->column[a] == l->column[b])
                return sts_fail(err, STS_USAGE, "--columns gives column %d two parts to play",
                                l->column[a] + 1);
    l->n_texts = 2;
    while (l->n_texts < STS_TEXTS_MAX && l->column[STS_COL_TEXT + l->n_texts] >= 0) l->n_texts++;
    return 1;
}

/* Is `name`, the name of column `at`, that of a later column too? */
static int occurs_once(const sts_search *s, const sts_str *names, size_t n, size_t at,
                     const char *name, uint64_t line, sts_err *err)
{
    int again = sts_names_find(names + at + 1, n - at - 1, name);
    if (again < 0) return 1;
    return sts_fail(err, STS_DATA, "%s:%llu: columns %zu and %zu are both called '%s': say "
                    "which is meant with --columns", s->file, (unsigned long long)line, at + 1,
                    at + 2 + (size_t)again, name);
}

int sts_names_pair(const sts_search *s, const sts_str *names, size_t n, uint64_t line,
                   sts_err *err)
{
    for (size_t i = 0; i < COUNT(text_names); i++)
        for (int k = 0; k < 2; k++) {
            int at = sts_names_find(names, n, text_names[i][k]);
            if (at >= 0 && occurs_once(s, names, n, (size_t)at, text_names[i][k], line, err) < 0)
                return -1;
        }
    return 1;
}

int sts_names_once(const sts_layout *l, const sts_search *s, const sts_str *names, size_t n,
                   uint64_t line, sts_err *err)
{
    for (int c = 0; c < STS_COLS; c++) {
        char name[STS_COLUMN_NAME_MAX];
        if (l->column[c] < 0) continue;
        size_t at = (size_t)l->column[c];
        if (names[at].n >= sizeof name) continue;
        memcpy(name, names[at].s, names[at].n);
        name[names[at].n] = 0;
        if (occurs_once(s, names, n, at, name, line, err) < 0) return -1;
    }
    return 1;
}

void sts_names_keep(sts_layout *l, const sts_str *names)
{
    for (int c = 0; c < STS_COLS; c++) {
        if (l->column[c] < 0) continue;
        sts_str s = names[l->column[c]];
        if (s.n >= sizeof l->name[c]) continue;
        memcpy(l->name[c], s.s, s.n);
        l->name[c][s.n] = 0;
    }
}

/* A name as --columns takes it from a shell. */
static size_t add_choice(char *out, size_t size, size_t at, const char *key, sts_str name)
{
    char shown[60];
    sts_quote(shown, sizeof shown, name.s, name.n);
    static const char safe[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
    bool plain = strspn(shown, safe) == strlen(shown);
    const char *quote = plain ? "" : "\"";
    return sts_append(out, size, at, "%s%s=%s%s%s", at ? "," : "", key, quote, shown, quote);
}

/* The likely answer: the known names, else the first columns of words and the last of numbers. */
static void guess_columns(const sts_search *s, const sts_str *names, size_t n, uint64_t numbers,
                          char *out, size_t size)
{
    int known[STS_COLS], chosen[3] = {-1, -1, -1};
    sts_names_match(names, n, known);
    chosen[2] = known[STS_COL_SCORE];
    for (int i = (int)n - 1; i >= 0 && chosen[2] < 0; i--)
        if (i < 64 && (numbers >> i & 1)) chosen[2] = i;
    int texts = known[STS_COL_TEXT] >= 0 && known[STS_COL_TEXT + 1] >= 0 ? 2 : 0;
    for (int k = 0; k < texts; k++) chosen[k] = known[STS_COL_TEXT + k];
    for (int i = 0; i < (int)n && texts < 2; i++)
        if (i != chosen[2] && !(i < 64 && (numbers >> i & 1))) chosen[texts++] = i;
    if (chosen[2] < 0 && n == 3) chosen[2] = 3 - chosen[0] - chosen[1];
    static const char *const key[] = {"sentence1", "sentence2", "score"};
    size_t at = 0;
    for (int k = 0; k < (s->unscored ? 2 : 3); k++) {
        sts_str none = {"NAME", 4};
        at = add_choice(out, size, at, key[k], chosen[k] < 0 ? none : names[chosen[k]]);
    }
}

int sts_names_missing(const sts_search *s, uint64_t line, const char *what, const sts_str *names,
                      size_t n, uint64_t numbers, sts_err *err)
{
    char list[300] = "", choice[260] = "";
    size_t at = 0;
    for (size_t i = 0; i < n && at + 48 < sizeof list; i++) {
        char one[40];
        sts_quote(one, sizeof one, names[i].s, names[i].n);
        at = sts_append(list, sizeof list, at, i ? ", %s" : "%s", one);
    }
    guess_columns(s, names, n, numbers, choice, sizeof choice);
    bool free = s->plain_pairs && !strcmp(what, "score column");
    return sts_fail(err, STS_DATA, "%s:%llu: no %s among the columns: %s; say which are which, "
                    "such as --columns %s%s", s->file, (unsigned long long)line, what, list, choice,
                    free ? " (without score=... where pairs have none)" : "");
}

int sts_score_missing(const sts_search *s, uint64_t line, const sts_str *names, size_t n,
                      uint64_t numbers, sts_err *err)
{
    if (n > 2) return sts_names_missing(s, line, "score column", names, n, numbers, err);
    return sts_fail(err, STS_DATA, "%s:%llu: no score column: pairs without scores are for "
                    "--loss multiple-negatives-ranking", s->file, (unsigned long long)line);
}

/* ---- --columns ---- */

/* Which column KEY= stands for; -1: none. */
static int column_key(const char *s, size_t n)
{
    static const struct {
        const char *name;
        int column;
    } keys[] = {
        {"score", STS_COL_SCORE},        {"label", STS_COL_SCORE},
        {"sentence1", STS_COL_TEXT},     {"sentence2", STS_COL_TEXT + 1},
        {"anchor", STS_COL_TEXT},        {"positive", STS_COL_TEXT + 1},
        {"negative", STS_COL_TEXT + 2},
    };
    static const char numbered[] = "negative_";
    size_t from = sizeof numbered - 1;
    for (size_t i = 0; i < COUNT(keys); i++)
        if (strlen(keys[i].name) == n && !memcmp(keys[i].name, s, n)) return keys[i].column;
    if (n <= from || n > from + 3 || memcmp(s, numbered, from)) return -1;
    int number = 0;
    for (; from < n && s[from] >= '0' && s[from] <= '9'; from++)
        number = 10 * number + s[from] - '0';
    return from == n && number > 0 && number <= STS_TEXTS_MAX - 2 ? STS_COL_TEXT + 1 + number : -1;
}

static bool has_column(const sts_columns *c, int at) { return c->number[at] || c->name[at][0]; }

/* "KEY=VALUE", n bytes. */
static int parse_one(const char *s, size_t n, sts_columns *c, sts_err *err)
{
    const char *eq = memchr(s, '=', n);
    int at = eq ? column_key(s, (size_t)(eq - s)) : -1;
    if (at < 0)
        return sts_fail(err, STS_USAGE,
                        "--columns: '%.*s' is not NAME=COLUMN; the names are "
                        "score, sentence1, sentence2, anchor, positive, negative, "
                        "negative_2 to negative_%d",
                        (int)(n < 80 ? n : 80), s, STS_TEXTS_MAX - 2);
    if (has_column(c, at))
        return sts_fail(err, STS_USAGE, "--columns: '%.*s' is given twice", (int)(eq - s), s);
    const char *v = eq + 1;
    size_t len = n - (size_t)(v - s);
    if (!len || len >= STS_COLUMN_NAME_MAX)
        return sts_fail(err, STS_USAGE,
                        "--columns: a column is a number from 1 or a name of up to %d bytes",
                        STS_COLUMN_NAME_MAX - 1);
    memcpy(c->name[at], v, len);
    c->name[at][len] = 0;
    if (strspn(c->name[at], "0123456789") < len) {
        c->named = true;
        return 0;
    }
    long number = len < 6 ? strtol(c->name[at], NULL, 10) : 0;
    if (number < 1 || number > STS_COLUMNS_MAX)
        return sts_fail(err, STS_USAGE, "--columns: column %s is not within 1 to %d", c->name[at],
                        STS_COLUMNS_MAX);
    c->number[at] = (int)number;
    c->name[at][0] = 0;
    return 0;
}

/* "score=5,sentence1=6,...": each part once, two sentences at least, and no negative left out. */
int sts_columns_parse(const char *spec, sts_columns *c, sts_err *err)
{
    *c = (sts_columns){0};
    if (!spec) return 0;
    c->given = true;
    for (const char *s = spec;;) {
        size_t n = strcspn(s, ",");
        if (parse_one(s, n, c, err)) return -1;
        if (!s[n]) break;
        s += n + 1;
    }
    for (int k = 0; k < 2; k++)
        if (!has_column(c, STS_COL_TEXT + k))
            return sts_fail(err, STS_USAGE, "--columns names no %s",
                            k ? "sentence2 (or positive)" : "sentence1 (or anchor)");
    for (int k = 3; k < STS_TEXTS_MAX; k++)
        if (has_column(c, STS_COL_TEXT + k) && !has_column(c, STS_COL_TEXT + k - 1))
            return sts_fail(err, STS_USAGE, "--columns names negative_%d, but no negative_%d",
                            k - 1, k - 2);
    return 0;
}
