/* page_search.c - the search that a run is the best of: each trial with its value and options. */
#include "report/page_html.h"

#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SHOWN 200 /* trials in the table */

/* One series of trials. */
typedef struct dots {
    double *x, *y; /* one block */
    size_t n;
} dots;

static bool is_whole(const sts_json *trial)
{
    const char *status = sts_page_str(trial, "status");
    return status && !strcmp(status, "completed");
}

/* The values x 100 of the trials that ended, or of those that were stopped; -1: memory. */
static int read_values(dots *d, const sts_json *trials, bool whole)
{
    *d = (dots){0};
    d->x = sts_alloc((size_t)sts_json_size(trials), 2 * sizeof *d->x);
    if (!d->x) return -1;
    d->y = d->x + sts_json_size(trials);
    const sts_json *t;
    sts_json_each(t, trials)
    {
        double y = 100 * sts_page_num(t, "value");
        if (is_whole(t) != whole || !isfinite(y)) continue;
        d->x[d->n] = sts_page_num(t, "trial");
        d->y[d->n++] = y;
    }
    return 0;
}

static void draw(sts_strbuf *out, const dots *whole, const dots *stopped, const char *metric)
{
    char label[100];
    double lo = NAN, hi = NAN, end = 1;
    for (size_t i = 0; i < whole->n; i++) sts_page_span(&lo, &hi, whole->y[i]);
    for (size_t i = 0; i < whole->n; i++) end = fmax(end, whole->x[i]);
    for (size_t i = 0; i < stopped->n; i++) end = fmax(end, stopped->x[i]);
    if (!isfinite(lo)) return;
    snprintf(label, sizeof label, "%.60s \xc3\x97\xc2\xa0" "100", metric);
    sts_figure_begin(out, "Trials", "The value of each trial, by which the search chooses.");
    sts_legend_begin(out);
    sts_legend_item(out, STS_AFTER, false, "trained to the end");
    sts_legend_item(out, STS_BEFORE, false, "stopped early");
    sts_legend_end(out);
    sts_plot plot = {out,
                     {.label = "trial", .lo = 1, .hi = end, .whole = true},
                     {.label = label, .lo = lo, .hi = hi}};
    sts_plot_begin(&plot, "Trials", label);
    sts_plot_dots(&plot, STS_BEFORE, stopped->x, stopped->y, stopped->n);
    sts_plot_dots(&plot, STS_AFTER, whole->x, whole->y, whole->n);
    sts_plot_end(&plot);
    sts_figure_end(out);
}

static void figure(sts_strbuf *out, const sts_json *trials, const char *metric)
{
    dots whole, stopped = {0};
    int rc = read_values(&whole, trials, true);
    if (!rc) rc = read_values(&stopped, trials, false);
    if (rc) out->failed = true;
    else draw(out, &whole, &stopped, metric);
    sts_free(whole.x);
    sts_free(stopped.x);
}

/* ---- the table ---- */

static void put_options(sts_strbuf *out, const sts_json *options)
{
    const char *comma = "";
    const sts_json *o;
    sts_json_each(o, options)
    {
        char *text = sts_page_value(o);
        if (text) sts_html(out, "%s%s %s", comma, o->key ? o->key : "", text);
        else out->failed = true;
        sts_free(text);
        comma = ", ";
    }
}

static void put_trial(sts_strbuf *out, const sts_json *t)
{
    sts_shown number, repeats, seed, value, seconds;
    const char *status = sts_page_str(t, "status");
    double of = sts_page_num(t, "repeats");
    sts_html(out, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s"
                  "</td><td>",
             sts_show_number(sts_page_num(t, "trial"), number),
             isfinite(of) ? sts_show_number(of, repeats) : "",
             sts_show_number(sts_page_num(t, "seed"), seed),
             sts_show_hundred(sts_page_num(t, "value"), value), status ? status : "-",
             sts_show_seconds(sts_page_num(t, "seconds"), seconds));
    put_options(out, sts_page_get(t, "options"));
    sts_html(out, "</td></tr>\n");
}

static void table(sts_strbuf *out, const sts_json *trials)
{
    static const char *const head[] = {"Trial",  "Options of", "Seed",   "Value \xc3\x97 100",
                                       "Status", "Time",       "Options"};
    size_t n = 0;
    const sts_json *t;
    sts_html(out, "<details><summary>All trials</summary><div class=\"scroll\" tabindex=\"0\">"
                  "<table class=\"num\"><thead><tr>");
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        sts_html(out, "<th scope=\"col\">%s</th>", head[i]);
    sts_html(out, "</tr></thead><tbody>\n");
    sts_json_each(t, trials) if (n++ < SHOWN) put_trial(out, t);
    sts_html(out, "</tbody></table></div></details>\n");
    if (n > SHOWN) sts_html(out, "<p>%zu more are in tune.json.</p>\n", n - SHOWN);
}

void sts_page_search(sts_strbuf *out, const sts_page_run *r)
{
    sts_shown value, trial;
    const sts_json *best = sts_page_get(r->search, "best");
    const sts_json *trials = sts_page_get(r->search, "trials");
    const char *metric = sts_page_str(r->search, "metric"), *by = sts_page_str(best, "chosen_by");
    if (!sts_json_is_array(trials)) trials = NULL;
    sts_section_begin(out, "Search", NULL);
    sts_html(out,
             "<p>This run has the options of trial %s, chosen among %zu by %s: %s %s. As the best "
             "of several that value is too high; a test set shows what it is worth.</p>\n",
             sts_show_number(sts_page_num(best, "trial"), trial), (size_t)sts_json_size(trials),
             by ? by : "?", metric ? metric : "?",
             sts_show_hundred(sts_page_num(best, "value"), value));
    figure(out, trials, metric ? metric : "value");
    table(out, trials);
    sts_section_end(out);
}
