/* page_classes.c - two classes: how far their similarities lie apart, precision against recall, and
 * what it costs to move the threshold. */
#include "report/page_html.h"

#include "core/mem.h"
#include "core/sort.h"
#include "eval/classes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct classed {
    double *x[2];   /* [n] cosines after and before (STS_AFTER, STS_BEFORE), as float32 */
    bool *positive; /* [n] */
    size_t n, n_positive;
    double threshold, accuracy; /* of the best F1 and of the best accuracy; NAN: not known */
} classed;

static void classed_free(classed *c)
{
    sts_free(c->x[STS_AFTER]);
    sts_free(c->x[STS_BEFORE]);
    sts_free(c->positive);
}

/* The rows of which everything is known. */
static void take_rows(classed *c, const sts_predictions *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const sts_prediction *row = &p->v[i];
        if (!row->kind || !isfinite(row->after) || !isfinite(row->before)) continue;
        c->x[STS_AFTER][c->n] = (double)(float)row->after;
        c->x[STS_BEFORE][c->n] = (double)(float)row->before;
        c->n_positive += row->kind == STS_POSITIVE;
        c->positive[c->n++] = row->kind == STS_POSITIVE;
    }
}

/* Thresholds are those that dev chose, which are stored with the model; without it the part's. */
static void take_thresholds(classed *c, const sts_json *report, const char *part)
{
    const sts_json *after = sts_page_get(report, "evaluations.after");
    const sts_json *e = sts_page_get(after, "dev");
    if (!e) e = sts_page_get(after, part);
    c->threshold = sts_page_num(e, "cosine_f1_threshold");
    c->accuracy = sts_page_num(e, "cosine_accuracy_threshold");
}

/* False when memory is out. */
static bool collect(classed *c, const sts_predictions *p, const sts_json *report, const char *part)
{
    for (int s = 0; s < 2; s++) c->x[s] = sts_alloc(p->n, sizeof *c->x[s]);
    c->positive = sts_alloc(p->n, sizeof *c->positive);
    if (!c->x[0] || !c->x[1] || !c->positive) return false;
    take_rows(c, p);
    take_thresholds(c, report, part);
    return true;
}

/* ---- the cosines of both classes ---- */

#define BINS 24

static void spread_of(const classed *c, bool positive, double lo, double share[BINS])
{
    size_t n = positive ? c->n_positive : c->n - c->n_positive;
    memset(share, 0, BINS * sizeof *share);
    for (size_t i = 0; i < c->n; i++) {
        double bin = (c->x[STS_AFTER][i] - lo) / (1 - lo) * BINS;
        if (c->positive[i] == positive) share[(int)fmax(0, fmin(BINS - 1, bin))]++;
    }
    for (int b = 0; b < BINS; b++) share[b] *= 100.0 / (double)n;
}

static void legend(sts_strbuf *out, const classed *c)
{
    sts_shown count;
    char label[64];
    sts_legend_begin(out);
    for (int s = 0; s < 2; s++) {
        size_t n = s == STS_AFTER ? c->n_positive : c->n - c->n_positive;
        snprintf(label, sizeof label, "%s (%s)", s == STS_AFTER ? "positive" : "negative",
                 sts_show_count((double)n, count));
        sts_legend_item(out, s, true, label);
    }
    sts_legend_end(out);
}

static void histogram(sts_strbuf *out, const classed *c)
{
    static const char about[] = "Cosines after training, in shares of each class; the line is the "
                                "threshold of the best F1.";
    double share[2][BINS], lo = 0, hi = 1, none = 0, highest = 0;
    char note[48], number[32];
    for (size_t i = 0; i < c->n; i++) sts_page_span(&lo, &hi, c->x[STS_AFTER][i]);
    lo = fmax(floor(lo * 5) / 5, -1);
    spread_of(c, true, lo, share[STS_AFTER]);
    spread_of(c, false, lo, share[STS_BEFORE]);
    for (int b = 0; b < BINS; b++) {
        sts_page_span(&none, &highest, share[0][b]);
        sts_page_span(&none, &highest, share[1][b]);
    }
    sts_figure_begin(out, "Two classes", about);
    legend(out, c);
    sts_plot plot = {out,
                     {.label = "cosine", .lo = lo, .hi = 1, .exact = true},
                     {.label = "% of the class", .lo = 0, .hi = highest}};
    sts_plot_begin(&plot, "Histogram of the cosines of both classes", about);
    for (int s = 0; s < 2; s++) sts_plot_steps(&plot, s, lo, (1 - lo) / BINS, share[s], BINS);
    if (isfinite(c->threshold)) {
        snprintf(note, sizeof note, "threshold %s", sts_fixed(c->threshold, 3, number));
        sts_plot_rule(&plot, c->threshold, 0, c->threshold, highest);
        sts_plot_note(&plot, c->threshold, highest, note);
    }
    sts_plot_end(&plot);
    sts_figure_end(out);
}

/* ---- precision against recall ---- */

#define POINTS 150

