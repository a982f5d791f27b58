/* test_page.c - ticks, numbers for people, escaping, the thinned log, predictions.tsv, and pages of
 * runs that are fine, broken off, empty or hostile. */
#include "core/file.h"
#include "core/mem.h"
#include "report/page.h"
#include "report/page_html.h"
#include "report/svg.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- ticks ---- */

static const struct {
    double lo, hi, first, step;
    int limit, n;
} ticks[] = {
    {0, 1, 0, 0.2, 6, 6},           {0, 100, 0, 20, 6, 6},    {31, 54, 30, 5, 6, 6},
    {-0.2, 1, -0.5, 0.5, 6, 4},     {0, 5e-5, 0, 1e-5, 6, 6}, {0, 1440, 0, 500, 6, 4},
    {99.1, 99.2, 99.1, 0.02, 6, 6}, {0, 0, -0.5, 0.2, 6, 6},
};

Test(svg, ticks_are_round_and_cover)
{
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        double lo = ticks[i].lo, hi = ticks[i].hi;
        sts_ticks t = sts_ticks_make(lo, hi, ticks[i].limit);
        double last = t.first + t.step * (t.n - 1);
        cr_assert(t.n >= 2 && t.n <= ticks[i].limit, "%g to %g: %d ticks", lo, hi, t.n);
        cr_assert(t.first <= lo + 1e-12 && last >= hi - 1e-12, "%g to %g: %g to %g", lo, hi,
                  t.first, last);
        double power = pow(10, floor(log10(t.step) + 1e-9)), digit = t.step / power;
        cr_assert(fabs(digit - 1) < 1e-6 || fabs(digit - 2) < 1e-6 || fabs(digit - 5) < 1e-6,
                  "%g to %g: step %g", lo, hi, t.step);
        cr_assert(hi == lo || (last - t.first) < 3 * (hi - lo), "%g to %g: too wide", lo, hi);
    }
}

Test(svg, ticks_of_anything_are_finite)
{
    static const double odd[] = {NAN,    INFINITY, -INFINITY, 1e308, -1e308, 1e-308,
                                 5e-324, 1e99,     -1e99,     0,     1,      1e15};
    size_t n = sizeof odd / sizeof *odd;
    for (size_t i = 0; i < n * n; i++) {
        for (int limit = -1; limit < 9; limit++) {
            sts_ticks t = sts_ticks_make(odd[i / n], odd[i % n], limit);
            char label[32];
            cr_assert(isfinite(t.first) && isfinite(t.step) && t.step > 0 && t.n >= 2 && t.n < 20,
                      "%g to %g: %g + %g, %d", odd[i / n], odd[i % n], t.first, t.step, t.n);
            for (int k = 0; k < t.n; k++) cr_assert(strlen(sts_tick_label(&t, k, label)) > 0);
        }
    }
}

static const struct {
    double lo, hi;
    int i;
    const char *label;
} labels[] = {
    {0, 1, 1, "0.2"},
    {0, 1, 5, "1.0"},
    {0, 1, 0, "0"},
    {0, 20000, 4, "20k"},
    {0, 5e-5, 5, "5e-5"},
    {0, 2e6, 1, "0.5M"},
    {0, 500, 1, "100"},
    {-1, 1, 0,
     "\xe2\x88\x92"
     "1.0"},
    {0, 2e-3, 3, "1.5e-3"},
    {0, 1e-3, 5, "1e-3"},
    {0, 1e12, 5, "1e12"},
};

Test(svg, tick_labels)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        char out[32];
        sts_ticks t = sts_ticks_make(labels[i].lo, labels[i].hi, 6);
        sts_tick_label(&t, labels[i].i, out);
        cr_assert_str_eq(out, labels[i].label, "%g to %g, tick %d: %s, not %s", labels[i].lo,
                         labels[i].hi, labels[i].i, out, labels[i].label);
    }
}

/* ---- text ---- */

