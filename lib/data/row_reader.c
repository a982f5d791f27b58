/* row_reader.c - from records to rows: columns counted, scores parsed and mapped to 0..1, empty
 * ones told from bad ones. */
#include "data/row_reader.h"

#include "core/c_locale.h"
#include "core/decimal.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "data/advice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *sts_skip_name(sts_skip why)
{
    static const char *const names[STS_SKIP_COUNT] = {
        "no_score", "no_text", "blank", "bad_columns", "bad_score", "out_of_range", "bad_text",
        "too_long"};
    return names[why];
}

/* ---- opening ---- */

/* Reads the header line, if there is one. */
static int read_header(sts_rows *r, sts_err *err)
{
    const sts_record *h = &r->record;
    while (r->layout.header) {
        int rc = sts_table_next(r->table, &r->record, err);
        if (rc <= 0) return rc;
        if (h->fault != STS_SKIP_NONE)
            return sts_fail(err, STS_DATA, "%s:%llu: %s", sts_table_name(r->table),
                            (unsigned long long)h->line, h->why);
        bool comment = h->raw.n && *h->raw.s == '#' && h->n < r->layout.least;
        if (comment || h->blank) continue; /* lines before the header */
        r->header = sts_strndup(h->raw.s, h->raw.n);
        return r->header ? 0 : sts_fail_memory(err, sts_table_name(r->table));
    }
    return 0;
}

sts_rows *sts_rows_new(sts_table *t, const char *path, const sts_data_options *o, bool keep_all,
                       sts_err *err)
{
    static const sts_data_options defaults;
    if (!t) return NULL;
    sts_rows *r = sts_alloc(1, sizeof *r);
    if (!r) {
        sts_table_close(t);
        return sts_fail_memory(err, "reading rows"), NULL;
    }
    r->table = t;
    r->options = o ? *o : defaults;
    r->keep_all = keep_all;
    if (keep_all) sts_table_talk(t); /* score answers line by line */
    bool unscored = keep_all || r->options.unscored;
    if (!sts_layout_find(&r->layout, t, path, &r->options, unscored, err) && !read_header(r, err)) {
        sts_layout_describe(&r->layout, r->detected);
        if (keep_all && r->options.columns && r->layout.delimiter && !r->layout.header)
            sts_note(STS_INFO, "%s: the first line is taken for a pair (of a header, give the "
                     "names: --columns sentence1=NAME,sentence2=NAME)", sts_table_name(t));
        return r;
    }
    sts_rows_close(r);
    return NULL;
}

sts_rows *sts_rows_open(const char *path, const sts_data_options *options, bool keep_all,
                        sts_err *err)
{
    if (sts_require(path, "file", err)) return NULL;
    sts_table *t = sts_table_open(path, options && options->named, err);
    return sts_rows_new(t, path, options, keep_all, err);
}

void sts_rows_close(sts_rows *r)
{
    if (!r) return;
    sts_table_close(r->table);
    sts_jsonl_free(&r->json);
    sts_free(r->header);
    sts_free(r);
}

/* ---- what a record holds ---- */

/* The row is not used: counts it and keeps the reason. */
STS_PRINTF(3, 4) static int leave_out(sts_rows *r, sts_skip why, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    sts_print_list(r->text, sizeof r->text, fmt, ap);
    va_end(ap);
    r->why = why;
    r->why_line = r->record.line;
    r->skipped[why]++;
    return STS_ROWS_LEFT_OUT;
}

/* Why a record has more columns than it should. */
static const char *advise_columns(const sts_layout *l)
{
    if (l->delimiter == '\t') return "; a tab within a sentence?";
    return l->delimiter == ','
               ? "; a sentence (or number) with a comma in it must stand in quotes"
               : "; a sentence with a semicolon in it must stand in quotes";
}

