/* texts.c - which columns of a file are texts, and reading them. */
#include "data/texts.h"

#include "core/mem.h"
#include "core/strbuf.h"
#include "core/utf8.h"
#include "data/jsonl.h"
#include "data/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COLUMNS 3 /* read of each row */

struct sts_texts {
    sts_table *table;
    sts_layout layout; /* its columns from STS_COL_TEXT on; n_texts 0: lines as they are */
    sts_record record;
    sts_jsonl json;
    sts_str text[COLUMNS];
    int at; /* the next one of them */
};

/* Names of a column of single texts, the likeliest first; pairs have theirs in columns.c. */
static const char *const names_known[] = {"text",    "sentence", "content", "document", "passage",
                                          "query",   "question", "body",    "title"};
#define N_KNOWN (sizeof names_known / sizeof *names_known)

/* ---- lines, table or JSON lines ---- */

static const char *by_name(const char *path)
{
    static const char *const endings[][2] = {
        {".csv", "csv"},     {".tsv", "tsv"},       {".tab", "tsv"},
        {".jsonl", "jsonl"}, {".ndjson", "jsonl"},
    };
    size_t n = strlen(path);
    if (n > 3 && !strcasecmp(path + n - 3, ".gz")) n -= 3;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t k = strlen(endings[i][0]);
        if (n > k && !strncasecmp(path + n - k, endings[i][0], k)) return endings[i][1];
    }
    return NULL;
}

/* The column that has the texts, by the header's names; -1: none is known. */
static int known_column(const sts_record *r)
{
    int column[STS_COLS], at = -1;
    size_t n = r->n < STS_COLUMNS_MAX ? r->n : STS_COLUMNS_MAX;
    if (sts_names_match(r->field, n, column)) return column[STS_COL_TEXT];
    for (size_t i = 0; i < N_KNOWN && at < 0; i++) at = sts_names_find(r->field, n, names_known[i]);
    return at;
}

/* The first record of the head that is not blank, under one separator. 1, or 0: there is none that
 * can be read; -1. *over owns its bytes. */
static int first_record(const sts_search *s, char delimiter, bool quoted, sts_record *r,
                        sts_table **over, sts_err *err)
{
    *over = sts_table_open_memory(s->head.s, s->head.n, s->file, err);
    if (!*over) return -1;
    sts_table_split(*over, delimiter, quoted);
    int rc = sts_table_next(*over, r, err);
    while (rc > 0 && r->blank) rc = sts_table_next(*over, r, err);
    return rc > 0 ? r->fault == STS_SKIP_NONE : rc;
}

static const struct {
    const char *format;
    char delimiter;
    bool quoted;
} separators[] = {
    {"tsv", '\t', false}, {"csv", ',', true}, {"csv", ';', true}, {"csv", '\t', true}};

/* Sets the layout's separator: the first of the format's (NULL: of any) that makes several columns,
 * of which, with `known`, one has a known name. 1: found, with the first record; 0; -1. */
static int separate(sts_texts *t, const sts_search *s, const char *format, bool known,
                    sts_record *r, sts_table **over, sts_err *err)
{
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        if (format && strcmp(format, separators[i].format)) continue;
        int rc = first_record(s, separators[i].delimiter, separators[i].quoted, r, over, err);
        if (rc < 0) return -1;
        sts_layout_start(&t->layout, sts_format_named(separators[i].format),
                         separators[i].delimiter, separators[i].quoted);
        if (rc && r->n > 1 && (!known || known_column(r) >= 0)) return 1;
        sts_table_close(*over);
        *over = NULL;
    }
    return 0;
}

/* ---- which columns ---- */

/* "FILE:1: no column 'x' among a, b, c": -1. */
static int no_column(const sts_search *s, const sts_record *r, const char *name, sts_err *err)
{
    char list[300] = "";
    size_t at = 0;
    for (size_t i = 0; i < r->n && i < STS_COLUMNS_MAX && at + 48 < sizeof list; i++) {
        char one[40];
        sts_quote(one, sizeof one, r->field[i].s, r->field[i].n);
        at = sts_append(list, sizeof list, at, i ? ", %s" : "%s", one);
    }
    return sts_fail(err, STS_DATA, "%s:%llu: no column '%s' among %s: give --columns one of these",
                    s->file, (unsigned long long)r->line, name, list);
}