static const struct {
    const char *text, *html;
} escapes[] = {
    {"a<b>&\"'c", "a&lt;b&gt;&amp;&quot;&#39;c"},
    {"</script><!--", "&lt;/script&gt;&lt;!--"},
    {"tab\tbell\a", "tab\\x09bell\\x07"},
    {"\xff\xfe", "\\xff\\xfe"},
    {"\xe2\x80\xae"
     "evil",
     "\\xe2\\x80\\xae"
     "evil"}, /* right-to-left override */
    {"日本 é", "日本 é"},
    {"", ""},
};

Test(html, text_is_escaped)
{
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        sts_strbuf b = {0};
        sts_html(&b, "<p title=\"%s\">%d%%</p>", escapes[i].text, 7);
        char *out = sts_strbuf_take(&b), want[200];
        snprintf(want, sizeof want, "<p title=\"%s\">7%%</p>", escapes[i].html);
        cr_assert_str_eq(out, want, "%s: %s", want, out);
        sts_free(out);
    }
}

Test(html, numbers_for_people)
{
    sts_shown s;
    cr_assert_str_eq(sts_show_hundred(0.86724, s), "86.72");
    cr_assert_str_eq(sts_show_hundred(NAN, s), "-");
    cr_assert_str_eq(sts_show_gain(0.0241, s), "+2.41");
    cr_assert_str_eq(sts_show_gain(-0.0241, s), "\xe2\x88\x92"
                                                "2.41");
    cr_assert_str_eq(sts_show_gain(-1e-9, s), "0.00");
    cr_assert_str_eq(sts_show_count(5749, s), "5,749");
    cr_assert_str_eq(sts_show_count(1234567, s), "1,234,567");
    cr_assert_str_eq(sts_show_count(999, s), "999");
    cr_assert_str_eq(sts_show_count(NAN, s), "-");
    cr_assert_str_eq(sts_show_seconds(252, s), "4 min 12 s");
    cr_assert_str_eq(sts_show_seconds(3.24, s), "3.2 s");
    cr_assert_str_eq(sts_show_seconds(7260, s), "2 h 1 min");
    cr_assert_str_eq(sts_show_bytes(431e6, s), "431 MB");
    cr_assert_str_eq(sts_show_bytes(0, s), "-");
    cr_assert_str_eq(sts_show_number(5e-5, s), "5e-5");
    cr_assert_str_eq(sts_show_number(2.5e-5, s), "2.5e-5");
    cr_assert_str_eq(sts_show_number(0.002, s), "0.002");
    cr_assert_str_eq(sts_show_number(20, s), "20");
    cr_assert_str_eq(sts_show_number(0.1, s), "0.1");
    cr_assert_str_eq(sts_show_number(100.5, s), "100.5");
    cr_assert_str_eq(sts_show_p(0.034, s), "p = 0.034");
    cr_assert_str_eq(sts_show_p(0.0009, s), "p \xe2\x89\xa4 0.001");
    cr_assert_str_eq(sts_show_p(0.5, s), "p = 0.50");
}

/* ---- run directories ---- */

static char *make_run(const char *report, const char *log, const char *predictions)
{
    static char dir[64];
    sts_err err = {0};
    char path[128];
    strcpy(dir, "/tmp/stsfit-page-XXXXXX");
    cr_assert(mkdtemp(dir));
    const char *name[] = {"report.json", "log.jsonl", "predictions.tsv"};
    const char *text[] = {report, log, predictions};
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, name[i]);
        if (text[i])
            cr_assert(!sts_file_write(path, text[i], strlen(text[i]), &err), "%s", err.text);
    }
    return dir;
}

#define HEADER "part\tgold\tbefore\tafter\ttokens1\ttokens2\n"

