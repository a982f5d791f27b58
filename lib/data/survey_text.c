/* survey_text.c - a survey as text, for people. */
#include "core/decimal.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "data/corpus.h"
#include "data/layout.h"
#include "data/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A path or text of a file as it may be shown. */
static const char *show(char out[160], const char *s)
{
    return sts_quote(out, 160, s, strlen(s));
}

static void add_rows(sts_strbuf *b, const sts_survey_file *f)
{
    const sts_dataset *d = f->data;
    char skipped[300] = "";
    size_t at = 0;
    for (int k = 0; k < STS_SKIP_COUNT; k++)
        if (d->skipped[k])
            at = sts_append(skipped, sizeof skipped, at, ", %zu %s", d->skipped[k],
                            sts_skip_name((sts_skip)k));
    sts_put_wrapped(b, 14, "  format", "%s", d->detected);
    sts_put_wrapped(b, 14, "  rows", "%zu read, %zu used%s", d->n_read, d->n, skipped);
}

/* x to four digits. */
static const char *rounded(double x, char out[32])
{
    return sts_decimal_format(sts_decimal_round(x, 4), out);
}

/* A bar of forty for the fullest bin; a bin that has any row shows at least one mark. */
static void add_histogram(sts_strbuf *b, const sts_survey_file *f)
{
    static const char bar[] = "########################################";
    size_t highest = 1;
    double width = f->whole ? 1 : (f->data->score_max - f->data->score_min) / STS_SURVEY_BINS;
    for (size_t k = 0; k < f->n_bins; k++)
        if (f->histogram[k] > highest) highest = f->histogram[k];
    for (size_t k = 0; k < f->n_bins; k++) {
        char lo[32];
        double len = 40.0 * (double)f->histogram[k] / (double)highest;
        sts_strbuf_printf(b, "    %s %-6s %8zu%s%.*s\n", f->whole ? "    " : "from",
                          rounded(f->data->score_min + width * (double)k, lo), f->histogram[k],
                          f->histogram[k] ? " " : "", (int)(len + 0.999), bar);
    }
}

/* Whether all scores are one of two, and more than two of them. */
static bool two_scores(const sts_survey_file *f)
{
    const sts_dataset *d = f->data;
    for (size_t i = 0; i < d->n; i++)
        if (d->row[i].gold != f->low && d->row[i].gold != f->high) return false;
    return f->low < f->high && d->n > 2;
}

static void add_scores(sts_strbuf *b, const sts_survey_file *f)
{
    char low[32], high[32], mean[32];
    sts_put_wrapped(b, 14, "  scores", "%s to %s, mean %s", sts_decimal_format(f->low, low),
                    sts_decimal_format(f->high, high), rounded(f->mean, mean));
    if (two_scores(f))
        sts_put_wrapped(b, 14, "  classes",
                        "all scores are %s or %s: two classes, %s being positive", low, high, high);
    add_histogram(b, f);
}

static void add_lengths(sts_strbuf *b, const char *label, const uint64_t v[STS_LENGTH_COUNT])
{
    char text[300] = "";
    size_t at = 0;
    for (int k = 0; k < STS_LENGTH_COUNT; k++)
        at = sts_append(text, sizeof text, at, "%s%s %llu", k ? " " : "", sts_length_names[k],
                        (unsigned long long)v[k]);
    sts_put_wrapped(b, 14, label, "%s", text);
}

/* ", score 5" */
static const char *score_of(const sts_survey_file *f, double score, char out[48])
{
    char x[32];
    *out = 0;
    if (f->data->scored) snprintf(out, 48, ", score %s", sts_decimal_format(score, x));
    return out;
}

/* Both sentences of a finding, as far as they fit in a line. */
static void add_texts(sts_strbuf *b, const sts_row *row)
{
    char first[36], second[36];
    sts_strbuf_printf(b, "      %s | %s\n",
                      sts_quote(first, sizeof first, row->text[0].s, row->text[0].n),
                      sts_quote(second, sizeof second, row->text[1].s, row->text[1].n));
}

static void add_more(sts_strbuf *b, size_t n)
{
    if (n > STS_SURVEY_SHOWN) sts_strbuf_printf(b, "    and %zu more\n", n - STS_SURVEY_SHOWN);
}

/* "line 9, score 5; before: line 2, score 3", with the file where that is another one. */
static void add_finding(sts_strbuf *b, const sts_survey *s, const sts_survey_file *f,
                        const sts_finding *x)
{
    char name[160], score[48], other[48];
    bool here = &s->file[x->other_file] == f;
    sts_put_wrapped(b, 4, "", "line %llu%s; before: %s%sline %llu%s", (unsigned long long)x->line,
                    score_of(f, x->score, score),
                    here ? "" : show(name, s->file[x->other_file].path), here ? "" : " ",
                    (unsigned long long)x->other_line, score_of(f, x->other_score, other));
}