/* A record of several lines that has the wrong columns most likely began with a stray quote. */
static int wrong_columns(sts_rows *r)
{
    const sts_layout *l = &r->layout;
    const sts_record *rec = &r->record;
    const char *s = rec->n == 1 ? "" : "s";
    if (rec->raw.n && *rec->raw.s == '#')
        return leave_out(r, STS_SKIP_BAD_COLUMNS, "%zu column%s, not %zu: a comment? remove such "
                         "lines with: grep -v '^#'", rec->n, s, l->least);
    if (rec->last > rec->line)
        return leave_out(r, STS_SKIP_BAD_COLUMNS,
                         "%zu column%s, not %zu: a quote opens here and closes in line %llu",
                         rec->n, s, l->least, (unsigned long long)rec->last);
    if (l->limit == SIZE_MAX)
        return leave_out(r, STS_SKIP_BAD_COLUMNS, "%zu column%s, fewer than %zu", rec->n, s,
                         l->least);
    return leave_out(r, STS_SKIP_BAD_COLUMNS, "%zu column%s, not %zu%s", rec->n, s, l->least,
                     rec->n > l->limit ? advise_columns(l) : "");
}

static int table_fields(sts_rows *r, sts_str *score)
{
    const sts_layout *l = &r->layout;
    if (l->lines) {
        r->texts[0] = r->texts[1] = sts_trim(r->record.raw);
        return STS_ROWS_ROW;
    }
    if (r->record.n < l->least || r->record.n > l->limit) return wrong_columns(r);
    const int *c = l->column;
    if (c[STS_COL_SCORE] >= 0) *score = r->record.field[c[STS_COL_SCORE]];
    for (int k = 0; k < l->n_texts; k++) r->texts[k] = r->record.field[c[STS_COL_TEXT + k]];
    return STS_ROWS_ROW;
}

/* null and an absent score mean unlabelled; an absent sentence is a fault. */
static int json_fields(sts_rows *r, sts_str *score, sts_err *err)
{
    const sts_layout *l = &r->layout;
    char why[STS_WHY_MAX];
    int rc = sts_jsonl_read(&r->json, l, r->record.raw, why, err);
    if (rc < 0) return -1;
    if (rc == 0) return leave_out(r, STS_SKIP_BAD_COLUMNS, "%s", why);
    for (int k = 0; k < l->n_texts; k++) {
        int c = STS_COL_TEXT + k;
        if (r->json.kind[c] == STS_JSON_ABSENT)
            return leave_out(r, STS_SKIP_BAD_COLUMNS, "there is no \"%s\"", l->name[c]);
        if (r->json.kind[c] == STS_JSON_NUMBER || r->json.kind[c] == STS_JSON_OTHER)
            return leave_out(r, STS_SKIP_BAD_COLUMNS, "\"%s\" is not a string", l->name[c]);
        r->texts[k] = r->json.kind[c] == STS_JSON_TEXT ? r->json.value[c] : (sts_str){"", 0};
    }
    if (r->json.kind[STS_COL_SCORE] > STS_JSON_NULL) *score = r->json.value[STS_COL_SCORE];
    return STS_ROWS_ROW;
}

/* ---- scores ---- */

/* Whether the k bytes at s are one blank, and not several. */
static bool is_wide_blank(const char *s, size_t k)
{
    return (unsigned char)*s >= 0xc0 && sts_utf8_blank(s, k);
}

/* Without blanks of any kind at its ends: no-break ones come from web pages and spreadsheets. */
static sts_str trim_all(sts_str s)
{
    size_t before;
    do {
        before = s.n;
        s = sts_trim(s);
        for (size_t k = 2; k <= 3; k++) {
            if (s.n >= k && is_wide_blank(s.s, k)) s = (sts_str){s.s + k, s.n - k};
            if (s.n >= k && is_wide_blank(s.s + s.n - k, k)) s.n -= k;
        }
    } while (s.n < before);
    return s;
}

/* A number of the file, with its decimal comma where all have one. */
static bool read_number(const sts_layout *l, sts_str s, double *x)
{
    char copy[32];
    const char *comma = l->commas && s.n < sizeof copy ? memchr(s.s, ',', s.n) : NULL;
    if (l->commas && memchr(s.s, '.', s.n)) return false;
    if (!comma) return sts_number_parse(s.s, s.n, x);
    memcpy(copy, s.s, s.n);
    copy[comma - s.s] = '.';
    return sts_number_parse(copy, s.n, x);
}