Test(predictions, come_back_as_they_were)
{
    char *dir = make_run(NULL, NULL, NULL), path[128];
    sts_err err = {0};
    sts_predictions dev = {0}, test = {0}, dev2 = {0}, test2 = {0};
    for (int i = 0; i < 100; i++) {
        sts_prediction row = {
            1.0 / (i + 1), i % 7 ? -i / 3.0 : NAN, i % 5 ? sqrt(i) : NAN, {i, 2 * i},
            {i % 4 ? i / 7.0 : NAN, -i / 9.0}, (sts_class)(i / 3 % 3)};
        cr_assert(!sts_predictions_add(i % 3 ? &dev : &test, &row, &err));
    }
    snprintf(path, sizeof path, "%s/%s", dir, STS_PREDICTIONS);
    cr_assert(!sts_predictions_save(path, &dev, &test, "dot", &err), "%s", err.text);
    cr_assert(!sts_predictions_load(path, &dev2, &test2, &err), "%s", err.text);
    cr_assert(dev2.n == dev.n && test2.n == test.n);
    for (size_t i = 0; i < dev.n; i++) {
        const sts_prediction *a = &dev.v[i], *b = &dev2.v[i];
        cr_assert(a->gold == b->gold && a->tokens[0] == b->tokens[0] &&
                  a->tokens[1] == b->tokens[1]);
        cr_assert(a->before == b->before || (isnan(a->before) && isnan(b->before)), "row %zu", i);
        cr_assert(a->after == b->after || (isnan(a->after) && isnan(b->after)), "row %zu", i);
        cr_assert(a->own[0] == b->own[0] || (isnan(a->own[0]) && isnan(b->own[0])), "row %zu", i);
        cr_assert(a->own[1] == b->own[1] && a->kind == b->kind, "row %zu", i);
    }
    sts_predictions_free(&dev), sts_predictions_free(&test);
    sts_predictions_free(&dev2), sts_predictions_free(&test2);
    sts_dir_remove(dir, NULL);
}

#define CLASSED "part\tgold\tbefore\tafter\ttokens1\ttokens2\tpositive\n"

Test(predictions, malformed_files_are_refused)
{
    static const char *const bad[] = {
        "gold\n",
        HEADER "dev\t1\t1\t1\t1\n",
        HEADER "dev\t1\t1\t1\t1\t1\t1\n",
        HEADER "train\t1\t1\t1\t1\t1\n",
        HEADER "dev\tnan\t1\t1\t1\t1\n",
        HEADER "dev\t0x1\t1\t1\t1\t1\n",
        HEADER "dev\t1\t1\t1\t-1\t1\n",
        HEADER "dev\t1\t1\t1\t\t1\n",
        HEADER "dev\t1\t1\t1\t1e10\t1\n",
        HEADER "\n",
        CLASSED "dev\t1\t1\t1\t1\t1\n",
        CLASSED "dev\t1\t1\t1\t1\t1\t2\n",
        CLASSED "dev\t1\t1\t1\t1\t1\t1\t1\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *dir = make_run(NULL, NULL, bad[i]), path[128];
        sts_predictions dev = {0}, test = {0};
        sts_err err = {0};
        snprintf(path, sizeof path, "%s/%s", dir, STS_PREDICTIONS);
        cr_assert(sts_predictions_load(path, &dev, &test, &err) && err.code == STS_DATA, "case %zu",
                  i);
        cr_assert(!dev.n && !dev.v && !test.v && strstr(err.text, i ? ":2:" : ":1:"),
                  "case %zu: %s", i, err.text);
        sts_dir_remove(dir, NULL);
    }
}

#define REPORT "{\"command\":\"train\",\"status\":\"completed\"}"

/* However long the log is, its points are few and keep every line's share. */
Test(page, logs_are_thinned)
{
    sts_strbuf log = {0};
    size_t lines = 5000;
    double sum = 0;
    for (size_t i = 1; i <= lines; i++) {
        sts_strbuf_printf(&log, "{\"type\":\"step\",\"step\":%zu,\"loss\":%zu,\"lr\":null}\n", i,
                          i % 17);
        if (i % 100 == 0) sts_strbuf_printf(&log, "{\"type\":\"eval\",\"step\":%zu}\nbroken\n", i);
        sum += (double)(i % 17);
    }
    char *text = sts_strbuf_take(&log), *dir = make_run(REPORT, text, NULL);
    sts_page_run r;
    sts_err err = {0};
    cr_assert(!sts_page_run_load(&r, dir, NULL, &err), "%s", err.text);
    size_t seen = 0;
    double total = 0;
    for (size_t i = 0; i < r.log.n; i++) {
        seen += r.log.v[i].lines;
        total += r.log.v[i].sum[STS_LOG_LOSS];
        cr_assert(r.log.v[i].n[STS_LOG_LR] == 0 && r.log.v[i].n[STS_LOG_LOSS] == r.log.v[i].lines);
        cr_assert(!i || r.log.v[i].step > r.log.v[i - 1].step);
    }
    cr_assert(r.log.n <= STS_LOG_POINTS && r.log.n >= STS_LOG_POINTS / 2, "%zu points", r.log.n);
    cr_assert(seen == lines && total == sum && r.log.lost == 50, "%zu lines, %zu lost", seen,
              r.log.lost);
    cr_assert(r.log.v[r.log.n - 1].step == (double)lines);
    sts_page_run_free(&r);
    sts_free(text);
    sts_dir_remove(dir, NULL);
}

