/* survey_text.c - a survey as text, for people. */
#include "core/decimal.h"
#include "core/strbuf.h"
#include "data/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A path or text of a file as it may be shown. */
static const char *show(char out[160], const char *s)
{
    return sts_quote(out, 160, s, strlen(s));
}

static void number(sts_strbuf *b, const char *before, double x)
{
    char out[32];
    sts_strbuf_printf(b, "%s%s", before, sts_decimal_format(x, out));
}

static void add_rows(sts_strbuf *b, const sts_survey_file *f)
{
    const sts_dataset *d = f->data;
    sts_strbuf_printf(b, "  format      %s\n", d->detected);
    sts_strbuf_printf(b, "  rows        %zu read, %zu used", d->n_read, d->n);
    for (int k = 0; k < STS_SKIP_COUNT; k++)
        if (d->skipped[k])
            sts_strbuf_printf(b, ", %zu %s", d->skipped[k], sts_skip_name((sts_skip)k));
    sts_strbuf_printf(b, "\n");
}

/* x to four digits. */
static const char *rounded(double x, char out[32])
{
    snprintf(out, 32, "%.4g", x); /* to and fro in the same locale */
    return sts_decimal_format(strtod(out, NULL), out);
}

/* A bar of forty for the fullest bin; a bin that has any row shows at least one mark. */
static void add_histogram(sts_strbuf *b, const sts_survey_file *f)
{
    static const char bar[] = "########################################";
    size_t most = 1;
    double width = (f->data->score_max - f->data->score_min) / STS_SURVEY_BINS;
    for (int k = 0; k < STS_SURVEY_BINS; k++)
        if (f->histogram[k] > most) most = f->histogram[k];
    for (int k = 0; k < STS_SURVEY_BINS; k++) {
        char lo[32];
        double len = 40.0 * (double)f->histogram[k] / (double)most;
        sts_strbuf_printf(b, "    from %-6s %8zu %.*s\n",
                          rounded(f->data->score_min + width * k, lo), f->histogram[k],
                          (int)(len + 0.999), bar);
    }
}

static void add_scores(sts_strbuf *b, const sts_survey_file *f)
{
    char mean[32];
    number(b, "  scores      ", f->low);
    number(b, " to ", f->high);
    sts_strbuf_printf(b, ", mean %s\n", rounded(f->mean, mean));
    add_histogram(b, f);
}

static void add_lengths(sts_strbuf *b, const char *what, const uint64_t v[STS_LENGTH_COUNT])
{
    sts_strbuf_printf(b, "  %-11s", what);
    for (int k = 0; k < STS_LENGTH_COUNT; k++)
        sts_strbuf_printf(b, " %s %llu", sts_length_names[k], (unsigned long long)v[k]);
    sts_strbuf_printf(b, "\n");
}

/* "line 9, score 5; before: line 2, score 3", with the file where that is another one. */
static void add_findings(sts_strbuf *b, const sts_survey *s, const sts_survey_file *f,
                         const char *what, const sts_findings *list, bool pairs)
{
    char name[160];
    sts_strbuf_printf(b, "  %-11s %zu\n", what, list->n);
    for (size_t i = 0; i < list->n && i < STS_SURVEY_SHOWN; i++) {
        const sts_finding *x = &list->first[i];
        sts_strbuf_printf(b, "    line %llu", (unsigned long long)x->line);
        if (f->data->scored) number(b, ", score ", x->score);
        if (pairs) {
            bool here = &s->file[x->other_file] == f;
            sts_strbuf_printf(b, "; before: %s%sline %llu",
                              here ? "" : show(name, s->file[x->other_file].path), here ? "" : " ",
                              (unsigned long long)x->other_line);
            if (f->data->scored) number(b, ", score ", x->other_score);
        }
        sts_strbuf_printf(b, "\n");
    }
}

static void add_faults(sts_strbuf *b, const sts_survey_file *f)
{
    sts_strbuf_printf(b, "  faults      %zu\n", f->n_faults);
    for (size_t i = 0; i < f->n_faults && i < STS_SURVEY_SHOWN; i++)
        sts_strbuf_printf(b, "    line %llu: %s\n", (unsigned long long)f->fault[i].line,
                          f->fault[i].text);
    if (f->n_faults > STS_SURVEY_SHOWN)
        sts_strbuf_printf(b, "    and %zu more\n", f->n_faults - STS_SURVEY_SHOWN);
}

static void add_file(sts_strbuf *b, const sts_survey *s, const sts_survey_file *f)
{
    char name[160];
    sts_strbuf_printf(b, "%s\n", show(name, f->path));
    if (f->problem[0]) sts_strbuf_printf(b, "  problem     %s\n", f->problem);
    if (!f->data) return;
    add_rows(b, f);
    if (f->data->n) {
        if (f->data->scored) add_scores(b, f);
        add_lengths(b, "characters", f->characters);
        add_lengths(b, "words", f->words);
        if (f->truncated >= 0)
            sts_strbuf_printf(b, "  truncated   %lld texts would be cut to %lld tokens\n",
                              (long long)f->truncated, (long long)s->max_seq_length);
        add_findings(b, s, f, "duplicates", &f->duplicates, true);
        add_findings(b, s, f, "conflicts", &f->conflicts, true);
        add_findings(b, s, f, "equal, low", &f->identical, false);
    }
    add_faults(b, f);
}

static void add_leak(sts_strbuf *b, const sts_survey *s, const sts_leak *k)
{
    char a[160], c[160];
    sts_strbuf_printf(b, "%s shares with %s: %zu pairs, %zu sentences",
                      show(a, s->file[k->file].path), show(c, s->file[k->other].path), k->pairs,
                      k->sentences);
    if (k->pairs)
        sts_strbuf_printf(b, " (line %llu is line %llu)", (unsigned long long)k->line,
                          (unsigned long long)k->other_line);
    sts_strbuf_printf(b, "\n");
}

char *sts_survey_text(const sts_survey *s)
{
    sts_strbuf b = {0};
    for (size_t i = 0; i < s->n_files; i++) add_file(&b, s, &s->file[i]);
    for (size_t i = 0; i < s->n_leaks; i++) add_leak(&b, s, &s->leak[i]);
    if (s->n_files > 1 && !s->n_leaks) sts_strbuf_printf(&b, "the files share nothing\n");
    return sts_strbuf_take(&b);
}
