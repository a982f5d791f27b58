/* page_facts.c - the data, the settings, and how to run it again. */
#include "report/page_html.h"

#include "core/file.h"
#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const PART[] = {"train", "dev", "test", "guard"};
#define PARTS 4

/* ---- data files ---- */

static void put_skipped(sts_strbuf *out, const sts_json *skipped)
{
    sts_shown n;
    bool any = false;
    for (const sts_json *s = sts_json_is_object(skipped) ? skipped->child : NULL; s; s = s->next) {
        if (!sts_json_is_number(s)) continue;
        sts_words name;
        sts_html(out, "%s%s %s", any ? ", " : "", sts_show_count(s->number, n),
                 sts_show_key(s->key, name));
        any = true;
    }
    if (!any) sts_html(out, "none");
}

static void put_file(sts_strbuf *out, const char *part, const sts_json *file)
{
    sts_shown read, used, lo, hi;
    const char *name = sts_page_str(file, "file"), *how = sts_page_str(file, "detected");
    const char *crc = sts_page_str(file, "crc32");
    sts_html(out,
             "<tr><td>%s</td><td class=\"path\">%s<small>%s</small><small>CRC-32 "
             "<code>%s</code></small></td>"
             "<td class=\"n\">%s</td><td class=\"n\">%s</td><td>",
             part, name ? name : "-", how ? how : "", crc ? crc : "-",
             sts_show_count(sts_page_num(file, "rows_read"), read),
             sts_show_count(sts_page_num(file, "rows_used"), used));
    put_skipped(out, sts_page_get(file, "skipped"));
    double min = sts_page_num(file, "score_mapping.min"),
           max = sts_page_num(file, "score_mapping.max");
    if (isfinite(min) && isfinite(max))
        sts_html(out, "</td><td>%s to %s</td></tr>\n", sts_show_number(min, lo),
                 sts_show_number(max, hi));
    else sts_html(out, "</td><td>none</td></tr>\n");
}

static void put_held_out(sts_strbuf *out, const sts_json *part)
{
    sts_shown rows;
    sts_show_count(sts_page_num(part, "rows"), rows);
    sts_html(out,
             "<tr><td>dev</td><td class=\"path\">a seeded tenth, held out of the training data</td>"
             "<td class=\"n\"></td><td class=\"n\">%s</td><td></td><td></td></tr>\n",
             rows);
}

static void data_table(sts_strbuf *out, const sts_json *report)
{
    sts_html(
        out,
        "<div class=\"scroll\" tabindex=\"0\"><table><caption>Files</caption>\n<thead><tr><th "
        "scope=\"col\">"
        "Set</th><th scope=\"col\">File</th><th scope=\"col\" class=\"n\">Rows read</th><th "
        "scope=\"col\" class=\"n\">Used</th>"
        "<th scope=\"col\">Left out</th><th scope=\"col\">Scores</th></tr></thead>\n<tbody>\n");
    for (int p = 0; p < PARTS; p++) {
        const sts_json *part = sts_page_get(sts_page_get(report, "data"), PART[p]);
        const sts_json *files = sts_page_get(part, "files");
        if (p == 1 && part && !(files && files->child) && sts_page_num(part, "rows") > 0)
            put_held_out(out, part);
        for (const sts_json *f = files ? files->child : NULL; f; f = f->next)
            put_file(out, PART[p], f);
    }
    sts_html(out, "</tbody></table></div>\n");
}

static void say_truncated(sts_strbuf *out, const sts_json *report)
{
    sts_shown n, length;
    double limit = sts_page_num(report, "model.max_seq_length");
    for (int p = 0; p < PARTS; p++) {
        double cut = sts_page_num(sts_page_get(sts_page_get(report, "data"), PART[p]), "truncated");
        if (cut > 0)
            sts_html(out, "<p class=\"warn\">%s texts of the %s set were cut to %s tokens.</p>\n",
                     sts_show_count(cut, n), PART[p], sts_show_count(limit, length));
    }
}

/* ---- histograms ---- */

#define MOST_BINS 64

/* Shares in percent; false when there is none. */
static bool histogram(const sts_json *report, int part, const char *key, double *from,
                      double *width, double share[MOST_BINS], size_t *n)
{
    const sts_json *h = sts_page_get(sts_page_get(sts_page_get(report, "data"), PART[part]), key);
    const sts_json *counts = sts_page_get(h, "counts");
    double sum = 0;
    *from = sts_page_num(h, "from");
    *width = sts_page_num(h, "width");
    *n = 0;
    for (const sts_json *c = sts_json_is_array(counts) ? counts->child : NULL; c && *n < MOST_BINS;
         c = c->next)
        sum += share[(*n)++] = sts_json_is_number(c) ? c->number : 0;
    for (size_t i = 0; i < *n; i++) share[i] *= 100 / sum;
    return *n && sum > 0 && isfinite(*from) && *width > 0;
}

