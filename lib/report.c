/* report.c - `stsfit report`: the page of one or several runs. */
#include "data/run_data.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/option.h"
#include "report/page.h"

#include <string.h>

#define WORST 24
#define LONGEST_TEXT 2000

/* A text for the page, cut where a character begins. */
static char *shown(sts_str s)
{
    size_t n = s.n;
    if (n > LONGEST_TEXT) {
        n = LONGEST_TEXT;
        while (n && ((unsigned char)s.s[n] & 0xc0) == 0x80) n--;
    }
    return sts_strndup(s.s, n);
}

/* Texts of the worst pairs, out of the dev file as the run read it, for a page (NULL: stdout) that
 * is as private as that file. */
static int fetch_pairs(sts_page_run *r, const char *output, sts_writer *w,
                       sts_err *err)
{
    sts_corpus dev, rest;
    size_t n;
    if (!r->dev.n) return sts_fail(err, STS_DATA, "%s: has no predictions of single pairs", r->dir);
    if (sts_run_data_dev(r->dir, r->report, &dev, &rest, err)) return -1;
    size_t *at = sts_page_worst(r, WORST, &n);
    r->pair = at ? sts_alloc(n, sizeof *r->pair) : NULL;
    int rc = r->pair ? sts_corpus_spare(&dev, output, err) || sts_corpus_spare(&rest, output, err)
                     : sts_fail_memory(err, "the worst pairs");
    if (!rc && dev.n != r->dev.n)
        rc = sts_fail(err, STS_DATA, "%s: the dev set has %zu pairs, had %zu in the run", r->dir,
                      dev.n, r->dev.n);
    for (size_t i = 0; i < n && !rc; i++) {
        const sts_prediction *p = &r->dev.v[at[i]];
        sts_page_pair *pair = &r->pair[r->n_pairs++];
        *pair = (sts_page_pair){{shown(dev.text[2 * at[i]]), shown(dev.text[2 * at[i] + 1])},
                                p->gold,
                                p->before,
                                p->after};
        if (!pair->text[0] || !pair->text[1]) rc = sts_fail_memory(err, "the worst pairs");
    }
    if (!rc && w) rc = sts_writer_narrow(w, sts_corpus_mode(&dev) & sts_corpus_mode(&rest), err);
    sts_free(at);
    sts_corpus_free(&dev);
    sts_corpus_free(&rest);
    return rc;
}

static char *render(const sts_report_options *o, sts_page_run *run, sts_writer *w,
                    sts_err *err)
{
    int rc = 0;
    for (size_t i = 0; i < o->n_runs && !rc; i++) {
        rc = sts_page_run_load(&run[i], o->runs[i], NULL, err);
        if (!rc && o->pairs) rc = fetch_pairs(&run[i], o->output, w, err);
    }
    return rc ? NULL : sts_page_render(run, o->n_runs, err);
}

/* Before the runs are read. */
static int open_output(const sts_report_options *o, sts_writer **w, sts_err *err)
{
    *w = NULL;
    if (!o->n_runs) return sts_fail(err, STS_USAGE, "a report of which run?");
    if (sts_require_files(o->runs, o->n_runs, err)) return -1;
    for (size_t i = 0; i < o->n_runs; i++)
        if (sts_page_run_find(o->runs[i], err)) return -1;
    if (o->output) *w = sts_output_open(o->output, NULL, 0, err);
    return o->output && !*w ? -1 : 0;
}

static int make_page(const sts_report_options *o, char **out, sts_err *err)
{
    sts_writer *w;
    if (open_output(o, &w, err)) return -1;
    sts_page_run *run = sts_alloc(o->n_runs, sizeof *run);
    char *page = run ? render(o, run, w, err) : NULL;
    if (!run) sts_fail_memory(err, "the page");
    int rc = page && w ? sts_writer_write(w, page, strlen(page), err) : page ? 0 : -1;
    if (!rc && w) rc = sts_writer_commit(w, err);
    else sts_writer_abort(w);
    for (size_t i = 0; i < o->n_runs && run; i++) sts_page_run_free(&run[i]);
    sts_free(run);
    if (o->output || rc) sts_free(page);
    else *out = page;
    return rc;
}

int sts_report(const sts_report_options *given, char **out, sts_err *err)
{
    sts_report_options o;
    if (sts_require_out(out, err) || sts_options_take(&o, sizeof o, given, err)) return -1;
    sts_here before = sts_here_begin();
    int rc = make_page(&o, out, err);
    sts_here_end(before);
    return rc;
}
