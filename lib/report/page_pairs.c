/* page_pairs.c - single pairs: gold against predicted, how predictions are spread, the worst
 * ones. */
#include "report/page_html.h"

#include "core/c_locale.h"
#include "core/mem.h"
#include "core/words.h"
#include "loss/loss.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MOST_DOTS 2500

static double value_of(const sts_prediction *p, int series)
{
    return series == STS_AFTER ? p->after : series == STS_BEFORE ? p->before : p->gold;
}

static bool any_of(const sts_predictions *p, int series)
{
    for (size_t i = 0; i < p->n; i++)
        if (isfinite(value_of(&p->v[i], series))) return true;
    return false;
}

/* ---- the scale of the scores in the files of a part, where all have the same ---- */

typedef struct scale {
    double lo, hi;
} scale;

/* A held-out part has no files of its own: it is of those of the training data. */
static scale scale_of(const sts_json *report, const char *part)
{
    scale s = {NAN, NAN};
    char path[32];
    const sts_json *f;
    snprintf(path, sizeof path, "data.%s.files", part);
    const sts_json *files = sts_page_get(report, path);
    if (!files || !files->child) files = sts_page_get(report, "data.train.files");
    sts_json_each(f, files)
    {
        double lo = sts_page_num(f, "score_mapping.min"), hi = sts_page_num(f, "score_mapping.max");
        if (isnan(s.lo)) s = (scale){lo, hi};
        if (!(lo == s.lo && hi == s.hi)) return (scale){0, 1};
    }
    return isnan(s.lo) ? (scale){0, 1} : s;
}

static double on_scale(scale s, double x)
{
    return s.lo + x * (s.hi - s.lo);
}

/* ---- gold against predicted ---- */

/* Coordinates of every so many-th pair, so that a page stays small. */
static size_t dots_of(const sts_predictions *p, int series, scale s, double *x, double *y)
{
    size_t n = p->n < MOST_DOTS ? p->n : MOST_DOTS;
    for (size_t i = 0; i < n; i++) {
        const sts_prediction *row = &p->v[(size_t)((double)i * (double)p->n / (double)n)];
        x[i] = on_scale(s, row->gold);
        y[i] = value_of(row, series);
    }
    return n;
}

static double lowest(const sts_predictions *p)
{
    double lo = 0, hi = 1;
    for (size_t i = 0; i < p->n; i++) {
        sts_page_span(&lo, &hi, p->v[i].before);
        sts_page_span(&lo, &hi, p->v[i].after);
    }
    return fmax(floor(lo * 5) / 5, -1);
}

static void scatter(sts_strbuf *out, const sts_predictions *p, int series, scale s,
                    const char *about)
{
    char label[64];
    sts_print(label, sizeof label, "gold score, %g to %g", s.lo, s.hi);
    double *x = sts_alloc(2 * MOST_DOTS, sizeof *x);
    if (!x) {
        out->failed = true;
        return;
    }
    size_t n = dots_of(p, series, s, x, x + MOST_DOTS);
    const char *title = series == STS_AFTER ? "After training" : "Before training";
    sts_figure_begin(out, title, about);
    sts_plot plot = {out,
                     {.label = label, .lo = s.lo, .hi = s.hi},
                     {.label = "predicted cosine", .lo = lowest(p), .hi = 1, .exact = true}};
    sts_plot_begin(&plot, title,
                   "One dot per pair; on the line the cosine equals the gold score in 0..1.");
    sts_plot_rule(&plot, s.lo, 0, s.hi, 1);
    sts_plot_dots(&plot, series, x, x + MOST_DOTS, n);
    sts_plot_end(&plot);
    sts_figure_end(out);
    sts_free(x);
}

/* ---- how predictions are spread ---- */

#define BINS 24

static void spread_of(const sts_predictions *p, int series, double lo, double share[BINS])
{
    double width = (1 - lo) / BINS;
    size_t n = 0;
    memset(share, 0, BINS * sizeof *share);
    for (size_t i = 0; i < p->n; i++) {
        double x = value_of(&p->v[i], series);
        if (!isfinite(x)) continue;
        int bin = (int)fmax(0, fmin(BINS - 1, (x - lo) / width));
        share[bin]++;
        n++;
    }
    for (int b = 0; b < BINS; b++) share[b] *= n ? 100.0 / (double)n : 0;
}

