/* layout.c - the formats, the order in which a layout is sought, and how it is described. */
#include "data/layout.h"

#include "core/decimal.h"
#include "core/strbuf.h"

#include <stdio.h>
#include <string.h>

/* name, delimiters, quoted, range known, from, to, names in the header, fixed columns, limit.
 * SemEval's range is assumed like that of any file of three columns. TSV never has quotes, so that
 * a stray one cannot swallow rows; "csv" reads tabs as well, for TSV that is quoted. */
static const sts_format formats[] = {
    {"stsb", "\t", false, true, 0, 5, NULL, {5, 6, 7}, 0},
    {"sick", "\t", false, true, 1, 5, "pair_ID sentence_A sentence_B", {0}, 0},
    {"glue", "\t", false, true, 0, 5, "index genre sentence1 sentence2", {0}, 0},
    {"semeval", "\t", false, false, 0, 5, NULL, {1, 2, 3}, 0},
    {"tsv", "\t", false, false, 0, 5, NULL, {0}, 0},
    {"csv", ",;\t", true, false, 0, 5, NULL, {0}, 0},
    {"jsonl", "", false, false, 0, 5, NULL, {0}, 0},
    {"text", "\t", false, false, 0, 5, NULL, {0}, 0},
};

const sts_format *sts_format_named(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (!strcmp(formats[i].name, name)) return &formats[i];
    return NULL;
}

bool sts_format_is_lines(const char *name)
{
    return name && !strcmp(name, "text");
}

void sts_layout_start(sts_layout *l, const sts_format *f, char delimiter, bool quoted)
{
    *l = (sts_layout){.format = f, .delimiter = delimiter, .quoted = quoted};
    l->known = f->known;
    l->min = f->min;
    l->max = f->max;
    l->least = 0;
    l->limit = SIZE_MAX;
    for (int c = 0; c < STS_COLS; c++) l->column[c] = -1;
}

/* What the caller asked for, checked before the file is read. */
static int check_options(sts_search *s, const char *path, sts_err *err)
{
    const sts_data_options *o = s->options;
    if (o->format && strcmp(o->format, "auto") != 0) {
        s->given = sts_format_named(o->format);
        if (!s->given)
            return sts_fail(err, STS_USAGE, "format '%.40s' is not one of auto, stsb, sick, glue, "
                            "semeval, tsv, csv, jsonl, text", o->format);
    }
    if (sts_scale_parse(&s->scale, o, path, err)) return -1;
    return sts_columns_parse(o->columns, &s->columns, err);
}

/* Lines that end in CR alone would all be one line here. */
static int check_line_ends(const sts_search *s, sts_err *err)
{
    const char *cr = s->head.n ? memchr(s->head.s, '\r', s->head.n) : NULL;
    if (!cr || cr + 1 == s->head.s + s->head.n || memchr(s->head.s, '\n', s->head.n)) return 0;
    return sts_fail(err, STS_DATA, "%s:1: lines end in CR alone (old Mac); convert them with: "
                    "tr '\\r' '\\n'", s->file);
}

/* "sep=;" in the first line is for Excel: what separates the columns is found out all the same. */
static int pass_over_separator(sts_table *t, sts_err *err)
{
    sts_str head;
    bool whole;
    sts_record line;
    if (sts_table_peek(t, &head, &whole, err)) return -1;
    size_t quote = head.n && *head.s == '"';
    if (head.n < quote + 5 || strncmp(head.s + quote, "sep=", 4) ||
        !memchr(",;\t|", head.s[quote + 4], 4))
        return 0;
    const char *end = memchr(head.s, '\n', head.n);
    if (!end || end - head.s > (long)quote + 8) return 0;
    sts_table_split(t, 0, false);
    return sts_table_next(t, &line, err) < 0 ? -1 : 0;
}

/* Such a file has no layout; its rows are counted all the same. */
static bool only_blanks(sts_str head)
{
    for (size_t i = 0; i < head.n; i++)
        if (!memchr(" \r\n", head.s[i], 3)) return false;
    return true;
}

/* One sentence per line, which is both texts of a pair. */
static int find_lines(sts_layout *l, const sts_search *s, sts_err *err)
{
    if (s->columns.given)
        return sts_fail(err, STS_USAGE, "--columns: --format text has no columns");
    l->lines = true;
    l->n_texts = 2;
    l->column[STS_COL_TEXT] = l->column[STS_COL_TEXT + 1] = 0;
    return 1;
}

/* JSON lines where the first line looks like it; else a table. */
static int find(sts_layout *l, const sts_search *s, sts_err *err)
{
    size_t i = 0;
    if (sts_format_is_lines(s->options->format)) return find_lines(l, s, err);
    while (i < s->head.n && memchr(" \r\n", s->head.s[i], 3)) i++;
    bool brace = i < s->head.n && s->head.s[i] == '{';
    bool json = s->given ? !*s->given->delimiters : brace;
    return json ? sts_detect_jsonl(l, s, err) : sts_detect_table(l, s, err);
}