/* ---- pages ---- */

/* A report of these metrics of dev before and after. */
#define EVALUATED(metrics)                                                                         \
    "{\"command\":\"train\",\"status\":\"completed\",\"evaluations\":{\"before\":{\"dev\":{"       \
    metrics "}},\"during\":[],\"after\":{\"dev\":{" metrics "}}}}"

#define THREE "dev\t0\t0.1\t0.2\t3\t4\ndev\t1\t0.3\t0.4\t3\t4\ndev\t0\t0.2\t0.1\t3\t4\n"
#define TWELVE THREE THREE THREE THREE

#define EVIL "\\\"><script>alert(1)</script><img src=x onerror=alert(1)>"

static const struct {
    const char *name, *report, *log, *predictions;
    const char *has, *lacks; /* texts of the page */
} pages[] = {
    {"nothing known", REPORT, NULL, NULL, "no dev set", "<script"},
    {"failed", "{\"command\":\"train\",\"status\":\"failed\",\"error\":\"step 3: it broke\"}", "",
     HEADER, "it broke", "nan"},
    {"killed", "{\"command\":\"train\",\"status\":\"running\",\"steps_done\":7}",
     "{\"type\":\"step\"", NULL, "had not ended", "<script"},
    {"wrong types",
     "{\"command\":\"train\",\"status\":5,\"data\":[],\"evaluations\":{\"before\":{\"dev\":3},"
     "\"during\":{}},"
     "\"configuration\":[1],\"machine\":\"x\",\"best\":{\"metric\":7}}",
     "{\"type\":\"step\",\"step\":1,\"loss\":\"x\"}\n{\"type\":\"step\",\"step\":2,\"loss\":1e308}"
     "\n",
     HEADER "dev\t\t\t\t0\t0\ntest\t1e308\t-1e308\t1e308\t1\t1\n", "Run it again", "nan"},
    {"hostile",
     "{\"command\":\"train\",\"status\":\"" EVIL "\",\"error\":\"" EVIL
     "\",\"command_line\":\"" EVIL "\","
     "\"configuration\":{\"" EVIL "\":\"" EVIL "\"},\"model\":{\"from\":\"" EVIL
     "\"},\"machine\":{\"cpu\":\"" EVIL "\"},\"data\":{\"train\":{\"files\":[{\"file\":\"" EVIL
     "\",\"detected\":\"" EVIL "\",\"crc32\":\"" EVIL "\",\"skipped\":{\"" EVIL "\":1}}]}}}",
     NULL, NULL, "&lt;script&gt;", "<img"},
    {"metrics that are missing",
     "{\"command\":\"train\",\"status\":\"completed\",\"evaluations\":{\"before\":{\"dev\":{"
     "\"pairs\":3,"
     "\"spearman_cosine\":null,\"status\":\"all values on one side are "
     "equal\"}},\"during\":[],\"after\":{"
     "\"dev\":{\"pairs\":3,\"spearman_cosine\":null}}}}",
     NULL, HEADER "dev\t0.5\t0.1\t0.2\t3\t4\ndev\t0.5\t0.1\t0.2\t3\t4\n", "all values on one side",
     "nan"},
    {"two classes: the interval beside Spearman is its own",
     EVALUATED("\"pairs\":40,\"spearman_cosine\":0.38,\"cosine_ap\":0.8,\"spearman_cosine_ci95\":"
               "[0.25,0.5],\"cosine_ap_ci95\":[0.7,0.9]"),
     NULL, NULL, "38.00, 95 % interval 25.00 to 50.00", "interval 70.00"},
    {"two classes: the difference of Spearman is not that of AP",
     EVALUATED("\"pairs\":12,\"spearman_cosine\":0.38,\"cosine_ap\":0.8"), NULL, HEADER TWELVE,
     "AP went from", "The difference of"},
    {"pairs without scores have no Spearman",
     EVALUATED("\"pairs\":40,\"mean_accuracy\":0.5,\"mean_accuracy_ci95\":[0.4,0.6]"), NULL, NULL,
     "partners went from", "correlation with its 95"},
};

