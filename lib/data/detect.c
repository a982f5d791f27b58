/* detect.c - which separator and which columns: by the header's names, by --columns, or by where
 * numbers stand in the first rows. Nothing is guessed where two readings are possible. */
#include "data/advice.h"

#include "core/words.h"
#include "data/layout.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ROWS 32   /* read */
#define LOOKED 64 /* columns of each, for numbers */

/* The first rows under one separator. */
typedef struct sample {
    size_t n;               /* rows; blank lines and broken rows are not counted */
    size_t fields[ROWS];
    uint64_t number[ROWS], empty[ROWS]; /* a bit for each column */
    size_t common, n_common; /* the most frequent number of columns, in how many rows */
    uint64_t line;           /* of the first row */
    uint64_t fault_line;     /* of the first broken row; 0: none */
    char fault[STS_WHY_MAX];
} sample;

typedef struct candidate {
    const char *format;
    char delimiter;
    bool quoted;
} candidate;

static const candidate candidates[] = {
    {"tsv", '\t', false}, {"csv", '\t', true}, {"csv", ',', true}, {"csv", ';', true}};

/* ---- reading rows ---- */

/* A number, or what somebody took for one: a file is not misread for one bad score in few rows. */
static bool is_like_number(sts_str s)
{
    static const char *const words[] = {"nan", "inf", "infinity", "na", "none", "null"};
    double x;
    if (sts_number_parse(s.s, s.n, &x)) return true;
    if (s.n > 24 || memchr(s.s, ' ', s.n) || s.s[s.n - 1] == ']') return false;
    size_t sign = *s.s == '-' || *s.s == '+';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (s.n - sign == strlen(words[i]) && !strncasecmp(s.s + sign, words[i], s.n - sign))
            return true;
    return s.n > sign && s.s[sign] && strchr(".,0123456789", s.s[sign]);
}

static void add_row(sample *a, const sts_record *r)
{
    size_t i = a->n++;
    a->fields[i] = r->n;
    for (size_t c = 0; c < r->n && c < LOOKED; c++) {
        sts_str s = sts_trim(r->field[c]);
        if (!s.n) a->empty[i] |= UINT64_C(1) << c;
        else if (is_like_number(s)) a->number[i] |= UINT64_C(1) << c;
    }
    if (i == 0) a->line = r->line;
}

static void find_common(sample *a)
{
    for (size_t i = 0; i < a->n; i++) {
        size_t same = 0;
        for (size_t j = 0; j < a->n; j++) same += a->fields[j] == a->fields[i];
        if (same > a->n_common) {
            a->n_common = same;
            a->common = a->fields[i];
        }
    }
}

/* Reads the next row into the sample. 1; 0 at the end; -1. Rows with broken quotes are left out;
 * a row that is not UTF-8 has its columns all the same. */
static int next_row(sample *a, sts_table *t, sts_record *r, sts_err *err)
{
    for (;;) {
        int rc = sts_table_next(t, r, err);
        if (rc <= 0) return rc;
        if (r->blank || (r->n == 1 && *r->raw.s == '#')) continue; /* the latter: a comment */
        if (r->fault != STS_SKIP_NONE && !a->fault_line) {
            a->fault_line = r->line;
            memcpy(a->fault, r->why, sizeof a->fault);
        }
        if (r->fault != STS_SKIP_NONE && r->fault != STS_SKIP_BAD_TEXT) continue;
        add_row(a, r);
        return 1;
    }
}

static int read_sample(sample *a, sts_table *t, sts_err *err)
{
    sts_record r;
    int rc = 1;
    while (rc > 0 && a->n < ROWS) rc = next_row(a, t, &r, err);
    find_common(a);
    return rc < 0 ? -1 : 0;
}

/* A table over the head of the file, up to its last whole line. */
static sts_table *open_head(const sts_search *s, const candidate *c, sts_err *err)
{
    size_t n = s->head.n;
    while (!s->whole && n && s->head.s[n - 1] != '\n') n--;
    sts_table *t = sts_table_open_memory(s->head.s, n ? n : s->head.n, s->file, err);
    if (t) sts_table_split(t, c->delimiter, c->quoted);
    return t;
}

/* ---- rules: 1: found, 0: does not fit, -1: error; what is not quoted has tabs ---- */