static int not_a_number(sts_rows *r, sts_str s)
{
    const sts_layout *l = &r->layout;
    const char *advice = sts_advise_score(s, r->scores.n);
    char value[48];
    bool word = true;
    for (size_t i = 0; i < s.n; i++) word = word && (s.s[i] < '0' || s.s[i] > '9');
    if (r->record.raw.n && *r->record.raw.s == '#')
        advice = "; a comment? remove such lines with: grep -v '^#'";
    else if (l->delimiter && !l->header && r->record.line == 1 && word)
        advice = "; a header? then --columns score=NAME,sentence1=NAME,sentence2=NAME says which "
                 "columns are which";
    else if (l->commas && memchr(s.s, '.', s.n))
        advice = "; the other scores have decimal commas";
    return leave_out(r, STS_SKIP_BAD_SCORE, "the score '%s' is not a number%s",
                     sts_quote(value, sizeof value, s.s, s.n), advice);
}

/* Remembers the extremes of all scores, also of those out of range: for the question below. */
static void note_score(sts_rows *r, double x, bool inside)
{
    if (!r->scores.n) r->first_scored = r->record.line;
    if (!inside && !r->scores.n_outside) r->first_outside = r->record.line;
    sts_extremes_add(&r->scores, x, inside);
}

static int out_of_range(sts_rows *r, sts_str s)
{
    char lo[32], hi[32], value[48];
    const sts_layout *l = &r->layout;
    return leave_out(r, STS_SKIP_OUT_OF_RANGE, "the score %s is outside %s..%s%s",
                     sts_quote(value, sizeof value, s.s, s.n),
                     sts_decimal_format(l->min, lo), sts_decimal_format(l->max, hi),
                     !l->known   ? ", the range assumed; --score-range changes it"
                     : l->ranged ? " of --score-range; FILE=MIN:MAX there gives one file its own"
                                 : "");
}

/* A word or class as --labels has it. */
static int read_label(sts_rows *r, sts_str s, sts_row *row)
{
    char value[48];
    int known = sts_label_find(r->layout.labels, s, &row->gold);
    if (!known) return leave_out(r, STS_SKIP_NO_SCORE, "the label has no value");
    if (known < 0)
        return leave_out(r, STS_SKIP_BAD_SCORE, "the label '%s' is not among --labels",
                         sts_quote(value, sizeof value, s.s, s.n));
    row->score = row->gold;
    return STS_ROWS_ROW;
}

/* Spaces around a number are let pass: "a, b, 3.5" is common. */
static int read_score(sts_rows *r, sts_str field, sts_row *row)
{
    const sts_layout *l = &r->layout;
    sts_str s = trim_all(field);
    if (!s.n) return leave_out(r, STS_SKIP_NO_SCORE, "the score is empty");
    if (l->labels) return read_label(r, s, row);
    if (!read_number(l, s, &row->gold)) return not_a_number(r, s);
    bool inside = row->gold >= l->min && row->gold <= l->max;
    note_score(r, row->gold, inside);
    if (!inside) return out_of_range(r, s);
    row->score = (row->gold - l->min) / (l->max - l->min);
    return STS_ROWS_ROW;
}

/* ---- rows ---- */

/* Fields of the current record, checked, into the row. */
static int read_row(sts_rows *r, sts_row *row, sts_err *err)
{
    sts_str score = {"", 0};
    int rc = r->layout.delimiter ? table_fields(r, &score) : json_fields(r, &score, err);
    if (rc != STS_ROWS_ROW) return rc;
    if (r->layout.column[STS_COL_SCORE] >= 0 && !r->keep_all) {
        rc = read_score(r, score, row);
        if (rc != STS_ROWS_ROW) return rc;
    }
    for (int k = 0; k < r->layout.n_texts && !r->keep_all; k++)
        if (sts_utf8_blank(r->texts[k].s, r->texts[k].n))
            return leave_out(r, STS_SKIP_NO_TEXT, "sentence %d is empty", k + 1);
    return STS_ROWS_ROW;
}