Test(page, every_run_gets_one)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char *dir = make_run(pages[i].report, pages[i].log, pages[i].predictions);
        sts_page_run r[2];
        sts_err err = {0};
        for (size_t n = 1; n <= 2; n++) {
            for (size_t k = 0; k < n; k++)
                cr_assert(!sts_page_run_load(&r[k], dir, NULL, &err), "%s: %s", pages[i].name,
                          err.text);
            char *page = sts_page_render(r, n, &err);
            cr_assert(page, "%s: %s", pages[i].name, err.text);
            cr_assert(strstr(page, "</html>"), "%s: is not whole", pages[i].name);
            cr_assert(strstr(page, pages[i].has), "%s: lacks %s", pages[i].name, pages[i].has);
            cr_assert(!strstr(page, pages[i].lacks) && !strstr(page, "<script"), "%s: has %s",
                      pages[i].name, pages[i].lacks);
            sts_free(page);
            for (size_t k = 0; k < n; k++) sts_page_run_free(&r[k]);
        }
        sts_dir_remove(dir, NULL);
    }
}

#define DECIDED                                                                                    \
    "{\"command\":\"train\",\"status\":\"completed\",\"evaluations\":{\"during\":[],\"after\":{"   \
    "\"dev\":{\"pairs\":4,\"cosine_f1_threshold\":0.55,\"cosine_accuracy_threshold\":0.65}}}}"
#define FOUR                                                                                       \
    "dev\t1\t0.1\t0.9\t1\t1\t1\ndev\t1\t0.8\t0.6\t1\t1\t1\n"                                       \
    "dev\t0\t0.5\t0.7\t1\t1\t0\ndev\t0\t0.2\t0.2\t1\t1\t0\n"

static char *page_of(const char *predictions)
{
    char *dir = make_run(DECIDED, NULL, predictions);
    sts_page_run r;
    sts_err err = {0};
    cr_assert(!sts_page_run_load(&r, dir, NULL, &err), "%s", err.text);
    char *page = sts_page_render(&r, 1, &err);
    cr_assert(page, "%s", err.text);
    sts_page_run_free(&r);
    sts_dir_remove(dir, NULL);
    return page;
}

Test(page, two_classes_have_thresholds)
{
    static const char best[] = "0.5500 best F1</th><td>75.00</td><td>66.67</td><td>100.00</td>"
                               "<td>80.00</td>";
    static const char other[] = "0.6500 best accuracy</th><td>50.00</td><td>50.00</td>"
                                "<td>50.00</td><td>50.00</td>";
    char *page = page_of(CLASSED FOUR);
    cr_assert(strstr(page, best) && strstr(page, other), "%s", strstr(page, "What moving"));
    cr_assert(strstr(page, "positive (2)") && strstr(page, "negative (2)"));
    cr_assert(strstr(page, "threshold 0.550: precision 66.67, recall 100.00"));
    sts_free(page);
    static const char *const none[] = {
        CLASSED "dev\t1\t0.1\t0.9\t1\t1\t1\n",                               /* one class */
        CLASSED "dev\t1\t0.1\t\t1\t1\t1\ndev\t0\t0.1\t\t1\t1\t0\n",        /* not trained yet */
        HEADER "dev\t1\t0.1\t0.9\t1\t1\ndev\t0\t0.1\t0.2\t1\t1\n"};       /* scores */
    for (size_t i = 0; i < 3; i++) {
        page = page_of(none[i]);
        cr_assert(!strstr(page, "What moving") && !strstr(page, "Two classes"), "case %zu", i);
        sts_free(page);
    }
}

