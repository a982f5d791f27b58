/* page_curves.c - what happened while training: loss, dev, learning rate, gradient norm, speed; of
 * one run, or of several over one another. */
#include "report/page_html.h"

#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One series of a log as numbers. */
typedef struct curve {
    double *x, *y, *smooth; /* one block */
    size_t n;
} curve;

static int curve_of(curve *c, const sts_run_log *log, int series)
{
    *c = (curve){.n = log->n};
    c->x = sts_alloc(log->n, 3 * sizeof *c->x);
    if (!c->x) return -1;
    c->y = c->x + c->n;
    c->smooth = c->y + c->n;
    for (size_t i = 0; i < c->n; i++) {
        const sts_log_point *p = &log->v[i];
        c->x[i] = p->step;
        c->y[i] = p->n[series] ? p->sum[series] / (double)p->n[series] : NAN;
    }
    return 0;
}

/* An exponential mean over about a thirtieth of the run, its start weighed as what was seen so
 * far. */
static void smooth(curve *c)
{
    double alpha = fmin(1, 2 / ((double)c->n / 30 + 1)), mean = 0, weight = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (isfinite(c->y[i])) {
            mean += alpha * (c->y[i] - mean);
            weight += alpha * (1 - weight);
        }
        c->smooth[i] = weight > 0 && isfinite(c->y[i]) ? mean / weight : NAN;
    }
}

/* ---- figures of the log ---- */

static void legend_of_runs(sts_strbuf *out, const sts_page_run *run, size_t n)
{
    if (n < 2) return;
    sts_legend_begin(out);
    for (size_t i = 0; i < n; i++) sts_legend_item(out, (int)i, true, run[i].name);
    sts_legend_end(out);
}

/* The top of what is worth seeing: above all of the smoothed values, and 98 % of the raw ones. */
static double ceiling(const curve *c)
{
    double lo = NAN, hi = NAN, highest = NAN, raw = NAN;
    for (size_t i = 0; i < c->n; i++) {
        sts_page_span(&lo, &hi, c->smooth[i]);
        sts_page_span(&raw, &highest, c->y[i]);
    }
    double limit = hi + 2 * (hi - lo) + 1e-12;
    return highest > limit ? limit : highest;
}

typedef struct log_figure {
    int series;
    const char *title, *about, *about_many, *label;
    bool smoothed, from_zero;
    bool relative; /* to the start of each run: set where runs have different losses */
} log_figure;

/* The curves of all runs, ready to be drawn; their extent into *end, *lo, *hi. */
static bool read_curves(curve *c, const sts_page_run *run, size_t n, const log_figure *f,
                        double *end, double *lo, double *hi)
{
    double none = NAN;
    for (size_t i = 0; i < n; i++) {
        if (curve_of(&c[i], &run[i].log, f->series)) return false;
        smooth(&c[i]);
        size_t first = 0;
        while (first < c[i].n && !isfinite(c[i].smooth[first])) first++;
        double unit =
            f->relative && first < c[i].n && c[i].smooth[first] > 0 ? c[i].smooth[first] : 1;
        for (size_t k = 0; k < c[i].n; k++) {
            c[i].y[k] /= unit;
            c[i].smooth[k] /= unit;
        }
        double top = ceiling(&c[i]);
        for (size_t k = 0; k < c[i].n; k++) {
            sts_page_span(&none, end, c[i].x[k]);
            double y = f->smoothed && n > 1 ? c[i].smooth[k] : fmin(c[i].y[k], top);
            if (isfinite(c[i].y[k])) sts_page_span(lo, hi, y);
        }
    }
    return true;
}

static void draw_log(sts_plot *plot, const curve *c, int run, bool raw, bool smoothed)
{
    if (raw) sts_plot_line(plot, run, smoothed ? "raw" : "", c->x, c->y, c->n);
    if (smoothed) sts_plot_line(plot, run, "", c->x, c->smooth, c->n);
}

static void draw_logs(sts_strbuf *out, const sts_page_run *run, const curve *c, size_t n,
                      const log_figure *f, sts_plot *plot)
{
    const char *about = n > 1 ? f->about_many : f->about;
    sts_figure_begin(out, f->title, about);
    legend_of_runs(out, run, n);
    sts_plot_begin(plot, f->title, about);
    for (size_t i = 0; i < n; i++) {
        bool smoothed = f->smoothed && c[i].n >= 20;
        draw_log(plot, &c[i], (int)i, n == 1 || !smoothed, smoothed);
    }
    sts_plot_end(plot);
    sts_figure_end(out);
}