static int add_column(sts_texts *t, int column, const sts_search *s, sts_err *err)
{
    sts_layout *l = &t->layout;
    if (l->n_texts == COLUMNS)
        return sts_fail(err, STS_USAGE, "%s: --columns: %d columns at most", s->file, COLUMNS);
    l->column[STS_COL_TEXT + l->n_texts++] = column;
    return 0;
}

/* One item of --columns: a number from 1, or a name, which makes the first record a header. */
static int choose_one(sts_texts *t, const sts_search *s, const char *item, size_t n,
                      const sts_record *r, sts_err *err)
{
    char name[STS_COLUMN_NAME_MAX];
    size_t columns = r->n < STS_COLUMNS_MAX ? r->n : STS_COLUMNS_MAX;
    if (!n || n >= sizeof name)
        return sts_fail(err, STS_USAGE,
                        "--columns: a column is a number from 1 or a name of up to %d bytes",
                        STS_COLUMN_NAME_MAX - 1);
    snprintf(name, sizeof name, "%.*s", (int)n, item);
    if (strspn(name, "0123456789") < n) {
        int at = sts_names_find(r->field, columns, name);
        if (at < 0) return no_column(s, r, name, err);
        t->layout.header = true;
        return add_column(t, at, s, err);
    }
    long number = n < 6 ? strtol(name, NULL, 10) : 0;
    if (number >= 1 && (size_t)number <= columns) return add_column(t, (int)number - 1, s, err);
    return sts_fail(err, STS_DATA, "%s:%llu: --columns asks for column %s, but there are %zu",
                    s->file, (unsigned long long)r->line, name, r->n);
}

/* The names and number of columns, as in the record that they were chosen by. */
static int follow(sts_layout *l, const sts_record *r)
{
    if (l->header) sts_names_keep(l, r->field);
    l->least = l->limit = r->n;
    return 0;
}

static int choose(sts_texts *t, const sts_search *s, const char *list, const sts_record *r,
                  sts_err *err)
{
    t->layout.header = known_column(r) >= 0;
    for (const char *p = list;; p++) {
        size_t n = strcspn(p, ",");
        if (choose_one(t, s, p, n, r, err)) return -1;
        p += n;
        if (!*p) return follow(&t->layout, r);
    }
}

/* Without --columns: a known name, the only column, or the first sentence of pairs without a
 * header, which may have another separator. What is not clear is asked. */
static int find_columns(sts_texts *t, const sts_search *s, const char *path, const sts_record *r,
                        sts_err *err)
{
    sts_layout pairs;
    sts_err ignored = {0};
    int at = known_column(r);
    t->layout.header = at >= 0;
    if (at < 0 && r->n == 1) at = 0;
    if (at >= 0) return add_column(t, at, s, err) ? -1 : follow(&t->layout, r);
    if (!sts_layout_find(&pairs, t->table, path, s->options, true, &ignored)) {
        t->layout = pairs;
        t->layout.column[STS_COL_SCORE] = -1;
        t->layout.n_texts = 1;
        return 0;
    }
    return sts_fail(err, STS_DATA, "%s:%llu: a table of %zu columns: which are texts? give "
                    "--columns NAME or NUMBER, or --input lines to take each line as a text",
                    s->file, (unsigned long long)r->line, r->n);
}

