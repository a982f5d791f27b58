/* page_summary.c - the top of a run's page: what was done in a sentence, the numbers that matter,
 * the metrics before and after. */
#include "report/page_html.h"

#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SEED 20170801u

/* ---- was it a gain? ---- */

int sts_page_paired(const sts_predictions *p, const sts_predictions *base, sts_paired *out,
                    sts_err *err)
{
    *out = (sts_paired){{NAN, "predictions are missing"}, {NAN, NAN}, NAN, 0};
    size_t n = p->n;
    if (!n || (base && base->n != n)) return 0;
    double *x = sts_alloc(n, 3 * sizeof *x);
    if (!x) return sts_fail_memory(err, "the comparison");
    for (size_t i = 0; i < n; i++) {
        x[i] = p->v[i].gold;
        x[n + i] = p->v[i].after;
        x[2 * n + i] = base ? base->v[i].after : p->v[i].before;
    }
    int rc = sts_spearman_paired(x, x + n, x + 2 * n, n, sts_paired_rounds(n), SEED, out, err);
    sts_free(x);
    return rc;
}

static void say_gain(sts_strbuf *out, const sts_predictions *p)
{
    sts_paired d;
    sts_shown gain, lo, hi, pv;
    sts_err why = {0};
    /* who asks to stop gets the page without the interval */
    if (sts_page_paired(p, NULL, &d, &why) && why.code != STS_INTERRUPTED) out->failed = true;
    if (!isfinite(d.ci95[0])) return;
    sts_html(
        out,
        " The difference of <b>%s</b> has a 95 %% interval of %s to %s (%s, paired bootstrap over "
        "the same pairs).",
        sts_show_gain(d.difference.value, gain), sts_show_gain(d.ci95[0], lo),
        sts_show_gain(d.ci95[1], hi), sts_show_p(d.p, pv));
}

/* ---- the sentence ---- */

static void say_data(sts_strbuf *out, const sts_json *report)
{
    sts_base base;
    sts_shown rows;
    const sts_json *dev = sts_page_get(report, "evaluations.before.dev");
    const sts_json *files = sts_page_get(report, "data.train.files");
    const char *first = sts_page_str(files ? files->child : NULL, "file");
    int more = sts_json_is_array(files) ? sts_json_size(files) - 1 : 0;
    sts_html(out, "<b>%s %s</b>", sts_show_count(sts_page_num(report, "data.train.rows"), rows),
             sts_metric_unit(sts_figures_has(dev)));
    if (first)
        sts_html(out, " of %s", strcmp(first, "-") ? sts_page_base(first, base) : "standard input");
    if (more > 0) sts_html(out, " and %d more", more);
}

static void say_outcome(sts_strbuf *out, const sts_page_run *r)
{
    static const char correlation[] =
        "Spearman\xe2\x80\x99s rank correlation with the gold scores";
    const sts_json *before = sts_page_get(r->report, "evaluations.before.dev");
    const sts_json *after = sts_page_get(r->report, "evaluations.after.dev");
    sts_shown a, b;
    const sts_metric_row *m = sts_metric_default(sts_figures_has(before));
    bool ranks = !strcmp(m->name, STS_METRIC_OF_SCORES);
    double x = sts_page_num(before, m->name), y = sts_page_num(after, m->name);
    if (isfinite(x) && isfinite(y)) {
        sts_html(out,
                 " On the dev set, %s went from <b>%s</b> to <b>%s</b> (\xc3\x97\xc2\xa0"
                 "100).",
                 ranks ? correlation : m->title, sts_show_hundred(x, a), sts_show_hundred(y, b));
        if (ranks) say_gain(out, &r->dev); /* which is of Spearman */
    }
}