int sts_rows_step(sts_rows *r, sts_row *row, sts_err *err)
{
    int rc = sts_table_next(r->table, &r->record, err);
    if (rc <= 0) return rc;
    const sts_record *rec = &r->record;
    r->n_read++;
    *row = (sts_row){.text = r->texts, .line = rec->line};
    if (rec->fault != STS_SKIP_NONE) return leave_out(r, rec->fault, "%s", rec->why);
    if (rec->blank && !r->keep_all) return leave_out(r, STS_SKIP_BLANK, "a blank line");
    if (rec->blank) r->texts[0] = r->texts[1] = (sts_str){"", 0};
    else rc = read_row(r, row, err);
    r->n_given += rc == STS_ROWS_ROW;
    return rc;
}

int sts_rows_next(sts_rows *r, sts_row *row, sts_str *raw, sts_err *err)
{
    for (;;) {
        int rc = sts_rows_step(r, row, err);
        if (rc < 0) return -1;
        if (rc == STS_ROWS_END) return sts_rows_ask(r, err);
        if (rc == STS_ROWS_ROW) {
            if (raw) *raw = r->record.raw;
            return 1;
        }
        if (sts_skip_is_bad(r->why) && !r->options.skip_bad)
            return sts_fail(err, STS_DATA, "%s:%llu: %s", sts_table_name(r->table),
                            (unsigned long long)r->why_line, r->text);
    }
}

/* Where most of a file lies outside a range that is not its own, another range is meant. */
static int ask_own(const sts_rows *r, sts_err *err)
{
    const sts_extremes *e = &r->scores;
    char lo[32], hi[32], min[32], max[32], range[80], before[80] = "";
    if (e->n < STS_SCORES_FEW || e->n_outside * 4 <= e->n) return 0;
    sts_decimal_format(r->layout.min, min);
    sts_decimal_format(r->layout.max, max);
    if (r->layout.ranged) snprintf(before, sizeof before, "%s:%s,", min, max);
    return sts_fail(err, STS_DATA,
                    "%s:%llu: scores run from %s to %s, outside %s..%s: which range has this file? "
                    "say --score-range '%s%s=%s'",
                    sts_table_name(r->table), (unsigned long long)r->first_outside,
                    sts_decimal_format(e->low, lo), sts_decimal_format(e->high, hi), min, max,
                    before, sts_table_name(r->table), sts_extremes_range(e, range));
}

int sts_rows_ask(const sts_rows *r, sts_err *err)
{
    const sts_extremes *e = &r->scores;
    char lo[32], hi[32], options[256];
    if (r->layout.known) return ask_own(r, err);
    const char *choice = e->n ? sts_extremes_ask(e, options) : NULL;
    if (!choice) return 0;
    uint64_t line = e->n_outside ? r->first_outside : r->first_scored;
    return sts_fail(err, STS_DATA,
                    "%s:%llu: scores run from %s to %s%s, while 0 to 5 is assumed: which range is "
                    "meant? say %s",
                    sts_table_name(r->table), (unsigned long long)line,
                    sts_decimal_format(e->low, lo), sts_decimal_format(e->high, hi),
                    e->whole ? ", all whole numbers" : "", choice);
}

const char *sts_rows_format(const sts_rows *r)
{
    return r->layout.format->name;
}

const char *sts_rows_detected(const sts_rows *r)
{
    return r->detected;
}

const char *sts_rows_header(const sts_rows *r)
{
    return r->header;
}

char sts_rows_delimiter(const sts_rows *r)
{
    return r->layout.delimiter;
}

void sts_rows_on_idle(sts_rows *r, sts_idle_fn *fn, void *ctx)
{
    sts_table_on_idle(r->table, fn, ctx);
}

void sts_rows_note_blank(const sts_rows *r, const char *what)
{
    sts_table_note_blank(r->table, what);
}

int sts_rows_advance(const sts_rows *r, const char *what, sts_err *err)
{
    return sts_table_advance(r->table, what, err);
}