/* Does the header have every one of these names? */
static bool has_names(const sts_record *r, const char *list)
{
    char name[32];
    for (size_t n; (n = sts_next_word(&list)); list += n) {
        snprintf(name, sizeof name, "%.*s", (int)n, list);
        if (sts_names_find(r->field, r->n < STS_COLUMNS_MAX ? r->n : STS_COLUMNS_MAX, name) < 0)
            return false;
    }
    return true;
}

/* SICK and GLUE are TSV with names of their own, and known ranges. */
static void name_format(sts_layout *l, const sts_search *s, const sts_record *head)
{
    static const char *const special[] = {"sick", "glue"};
    for (size_t i = 0; i < 2 && !s->given && l->delimiter == '\t'; i++) {
        const sts_format *f = sts_format_named(special[i]);
        if (!has_names(head, f->header)) continue;
        l->format = f;
        l->known = true;
        l->min = f->min;
        l->max = f->max;
        return;
    }
}

/* The first row has names that are known. */
static int by_header(sts_layout *l, const sts_search *s, const sts_record *head, sts_err *err)
{
    size_t n = head->n < STS_COLUMNS_MAX ? head->n : STS_COLUMNS_MAX;
    l->n_texts = sts_names_match(head->field, n, l->column);
    bool named = l->column[STS_COL_SCORE] >= 0;
    if (!l->n_texts && named && sts_names_pair(s, head->field, n, head->line, err) < 0) return -1;
    if (!l->n_texts || (s->given && s->given->header && !has_names(head, s->given->header)))
        return 0;
    if (l->n_texts == 2 && l->column[STS_COL_SCORE] < 0 && !sts_may_lack_score(s, n))
        return sts_score_missing(s, head->line, head->field, n, 0, err);
    if (sts_names_fit(s, l->n_texts, head->line, err) < 0) return -1;
    if (sts_names_once(l, s, head->field, n, head->line, err) < 0) return -1;
    l->header = true;
    l->least = l->limit = head->n;
    sts_names_keep(l, head->field);
    name_format(l, s, head);
    return 1;
}

/* Has column c a word in the first row, and a number in all others of the first `rows`? */
static bool is_title(const sample *a, size_t c, size_t rows)
{
    uint64_t bit = UINT64_C(1) << c;
    for (size_t i = 1; i < rows; i++)
        if (!(a->number[i] & bit)) return false;
    return rows > 1 && !((a->number[0] | a->empty[0]) & bit);
}

/* Is the first row a header, when columns are given by number? It is where it has the usual names
 * in those columns, or no number where the others have one: the score, or a column besides. */
static bool first_is_header(const sts_layout *l, const sample *a, const sts_record *head)
{
    int named[STS_COLS], score = l->column[STS_COL_SCORE];
    size_t n = head->n < STS_COLUMNS_MAX ? head->n : STS_COLUMNS_MAX;
    if (sts_names_match(head->field, n, named) && named[STS_COL_TEXT] == l->column[STS_COL_TEXT] &&
        named[STS_COL_TEXT + 1] == l->column[STS_COL_TEXT + 1])
        return true;
    if (a->n < 2) return false;
    if (score >= 0) return score < LOOKED && is_title(a, (size_t)score, 2);
    for (size_t c = 0; c < n && c < LOOKED; c++)
        if ((int)c != l->column[STS_COL_TEXT] && (int)c != l->column[STS_COL_TEXT + 1] &&
            is_title(a, c, a->n))
            return true;
    return false;
}

/* In how many rows of the sample (of `fields` columns, or more when `atleast`) column c is a
 * number, or empty. */
static size_t count_scores(const sample *a, size_t fields, bool atleast, size_t c, size_t *numbers)
{
    size_t count = 0;
    *numbers = 0;
    for (size_t i = 0; i < a->n; i++) {
        if (a->fields[i] != fields && !(atleast && a->fields[i] > fields)) continue;
        bool number = a->number[i] >> c & 1;
        *numbers += number;
        count += number || (a->empty[i] >> c & 1);
    }
    return count;
}

/* STSbenchmark: seven columns or more, a number in the fifth. It is enough that a good part of
 * the rows are so: the others are then reported as faults. */
static bool has_seven(const sample *a)
{
    size_t numbers, count = count_scores(a, 7, true, 4, &numbers);
    /* a file without scores, as for a test set, must at least be even */
    return count * 4 >= a->n && (numbers || a->n_common == a->n);
}

