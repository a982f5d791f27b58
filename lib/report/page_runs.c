/* page_runs.c - several runs against one another: results with significance, settings that
 * differ. */
#include "report/page_html.h"

#include "core/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Whether two runs were evaluated on the same pairs, as far as their gold scores show. */
static bool same_pairs(const sts_predictions *a, const sts_predictions *b)
{
    if (!a->n || a->n != b->n) return false;
    for (size_t i = 0; i < a->n; i++)
        if (!(a->v[i].gold == b->v[i].gold)) return false;
    return true;
}

/* ---- results ---- */

static void put_difference(sts_strbuf *out, const sts_page_run *first, const sts_page_run *r)
{
    sts_paired d;
    sts_shown gain, lo, hi, p;
    if (r == first) {
        sts_html(out,
                 "<td colspan=\"3\" class=\"base\">the baseline of the comparison</td>");
    } else if (!same_pairs(&first->dev, &r->dev)) {
        sts_html(out, "<td colspan=\"3\" class=\"base\">not evaluated on the same pairs</td>");
    } else if (sts_page_paired(&r->dev, &first->dev, &d, NULL) || !isfinite(d.ci95[0])) {
        sts_html(out, "<td colspan=\"3\" class=\"base\">cannot be computed</td>");
    } else {
        bool good = d.ci95[0] > 0, bad = d.ci95[1] < 0;
        sts_html(out, "<td class=\"%s\">%s</td><td>%s to %s</td><td>%s</td>",
                 good  ? "good"
                 : bad ? "bad"
                       : "",
                 sts_show_gain(d.difference.value, gain), sts_show_gain(d.ci95[0], lo),
                 sts_show_gain(d.ci95[1], hi), sts_show_p(d.p, p));
    }
}

static const sts_metric_row *metric_of(const sts_json *report)
{
    return sts_metric_default(sts_figures_has(sts_page_get(report, "evaluations.before.dev")));
}

static void put_result(sts_strbuf *out, const sts_page_run *run, size_t i)
{
    const sts_json *report = run[i].report;
    const char *key = metric_of(report)->name, *status = sts_page_str(report, "status");
    sts_shown a, b, c, time, memory;
    const sts_json *evaluations = sts_page_get(report, "evaluations");
    sts_html(out, "<tr><th scope=\"row\">");
    sts_svg_swatch(out, (int)i, true);
    sts_html(out, "%s</th><td>%s</td><td>%s</td><td><b>%s</b></td>", run[i].name,
             status ? status : "-",
             sts_show_hundred(sts_page_num(sts_page_get(evaluations, "before.dev"), key), a),
             sts_show_hundred(sts_page_num(sts_page_get(evaluations, "after.dev"), key), b));
    put_difference(out, run, &run[i]);
    sts_html(out, "<td>%s</td><td>%s</td><td>%s</td></tr>\n",
             sts_show_hundred(sts_page_num(sts_page_get(evaluations, "after.test"), key), c),
             sts_show_seconds(sts_page_num(report, "timings.train_seconds"), time),
             sts_show_bytes(sts_page_num(report, "peak_memory_bytes"), memory));
}

static void results(sts_strbuf *out, const sts_page_run *run, size_t n)
{
    static const char *const head[] = {"Run",        "Status",        "Dev before", "Dev after",
                                       "Difference", "95 % interval", "p",          "Test after",
                                       "Training",   "Memory"};
    const sts_metric_row *metric = metric_of(run->report);
    sts_html(
        out,
        "<div class=\"scroll\" tabindex=\"0\"><table class=\"num\"><caption>%s \xc3\x97\xc2\xa0"
        "100; differences of %s"
        "the dev set by paired bootstrap</caption><thead><tr>",
        metric->label, strcmp(metric->name, STS_METRIC_OF_SCORES) ? "Spearman on " : "");
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        sts_html(out, "<th scope=\"col\">%s</th>", head[i]);
    sts_html(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < n; i++) put_result(out, run, i);
    sts_html(out, "</tbody></table></div>\n");
}

/* ---- settings that differ ---- */

static const sts_json *object_of(const sts_page_run *r, const char *where)
{
    return *where ? sts_page_get(r->report, where) : r->report;
}

static bool differs(const sts_page_run *run, size_t n, const char *where, const char *key)
{
    const sts_json *first = sts_json_get(object_of(&run[0], where), key);
    for (size_t i = 1; i < n; i++) {
        const sts_json *v = sts_json_get(object_of(&run[i], where), key);
        if (!first != !v || (first && !sts_json_equal(first, v))) return true;
    }
    return false;
}

static void put_row(sts_strbuf *out, const sts_page_run *run, size_t n, const char *where,
                    const char *key)
{
    sts_words name;
    sts_html(out, "<tr><th scope=\"row\">%s</th>", sts_show_key(key, name));
    for (size_t i = 0; i < n; i++) {
        const sts_json *v = sts_json_get(object_of(&run[i], where), key);
        char *text = v && !sts_json_is_null(v) ? sts_page_value(v) : sts_strdup("-");
        if (text) sts_html(out, "<td>%s</td>", text);
        else out->failed = true;
        sts_free(text);
    }
    sts_html(out, "</tr>\n");
}

/* Whether an earlier run has this key too: its row is there already. */
static bool was_there(const sts_page_run *run, size_t i, const char *where, const char *key)
{
    while (i--)
        if (sts_json_get(object_of(&run[i], where), key)) return true;
    return false;
}

static size_t put_differences(sts_strbuf *out, const sts_page_run *run, size_t n, const char *where)
{
    size_t rows = 0;
    for (size_t i = 0; i < n; i++) {
        const sts_json *o = object_of(&run[i], where);
        for (const sts_json *v = sts_json_is_object(o) ? o->child : NULL; v; v = v->next) {
            bool shown = !strcmp(v->key, "loss"); /* with its options, further down */
            if (shown || !strcmp(v->key, "output") || was_there(run, i, where, v->key)) continue;
            if (!differs(run, n, where, v->key)) continue;
            put_row(out, run, n, where, v->key);
            rows++;
        }
    }
    return rows;
}

static void settings(sts_strbuf *out, const sts_page_run *run, size_t n)
{
    static const char *const where[] = {"configuration", "plan", "model", "machine"};
    static const char *const single[] = {"loss", "version"};
    size_t rows = 0;
    sts_html(out, "<div class=\"scroll\" tabindex=\"0\"><table><caption>Settings that "
                  "differ</caption><thead><tr>"
                  "<th scope=\"col\">Setting</th>");
    for (size_t i = 0; i < n; i++) sts_html(out, "<th scope=\"col\">%s</th>", run[i].name);
    sts_html(out, "</tr></thead><tbody>\n");
    for (size_t w = 0; w < sizeof where / sizeof *where; w++)
        rows += put_differences(out, run, n, where[w]);
    for (size_t k = 0; k < sizeof single / sizeof *single; k++)
        if (differs(run, n, "", single[k])) put_row(out, run, n, "", single[k]), rows++;
    if (!rows)
        sts_html(out, "<tr><td colspan=\"%zu\">none: the runs have the same settings</td></tr>\n",
                 n + 1);
    sts_html(out, "</tbody></table></div>\n");
}

void sts_page_comparison(sts_strbuf *out, const sts_page_run *run, size_t n)
{
    sts_section_begin(out, "Results", NULL);
    results(out, run, n);
    sts_section_end(out);
    sts_section_begin(out, "What differs", NULL);
    settings(out, run, n);
    sts_section_end(out);
}