/* What is drawn of many pairs is no more than of some. */
Test(page, two_classes_stay_small)
{
    sts_strbuf rows = {0};
    sts_strbuf_printf(&rows, CLASSED);
    for (int i = 0; i < 100000; i++) {
        int x = i * 7919 % 100003;
        sts_strbuf_printf(&rows, "dev\t%d\t0.%06d\t0.%06d\t9\t9\t%d\n", i % 2, x, x / 2 + i % 2,
                          i % 2);
    }
    char *text = sts_strbuf_take(&rows), *page = page_of(text);
    char *curve = strstr(page, "Precision against recall"), *end = strstr(curve, "</svg>");
    cr_assert(strstr(page, "What moving") && end - curve < 8000, "%zu bytes",
              (size_t)(end - curve));
    cr_assert(strlen(page) < 200000, "%zu bytes", strlen(page));
    sts_free(page);
    sts_free(text);
}

Test(page, other_directories_are_refused)
{
    static const char *const report[] = {NULL, "{", "[]", "{\"command\":\"eval\"}"};
    for (size_t i = 0; i < 4; i++) {
        char *dir = make_run(report[i], NULL, NULL);
        sts_page_run r;
        sts_err err = {0};
        cr_assert(sts_page_run_load(&r, dir, NULL, &err), "case %zu", i);
        cr_assert(err.code == (i ? STS_DATA : STS_FAILED), "case %zu: %d", i, err.code);
        sts_page_run_free(&r);
        sts_dir_remove(dir, NULL);
    }
}

Test(page, the_worst_pairs_come_first)
{
    char *dir = make_run(REPORT, NULL,
                         HEADER "dev\t0.5\t0\t0.6\t1\t1\ndev\t0\t0\t0.9\t1\t1\ndev\t1\t0\t\t1\t1\n"
                                "dev\t1\t0\t0.5\t1\t1\n");
    sts_page_run r;
    sts_err err = {0};
    cr_assert(!sts_page_run_load(&r, dir, NULL, &err), "%s", err.text);
    size_t n, *at = sts_page_worst(&r, 2, &n);
    cr_assert(n == 2 && at[0] == 1 && at[1] == 3);
    sts_free(at);
    at = sts_page_worst(&r, 9, &n);
    cr_assert(n == 3 && at[2] == 0);
    sts_free(at);
    sts_page_run_free(&r);
    sts_dir_remove(dir, NULL);
}

/* Each allocation fails once, alone and with all later ones: an error and no leak, or a page. */
static void fail_anywhere(const char *report, const char *log, const char *predictions)
{
    char *dir = make_run(report, log, predictions);
    bool failed = true;
    for (size_t nth = 1; failed && nth < 4000; nth++) {
        failed = false;
        for (int all = 0; all < 2; all++) {
            sts_page_run r;
            sts_err err = {0};
            sts_mem_fail(nth, all);
            int rc = sts_page_run_load(&r, dir, NULL, &err);
            char *page = rc ? NULL : sts_page_render(&r, 1, &err);
            size_t made = sts_mem_count();
            sts_mem_fail(0, false);
            cr_assert(page || err.code == STS_FAILED, "allocation %zu: %s", nth, err.text);
            cr_assert(!page || strstr(page, "</html>"), "allocation %zu: half a page", nth);
            failed = failed || made >= nth;
            sts_free(page);
            sts_page_run_free(&r);
        }
    }
    cr_assert(!failed);
    sts_dir_remove(dir, NULL);
}

Test(page, memory_may_fail_anywhere)
{
    fail_anywhere(pages[3].report, pages[3].log, pages[3].predictions);
    fail_anywhere(DECIDED, NULL, CLASSED FOUR);
}