enum { PLAIN, PAIRS, TEXTS };

static void add_findings(sts_strbuf *b, const sts_survey *s, const sts_survey_file *f,
                         const char *label, const sts_findings *list, int how)
{
    char score[48];
    sts_put_wrapped(b, 14, label, "%zu", list->n);
    for (size_t i = 0; i < list->n && i < STS_SURVEY_SHOWN; i++) {
        const sts_finding *x = &list->first[i];
        if (how == PLAIN)
            sts_put_wrapped(b, 4, "", "line %llu%s", (unsigned long long)x->line,
                            score_of(f, x->score, score));
        else add_finding(b, s, f, x);
        if (how != PAIRS) add_texts(b, x->row);
    }
    add_more(b, list->n);
}

/* Pairs without scores: what they share with one another, and what that means. */
static void add_pairs(sts_strbuf *b, const sts_survey *s, const sts_survey_file *f)
{
    sts_put_wrapped(b, 14, "  distinct", "%zu pairs, %zu texts", f->distinct, f->texts);
    if (f->equal)
        sts_put_wrapped(b, 14, "  equal", "%zu of these pairs have two equal texts", f->equal);
    if (f->sharing) {
        sts_put_wrapped(b, 14, "  sharing",
                        "%zu pairs share a text with another pair: in one batch they would be "
                        "negatives of each other, from which --batches no-duplicates (the "
                        "default) keeps them; an evaluation counts one partner per row as right",
                        f->sharing);
        add_findings(b, s, f, "  again", &f->shared, TEXTS);
    }
    if (!f->near.n) return;
    sts_put_wrapped(b, 14, "  near",
                    "%zu texts have the words of an earlier text, in another order or with other "
                    "punctuation: in one batch they are negatives of each other", f->near.n);
    add_findings(b, s, f, "  alike", &f->near, TEXTS);
}

static bool is_lines(const sts_survey *s)
{
    return s->reading && sts_format_is_lines(s->reading->format);
}

static void add_unscored(sts_strbuf *b, const sts_survey *s, const sts_survey_file *f)
{
    bool lines = is_lines(s);
    if (f->data->n_texts != 2) return;
    sts_put_wrapped(b, 14, "  scores", lines ? "none: sentences, each trained to find itself "
                    "through dropout" : "none: pairs that belong together train with --loss "
                    "multiple-negatives-ranking");
    if (*f->other)
        sts_put_wrapped(b, 14, "  not used",
                        "%s (scores? then --columns sentence1=..,sentence2=..,score=NAME)",
                        f->other);
    if (!lines) add_pairs(b, s, f);
}

static void add_faults(sts_strbuf *b, const sts_survey_file *f)
{
    sts_put_wrapped(b, 14, "  faults", "%zu", f->n_faults);
    for (size_t i = 0; i < f->n_faults && i < STS_SURVEY_SHOWN; i++)
        sts_put_wrapped(b, 4, "", "line %llu: %s", (unsigned long long)f->fault[i].line,
                        f->fault[i].text);
    add_more(b, f->n_faults);
}

static void add_file(sts_strbuf *b, const sts_survey *s, const sts_survey_file *f)
{
    char name[160];
    sts_strbuf_printf(b, "%s\n", show(name, f->path));
    if (f->problem[0]) sts_put_wrapped(b, 14, "  problem", "%s", f->problem);
    if (!f->data) return;
    add_rows(b, f);
    if (f->data->n) {
        if (f->data->scored) add_scores(b, f);
        else add_unscored(b, s, f);
        add_lengths(b, "  characters", f->characters);
        add_lengths(b, "  words", f->words);
        if (f->truncated >= 0)
            sts_put_wrapped(b, 14, "  truncated", "%lld texts would be cut to %lld tokens",
                            (long long)f->truncated, (long long)s->max_seq_length);
        add_findings(b, s, f, "  duplicates", &f->duplicates, PAIRS);
        add_findings(b, s, f, "  conflicts", &f->conflicts, TEXTS);
        add_findings(b, s, f, "  equal, low", &f->identical, PLAIN);
    }
    add_faults(b, f);
}

static void add_leak(sts_strbuf *b, const sts_survey *s, const sts_leak *k)
{
    char a[160], c[160], where[80] = "";
    if (k->pairs)
        snprintf(where, sizeof where, " (line %llu is line %llu)", (unsigned long long)k->line,
                 (unsigned long long)k->other_line);
    sts_put_wrapped(b, 0, "", "%s shares with %s: %zu pairs, %zu sentences%s",
                    show(a, s->file[k->file].path), show(c, s->file[k->other].path), k->pairs,
                    k->sentences, where);
}