static void figure_of_log(sts_strbuf *out, const sts_page_run *run, size_t n, const log_figure *f)
{
    curve *c = sts_alloc(n, sizeof *c);
    double end = NAN, lo = NAN, hi = NAN;
    if (!c || !read_curves(c, run, n, f, &end, &lo, &hi)) out->failed = true;
    else if (isfinite(hi)) {
        sts_plot plot = {out,
                         {.label = "step", .lo = 0, .hi = end, .exact = true, .whole = true},
                         {.label = f->label, .lo = f->from_zero ? fmin(0, lo) : lo, .hi = hi}};
        draw_logs(out, run, c, n, f, &plot);
    }
    for (size_t i = 0; i < n && c; i++) sts_free(c[i].x);
    sts_free(c);
}

/* ---- the dev set on the way ---- */

/* The evaluations as a curve that starts with the untrained model. *best is a place in it. */
static int dev_curve(curve *c, const sts_page_run *r, const char *metric, size_t *best)
{
    const sts_json *during = sts_page_get(r->report, "evaluations.during");
    size_t limit = 1 + (sts_json_is_array(during) ? (size_t)sts_json_size(during) : 0);
    *c = (curve){.x = sts_alloc(limit, 2 * sizeof *c->x)};
    *best = SIZE_MAX;
    if (!c->x) return -1;
    c->y = c->x + limit;
    double best_step = sts_page_num(r->report, "best.step");
    c->y[c->n++] = 100 * sts_page_num(sts_page_get(r->report, "evaluations.before.dev"), metric);
    for (const sts_json *e = sts_json_is_array(during) ? during->child : NULL; e; e = e->next) {
        c->x[c->n] = sts_page_num(e, "step");
        c->y[c->n] = 100 * sts_page_num(e, metric);
        if (c->x[c->n] == best_step) *best = c->n;
        c->n++;
    }
    return 0;
}

static void draw_dev(sts_plot *plot, const curve *c, int series, size_t best)
{
    sts_shown value, step;
    char tip[120];
    sts_plot_line(plot, series, "", c->x, c->y, c->n);
    for (size_t i = 0; i < c->n; i++) {
        snprintf(tip, sizeof tip, "step %s: %s%s", sts_show_count(c->x[i], step),
                 sts_fixed(c->y[i], 2, value), i == best ? ", the best" : "");
        if (i == best) sts_plot_best(plot, series, c->x[i], c->y[i], tip);
        else if (c->n <= 60) sts_plot_marker(plot, series, c->x[i], c->y[i], tip);
    }
}

/* "spearman_cosine" as "Spearman cosine". */
static const char *metric_name(const char *metric, sts_words out)
{
    sts_show_key(metric, out);
    if (*out >= 'a' && *out <= 'z') *out = (char)(*out - 'a' + 'A');
    return out;
}

static const char *deciding_metric(const sts_json *report)
{
    const char *metric = sts_page_str(report, "best.metric");
    if (!metric) metric = sts_page_str(report, "configuration.metric");
    if (metric) return metric;
    return sts_metric_default(sts_figures_has(sts_page_get(report, "evaluations.before.dev")))
        ->name;
}

static void figure_of_dev(sts_strbuf *out, const sts_page_run *run, size_t n, const char *metric)
{
    curve *c = sts_alloc(n, sizeof *c);
    size_t *best = sts_alloc(n, sizeof *best);
    double end = NAN, lo = NAN, hi = NAN, none = NAN;
    bool any = false;
    if (!c || !best) out->failed = true;
    for (size_t i = 0; i < n && c && best; i++) {
        if (dev_curve(&c[i], &run[i], metric, &best[i])) out->failed = true;
        for (size_t k = 0; k < c[i].n && c[i].x; k++) {
            sts_page_span(&none, &end, c[i].x[k]);
            sts_page_span(&lo, &hi, c[i].y[k]);
            any = any || (c[i].x[k] > 0 && isfinite(c[i].y[k]));
        }
    }
    if (any) {
        sts_words name;
        char label[80];
        snprintf(label, sizeof label,
                 "%s \xc3\x97\xc2\xa0"
                 "100",
                 metric_name(metric, name));
        sts_figure_begin(
            out, "Dev set",
            "Evaluated during training; step 0 is the untrained model. The ring marks the best.");
        legend_of_runs(out, run, n);
        sts_plot plot = {out,
                         {.label = "step", .lo = 0, .hi = end, .exact = true, .whole = true},
                         {.label = label, .lo = lo, .hi = hi}};
        sts_plot_begin(&plot, "Dev set while training", label);
        for (size_t i = 0; i < n; i++) draw_dev(&plot, &c[i], (int)i, best[i]);
        sts_plot_end(&plot);
        sts_figure_end(out);
    }
    for (size_t i = 0; i < n && c; i++) sts_free(c[i].x);
    sts_free(c);
    sts_free(best);
}

/* ---- --blend ---- */

#define SHARES 64

typedef struct blend_curve {
    double share[SHARES], dev[SHARES], guard[SHARES];
    size_t n, best; /* best: SHARES where none was chosen */
    bool guarded;
} blend_curve;

