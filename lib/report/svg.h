/* svg.h - plots as inline SVG: axes with units and round ticks, lines, points, bars, intervals.
 * Colours and dashes come from the page's style by class (s0 ... s7), so that they follow light,
 * dark and print; series differ in dash and marker too, not in colour alone. */
#ifndef STS_REPORT_SVG_H
#define STS_REPORT_SVG_H

#include "core/strbuf.h"

#define STS_SERIES 8

/* Round numbers first, first + step, ... that cover [lo, hi]. */
typedef struct sts_ticks {
    double first, step;
    int n, decimals;
} sts_ticks;

/* At most `limit` (2 or more) ticks, outermost ones at or beyond lo and hi. Whatever lo and hi are,
 * the result is finite and has two ticks at least. */
sts_ticks sts_ticks_make(double lo, double hi, int limit);

/* The label of tick i: "0.25", "20k", "5e-5", with a real minus sign. Returns out. */
const char *sts_tick_label(const sts_ticks *t, int i, char out[32]);

typedef struct sts_axis {
    const char *label;       /* what, with its unit */
    double lo, hi;           /* of the data: widened to ticks */
    const char *const *name; /* categories at 0, 1, ... in place of ticks; NULL: numbers */
    size_t n_names;
    bool exact; /* lo and hi are the ends, ticks or not */
    bool whole; /* of whole numbers: no ticks between them */
} sts_axis;

typedef struct sts_plot {
    sts_strbuf *out;
    sts_axis x, y;
} sts_plot;

/* Opens <svg>: title and description for screen readers, axes, grid. */
void sts_plot_begin(sts_plot *p, const char *title, const char *about);
void sts_plot_end(sts_plot *p);

/* All take data coordinates; what is not finite is left out, what lies outside is put on the edge.
 * `tip` (may be NULL) is shown by browsers when pointed at, and read out. */
void sts_plot_line(sts_plot *p, int series, const char *cls, const double *x, const double *y,
                   size_t n);
void sts_plot_dots(sts_plot *p, int series, const double *x, const double *y, size_t n);
void sts_plot_marker(sts_plot *p, int series, double x, double y, const char *tip);
/* The same, larger and ringed: the best one. */
void sts_plot_best(sts_plot *p, int series, double x, double y, const char *tip);
/* Bars of series `k` of `of` standing side by side at each category; heights y[n]. */
void sts_plot_bars(sts_plot *p, int series, int k, int of, const double *y, const char *const *tip,
                   size_t n);
/* The outline of a histogram: n counts over bins of equal width from x0. */
void sts_plot_steps(sts_plot *p, int series, double x0, double width, const double *y, size_t n);
/* A thin grey line to compare with. */
void sts_plot_rule(sts_plot *p, double x0, double y0, double x1, double y1);
/* An interval lo..hi along x at height y, with a marker at x. */
void sts_plot_whisker(sts_plot *p, int series, double x, double lo, double hi, double y,
                      const char *tip);
/* A few words next to a point. */
void sts_plot_note(sts_plot *p, double x, double y, const char *text);

/* A line or marker as it looks in the plots, for legends: an <svg> of 26 x 12. */
void sts_svg_swatch(sts_strbuf *out, int series, bool line);

/* A bar from 0 to 1 with series' markers at x[n] (what is not finite is left out, what is
 * outside put at its end); `tip` is read out. */
void sts_svg_scale(sts_strbuf *out, const int *series, const double *x, size_t n, const char *tip);

/* Text with markup characters escaped, for elements and attributes; bytes that are not printable
 * UTF-8 (controls, direction overrides) are shown as \xNN. */
void sts_html_text(sts_strbuf *out, const char *s, size_t n);

/* printf of %s, %d, %zu and %% only, every %s escaped as above: what is printed is markup with no
 * more elements in it than the format has. */
void sts_html(sts_strbuf *out, const char *fmt, ...) STS_PRINTF(2, 3);

/* x with that many decimals, a point in every locale, a real minus sign; "-" when it is not finite.
 * Returns out. */
const char *sts_fixed(double x, int decimals, char out[32]);

#endif