static void spread(sts_strbuf *out, const sts_predictions *p)
{
    static const int series[] = {STS_GOLD, STS_BEFORE, STS_AFTER};
    static const char *const name[] = {"gold", "before", "after"};
    double share[3][BINS], lo = lowest(p), none = 0, highest = 0;
    sts_figure_begin(out, "Distribution", "How many pairs get which score.");
    sts_legend_begin(out);
    for (int s = 0; s < 3; s++) {
        spread_of(p, series[s], lo, share[s]);
        for (int b = 0; b < BINS; b++) sts_page_span(&none, &highest, share[s][b]);
        if (any_of(p, series[s])) sts_legend_item(out, series[s], true, name[s]);
    }
    sts_legend_end(out);
    sts_plot plot = {out,
                     {.label = "score", .lo = lo, .hi = 1, .exact = true},
                     {.label = "% of the pairs", .lo = 0, .hi = highest}};
    sts_plot_begin(&plot, "Histogram of gold and predicted scores",
                   "Shares of the pairs in bins of equal width.");
    for (int s = 0; s < 3; s++)
        if (any_of(p, series[s]))
            sts_plot_steps(&plot, series[s], lo, (1 - lo) / BINS, share[s], BINS);
    sts_plot_end(&plot);
    sts_figure_end(out);
}

/* ---- the section ---- */

/* Whether the loss, and each part of a sum, asks for the right order only. */
static bool only_ranks(const sts_json *report)
{
    const char *losses = "cosent angle multiple-negatives-ranking mnrl";
    const char *text = sts_page_str(report, "loss");
    while (text) {
        size_t n, whole = sts_loss_first(text);
        const char *name = sts_loss_name(text, &n);
        if (!sts_word_listed(losses, name, n)) return false;
        if (!text[whole]) return true;
        text += whole + 1;
    }
    return false;
}

void sts_page_predictions(sts_strbuf *out, const sts_predictions *p, const sts_json *report,
                          const char *part)
{
    sts_shown shown, all;
    char about[160] = "One dot per pair; on the line the cosine equals the gold score in 0..1.";
    if (p->n > MOST_DOTS)
        snprintf(about, sizeof about,
                 "%s of %s pairs, one dot each; on the line the cosine equals the gold score in "
                 "0..1.",
                 sts_show_count(MOST_DOTS, shown), sts_show_count((double)p->n, all));
    sts_section_begin(
        out, strcmp(part, "dev") ? "Predictions on the test set" : "Predictions on the dev set",
        only_ranks(report)
            ? "The loss of this run learns the order only: cosines need not be near "
              "the gold scores, so errors and calibration say little here."
            : NULL);
    sts_html(out, "<div class=\"figures\">\n");
    sts_page_classes(out, p, report, part);
    scale s = scale_of(report, part);
    if (any_of(p, STS_BEFORE)) scatter(out, p, STS_BEFORE, s, about);
    if (any_of(p, STS_AFTER)) scatter(out, p, STS_AFTER, s, about);
    spread(out, p);
    sts_page_error_by_score(out, p, report);
    sts_page_error_by_length(out, p);
    sts_page_calibration(out, p);
    sts_html(out, "</div>\n");
    sts_section_end(out);
}

/* ---- the worst pairs ---- */

static void put_pair(sts_strbuf *out, const sts_page_pair *p, scale s)
{
    static const int series[] = {STS_BEFORE, STS_GOLD, STS_AFTER};
    const double x[] = {p->before, p->gold, p->after};
    sts_shown gold, before, after, lo, hi;
    sts_html(out, "<li><p dir=\"auto\">%s</p><p dir=\"auto\">%s</p>\n", p->text[0], p->text[1]);
    sts_svg_scale(out, series, x, 3, "gold, before and after on a scale from 0 to 1");
    sts_html(out,
             "<p class=\"meta\">gold <b>%s</b>, before %s, after <b>%s</b> on the scale of %s to "
             "%s</p></li>\n",
             sts_fixed(on_scale(s, p->gold), 2, gold), sts_fixed(on_scale(s, p->before), 2, before),
             sts_fixed(on_scale(s, p->after), 2, after), sts_show_number(s.lo, lo),
             sts_show_number(s.hi, hi));
}

void sts_page_worst_pairs(sts_strbuf *out, const sts_page_run *r)
{
    if (!r->pair) return;
    scale s = scale_of(r->report, "dev");
    sts_section_begin(out, "The worst pairs",
                      "Pairs of the dev set where the selected model is furthest from the gold "
                      "score. Wrong gold scores show up here too.");
    sts_legend_begin(out);
    sts_legend_item(out, STS_GOLD, false, "gold");
    sts_legend_item(out, STS_BEFORE, false, "before");
    sts_legend_item(out, STS_AFTER, false, "after");
    sts_legend_end(out);
    sts_html(out, "<ol class=\"pairs\">\n");
    for (size_t i = 0; i < r->n_pairs; i++) put_pair(out, &r->pair[i], s);
    sts_html(out, "</ol>\n");
    sts_section_end(out);
}