static void say_status(sts_strbuf *out, const sts_json *report)
{
    const char *status = sts_page_str(report, "status"), *error = sts_page_str(report, "error");
    if (!status || !strcmp(status, "completed")) return;
    sts_shown step;
    sts_show_count(sts_page_num(report, "steps_done"), step);
    if (!strcmp(status, "running"))
        sts_html(out,
                 "<p class=\"warn\">The run had not ended when this page was made: it was at step "
                 "%s, still running, or was killed.</p>\n",
                 step);
    else if (!strcmp(status, "failed"))
        sts_html(out, "<p class=\"warn\"><b>The run failed</b> after step %s: %s</p>\n", step,
                 error ? error : "the reason is not known");
    else if (!strcmp(status, "interrupted"))
        sts_html(out,
                 "<p class=\"warn\">The run was interrupted after step %s; continue it with "
                 "--resume.</p>\n",
                 step);
    else sts_html(out, "<p class=\"warn\">The run %s after step %s.</p>\n", status, step);
}

static void say_lead(sts_strbuf *out, const sts_page_run *r)
{
    const char *model = sts_page_str(r->report, "model.from"),
               *loss = sts_page_str(r->report, "loss");
    sts_base base;
    sts_shown steps, epochs;
    double n = sts_page_num(r->report, "steps_done"),
           passes = sts_page_num(r->report, "epochs_done");
    bool bag = model && !strcmp(model, "bag");
    sts_html(out, "<p class=\"lead\"><b>%s</b> trained on ",
             bag     ? "The built-in encoder"
             : model ? sts_page_base(model, base)
                     : "A model");
    say_data(out, r->report);
    if (loss) sts_html(out, " with %s", loss);
    if (n > 0) sts_html(out, ", %s step%s", sts_show_count(n, steps), n == 1 ? "" : "s");
    if (n > 0 && passes > 0)
        sts_html(out, " (%s epoch%s)", sts_show_number(round(100 * passes) / 100, epochs),
                 passes == 1 ? "" : "s");
    sts_html(out, ".");
    say_outcome(out, r);
    sts_html(out, "</p>\n");
}

/* Did it help, and what became of what the model could do before? */
static void say_verdicts(sts_strbuf *out, const sts_json *report)
{
    const char *verdict = sts_page_str(report, "verdict.text");
    const char *guard = sts_page_str(report, "guard.text");
    if (verdict) sts_html(out, "<p><b>Verdict:</b> %s.</p>\n", verdict);
    if (guard) sts_html(out, "<p><b>Guard:</b> %s.</p>\n", guard);
}

/* ---- tiles ---- */

static void tile(sts_strbuf *out, const char *label, const char *value, const char *detail)
{
    sts_html(out, "<div class=\"tile\"><p>%s</p><b>%s</b><span>%s</span></div>\n", label, value,
             detail);
}

static void tile_metric(sts_strbuf *out, const sts_json *report, const char *part, const char *name)
{
    const sts_json *after = sts_page_get(sts_page_get(report, "evaluations.after"), part);
    const sts_json *before = sts_page_get(sts_page_get(report, "evaluations.before"), part);
    const sts_metric_row *m = sts_metric_default(sts_figures_has(before));
    sts_shown value, was, gain;
    char label[64], detail[96];
    if (!after) return;
    snprintf(label, sizeof label, "%s %s", name, m->title);
    double x = sts_page_num(before, m->name), y = sts_page_num(after, m->name);
    snprintf(detail, sizeof detail, "%s from %s", sts_show_gain(y - x, gain),
             sts_show_hundred(x, was));
    if (!isfinite(y - x)) snprintf(detail, sizeof detail, "cannot be computed");
    tile(out, label, sts_show_hundred(y, value), detail);
}

static void tiles(sts_strbuf *out, const sts_json *report)
{
    sts_shown value, detail;
    char words[96];
    sts_html(out, "<div class=\"tiles\">\n");
    tile_metric(out, report, "dev", "Dev");
    tile_metric(out, report, "test", "Test");
    double best = sts_page_num(report, "best.step"), of = sts_page_num(report, "plan.steps");
    snprintf(words, sizeof words, "of %s planned", sts_show_count(of, detail));
    if (isfinite(best)) tile(out, "Best step", sts_show_count(best, value), words);
    snprintf(words, sizeof words, "%s in all",
             sts_show_seconds(sts_page_num(report, "timings.total_seconds"), detail));
    tile(out, "Training", sts_show_seconds(sts_page_num(report, "timings.train_seconds"), value),
         words);
    snprintf(words, sizeof words, "%s thread%s",
             sts_show_count(sts_page_num(report, "machine.threads"), detail),
             sts_page_num(report, "machine.threads") == 1 ? "" : "s");
    tile(out, "Pairs per second",
         sts_show_count(sts_page_num(report, "timings.pairs_per_s"), value), words);
    tile(out, "Peak memory", sts_show_bytes(sts_page_num(report, "peak_memory_bytes"), value),
         "resident");
    sts_html(out, "</div>\n");
}