static void read_blend(blend_curve *c, const sts_json *blend)
{
    const sts_json *points = sts_page_get(blend, "curve");
    double chosen = sts_page_num(blend, "share");
    *c = (blend_curve){.best = SHARES};
    for (const sts_json *p = points ? points->child : NULL; p && c->n < SHARES;
         p = p->next, c->n++) {
        c->share[c->n] = sts_page_num(p, "share");
        c->dev[c->n] = 100 * sts_page_num(p, "value");
        c->guard[c->n] = 100 * sts_page_num(p, "guard");
        c->guarded = c->guarded || isfinite(c->guard[c->n]);
        if (c->share[c->n] == chosen) c->best = c->n;
    }
}

enum { GUARD = 2 }; /* its series */

static void blend_legend(sts_strbuf *out, const sts_json *report, const char *metric)
{
    sts_words name, guard;
    char label[96];
    const char *of_guard = sts_page_str(report, "guard.metric");
    snprintf(label, sizeof label, "dev: %s", metric_name(metric, name));
    sts_legend_begin(out);
    sts_legend_item(out, STS_AFTER, true, label);
    snprintf(label, sizeof label, "guard: %s", metric_name(of_guard ? of_guard : metric, guard));
    sts_legend_item(out, GUARD, true, label);
    sts_legend_end(out);
}

static void draw_blend(sts_plot *plot, const blend_curve *c)
{
    const size_t best = c->best;
    sts_plot_line(plot, STS_AFTER, "", c->share, c->dev, c->n);
    sts_plot_dots(plot, STS_AFTER, c->share, c->dev, c->n);
    if (best < c->n) sts_plot_best(plot, STS_AFTER, c->share[best], c->dev[best], NULL);
    if (!c->guarded) return;
    sts_plot_line(plot, GUARD, "", c->share, c->guard, c->n);
    sts_plot_dots(plot, GUARD, c->share, c->guard, c->n);
}

static void figure_of_blend(sts_strbuf *out, const sts_json *report)
{
    blend_curve c;
    sts_words name;
    char label[80] = "\xc3\x97\xc2\xa0" "100";
    const char *metric = deciding_metric(report);
    double lo = NAN, hi = NAN;
    read_blend(&c, sts_page_get(report, "blend"));
    for (size_t i = 0; i < c.n; i++) {
        sts_page_span(&lo, &hi, c.dev[i]);
        sts_page_span(&lo, &hi, c.guard[i]);
    }
    if (!isfinite(lo)) return;
    sts_figure_begin(out, "Blend with the start",
                     "Share of the trained weights, the rest being those of the start. The ring "
                     "marks the share that the dev set chose.");
    if (c.guarded) blend_legend(out, report, metric);
    else snprintf(label, sizeof label, "%s \xc3\x97\xc2\xa0" "100", metric_name(metric, name));
    sts_plot plot = {out,
                     {.label = "share", .lo = 0, .hi = 1, .exact = true},
                     {.label = label, .lo = lo, .hi = hi}};
    sts_plot_begin(&plot, "Blend with the start", label);
    draw_blend(&plot, &c);
    sts_plot_end(&plot);
    sts_figure_end(out);
}

/* ---- all of them ---- */

static bool losses_differ(const sts_page_run *run, size_t n)
{
    const char *first = sts_page_str(run[0].report, "loss");
    for (size_t i = 1; i < n; i++) {
        const char *loss = sts_page_str(run[i].report, "loss");
        if (!first || !loss || strcmp(first, loss) != 0) return true;
    }
    return false;
}

void sts_page_curves(sts_strbuf *out, const sts_page_run *run, size_t n)
{
    static const log_figure of[] = {
        {STS_LOG_LOSS, "Loss", "The training loss of each step, pale, and its running mean.",
         "Running means of the training loss.", "loss", true, false, false},
        {STS_LOG_LR, "Learning rate", "Warm-up, then the schedule.", "Warm-up, then the schedule.",
         "learning rate", false, true, false},
        {STS_LOG_GRAD_NORM, "Gradient norm",
         "The norm of each step before clipping, pale, and its running mean.",
         "Running means, before clipping.", "norm", true, true, false},
        {STS_LOG_RATE, "Speed",
         "Pairs per second over the last ten seconds, evaluations and saving included.",
         "Pairs per second over the last ten seconds, evaluations and saving included.", "pairs/s",
         false, true, false},
    };
    static const log_figure relative = {
        STS_LOG_LOSS,
        "Loss",
        "",
        "The losses differ, so each is shown relative to its own start.",
        "loss, 1 at the start",
        true,
        true,
        true};
    figure_of_dev(out, run, n, deciding_metric(run[0].report));
    if (n == 1) figure_of_blend(out, run[0].report);
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        figure_of_log(out, run, n, !i && losses_differ(run, n) ? &relative : &of[i]);
}