/* "; 3 conflicts" */
static size_t add_count(char *out, size_t size, size_t at, size_t n, const char *what)
{
    if (!n) return at;
    return sts_append(out, size, at, "%s%zu %s%s", at ? ", " : "", n, what, n == 1 ? "" : "s");
}

/* The last line: can the data be used, and what should be checked? */
static void add_verdict(sts_strbuf *b, const sts_survey *s)
{
    char list[300] = "";
    size_t at = 0, again = 0, conflicts = 0, low = 0, faults = 0, questions = 0, shared = 0;
    for (size_t i = 0; i < s->n_files; i++) {
        const sts_survey_file *f = &s->file[i];
        again += f->duplicates.n;
        conflicts += f->conflicts.n;
        low += f->identical.n;
        faults += f->n_faults;
        questions += f->problem[0] != 0;
    }
    for (size_t i = 0; i < s->n_leaks; i++) shared += s->leak[i].pairs;
    at = add_count(list, sizeof list, at, questions, "problem");
    at = add_count(list, sizeof list, at, faults, "bad row");
    at = add_count(list, sizeof list, at, shared, "shared pair");
    at = add_count(list, sizeof list, at, conflicts, "conflict");
    at = add_count(list, sizeof list, at, again, "duplicate");
    at = add_count(list, sizeof list, at, low, "low-scored equal pair");
    const char *verdict = questions || faults ? "not usable as it is" : "usable";
    if (shared && !questions && !faults)
        verdict = "usable, but evaluations on shared pairs are too high";
    sts_put_wrapped(b, 9, "verdict", "%s%s%s", verdict, at ? ": " : "", list);
}

/* ---- commands to continue with ---- */

/* The options by which the files were read, which other commands need as well. */
static void add_option(sts_strbuf *b, const char *name, const char *value)
{
    char *word = value ? sts_shell_word(value) : NULL;
    if (!value) return;
    b->failed |= !word;
    sts_strbuf_printf(b, " --%s %s", name, word ? word : "");
    sts_free(word);
}

static void add_command(sts_strbuf *b, const sts_survey *s, const char *verb,
                        const sts_survey_file *f)
{
    const sts_data_options *o = s->reading;
    char *path = sts_shell_word(f->path);
    b->failed |= !path;
    sts_strbuf_printf(b, "next     stsfit %s %s -m MODEL", verb, path ? path : "");
    if (o) add_option(b, "format", o->format);
    add_option(b, "columns", o && o->columns ? o->columns : *f->columns ? f->columns : NULL);
    if (o && o->skip_bad) add_option(b, "on-bad-row", "skip");
    sts_free(path);
}

/* Each line once, where rows are lines. */
static void add_deduplication(sts_strbuf *b, const sts_survey_file *f)
{
    const char *dot = strrchr(f->path, '.');
    char *path = sts_shell_word(f->path);
    b->failed |= !path;
    if (f->duplicates.n && !(dot && !strcmp(dot, ".gz")))
        sts_strbuf_printf(b, "next     awk '!seen[$0]++' %s > distinct-pairs\n", path ? path : "");
    sts_free(path);
}

/* Of a file of unscored pairs, or of sentences. */
static void add_next(sts_strbuf *b, const sts_survey *s, const sts_survey_file *f)
{
    if (!f->data || f->data->scored || f->data->n_texts != 2 || !strcmp(f->path, "-")) return;
    add_deduplication(b, f);
    add_command(b, s, "train", f);
    if (is_lines(s)) {
        sts_strbuf_printf(b, " --dev SCORED-PAIRS\n");
        return;
    }
    sts_strbuf_printf(b, f->distinct < STS_HOLD_OUT_PAIRS ? " --dev OTHER-PAIRS\n" : "\n");
    add_command(b, s, "eval", f);
    sts_strbuf_printf(b, "\n");
}

char *sts_survey_text(const sts_survey *s)
{
    sts_strbuf b = {0};
    for (size_t i = 0; i < s->n_files; i++) add_file(&b, s, &s->file[i]);
    for (size_t i = 0; i < s->n_leaks; i++) add_leak(&b, s, &s->leak[i]);
    if (s->n_files > 1 && !s->n_leaks) sts_strbuf_printf(&b, "the files share nothing\n");
    add_verdict(&b, s);
    for (size_t i = 0; i < s->n_files && !sts_survey_faults(s); i++) add_next(&b, s, &s->file[i]);
    return sts_strbuf_take(&b);
}
