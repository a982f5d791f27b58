/* page_bands.c - where the errors are: by gold score, by length, and calibration. */
#include "report/page_html.h"

#include "core/mem.h"
#include "core/sort.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BANDS 5

/* Mean absolute errors in bands of something. */
typedef struct bands {
    size_t n;
    char name[BANDS][32];
    double error[2][BANDS]; /* [STS_AFTER, STS_BEFORE]: a sum, then a mean */
    size_t count[2][BANDS];
} bands;

static void add(bands *b, size_t band, const sts_prediction *p)
{
    double error[2] = {fabs(p->after - p->gold), fabs(p->before - p->gold)};
    for (int s = 0; s < 2; s++) {
        if (!isfinite(error[s])) continue;
        b->error[s][band] += error[s];
        b->count[s][band]++;
    }
}

static double highest_of(bands *b)
{
    double none = 0, highest = 0;
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < b->n; i++) {
            b->error[s][i] = b->count[s][i] ? b->error[s][i] / (double)b->count[s][i] : NAN;
            sts_page_span(&none, &highest, b->error[s][i]);
        }
    return highest;
}

static void draw_series(sts_plot *plot, const bands *b, int series)
{
    char text[BANDS][96];
    const char *tip[BANDS];
    sts_shown n, error;
    for (size_t i = 0; i < b->n; i++) {
        snprintf(text[i], sizeof text[i], "%.28s: %s off on average, %s pairs", b->name[i],
                 sts_fixed(b->error[series][i], 3, error),
                 sts_show_count((double)b->count[series][i], n));
        tip[i] = text[i];
    }
    int before = b->count[STS_BEFORE][0] || b->count[STS_BEFORE][b->n - 1];
    sts_plot_bars(plot, series, series == STS_AFTER ? before : 0, 1 + before, b->error[series], tip,
                  b->n);
}

static void draw(sts_strbuf *out, bands *b, const char *title, const char *about, const char *label)
{
    const char *name[BANDS];
    double highest = highest_of(b);
    for (size_t i = 0; i < b->n; i++) name[i] = b->name[i];
    sts_figure_begin(out, title, about);
    sts_legend_begin(out);
    sts_legend_item(out, STS_BEFORE, false, "before");
    sts_legend_item(out, STS_AFTER, false, "after");
    sts_legend_end(out);
    sts_plot plot = {out,
                     {.label = label, .name = name, .n_names = b->n},
                     {.label = "mean |cosine \xe2\x88\x92 gold|", .lo = 0, .hi = highest}};
    sts_plot_begin(&plot, title, about);
    draw_series(&plot, b, STS_BEFORE);
    draw_series(&plot, b, STS_AFTER);
    sts_plot_end(&plot);
    sts_figure_end(out);
}

/* ---- by gold score ---- */

void sts_page_error_by_score(sts_strbuf *out, const sts_predictions *p, const sts_json *report)
{
    const sts_json *files = sts_page_get(report, "data.train.files");
    const sts_json *mapping = sts_page_get(files ? files->child : NULL, "score_mapping");
    double lo = sts_page_num(mapping, "min"), hi = sts_page_num(mapping, "max");
    if (!isfinite(lo) || !isfinite(hi)) {
        lo = 0;
        hi = 1;
    }
    bands b = {.n = BANDS};
    for (size_t i = 0; i < p->n; i++) {
        double at = fmax(0, fmin(BANDS - 1, floor(p->v[i].gold * BANDS)));
        if (isfinite(p->v[i].gold)) add(&b, (size_t)at, &p->v[i]);
    }
    for (int i = 0; i < BANDS; i++) {
        sts_shown from, to;
        sts_show_number(lo + (hi - lo) * i / BANDS, from);
        sts_show_number(lo + (hi - lo) * (i + 1) / BANDS, to);
        snprintf(b.name[i], sizeof b.name[i], "%.12s to %.12s", from, to);
    }
    draw(out, &b, "Error by gold score",
         "Mean distance of cosines from gold scores, in five bands of the score.",
         "gold score, as in the files");
}

/* ---- by length ---- */

static int longer(const sts_prediction *p)
{
    return p->tokens[0] > p->tokens[1] ? p->tokens[0] : p->tokens[1];
}