/* A file of a known range keeps it, unless it is called by name. */
static void set_scale(sts_layout *l, const sts_scale *s, const char *file)
{
    char lo[32], hi[32];
    if (l->known && !s->own) {
        if (s->ranged && (s->min != l->min || s->max != l->max))
            sts_note(STS_INFO, "%s: its scores run from %s to %s, as in all files of %s "
                     "(--score-range FILE=MIN:MAX changes it)", file,
                     sts_decimal_format(l->min, lo), sts_decimal_format(l->max, hi),
                     l->format->name);
        return;
    }
    l->known = l->known || s->ranged || s->labels;
    l->ranged = s->ranged && !s->own;
    l->labels = s->labels;
    if (s->labels) {
        l->min = 0;
        l->max = 1;
    }
    if (s->ranged) {
        l->min = s->min;
        l->max = s->max;
    }
}

int sts_layout_find(sts_layout *l, sts_table *t, const char *path, const sts_data_options *o,
                    bool unscored, sts_err *err)
{
    sts_search s = {.options = o,
                    .unscored = unscored,
                    .plain_pairs = o->plain_pairs,
                    .file = sts_table_name(t)};
    if (check_options(&s, path, err) || pass_over_separator(t, err) ||
        sts_table_peek(t, &s.head, &s.whole, err))
        return -1;
    if (check_line_ends(&s, err)) return -1;
    sts_layout_start(l, s.given ? s.given : sts_format_named("tsv"), '\t', false);
    if (s.whole && only_blanks(s.head)) return 0;
    if (find(l, &s, err) < 0 || sts_detect_commas(l, &s, err)) return -1;
    set_scale(l, &s.scale, s.file);
    sts_table_split(t, l->delimiter, l->quoted);
    return 0;
}

/* ---- describing ---- */

/* "column 5", or "column 5 \"score\"" */
static size_t describe_column(const sts_layout *l, int c, char *out, size_t at)
{
    char name[40];
    sts_quote(name, sizeof name, l->name[c], strlen(l->name[c]));
    if (!l->delimiter) return sts_append(out, STS_DETECTED_MAX, at, "\"%s\"", name);
    at = sts_append(out, STS_DETECTED_MAX, at, "%d", l->column[c] + 1);
    return *name ? sts_append(out, STS_DETECTED_MAX, at, " \"%s\"", name) : at;
}

/* "tuples of 7 texts in 1, 2, 3 to 7" */
static size_t describe_tuple(const sts_layout *l, char *out, size_t at)
{
    static const char *const next[] = {", ", ", ", " to "};
    at = sts_append(out, STS_DETECTED_MAX, at, "tuples of %d texts in ", l->n_texts);
    for (int k = 0; k < 3; k++) {
        at = describe_column(l, STS_COL_TEXT + k, out, at);
        at = sts_append(out, STS_DETECTED_MAX, at, "%s", next[k]);
    }
    return describe_column(l, STS_COL_TEXT + l->n_texts - 1, out, at);
}

/* "sentences in 6 and 7" */
static size_t describe_texts(const sts_layout *l, char *out, size_t at)
{
    if (l->n_texts > 3) return describe_tuple(l, out, at);
    const char *what = l->n_texts == 3 ? "triplets" : "sentences";
    at = sts_append(out, STS_DETECTED_MAX, at, "%s in ", what);
    for (int k = 0; k < l->n_texts; k++) {
        at = describe_column(l, STS_COL_TEXT + k, out, at);
        const char *next = k + 1 == l->n_texts ? "" : k + 2 == l->n_texts ? " and " : ", ";
        at = sts_append(out, STS_DETECTED_MAX, at, "%s", next);
    }
    return at;
}

static const char *separator_name(const sts_layout *l)
{
    if (!l->delimiter) return "one object per line";
    if (l->delimiter == '\t') return l->quoted ? "tab-separated, quoted" : "tab-separated";
    if (l->delimiter == ',') return "comma-separated, quoted";
    return "semicolon-separated, quoted";
}

void sts_layout_describe(const sts_layout *l, char out[STS_DETECTED_MAX])
{
    size_t size = STS_DETECTED_MAX, at;
    if (!l->n_texts || l->lines) {
        snprintf(out, size, "%s (%s)", l->format->name,
                 l->lines ? "one sentence per line, each paired with itself" : "empty");
        return;
    }
    at = sts_append(out, size, 0, "%s (%s%s, ", l->format->name, separator_name(l),
                    !l->delimiter ? "" : l->header ? ", header" : ", no header");
    if (l->column[STS_COL_SCORE] >= 0) {
        at = sts_append(out, size, at, "score in %s", l->delimiter ? "column " : "");
        at = describe_column(l, STS_COL_SCORE, out, at);
        at = sts_append(out, size, at, ", ");
    }
    at = describe_texts(l, out, at);
    char lo[32], hi[32];
    if (l->column[STS_COL_SCORE] >= 0)
        at = sts_append(out, size, at, ", %s..%s%s%s", sts_decimal_format(l->min, lo),
                        sts_decimal_format(l->max, hi), l->known ? "" : " assumed",
                        l->commas ? ", decimal commas" : "");
    sts_append(out, size, at, ")");
}