/* A dev file is read by the --columns of the data, whose layout it may not have. */
static void warn_of_seven(const sts_layout *l, const sts_search *s, const sample *a)
{
    int first = l->column[STS_COL_TEXT], second = l->column[STS_COL_TEXT + 1];
    if (!l->header && !s->given && l->delimiter == '\t' && second < 5 && first < 5 && has_seven(a))
        sts_note(STS_WARN, "%s: --columns takes sentences from columns %d and %d of rows that look "
                 "like STSbenchmark's, which has them in 6 and 7", s->file, first + 1, second + 1);
}

/* --columns: does this separator give columns of those numbers or names? */
static int by_columns(sts_layout *l, const sts_search *s, const sample *a, const sts_record *head,
                      sts_err *err)
{
    size_t n = head->n < STS_COLUMNS_MAX ? head->n : STS_COLUMNS_MAX, needed = 0;
    sts_err ignored = {0};
    if (sts_names_choose(l, s, head->field, n, head->line, &ignored) < 0) return 0;
    for (int c = 0; c < STS_COLS; c++)
        if (l->column[c] >= (int)needed) needed = (size_t)l->column[c] + 1;
    if (a->common < needed) return 0;
    if (l->n_texts == 2 && l->column[STS_COL_SCORE] < 0 && !sts_may_lack_score(s, n))
        return sts_fail(err, STS_USAGE, "--columns names no score");
    l->header = s->columns.named || first_is_header(l, a, head);
    if (l->header && head->n < needed)
        return sts_fail(err, STS_DATA, "%s:%llu: --columns asks for column %zu, but the header "
                        "has %zu", s->file, (unsigned long long)head->line, needed, head->n);
    /* texts may hold commas that nobody quoted: every row must have the same number of columns */
    bool even = l->header || l->delimiter != '\t';
    l->least = even ? (l->header ? head->n : a->common) : needed;
    l->limit = even ? l->least : SIZE_MAX;
    if (l->header) sts_names_keep(l, head->field);
    warn_of_seven(l, s, a);
    return 1;
}

/* Columns fixed by the format's name (stsb, semeval). */
static int by_format(sts_layout *l, const sts_format *f)
{
    l->format = f;
    l->known = f->known;
    l->n_texts = 2;
    for (int c = 0; c < 3; c++) l->column[c] = f->column[c] - 1;
    l->least = (size_t)f->column[2];
    return 1;
}

/* Three columns of which exactly one holds numbers. */
static int by_three(sts_layout *l, const sample *a)
{
    int score = -1;
    if (a->common != 3 || a->n_common * 2 < a->n) return 0;
    for (int c = 0; c < 3; c++) {
        size_t numbers, count = count_scores(a, 3, false, (size_t)c, &numbers);
        if (count * 2 < a->n_common) continue;
        /* SemEval has long runs without scores; elsewhere an empty column means nothing */
        if (score >= 0 || (!numbers && (c || l->delimiter != '\t'))) return 0;
        score = c;
    }
    if (score < 0) return 0;
    if (score == 0 && !l->quoted) l->format = sts_format_named("semeval");
    l->column[STS_COL_SCORE] = score;
    l->column[STS_COL_TEXT] = score == 0;
    l->column[STS_COL_TEXT + 1] = score == 2 ? 1 : 2;
    l->n_texts = 2;
    l->least = l->limit = 3;
    l->header = a->n > 2 && is_title(a, (size_t)score, a->n);
    return 1;
}

/* Two sentences and no score; commas prove nothing unless CSV was asked for. */
static int by_two(sts_layout *l, const sts_search *s, const sample *a)
{
    bool asked = s->given || !l->quoted;
    if (!sts_may_lack_score(s, a->common) || !asked) return 0;
    if (a->common != 2 || a->n_common * 2 <= a->n) return 0;
    l->column[STS_COL_TEXT] = 0;
    l->column[STS_COL_TEXT + 1] = 1;
    l->n_texts = 2;
    l->least = l->limit = 2;
    return 1;
}

/* No header: by the place of the numbers. */
static int by_rows(sts_layout *l, const sts_search *s, const sample *a)
{
    if (s->given && s->given->column[0]) return by_format(l, s->given);
    if (s->given && s->given->header) return 0;
    int rc = by_three(l, a);
    if (!rc && !s->given && !l->quoted && has_seven(a)) rc = by_format(l, sts_format_named("stsb"));
    return rc ? rc : by_two(l, s, a);
}

