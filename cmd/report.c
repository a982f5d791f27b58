/* report.c - stsfit report: one HTML page of one or several runs. */
#include "common.h"

#include <stdlib.h>
#include <string.h>

typedef struct report {
    common c;
    const char *output;
    bool pairs;
} report;

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to write"},
    {.kind = STS_OPT_TEXT, .name = "output", .letter = 'o', .arg = "FILE",
     .offset = offsetof(report, output),
     .standard = "RUN/report.html; for several runs stsfit-report.html",
     .help = "file to write; -: stdout"},
    {.kind = STS_OPT_FLAG, .name = "pairs", .offset = offsetof(report, pairs),
     .help = "show the texts of the dev pairs with the largest errors"},
    OPT_QUIET,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, {0}};

/* Where the page goes; to be freed. NULL: no memory. */
static char *choose_output(const report *r, const char *const *runs, size_t n)
{
    const char *name = n > 1 ? "stsfit-report.html" : "report.html";
    char *path = malloc(strlen(runs[0]) + 32);
    if (path && n > 1) strcpy(path, name);
    else if (path) sprintf(path, "%s/%s", runs[0], name);
    if (!r->output) return path;
    free(path);
    path = malloc(strlen(r->output) + 1);
    return path ? strcpy(path, r->output) : NULL;
}

static int run(void *values, const opt_args *args)
{
    report *r = values;
    sts_err err = {0};
    static const char *const standard = "stsfit-run";
    common_start(&r->c);
    sts_report_options o = {.runs = args->n ? args->v : &standard,
                            .n_runs = args->n ? (size_t)args->n : 1,
                            .pairs = r->pairs};
    char *path = choose_output(r, o.runs, o.n_runs), *page = NULL;
    if (!path) return STS_FAILED;
    if (strcmp(path, "-")) o.output = path;
    int rc = sts_report(&o, &page, &err);
    progress_clear();
    if (page) common_write(stdout, page, strlen(page));
    if (!rc && o.output && !r->c.quiet) common_tell("the page is in", path);
    sts_free_text(page);
    free(path);
    return rc ? common_fail(&err) : 0;
}

const command command_report = {
    .name = "report",
    .args = "[RUN...]",
    .help = "write an HTML page of one or several runs",
    .text = "Writes a page that any browser shows without a network: curves, predictions,\n"
            "errors, data and settings of a run, or several runs compared. Without RUN:\n"
            "stsfit-run.",
    .tables = TABLES,
    .size = sizeof(report),
    .run = run,
};