/* Where the threshold lies on the curve after training. */
static void mark_threshold(sts_plot *plot, const classed *c)
{
    sts_confusion k = sts_confusion_at(c->x[STS_AFTER], c->positive, c->n, c->threshold);
    char tip[96], number[32];
    sts_shown p, r;
    if (!isfinite(c->threshold)) return;
    double precision = sts_confusion_precision(&k), recall = sts_confusion_recall(&k);
    snprintf(tip, sizeof tip, "threshold %s: precision %s, recall %s",
             sts_fixed(c->threshold, 3, number), sts_show_hundred(precision, p),
             sts_show_hundred(recall, r));
    sts_plot_best(plot, STS_AFTER, recall, precision, tip);
}

static void curve(sts_strbuf *out, const classed *c)
{
    static const char about[] = "As the threshold falls, more of the positive pairs are found and "
                                "more negative ones with them. The ring marks the threshold of the "
                                "best F1.";
    double recall[POINTS], precision[POINTS];
    size_t n;
    sts_figure_begin(out, "Precision and recall", about);
    sts_legend_begin(out);
    sts_legend_item(out, STS_BEFORE, true, "before");
    sts_legend_item(out, STS_AFTER, true, "after");
    sts_legend_end(out);
    sts_plot plot = {out,
                     {.label = "recall", .lo = 0, .hi = 1, .exact = true},
                     {.label = "precision", .lo = 0, .hi = 1, .exact = true}};
    sts_plot_begin(&plot, "Precision against recall, before and after", about);
    for (int s = STS_BEFORE; s >= STS_AFTER; s--) {
        if (sts_classes_curve(c->x[s], c->positive, c->n, recall, precision, POINTS, &n))
            out->failed = true;
        sts_plot_line(&plot, s, "", recall, precision, n);
    }
    mark_threshold(&plot, c);
    sts_plot_end(&plot);
    sts_figure_end(out);
}

/* ---- what moving the threshold costs ---- */

#define ROWS 16

/* Cosines that all but one in fifty of the positive pairs reach, and of the negative ones do not:
 * between them lies what a threshold can be. */
static bool find_ends(const classed *c, double *lo, double *hi)
{
    double *x = sts_alloc(c->n, sizeof *x);
    size_t n[2] = {0};
    if (!x) return false;
    for (size_t i = 0; i < c->n; i++) /* positive ones from the front, the others from the back */
        x[c->positive[i] ? n[1]++ : c->n - ++n[0]] = c->x[STS_AFTER][i];
    sts_sort_f64(x, n[1]);
    sts_sort_f64(x + n[1], n[0]);
    double a = x[n[1] / 50], b = x[c->n - 1 - n[0] / 50];
    *lo = fmin(a, b);
    *hi = fmax(a, b);
    sts_free(x);
    return true;
}

/* Ascending thresholds: round ones that cover what lies between, and the two that were chosen. */
static size_t list_thresholds(const classed *c, double lo, double hi, double t[ROWS])
{
    sts_ticks ticks = sts_ticks_make(lo, hi, ROWS - 4);
    size_t n = 0;
    for (int i = 0; i < ticks.n && n < ROWS - 2; i++) t[n++] = ticks.first + i * ticks.step;
    if (isfinite(c->threshold)) t[n++] = c->threshold;
    if (isfinite(c->accuracy) && c->accuracy != c->threshold) t[n++] = c->accuracy;
    sts_sort_f64(t, n);
    return n;
}

/* What a threshold was chosen for. */
static const char *name_choice(const classed *c, double t)
{
    if (t == c->threshold) return t == c->accuracy ? " best F1, best accuracy" : " best F1";
    return t == c->accuracy ? " best accuracy" : "";
}

static void put_threshold(sts_strbuf *out, const classed *c, double t)
{
    sts_confusion k = sts_confusion_at(c->x[STS_AFTER], c->positive, c->n, t);
    const char *note = name_choice(c, t);
    char number[32];
    sts_shown a, p, r, f;
    sts_html(out, "<tr><th scope=\"row\">%s%s</th><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
             "</tr>\n", sts_fixed(t, *note ? 4 : 3, number), note,
             sts_show_hundred(sts_confusion_accuracy(&k), a),
             sts_show_hundred(sts_confusion_precision(&k), p),
             sts_show_hundred(sts_confusion_recall(&k), r),
             sts_show_hundred(sts_confusion_f1(&k), f));
}

static void table(sts_strbuf *out, const classed *c)
{
    double t[ROWS], lo, hi;
    if (!find_ends(c, &lo, &hi)) {
        out->failed = true;
        return;
    }
    size_t n = list_thresholds(c, lo, hi, t);
    sts_html(out, "<div class=\"scroll\" tabindex=\"0\"><table class=\"num\"><caption>What moving "
             "the threshold costs, \xc3\x97\xc2\xa0" "100</caption>\n<thead><tr>"
             "<th scope=\"col\">Threshold</th><th scope=\"col\">Accuracy</th><th scope=\"col\">"
             "Precision</th><th scope=\"col\">Recall</th><th scope=\"col\">F1</th></tr></thead>\n"
             "<tbody>\n");
    for (size_t i = 0; i < n; i++) put_threshold(out, c, t[i]);
    sts_html(out, "</tbody></table></div>\n");
}

void sts_page_classes(sts_strbuf *out, const sts_predictions *p, const sts_json *report,
                      const char *part)
{
    classed c = {0};
    if (!collect(&c, p, report, part)) out->failed = true;
    else if (c.n_positive && c.n_positive < c.n) {
        histogram(out, &c);
        curve(out, &c);
        table(out, &c);
    }
    classed_free(&c);
}
