/* survey.c - one file after the other: faults, scores, lengths, equal sentences scored low. */
#include "data/survey.h"

#include "core/mem.h"
#include "core/strbuf.h"
#include "data/reading.h"
#include "data/row_reader.h"
#include "core/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOW 0.8 /* a score that equal sentences should not be under */

const char *const sts_length_names[STS_LENGTH_COUNT] = {"min", "p5",  "p25", "p50",
                                                        "p75", "p95", "p99", "max"};

/* ---- reading ---- */

/* Keeps the first bad rows; all are read and counted, whatever --on-bad-row says. */
static int note_fault(void *ctx, const sts_rows *r)
{
    sts_survey_file *f = ctx;
    if (!sts_skip_is_bad(r->why)) return STS_GO_ON;
    if (f->n_faults < STS_SURVEY_SHOWN) {
        sts_survey_fault *fault = &f->fault[f->n_faults];
        fault->line = r->why_line;
        fault->why = r->why;
        sts_quote(fault->text, sizeof fault->text, r->text, strlen(r->text));
    }
    f->n_faults++;
    return STS_GO_ON;
}

/* What the data is to blame for is a finding; anything else is an error. */
static int blame(sts_survey_file *f, const sts_err *inner, sts_err *err)
{
    if (inner->code != STS_DATA) return sts_fail(err, inner->code, "%s", inner->text);
    memcpy(f->problem, inner->text, sizeof f->problem);
    return 0;
}

/* Columns of a header that are neither sentence: one may hold scores under a name of its own. */
static void note_others(sts_survey_file *f, const sts_rows *r)
{
    const int *c = r->layout.column;
    size_t at = 0;
    char name[40];
    for (int i = 0; r->header && c[STS_COL_SCORE] < 0 && i < (int)r->record.n; i++) {
        bool used = i >= STS_COLUMNS_MAX;
        for (int k = 0; k < r->layout.n_texts; k++) used = used || c[STS_COL_TEXT + k] == i;
        if (used) continue;
        sts_quote(name, sizeof name, r->record.field[i].s, r->record.field[i].n);
        at = sts_append(f->other, sizeof f->other, at, at ? ", %s" : "%s", name);
    }
}

/* How --columns names the texts of unscored pairs, of which other commands ask where the score is:
 * JSON lines by name, columns by number. */
static void name_columns(sts_survey_file *f, const sts_rows *r)
{
    const sts_layout *l = &r->layout;
    const int *c = l->column + STS_COL_TEXT;
    if (l->n_texts != 2 || l->column[STS_COL_SCORE] >= 0 || r->options.columns) return;
    if (!l->delimiter)
        snprintf(f->columns, sizeof f->columns, "sentence1=%.60s,sentence2=%.60s",
                 l->name[STS_COL_TEXT], l->name[STS_COL_TEXT + 1]);
    else if (*f->other)
        snprintf(f->columns, sizeof f->columns, "sentence1=%d,sentence2=%d", c[0] + 1, c[1] + 1);
}

static int read_file(sts_survey_file *f, const sts_data_options *o, sts_err *err)
{
    sts_err inner = {0};
    sts_data_options any = o ? *o : (sts_data_options){0};
    any.unscored = true; /* pairs that belong together are data too */
    sts_rows *r = sts_rows_open(f->path, &any, false, &inner);
    if (!r) return blame(f, &inner, err);
    int rc = 0;
    note_others(f, r);
    name_columns(f, r);
    f->data = sts_dataset_new(f->path, r, err);
    if (!f->data) rc = -1;
    else if (sts_dataset_fill(f->data, r, note_fault, f, &inner)) rc = blame(f, &inner, err);
    else if (sts_rows_ask(r, &inner)) rc = blame(f, &inner, err);
    else if (!f->data->n && !f->n_faults)
        snprintf(f->problem, sizeof f->problem, "%s:1: no rows that can be used",
                 sts_table_name(r->table));
    sts_rows_note_blank(r, "left out");
    sts_rows_close(r);
    return rc;
}

/* ---- scores ---- */

/* Whether a bin for each whole number from the range's start to its end will do. */
static void choose_bins(sts_survey_file *f)
{
    const sts_dataset *d = f->data;
    double values = d->score_max - d->score_min + 1;
    f->whole = d->n && values <= STS_SURVEY_BINS + 1 && values == floor(values) &&
               d->score_min == floor(d->score_min);
    for (size_t i = 0; i < d->n && f->whole; i++)
        f->whole = d->row[i].gold == floor(d->row[i].gold);
    f->n_bins = f->whole ? (size_t)values : STS_SURVEY_BINS;
}

/* Histogram, extremes, and a mean that cannot overflow. */
static void count_scores(sts_survey_file *f)
{
    const sts_dataset *d = f->data;
    choose_bins(f);
    for (size_t i = 0; i < d->n && d->scored; i++) {
        const sts_row *row = &d->row[i];
        size_t bin = f->whole ? (size_t)(row->gold - d->score_min)
                              : (size_t)(row->score * STS_SURVEY_BINS);
        f->histogram[bin < f->n_bins ? bin : f->n_bins - 1]++;
        if (!i || row->gold < f->low) f->low = row->gold;
        if (!i || row->gold > f->high) f->high = row->gold;
        f->mean += (row->gold - f->mean) / (double)(i + 1);
    }
}

/* The next byte that counts from *i on: letters in lower case, digits, what is not ASCII; 0 at
 * the end. */