/* JSON lines: the members by name. */
static int find_members(sts_texts *t, const sts_search *s, const char *list, sts_err *err)
{
    sts_search pairs = *s;
    sts_err why = {0};
    sts_layout *l = &t->layout;
    sts_layout_start(l, sts_format_named("jsonl"), 0, false);
    pairs.unscored = true;
    for (const char *p = list; p && *p; p += *p == ',') {
        size_t n = strcspn(p, ",");
        if (!n || n >= STS_COLUMN_NAME_MAX || add_column(t, l->n_texts, s, err))
            return sts_fail(err, STS_USAGE, "--columns: up to %d names of members", COLUMNS);
        memcpy(l->name[STS_COL_TEXT + l->n_texts - 1], p, n);
        p += n;
    }
    if (list) return 0;
    const char *nl = memchr(s->head.s, '\n', s->head.n);
    sts_str line = {s->head.s, nl ? (size_t)(nl - s->head.s) : s->head.n};
    for (size_t i = 0; i < N_KNOWN; i++) {
        char fault[STS_WHY_MAX];
        l->column[STS_COL_TEXT] = 0;
        l->n_texts = 1;
        snprintf(l->name[STS_COL_TEXT], sizeof *l->name, "%s", names_known[i]);
        if (sts_jsonl_read(&t->json, l, line, fault, err) < 0) return -1;
        if (t->json.kind[STS_COL_TEXT] == STS_JSON_TEXT) return 0;
    }
    int rc = sts_detect_jsonl(l, &pairs, &why);
    l->column[STS_COL_SCORE] = -1;
    l->n_texts = 1;
    if (rc > 0 && !l->delimiter) return 0;
    return sts_fail(err, why.code ? why.code : STS_DATA, "%s: which is the text? give --columns "
                    "NAME, or --input lines to take each line as a text", why.text);
}

/* ---- opening ---- */

/* Fills in the layout; it stays without columns where the file is lines of text. */
static int find(sts_texts *t, const char *path, const sts_text_options *o, sts_err *err)
{
    sts_search s = {.options = &(sts_data_options){0}, .file = sts_table_name(t->table)};
    sts_record r;
    sts_table *over = NULL;
    const char *input = o->input && strcmp(o->input, "auto") ? o->input : by_name(path);
    if (input && !strcmp(input, "lines")) return 0;
    if (sts_table_peek(t->table, &s.head, &s.whole, err)) return -1;
    if (sts_utf8_blank(s.head.s, s.head.n)) return 0;
    if (input && !strcmp(input, "jsonl")) return find_members(t, &s, o->columns, err);
    int rc = separate(t, &s, input, !input && !o->columns, &r, &over, err);
    if (!rc && (input || o->columns)) { /* a single column */
        bool csv = input && !strcmp(input, "csv");
        sts_layout_start(&t->layout, sts_format_named(csv ? "csv" : "tsv"), csv ? ',' : '\t', csv);
        rc = first_record(&s, t->layout.delimiter, csv, &r, &over, err);
        if (!rc)
            rc = sts_fail(err, STS_DATA, "%s:%llu: %s", s.file, (unsigned long long)r.line, r.why);
    }
    if (rc > 0) rc = o->columns ? choose(t, &s, o->columns, &r, err)
                                : find_columns(t, &s, path, &r, err);
    sts_table_close(over);
    return rc;
}

/* Passes over the header; says what is read. */
static int begin(sts_texts *t, sts_err *err)
{
    char what[STS_DETECTED_MAX];
    if (!t->layout.n_texts) return 0;
    sts_table_split(t->table, t->layout.delimiter, t->layout.quoted);
    sts_layout_describe(&t->layout, what);
    sts_note(STS_INFO, "%s: %s; --columns chooses others, --input lines takes each line as a text",
             sts_table_name(t->table), what);
    int rc = 1;
    while (t->layout.header && rc > 0) {
        rc = sts_table_next(t->table, &t->record, err);
        if (rc > 0 && !t->record.blank) break;
    }
    return rc < 0 ? -1 : 0;
}

static int pass_over(sts_texts *t, uint64_t n, sts_err *err)
{
    sts_str text;
    int more = 1;
    for (uint64_t i = 0; i < n && more > 0; i++) more = sts_texts_next(t, &text, err);
    return more < 0 ? -1 : 0;
}

