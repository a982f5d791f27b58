/* svg.c - drawing: data coordinates into a viewBox, tenths of a unit. */
#include "report/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The viewBox, and the part of it between the axes. Figures are shown 300 to 550 pixels wide, so
 * that text keeps about its size. */
#define WIDTH 400
#define HEIGHT 252
#define LEFT 48
#define RIGHT 388
#define TOP 26
#define BOTTOM 208

/* ---- coordinates ---- */

typedef struct range {
    double lo, hi;
    sts_ticks ticks;
} range;

static range range_of(const sts_axis *a, int limit)
{
    range r = {.ticks = sts_ticks_make(a->lo, a->hi, limit)};
    if (a->whole && r.ticks.step < 1) r.ticks = sts_ticks_make(a->lo, a->lo + limit - 1, limit);
    if (a->name) return (range){.lo = -0.5, .hi = (double)a->n_names - 0.5};
    bool exact = a->exact && isfinite(a->lo) && isfinite(a->hi) && a->lo < a->hi;
    r.lo = exact ? a->lo : r.ticks.first;
    r.hi = exact ? a->hi : r.ticks.first + r.ticks.step * (r.ticks.n - 1);
    return r;
}

static double place(const range *r, double v, double from, double to)
{
    double t = (v - r->lo) / (r->hi - r->lo);
    return from + fmax(0, fmin(1, t)) * (to - from);
}

static double across(const sts_plot *p, double x)
{
    range r = range_of(&p->x, 7);
    return place(&r, x, LEFT, RIGHT);
}

static double down(const sts_plot *p, double y)
{
    range r = range_of(&p->y, 6);
    return place(&r, y, BOTTOM, TOP);
}

/* A coordinate to a tenth, without printf's locale. */
static void put(sts_strbuf *out, const char *before, double v)
{
    long t = lround(v * 10);
    if (t % 10 == 0) sts_strbuf_printf(out, "%s%ld", before, t / 10);
    else
        sts_strbuf_printf(out, "%s%s%ld.%ld", before, t < 0 ? "-" : "", labs(t) / 10, labs(t) % 10);
}

static void put_point(sts_strbuf *out, const char *command, double x, double y)
{
    put(out, command, x);
    put(out, " ", y);
}

static void put_text(sts_strbuf *out, const char *cls, double x, double y, const char *text)
{
    sts_strbuf_printf(out, "<text class=\"%s\"", cls);
    put(out, " x=\"", x);
    put(out, "\" y=\"", y);
    sts_strbuf_printf(out, "\">");
    sts_html_text(out, text, strlen(text));
    sts_strbuf_printf(out, "</text>");
}

static void put_tip(sts_strbuf *out, const char *tip)
{
    if (!tip) return;
    sts_strbuf_printf(out, "<title>");
    sts_html_text(out, tip, strlen(tip));
    sts_strbuf_printf(out, "</title>");
}

/* ---- axes ---- */

static void draw_x(sts_plot *p)
{
    range r = range_of(&p->x, 7);
    size_t n = p->x.name ? p->x.n_names : (size_t)r.ticks.n;
    for (size_t i = 0; i < n; i++) {
        char label[32];
        double v = p->x.name ? (double)i : r.ticks.first + r.ticks.step * (double)i;
        if (v < r.lo || v > r.hi) continue;
        double x = place(&r, v, LEFT, RIGHT);
        if (!p->x.name) {
            put(p->out, "<path class=\"g\" d=\"M", x);
            sts_strbuf_printf(p->out, " %dV%d\"/>", BOTTOM + 4, p->y.name ? TOP : BOTTOM);
        }
        put_text(p->out, "m", x, BOTTOM + 18,
                 p->x.name ? p->x.name[i] : sts_tick_label(&r.ticks, (int)i, label));
    }
    put_text(p->out, "e u", RIGHT + 8, HEIGHT - 6, p->x.label);
}

static void draw_y(sts_plot *p)
{
    range r = range_of(&p->y, 6);
    for (int i = 0; i < r.ticks.n && !p->y.name; i++) {
        char label[32];
        double v = r.ticks.first + r.ticks.step * i;
        if (v < r.lo || v > r.hi) continue;
        double y = place(&r, v, BOTTOM, TOP);
        sts_strbuf_printf(p->out, "<path class=\"g\" d=\"M%d", LEFT);
        put(p->out, " ", y);
        sts_strbuf_printf(p->out, "H%d\"/>", RIGHT);
        put_text(p->out, "e", LEFT - 6, y + 4, sts_tick_label(&r.ticks, i, label));
    }
    for (size_t i = 0; p->y.name && i < p->y.n_names; i++)
        put_text(p->out, "e", LEFT - 6, place(&r, (double)i, BOTTOM, TOP) + 4, p->y.name[i]);
    put_text(p->out, "u", 2, 12, p->y.label);
}