static int next_letter(sts_str s, size_t *i)
{
    while (*i < s.n) {
        int c = (unsigned char)s.s[(*i)++];
        if (c >= 'A' && c <= 'Z') return c | 32;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80) return c;
    }
    return 0;
}

/* Equal but for case, spaces and punctuation? Texts without any letter are compared as they are. */
static bool same_text(sts_str a, sts_str b)
{
    size_t i = 0, j = 0, letters = 0;
    for (;; letters++) {
        int x = next_letter(a, &i), y = next_letter(b, &j);
        if (x != y) return false;
        if (!x) break;
    }
    return letters || (a.n == b.n && !memcmp(a.s, b.s, a.n));
}

static void find_identical(sts_survey_file *f)
{
    const sts_dataset *d = f->data;
    for (size_t i = 0; i < d->n && d->scored; i++) {
        const sts_row *row = &d->row[i];
        if (row->score >= LOW || !same_text(row->text[0], row->text[1])) continue;
        sts_finding_add(&f->identical, &(sts_finding){.line = row->line,
                                                      .other_line = row->line,
                                                      .score = row->gold,
                                                      .other_score = row->gold,
                                                      .row = row});
    }
}

/* ---- lengths ---- */

/* Code points: bytes that do not continue a character. */
static uint32_t count_characters(sts_str s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.s[i] & 0xc0) != 0x80;
    return n;
}

static uint32_t count_words(sts_str s)
{
    uint32_t n = 0;
    bool inside = false;
    for (size_t i = 0; i < s.n; i++) {
        bool space = s.s[i] == ' ' || (s.s[i] >= '\t' && s.s[i] <= '\r');
        n += !space && !inside;
        inside = !space;
    }
    return n;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Sorts v. Rank = ceil(n p / 100), without overflow. */
static void percentiles(uint32_t *v, size_t n, uint64_t out[STS_LENGTH_COUNT])
{
    static const unsigned percent[STS_LENGTH_COUNT] = {0, 5, 25, 50, 75, 95, 99, 100};
    qsort(v, n, sizeof *v, by_size);
    for (int k = 0; k < STS_LENGTH_COUNT && n; k++) {
        size_t rank = n / 100 * percent[k] + (n % 100 * percent[k] + 99) / 100;
        out[k] = v[rank ? rank - 1 : 0];
    }
}

/* Lengths of all texts of a file, sentence by sentence. */
static int measure(sts_survey_file *f, sts_err *err)
{
    const sts_dataset *d = f->data;
    size_t texts = (size_t)d->n_texts, n = d->n * texts;
    uint32_t *v = sts_realloc(NULL, d->n, texts * sizeof *v);
    if (!v) return sts_fail_memory(err, f->path);
    for (size_t i = 0; i < n; i++) v[i] = count_characters(d->row[i / texts].text[i % texts]);
    percentiles(v, n, f->characters);
    for (size_t i = 0; i < n; i++) v[i] = count_words(d->row[i / texts].text[i % texts]);
    percentiles(v, n, f->words);
    sts_free(v);
    return 0;
}

/* ---- all of it ---- */

static int look_at(sts_survey_file *f, const sts_data_options *o, sts_err *err)
{
    if (read_file(f, o, err)) return -1;
    if (!f->data || !f->data->n) return 0;
    count_scores(f);
    find_identical(f);
    return measure(f, err) || sts_survey_unscored(f, err) ? -1 : 0;
}

sts_survey *sts_survey_run(const char *const *paths, size_t n, const sts_data_options *o,
                           sts_err *err)
{
    if (n > STS_SURVEY_FILES)
        return sts_fail(err, STS_USAGE, "at most %d files can be checked together",
                        STS_SURVEY_FILES),
               NULL;
    if (sts_reading_check(o, paths, n, NULL, err)) return NULL;
    sts_survey *s = sts_alloc(1, sizeof *s);
    if (s) s->file = sts_alloc(n, sizeof *s->file);
    if (!s || !s->file) {
        sts_free(s);
        return sts_fail_memory(err, "the survey"), NULL;
    }
    int rc = 0;
    s->reading = o;
    for (size_t i = 0; i < n && !rc; i++) {
        s->file[i].path = paths[i];
        s->file[i].truncated = -1;
        s->n_files = i + 1;
        rc = look_at(&s->file[i], o, err);
    }
    if (!rc) rc = sts_survey_overlap(s, err);
    if (!rc) return s;
    sts_survey_free(s);
    return NULL;
}

void sts_survey_free(sts_survey *s)
{
    if (!s) return;
    for (size_t i = 0; i < s->n_files; i++) sts_dataset_free(s->file[i].data);
    sts_free(s->file);
    sts_free(s->leak);
    sts_free(s);
}

size_t sts_survey_faults(const sts_survey *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_files; i++) n += s->file[i].n_faults + (s->file[i].problem[0] != 0);
    return n;
}

int sts_survey_verdict(const sts_survey *s, sts_err *err)
{
    size_t n = sts_survey_faults(s);
    char more[48] = "", shown[STS_SHOWN_PATH];
    if (n > 1) snprintf(more, sizeof more, "; and %zu more faults", n - 1);
    for (size_t i = 0; i < s->n_files && n; i++) {
        const sts_survey_file *f = &s->file[i];
        if (f->problem[0]) return sts_fail(err, STS_DATA, "%.900s%s", f->problem, more);
        if (f->n_faults)
            return sts_fail(err, STS_DATA, "%s:%llu: %s%s", sts_show_path(shown, f->path),
                            (unsigned long long)f->fault[0].line, f->fault[0].text, more);
    }
    return 0;
}