static void figure(sts_strbuf *out, const sts_json *report, const char *key, const char *title,
                   const char *about, const char *label)
{
    double from[PARTS], width[PARTS], share[PARTS][MOST_BINS], lo = NAN, hi = NAN, none = 0,
                                                               highest = 0;
    static const int series[PARTS] = {2, STS_AFTER, 3, 4};
    size_t n[PARTS];
    bool has[PARTS], any = false;
    for (int p = 0; p < PARTS; p++) {
        has[p] = histogram(report, p, key, &from[p], &width[p], share[p], &n[p]);
        if (!has[p]) continue;
        any = true;
        sts_page_span(&lo, &hi, from[p]);
        sts_page_span(&lo, &hi, from[p] + width[p] * (double)n[p]);
        for (size_t i = 0; i < n[p]; i++) sts_page_span(&none, &highest, share[p][i] / width[p]);
    }
    if (!any) return;
    bool unit = width[0] < 1; /* scores: percent a bin; lengths: percent a token, bins may differ */
    sts_figure_begin(out, title, about);
    sts_legend_begin(out);
    for (int p = 0; p < PARTS; p++)
        if (has[p]) sts_legend_item(out, series[p], true, PART[p]);
    sts_legend_end(out);
    sts_plot plot = {out,
                     {.label = label, .lo = lo, .hi = hi, .exact = true},
                     {.label = unit ? "% of the pairs" : "% of the texts, per token",
                      .lo = 0,
                      .hi = unit ? highest * width[0] : highest}};
    sts_plot_begin(&plot, title, about);
    for (int p = 0; p < PARTS; p++) {
        for (size_t i = 0; has[p] && i < n[p] && !unit; i++) share[p][i] /= width[p];
        if (has[p]) sts_plot_steps(&plot, series[p], from[p], width[p], share[p], n[p]);
    }
    sts_plot_end(&plot);
    sts_figure_end(out);
}

void sts_page_data(sts_strbuf *out, const sts_page_run *r)
{
    sts_section_begin(out, "Data", NULL);
    say_truncated(out, r->report);
    data_table(out, r->report);
    sts_html(out, "<div class=\"figures\">\n");
    figure(out, r->report, "scores", "Gold scores", "Shares of the pairs, scores mapped to 0 to 1.",
           "gold score, 0 to 1");
    figure(out, r->report, "tokens", "Lengths",
           "Tokens of the texts, special ones included, after cutting.", "tokens per text");
    sts_html(out, "</div>\n");
    sts_section_end(out);
}

/* ---- settings ---- */

static void put_value(sts_strbuf *out, const char *key, const sts_json *value)
{
    if (!value || sts_json_is_null(value)) return;
    char *text = sts_page_value(value);
    if (!text) out->failed = true;
    else sts_page_fact(out, key, text);
    sts_free(text);
}

static void put_object(sts_strbuf *out, const char *title, const sts_json *object)
{
    if (!sts_json_is_object(object) || !object->child) return;
    sts_html(out, "<h3>%s</h3>\n<ul class=\"facts\">\n", title);
    for (const sts_json *v = object->child; v; v = v->next) {
        sts_words name;
        put_value(out, sts_show_key(v->key, name), v);
    }
    sts_html(out, "</ul>\n");
}

void sts_page_settings(sts_strbuf *out, const sts_page_run *r)
{
    sts_section_begin(out, "Settings", NULL);
    put_object(out, "Options", sts_page_get(r->report, "configuration"));
    put_object(out, "Plan", sts_page_get(r->report, "plan"));
    put_object(out, "Model", sts_page_get(r->report, "model"));
    put_object(out, "Machine", sts_page_get(r->report, "machine"));
    sts_section_end(out);
}

/* ---- again ---- */

void sts_page_reproduce(sts_strbuf *out, const sts_page_run *r)
{
    const char *line = sts_page_str(r->report, "command_line"),
               *version = sts_page_str(r->report, "version");
    const char *when = sts_page_str(r->report, "written"),
               *blas = sts_page_str(r->report, "machine.blas");
    sts_shown total, threads;
    sts_section_begin(out, "Run it again",
                      "The same version, data (by CRC-32, above), options and number of threads "
                      "give the same numbers, "
                      "to the last bit on the same machine.");
    sts_html(out, "<pre>");
    if (line && *line) sts_html(out, "%s\n", line);
    char *path = sts_path_join(r->dir, "config.json"), *word = path ? sts_shell_word(path) : NULL;
    out->failed |= !word;
    sts_html(out, "stsfit train --config %s -o another-run</pre>\n<ul class=\"facts\">\n",
             word ? word : "");
    sts_free(path);
    sts_free(word);
    sts_page_fact(out, "stsfit", version);
    sts_page_fact(out, "BLAS", blas);
    sts_page_fact(out, "Threads",
                  sts_show_count(sts_page_num(r->report, "machine.threads"), threads));
    sts_page_fact(out, "Report written", when);
    sts_page_fact(out, "Took",
                  sts_show_seconds(sts_page_num(r->report, "timings.total_seconds"), total));
    sts_html(out, "</ul>\n");
    sts_section_end(out);
}