/* ---- trying separators ---- */

/* All rules under one separator. */
static int try_rules(sts_layout *l, const sts_search *s, sts_table *t, sample *a, sts_err *err)
{
    sts_record head;
    int rc = next_row(a, t, &head, err);
    if (rc <= 0) return rc;
    if (!s->columns.given) {
        rc = s->given && s->given->column[0] ? 0 : by_header(l, s, &head, err);
        if (rc) return rc;
        return read_sample(a, t, err) ? -1 : by_rows(l, s, a);
    }
    /* the rest of the sample comes from a second table: it would overwrite the header's fields */
    candidate c = {NULL, l->delimiter, l->quoted};
    sts_table *rest = open_head(s, &c, err);
    *a = (sample){0};
    rc = rest && !read_sample(a, rest, err) ? by_columns(l, s, a, &head, err) : -1;
    sts_table_close(rest);
    return rc;
}

static int try_candidate(sts_layout *l, const sts_search *s, const candidate *c, sample *a,
                         sts_err *err)
{
    const sts_format *f = s->given ? s->given : sts_format_named(c->format);
    sts_table *t = open_head(s, c, err);
    if (!t) return -1;
    *a = (sample){0};
    sts_layout_start(l, f, c->delimiter, c->quoted);
    int rc = try_rules(l, s, t, a, err);
    sts_table_close(t);
    return rc;
}

/* ---- when nothing fits ---- */

static const char *separators(char delimiter)
{
    return delimiter == '\t' ? "tabs" : delimiter == ',' ? "commas" : "semicolons";
}

/* The separators of a given format, in words. */
static const char *one_of(const char *delimiters)
{
    return strlen(delimiters) > 1 ? "comma, semicolon or tab" : "tab";
}

/* --columns fits no separator: says what is missing under the likeliest. */
static int explain_columns(const sts_search *s, const candidate *c, const sample *a, sts_err *err)
{
    int needed = 0;
    for (int k = 0; k < STS_COLS; k++)
        if (s->columns.number[k] > needed) needed = s->columns.number[k];
    if ((size_t)needed > a->common)
        return sts_fail(err, STS_DATA, "%s:%llu: --columns asks for column %d, but there are %zu",
                        s->file, (unsigned long long)a->line, needed, a->common);
    sts_layout l;
    sts_record r;
    sample again = {0};
    sts_table *t = open_head(s, c, err);
    if (!t) return -1;
    sts_layout_start(&l, sts_format_named("tsv"), c->delimiter, c->quoted);
    if (next_row(&again, t, &r, err) > 0)
        sts_names_choose(&l, s, r.field, r.n < STS_COLUMNS_MAX ? r.n : STS_COLUMNS_MAX, r.line,
                         err);
    sts_table_close(t);
    return -1;
}

/* The first row has words only: they are most likely names, which are not known. */
static int explain_names(const sts_search *s, const candidate *c, const sample *a, sts_err *err)
{
    sts_record r;
    sample again = {0};
    uint64_t numbers = 0;
    sts_table *t = open_head(s, c, err);
    if (!t) return -1;
    for (size_t i = 1; i < a->n; i++) numbers |= a->number[i];
    if (next_row(&again, t, &r, err) > 0)
        sts_names_missing(s, r.line, "known names", r.field,
                          r.n < STS_COLUMNS_MAX ? r.n : STS_COLUMNS_MAX, numbers, err);
    sts_table_close(t);
    return -1;
}

/* Where pairs need no scores, sentences alone can be trained on, too. */
static const char *advise_lines(const sts_search *s)
{
    bool free = (s->unscored || s->plain_pairs) && !s->given;
    return free ? " (sentences to train on, one per line: --format text)" : "";
}