/* ---- the table of metrics ---- */

static void metric_row(sts_strbuf *out, const sts_json *before, const sts_json *after,
                       const sts_metric_row *m)
{
    sts_shown a, b, d;
    double x = sts_page_num(before, m->name), y = sts_page_num(after, m->name);
    if (!sts_page_get(before, m->name)) return;
    sts_html(out, "<tr><th scope=\"row\">%s</th><td>%s</td>", m->label, sts_show_hundred(x, a));
    if (after)
        sts_html(out, "<td>%s</td><td class=\"%s\">%s</td>", sts_show_hundred(y, b),
                 sts_metric_better(m, y, x) ? "good" : "", sts_show_gain(y - x, d));
    sts_html(out, "</tr>\n");
}

static void dims_row(sts_strbuf *out, const sts_json *row)
{
    sts_shown dims, bytes, dev, test;
    sts_html(out, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>\n",
             sts_show_count(sts_page_num(row, "dims"), dims),
             sts_show_bytes(sts_page_num(row, "bytes"), bytes),
             sts_show_hundred(sts_page_num(row, "dev"), dev),
             sts_show_hundred(sts_page_num(row, "test"), test));
}

/* What is left of the metric with fewer numbers of each vector. */
static void dims_table(sts_strbuf *out, const sts_json *report)
{
    const sts_json *rows = sts_page_get(report, "evaluations.by_dims"), *row;
    const char *metric = sts_page_str(report, "evaluations.by_dims_metric");
    if (!sts_json_is_array(rows)) return;
    sts_html(out,
             "<div class=\"scroll\" tabindex=\"0\"><table class=\"num\"><caption>%s by dimensions, "
             "\xc3\x97\xc2\xa0"
             "100</caption>\n<thead><tr><th scope=\"col\">Dimensions</th><th scope=\"col\">per "
             "vector</th><th scope=\"col\">dev</th><th scope=\"col\">test</th></tr></thead>\n"
             "<tbody>\n", metric ? metric : "");
    sts_json_each(row, rows) dims_row(out, row);
    sts_html(out, "</tbody></table></div>\n");
}

static void metric_table(sts_strbuf *out, const sts_json *report, const char *part,
                         const char *name, bool wide)
{
    const sts_json *before = sts_page_get(sts_page_get(report, "evaluations.before"), part);
    const sts_json *after = sts_page_get(sts_page_get(report, "evaluations.after"), part);
    sts_shown n;
    if (!before) return;
    sts_metric_needs has = sts_figures_has(before);
    const sts_metric_row *first = sts_metric_default(has);
    sts_html(out,
             "<div class=\"scroll %s\" tabindex=\"0\"><table class=\"num\"><caption>%s set: %s %s, "
             "\xc3\x97\xc2\xa0"
             "100</caption>\n<thead><tr><th scope=\"col\">Metric</th><th scope=\"col\">before</th>",
             wide ? "wide" : "", name,
             sts_show_count(sts_page_num(before, sts_metric_unit(has)), n), sts_metric_unit(has));
    if (after) sts_html(out, "<th scope=\"col\">after</th><th scope=\"col\">change</th>");
    sts_html(out, "</tr></thead>\n<tbody>\n");
    metric_row(out, before, after, first);
    for (size_t m = 0; m < STS_METRICS; m++) {
        const sts_metric_row *row = &sts_metric_row_of[m];
        bool hundredths = row->decides && row->range != STS_RANGE_ANY;
        if (row != first && hundredths) metric_row(out, before, after, row);
    }
    sts_html(out, "</tbody></table></div>\n");
}

/* ---- intervals ---- */

/* Of Spearman, which scored pairs alone have. */
static void find_interval(const sts_json *e, double ci95[2])
{
    sts_figures_interval(e, sts_metric_default(STS_NEEDS_SCORES), ci95);
}