/* Upper ends of bands of about as many pairs each; the count of different ones. */
static size_t length_ends(sts_strbuf *out, const sts_predictions *p, int end[BANDS])
{
    int32_t *length = sts_alloc(p->n, sizeof *length);
    size_t n = 0;
    if (!length) return out->failed = true, 0;
    for (size_t i = 0; i < p->n; i++) length[i] = longer(&p->v[i]);
    sts_sort_i32(length, p->n);
    for (size_t i = 1; i <= BANDS; i++) {
        int e = length[(p->n - 1) * i / BANDS];
        if (!n || e > end[n - 1]) end[n++] = e;
    }
    sts_free(length);
    return n;
}

void sts_page_error_by_length(sts_strbuf *out, const sts_predictions *p)
{
    int end[BANDS];
    bands b = {.n = p->n ? length_ends(out, p, end) : 0};
    if (b.n < 2) return;
    for (size_t i = 0; i < p->n; i++) {
        size_t band = 0;
        while (band + 1 < b.n && longer(&p->v[i]) > end[band]) band++;
        add(&b, band, &p->v[i]);
    }
    for (size_t i = 0; i < b.n; i++) {
        if (!i) snprintf(b.name[i], sizeof b.name[i], "to %d", end[i]);
        else if (end[i - 1] + 1 == end[i]) snprintf(b.name[i], sizeof b.name[i], "%d", end[i]);
        else snprintf(b.name[i], sizeof b.name[i], "%d\xe2\x80\x93%d", end[i - 1] + 1, end[i]);
    }
    draw(out, &b, "Error by length", "The same, in five bands with about as many pairs each.",
         "tokens of the longer sentence");
}

/* ---- calibration ---- */

#define TENTHS 20 /* of the cosine, from -1 to 1 */

typedef struct calibration {
    double x[TENTHS], y[TENTHS];
    size_t count[TENTHS], n;
} calibration;

static void calibrate(calibration *c, const sts_predictions *p, int series)
{
    double x[TENTHS] = {0}, y[TENTHS] = {0};
    size_t count[TENTHS] = {0}, few = p->n / 200 > 5 ? p->n / 200 : 5;
    for (size_t i = 0; i < p->n; i++) {
        double cosine = series == STS_AFTER ? p->v[i].after : p->v[i].before;
        if (!isfinite(cosine) || !isfinite(p->v[i].gold)) continue;
        size_t bin = (size_t)fmax(0, fmin(TENTHS - 1, floor((cosine + 1) * 10)));
        x[bin] += cosine;
        y[bin] += p->v[i].gold;
        count[bin]++;
    }
    c->n = 0;
    for (size_t i = 0; i < TENTHS; i++) {
        if (count[i] < few) continue; /* a mean of a few says nothing */
        c->x[c->n] = x[i] / (double)count[i];
        c->y[c->n] = y[i] / (double)count[i];
        c->count[c->n++] = count[i];
    }
}

static void draw_calibration(sts_plot *plot, const calibration *c, int series)
{
    char tip[120];
    sts_shown n, x, y;
    sts_plot_line(plot, series, "", c->x, c->y, c->n);
    for (size_t i = 0; i < c->n; i++) {
        snprintf(tip, sizeof tip, "%s pairs: cosine %s, gold %s on average",
                 sts_show_count((double)c->count[i], n), sts_fixed(c->x[i], 2, x),
                 sts_fixed(c->y[i], 2, y));
        sts_plot_marker(plot, series, c->x[i], c->y[i], tip);
    }
}

void sts_page_calibration(sts_strbuf *out, const sts_predictions *p)
{
    calibration c[2];
    double lo = 0, hi = 1;
    for (int s = 0; s < 2; s++) {
        calibrate(&c[s], p, s);
        for (size_t i = 0; i < c[s].n; i++) sts_page_span(&lo, &hi, c[s].x[i]);
    }
    if (!c[STS_AFTER].n && !c[STS_BEFORE].n) return;
    sts_figure_begin(
        out, "Calibration",
        "Mean gold score of the pairs in each tenth of the cosine; on the line a cosine "
        "can be read as a score.");
    sts_legend_begin(out);
    for (int s = 1; s >= 0; s--)
        if (c[s].n) sts_legend_item(out, s, true, s ? "before" : "after");
    sts_legend_end(out);
    sts_plot plot = {out,
                     {.label = "predicted cosine", .lo = lo, .hi = 1},
                     {.label = "mean gold score", .lo = 0, .hi = 1}};
    sts_plot_begin(&plot, "Calibration", "Mean gold score over the predicted cosine.");
    sts_plot_rule(&plot, 0, 0, 1, 1);
    draw_calibration(&plot, &c[STS_BEFORE], STS_BEFORE);
    draw_calibration(&plot, &c[STS_AFTER], STS_AFTER);
    sts_plot_end(&plot);
    sts_figure_end(out);
}