void sts_plot_begin(sts_plot *p, const char *title, const char *about)
{
    sts_strbuf_printf(p->out, "<svg viewBox=\"0 0 %d %d\" role=\"img\"><title>", WIDTH, HEIGHT);
    sts_html_text(p->out, title, strlen(title));
    sts_strbuf_printf(p->out, "</title><desc>");
    sts_html_text(p->out, about, strlen(about));
    sts_strbuf_printf(p->out, "</desc>\n");
    draw_y(p);
    draw_x(p);
    sts_strbuf_printf(p->out, "<path class=\"a\" d=\"M%d %dH%d\"/>\n", LEFT, BOTTOM, RIGHT);
}

void sts_plot_end(sts_plot *p)
{
    sts_strbuf_printf(p->out, "</svg>\n");
}

/* ---- marks ---- */

void sts_plot_line(sts_plot *p, int series, const char *cls, const double *x, const double *y,
                   size_t n)
{
    bool pen = false, any = false;
    range rx = range_of(&p->x, 7), ry = range_of(&p->y, 6);
    for (size_t i = 0; i < n; i++) {
        bool ok = isfinite(x[i]) && isfinite(y[i]);
        if (ok && !any)
            sts_strbuf_printf(p->out, "<path class=\"l s%d %s\" d=\"", series % STS_SERIES, cls);
        if (ok)
            put_point(p->out, pen ? "L" : "M", place(&rx, x[i], LEFT, RIGHT),
                      place(&ry, y[i], BOTTOM, TOP));
        pen = ok;
        any = any || ok;
    }
    if (any) sts_strbuf_printf(p->out, "\"/>\n");
}

/* Dots of no length with round ends: the shortest way to thousands of points. */
void sts_plot_dots(sts_plot *p, int series, const double *x, const double *y, size_t n)
{
    range rx = range_of(&p->x, 7), ry = range_of(&p->y, 6);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i])) continue;
        if (!any)
            sts_strbuf_printf(p->out, "<path class=\"d%s s%d\" d=\"", n < 400 ? " few" : "",
                              series % STS_SERIES);
        put_point(p->out, "M", place(&rx, x[i], LEFT, RIGHT), place(&ry, y[i], BOTTOM, TOP));
        sts_strbuf_printf(p->out, "h0");
        any = true;
    }
    if (any) sts_strbuf_printf(p->out, "\"/>\n");
}

/* Outlines around (0, 0), one a series. */
static const char *const SHAPE[STS_SERIES] = {
    "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",              /* circle */
    "m-3.2-3.2h6.4v6.4h-6.4z",                                   /* square */
    "m0-4.2l4 7h-8z",                                            /* triangle */
    "m0-4.4l4.4 4.4l-4.4 4.4l-4.4-4.4z",                         /* diamond */
    "m0 4.2l4-7h-8z",                                            /* triangle upside down */
    "m-1.3-4h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7v-2.6h2.7z", /* cross */
    "m-4-2.2h8v4.4h-8z",                                         /* bar */
    "m-2.2-4h4.4v8h-4.4z",                                       /* upright bar */
};

static void draw_shape(sts_plot *p, int series, const char *cls, double x, double y,
                       const char *tip)
{
    int s = series % STS_SERIES;
    sts_strbuf_printf(p->out, "<path class=\"%s s%d\" d=\"", cls, s);
    put_point(p->out, "M", x, y);
    sts_strbuf_printf(p->out, "%s\">", SHAPE[s]);
    put_tip(p->out, tip);
    sts_strbuf_printf(p->out, "</path>\n");
}

void sts_plot_marker(sts_plot *p, int series, double x, double y, const char *tip)
{
    if (isfinite(x) && isfinite(y)) draw_shape(p, series, "k", across(p, x), down(p, y), tip);
}

void sts_plot_best(sts_plot *p, int series, double x, double y, const char *tip)
{
    if (!isfinite(x) || !isfinite(y)) return;
    sts_plot_marker(p, series, x, y, tip);
    sts_strbuf_printf(p->out, "<circle class=\"ring s%d\" r=\"8\"", series % STS_SERIES);
    put(p->out, " cx=\"", across(p, x));
    put(p->out, "\" cy=\"", down(p, y));
    sts_strbuf_printf(p->out, "\"/>\n");
}