static int explain(const sts_search *s, const candidate *c, const sample *a, sts_err *err)
{
    unsigned long long line = a->line ? a->line : 1;
    const char *advice = sts_advise_file(s->head);
    if (advice) return sts_fail(err, STS_DATA, "%s:1: %s", s->file, advice);
    if (a->fault_line && (!a->n || a->fault_line <= a->line))
        return sts_fail(err, STS_DATA, "%s:%llu: %s", s->file, (unsigned long long)a->fault_line,
                        a->fault);
    if (s->columns.given) return explain_columns(s, c, a, err);
    if (s->given && s->given->header)
        return sts_fail(err, STS_DATA, "%s:%llu: not a header of %s (%s)", s->file, line,
                        s->given->name, s->given->header);
    if (!a->n)
        return sts_fail(err, STS_DATA, "%s:1: a long run of blank lines, and no row", s->file);
    if (a->common < 2)
        return sts_fail(err, STS_DATA, "%s:%llu: only one column: no %s separates %s%s", s->file,
                        line,
                        s->given ? one_of(s->given->delimiters) : "tab, comma or semicolon",
                        s->unscored ? "two sentences" : "a score and sentences",
                        advise_lines(s));
    if (a->n > 1 && !a->number[0] && a->number[1]) return explain_names(s, c, a, err);
    return sts_fail(err, STS_DATA,
                    "%s:%llu: %zu columns separated by %s, no header with known names, "
                    "and it is unclear which are %s: say --columns sentence1=N,sentence2=N%s",
                    s->file, line, a->common, separators(c->delimiter),
                    s->unscored ? "the sentences" : "score and sentences",
                    s->unscored ? " (and score=N, if there are scores)" : ",score=N");
}

/* Is sample a the better explanation of the file than b? Rows of one column do not explain broken
 * rows of several. */
static bool better(const sample *a, const sample *b)
{
    bool many = a->common > 1;
    if (!b->n && b->fault_line && !many) return false;
    if (!a->n != !b->n) return a->n > 0;
    return many != (b->common > 1) ? many : many && a->n_common > b->n_common;
}

/* The separators to try: those of the given format, or all. */
static size_t list_candidates(const sts_search *s, candidate list[4])
{
    size_t n = 0;
    if (!s->given) {
        memcpy(list, candidates, sizeof candidates);
        return sizeof candidates / sizeof *candidates;
    }
    for (const char *d = s->given->delimiters; *d; d++)
        list[n++] = (candidate){s->given->name, *d, s->given->quoted};
    return n;
}

/* ---- decimal commas ---- */

/* What a score says of its comma: 1: it is a decimal one, -1: it is not; 0: nothing. "9,200" may be
 * either, except between semicolons, which are there because commas are decimal. */
static int comma_says(sts_str s, char delimiter)
{
    const char *comma = s.n ? memchr(s.s, ',', s.n) : NULL;
    if (s.n && memchr(s.s, '.', s.n)) return -1;
    if (!comma) return 0;
    size_t before = (size_t)(comma - s.s), after = s.n - before - 1;
    size_t sign = *s.s == '-' || *s.s == '+';
    if (memchr(comma + 1, ',', after)) return -1;
    bool zero = before == sign + 1 && comma[-1] == '0';
    return delimiter == ';' || after != 3 || before == sign || before > sign + 3 || zero;
}

int sts_detect_commas(sts_layout *l, const sts_search *s, sts_err *err)
{
    candidate c = {NULL, l->delimiter, l->quoted};
    int at = l->column[STS_COL_SCORE], rc = 1, said = 0;
    if (!l->delimiter || at < 0) return 0;
    sts_table *t = open_head(s, &c, err);
    if (!t) return -1;
    sts_record r;
    bool first = l->header;
    while (said >= 0 && (rc = sts_table_next(t, &r, err)) > 0) {
        if (r.blank || r.fault != STS_SKIP_NONE || r.n <= (size_t)at) continue;
        if (first) {
            first = false;
            continue;
        }
        int says = comma_says(sts_trim(r.field[at]), l->delimiter);
        said = says < 0 ? -1 : said | says;
    }
    sts_table_close(t);
    l->commas = said > 0;
    return rc < 0 ? -1 : 0;
}

int sts_detect_table(sts_layout *l, const sts_search *s, sts_err *err)
{
    candidate list[4], best = candidates[0];
    sample a, best_sample = {0};
    size_t n = list_candidates(s, list);
    for (size_t i = 0; i < n; i++) {
        int rc = try_candidate(l, s, &list[i], &a, err);
        if (rc) return rc;
        if (i && !better(&a, &best_sample)) continue;
        best = list[i];
        best_sample = a;
    }
    return explain(s, &best, &best_sample, err);
}
