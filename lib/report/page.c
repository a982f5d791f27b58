/* page.c - the page from top to bottom: its sections in order, for one run or for several. */
#include "report/page_html.h"

#include <stdio.h>
#include <string.h>

/* ---- the sections of one run ---- */

static void put_machine(sts_strbuf *out, const sts_json *report)
{
    sts_shown total, train, rate, memory, threads;
    const sts_json *t = sts_page_get(report, "timings");
    sts_html(out,
             "<figure><figcaption><h3>Time and memory</h3></figcaption>\n<ul class=\"facts\">\n");
    sts_page_fact(out, "From start to end",
                  sts_show_seconds(sts_page_num(t, "total_seconds"), total));
    sts_page_fact(out, "In training steps",
                  sts_show_seconds(sts_page_num(t, "train_seconds"), train));
    sts_page_fact(out, "Pairs per second", sts_show_count(sts_page_num(t, "pairs_per_s"), rate));
    sts_page_fact(out, "Peak memory",
                  sts_show_bytes(sts_page_num(report, "peak_memory_bytes"), memory));
    sts_page_fact(out, "Processor", sts_page_str(report, "machine.cpu"));
    sts_page_fact(out, "Threads",
                  sts_show_number(sts_page_num(report, "machine.threads"), threads));
    sts_page_fact(out, "Matrix products", sts_page_str(report, "machine.blas"));
    sts_html(out, "</ul></figure>\n");
}

static void put_training(sts_strbuf *out, const sts_page_run *r)
{
    sts_section_begin(out, "Training", NULL);
    sts_html(out, "<div class=\"figures\">\n");
    sts_page_curves(out, r, 1);
    put_machine(out, r->report);
    sts_html(out, "</div>\n");
    sts_section_end(out);
}

static void put_dev(sts_strbuf *out, const sts_page_run *r)
{
    sts_page_predictions(out, &r->dev, r->report, "dev");
}

static void put_test(sts_strbuf *out, const sts_page_run *r)
{
    sts_page_predictions(out, &r->test, r->report, "test");
}

static bool has_dev(const sts_page_run *r)
{
    return r->dev.n > 0;
}

static bool has_test(const sts_page_run *r)
{
    return r->test.n > 0;
}

static bool has_search(const sts_page_run *r)
{
    return r->search != NULL;
}

static bool has_pairs(const sts_page_run *r)
{
    return r->pair != NULL;
}

static const struct {
    const char *id, *name;
    bool (*has)(const sts_page_run *r); /* NULL: always */
    void (*put)(sts_strbuf *out, const sts_page_run *r);
} SECTION[] = {
    {"result", "Result", NULL, sts_page_summary},
    {"search", "Search", has_search, sts_page_search},
    {"training", "Training", NULL, put_training},
    {"dev", "Dev set", has_dev, put_dev},
    {"test", "Test set", has_test, put_test},
    {"pairs", "Worst pairs", has_pairs, sts_page_worst_pairs},
    {"data", "Data", NULL, sts_page_data},
    {"settings", "Settings", NULL, sts_page_settings},
    {"again", "Run it again", NULL, sts_page_reproduce},
};
#define SECTIONS (sizeof SECTION / sizeof *SECTION)

static bool has(size_t i, const sts_page_run *r)
{
    return !SECTION[i].has || SECTION[i].has(r);
}

static void put_navigation(sts_strbuf *out, const sts_page_run *r)
{
    sts_html(out, "<nav aria-label=\"Sections\"><ul>\n");
    for (size_t i = 0; i < SECTIONS; i++)
        if (has(i, r))
            sts_html(out, "<li><a href=\"#%s\">%s</a></li>\n", SECTION[i].id, SECTION[i].name);
    sts_html(out, "</ul></nav>\n");
}

static void put_run(sts_strbuf *out, const sts_page_run *r, bool alone)
{
    for (size_t i = 0; i < SECTIONS; i++) {
        if (!has(i, r)) continue;
        if (alone) sts_html(out, "<div id=\"%s\">\n", SECTION[i].id);
        SECTION[i].put(out, r);
        if (alone) sts_html(out, "</div>\n");
    }
}

/* ---- head and frame ---- */

static void put_head(sts_strbuf *out, const char *title)
{
    sts_html(out,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'unsafe-inline'; img-src data:\">\n"
             "<meta name=\"generator\" content=\"stsfit " STSFIT_VERSION "\">\n"
             "<title>%s</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n",
             title);
    for (size_t i = 0; sts_page_style[i]; i++)
        sts_strbuf_add(out, sts_page_style[i], strlen(sts_page_style[i]));
    sts_html(out, "</style>\n</head>\n<body>\n");
}

static void put_foot(sts_strbuf *out)
{
    sts_html(out, "</main>\n<footer>Written by stsfit " STSFIT_VERSION
                  ". Intervals are percentile bootstraps over "
                  "pairs. Point at a mark to read its numbers.</footer>\n</body>\n</html>\n");
}

static void put_one(sts_strbuf *out, const sts_page_run *r)
{
    const char *status = sts_page_str(r->report, "status"),
               *when = sts_page_str(r->report, "written");
    char title[300], shown[40];
    snprintf(title, sizeof title, "%.200s: a training run of stsfit", r->name);
    put_head(out, title);
    sts_html(out,
             "<header><p class=\"eyebrow\">stsfit training run</p>\n<h1>%s</h1>\n<p class=\"meta\">"
             "<span class=\"chip\">%s</span>%s</p></header>\n",
             r->name, status ? status : "unknown", sts_page_time(when, shown));
    put_navigation(out, r);
    sts_html(out, "<main>\n");
    put_run(out, r, true);
}

static void put_many(sts_strbuf *out, const sts_page_run *run, size_t n)
{
    put_head(out, "Training runs of stsfit compared");
    sts_html(out,
             "<header><p class=\"eyebrow\">stsfit training runs</p>\n<h1>%zu runs "
             "compared</h1>\n<p class=\"lead\">",
             n);
    for (size_t i = 0; i < n; i++) sts_html(out, "%s%s", i ? ", " : "", run[i].name);
    sts_html(out, "</p></header>\n<main>\n");
    sts_page_comparison(out, run, n);
    sts_section_begin(out, "Training", NULL);
    sts_html(out, "<div class=\"figures\">\n");
    sts_page_curves(out, run, n);
    sts_html(out, "</div>\n");
    sts_section_end(out);
    sts_section_begin(out, "Each run", NULL);
    for (size_t i = 0; i < n; i++) {
        sts_html(out, "<details><summary>%s</summary>\n", run[i].name);
        put_run(out, &run[i], false);
        sts_html(out, "</details>\n");
    }
    sts_section_end(out);
}

char *sts_page_render(const sts_page_run *run, size_t n, sts_err *err)
{
    sts_strbuf out = {0};
    if (n == 1) put_one(&out, run);
    else put_many(&out, run, n);
    put_foot(&out);
    char *page = sts_strbuf_take(&out);
    if (!page) sts_fail_memory(err, "the page");
    return page;
}