sts_texts *sts_texts_open(const char *path, const sts_text_options *o, sts_err *err)
{
    static const sts_text_options defaults;
    if (sts_require(path, "file", err)) return NULL;
    sts_texts *t = sts_alloc(1, sizeof *t);
    if (!t) return sts_fail_memory(err, path), NULL;
    t->table = sts_table_open(path, false, err);
    if (t->table) sts_table_talk(t->table);
    if (!o) o = &defaults;
    if (t->table && !find(t, path, o, err) && !begin(t, err)) {
        t->at = t->layout.n_texts;
        if (!pass_over(t, o->skip, err)) return t;
    }
    sts_texts_close(t);
    return NULL;
}

void sts_texts_close(sts_texts *t)
{
    if (!t) return;
    sts_table_close(t->table);
    sts_jsonl_free(&t->json);
    sts_free(t);
}

sts_table *sts_texts_table(sts_texts *t)
{
    return t->table;
}

void sts_texts_note_blank(const sts_texts *t, const char *done)
{
    char what[64];
    snprintf(what, sizeof what, "%s as empty text", done);
    sts_table_note_blank(t->table, t->layout.n_texts ? "left out" : what);
}

/* ---- reading ---- */

static int fault(const sts_texts *t, const char *why, sts_err *err)
{
    return sts_fail(err, STS_DATA, "%s:%llu: %s", sts_table_name(t->table),
                    (unsigned long long)t->record.line, why);
}

static int table_row(sts_texts *t, sts_err *err)
{
    char why[128];
    const sts_layout *l = &t->layout;
    size_t n = t->record.n;
    snprintf(why, sizeof why, "%zu column%s, not %zu: if this is not a table, give --input lines",
             n, n == 1 ? "" : "s", l->least);
    if (n < l->least || n > l->limit) return fault(t, why, err);
    for (int k = 0; k < l->n_texts; k++) t->text[k] = t->record.field[l->column[STS_COL_TEXT + k]];
    return 0;
}

static int json_row(sts_texts *t, sts_err *err)
{
    char why[STS_WHY_MAX];
    const sts_layout *l = &t->layout;
    int rc = sts_jsonl_read(&t->json, l, t->record.raw, why, err);
    if (rc <= 0) return rc ? -1 : fault(t, why, err);
    for (int k = 0; k < l->n_texts; k++) {
        int c = STS_COL_TEXT + k;
        snprintf(why, sizeof why, "there is no text \"%s\"", l->name[c]);
        if (t->json.kind[c] != STS_JSON_TEXT) return fault(t, why, err);
        t->text[k] = t->json.value[c];
    }
    return 0;
}

int sts_texts_next(sts_texts *t, sts_str *text, sts_err *err)
{
    if (!t->layout.n_texts) return sts_lines_next(t->table, text, err);
    while (t->at == t->layout.n_texts) {
        int rc = sts_table_next(t->table, &t->record, err);
        if (rc <= 0) return rc;
        if (t->record.fault != STS_SKIP_NONE) return fault(t, t->record.why, err);
        if (t->record.blank) continue;
        if (t->layout.delimiter ? table_row(t, err) : json_row(t, err)) return -1;
        t->at = 0;
    }
    *text = t->text[t->at++];
    return 1;
}

int sts_texts_read(const char *path, const sts_text_options *o, sts_arena *arena, sts_str **text,
                   size_t *n, sts_err *err)
{
    *text = NULL;
    *n = 0;
    size_t cap = 0;
    sts_str one;
    sts_texts *t = sts_texts_open(path, o, err);
    int more = t ? 1 : -1;
    while (more > 0 && (more = sts_texts_next(t, &one, err)) > 0) {
        const char *copy = sts_arena_text(arena, one.s, one.n);
        if (!copy || sts_grow(text, *n, &cap, sizeof **text)) more = sts_fail_memory(err, path);
        else (*text)[(*n)++] = (sts_str){copy, one.n};
    }
    sts_texts_close(t);
    return more;
}