void sts_plot_bars(sts_plot *p, int series, int k, int of, const double *y, const char *const *tip,
                   size_t n)
{
    double slot = (double)(RIGHT - LEFT) / (double)(p->x.n_names ? p->x.n_names : 1);
    double width = slot * 0.72 / of, zero = down(p, 0);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(y[i])) continue;
        double top = down(p, y[i]);
        sts_strbuf_printf(p->out, "<rect class=\"b s%d\" rx=\"1.5\"", series % STS_SERIES);
        put(p->out, " x=\"", across(p, (double)i) + (k - of / 2.0) * width + 0.5);
        put(p->out, "\" y=\"", fmin(top, zero));
        put(p->out, "\" width=\"", fmax(width - 1, 0.5));
        put(p->out, "\" height=\"", fabs(top - zero));
        sts_strbuf_printf(p->out, "\">");
        put_tip(p->out, tip ? tip[i] : NULL);
        sts_strbuf_printf(p->out, "</rect>\n");
    }
}

void sts_plot_steps(sts_plot *p, int series, double x0, double width, const double *y, size_t n)
{
    range rx = range_of(&p->x, 7), ry = range_of(&p->y, 6);
    sts_strbuf_printf(p->out, "<path class=\"h s%d\" d=\"", series % STS_SERIES);
    put_point(p->out, "M", place(&rx, x0, LEFT, RIGHT), BOTTOM);
    for (size_t i = 0; i < n; i++) {
        put(p->out, "V", place(&ry, isfinite(y[i]) ? y[i] : 0, BOTTOM, TOP));
        put(p->out, "H", place(&rx, x0 + width * (double)(i + 1), LEFT, RIGHT));
    }
    sts_strbuf_printf(p->out, "V%d\"/>\n", BOTTOM);
}

void sts_plot_rule(sts_plot *p, double x0, double y0, double x1, double y1)
{
    put_point(p->out, "<path class=\"r\" d=\"M", across(p, x0), down(p, y0));
    put_point(p->out, "L", across(p, x1), down(p, y1));
    sts_strbuf_printf(p->out, "\"/>\n");
}

void sts_plot_whisker(sts_plot *p, int series, double x, double lo, double hi, double y,
                      const char *tip)
{
    if (!isfinite(x)) return;
    if (isfinite(lo) && isfinite(hi)) {
        sts_strbuf_printf(p->out, "<path class=\"w s%d\" d=\"", series % STS_SERIES);
        put_point(p->out, "M", across(p, lo), down(p, y));
        put(p->out, "H", across(p, hi));
        put_point(p->out, "M", across(p, lo), down(p, y) - 4);
        sts_strbuf_printf(p->out, "v8");
        put_point(p->out, "M", across(p, hi), down(p, y) - 4);
        sts_strbuf_printf(p->out, "v8\"/>");
    }
    sts_plot_marker(p, series, x, y, tip);
}

void sts_plot_note(sts_plot *p, double x, double y, const char *text)
{
    if (!isfinite(x) || !isfinite(y)) return;
    double at = across(p, x);
    bool left = at > (LEFT + RIGHT) / 2.0;
    put_text(p->out, left ? "e n" : "n", at + (left ? -8 : 8), down(p, y) - 8, text);
}

void sts_svg_swatch(sts_strbuf *out, int series, bool line)
{
    int s = series % STS_SERIES;
    sts_strbuf_printf(out, "<svg class=\"sw\" viewBox=\"0 0 26 12\" aria-hidden=\"true\">");
    if (line) sts_strbuf_printf(out, "<path class=\"l s%d\" d=\"M1 6H25\"/>", s);
    sts_strbuf_printf(out, "<path class=\"k s%d\" d=\"M13 6%s\"/></svg>", s, SHAPE[s]);
}

void sts_svg_scale(sts_strbuf *out, const int *series, const double *x, size_t n, const char *tip)
{
    sts_strbuf_printf(out, "<svg class=\"scale\" viewBox=\"0 0 320 16\" role=\"img\">");
    put_tip(out, tip);
    sts_strbuf_printf(out, "<path class=\"g\" d=\"M6 8H314\"/>");
    for (size_t i = 0; i < n; i++) {
        int s = series[i] % STS_SERIES;
        if (!isfinite(x[i])) continue;
        sts_strbuf_printf(out, "<path class=\"k s%d\" d=\"", s);
        put_point(out, "M", 6 + 308 * fmax(0, fmin(1, x[i])), 8);
        sts_strbuf_printf(out, "%s\"/>", SHAPE[s]);
    }
    sts_strbuf_printf(out, "</svg>");
}