static void whisker(sts_plot *plot, const sts_json *e, bool after, double y)
{
    double ci[2], x = sts_page_num(e, STS_METRIC_OF_SCORES);
    sts_shown a, b, c;
    char tip[160];
    find_interval(e, ci);
    snprintf(tip, sizeof tip, "%s, 95 %% interval %s to %s", sts_show_hundred(x, a),
             sts_show_hundred(ci[0], b), sts_show_hundred(ci[1], c));
    sts_plot_whisker(plot, after ? STS_AFTER : STS_BEFORE, 100 * x, 100 * ci[0], 100 * ci[1], y,
                     tip);
    if (isfinite(x)) sts_plot_note(plot, 100 * x, y, a);
}

static void widen(const sts_json *e, double *lo, double *hi)
{
    double ci[2];
    find_interval(e, ci);
    sts_page_span(lo, hi, 100 * sts_page_num(e, STS_METRIC_OF_SCORES));
    sts_page_span(lo, hi, 100 * ci[0]);
    sts_page_span(lo, hi, 100 * ci[1]);
}

static void intervals(sts_strbuf *out, const sts_json *report)
{
    static const char *const part[] = {"test", "dev"}; /* from the bottom */
    static const char *const when[] = {"before", "after"};
    const sts_json *row[2][2];
    const char *name[2];
    size_t n = 0;
    double lo = NAN, hi = NAN;
    for (int p = 0; p < 2; p++) {
        for (int w = 0; w < 2; w++) {
            row[n][w] =
                sts_page_get(sts_page_get(sts_page_get(report, "evaluations"), when[w]), part[p]);
            widen(row[n][w], &lo, &hi);
        }
        name[n] = part[p];
        if (row[n][0]) n++;
    }
    if (!isfinite(lo)) return;
    sts_figure_begin(out, "Result",
                     "Spearman\xe2\x80\x99s correlation with its 95 % bootstrap interval.");
    sts_plot plot = {out,
                     {.label = "Spearman \xc3\x97\xc2\xa0"
                               "100",
                      .lo = lo,
                      .hi = hi},
                     {.label = "", .name = name, .n_names = n}};
    sts_legend_begin(out);
    sts_legend_item(out, STS_BEFORE, false, "before");
    sts_legend_item(out, STS_AFTER, false, "after training");
    sts_legend_end(out);
    sts_plot_begin(&plot, "Spearman before and after", "One group for each set, with intervals.");
    for (size_t i = 0; i < n; i++)
        for (int w = 0; w < 2; w++) whisker(&plot, row[i][w], w, (double)i + (w ? -0.16 : 0.2));
    sts_plot_end(&plot);
    sts_figure_end(out);
}

static void say_missing(sts_strbuf *out, const sts_json *report)
{
    static const char *const part[] = {"dev", "test"};
    for (int p = 0; p < 2; p++) {
        const char *why = sts_page_str(
            sts_page_get(sts_page_get(report, "evaluations.before"), part[p]), "status");
        if (why)
            sts_html(out,
                     "<p class=\"warn\">Some metrics of the %s set cannot be computed: %s.</p>\n",
                     part[p], why);
    }
    if (!sts_page_get(report, "evaluations.before.dev"))
        sts_html(out, "<p class=\"warn\">There was no dev set: the last weights were saved, and "
                      "nothing says how "
                      "good they are.</p>\n");
}

void sts_page_summary(sts_strbuf *out, const sts_page_run *r)
{
    sts_html(out, "<section>");
    say_lead(out, r);
    say_verdicts(out, r->report);
    say_status(out, r->report);
    say_missing(out, r->report);
    tiles(out, r->report);
    sts_html(out, "<div class=\"figures results\">\n");
    intervals(out, r->report);
    const sts_json *before = sts_page_get(r->report, "evaluations.before");
    bool alone = sts_json_size(before) < 2;
    metric_table(out, r->report, "dev", "Dev", alone);
    metric_table(out, r->report, "test", "Test", alone);
    metric_table(out, r->report, "guard", "Guard", alone);
    dims_table(out, r->report);
    sts_html(out, "</div>\n</section>\n");
}
