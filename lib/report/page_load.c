/* page_load.c - a run directory's files, as the page needs them. */
#include "report/page.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/lines.h"
#include "data/run_data.h"
#include "train/trial_dir.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- log.jsonl ---- */

static const char *const SERIES[STS_LOG_SERIES] = {"loss", "grad_norm", "lr", "pairs_per_s"};

static void merge(sts_log_point *into, const sts_log_point *from)
{
    into->step = from->step;
    into->lines += from->lines;
    for (int s = 0; s < STS_LOG_SERIES; s++) {
        into->sum[s] += from->sum[s];
        into->n[s] += from->n[s];
    }
}

/* When all points are taken, each two become one, and twice as many lines go into a point. */
static void halve(sts_run_log *log)
{
    for (size_t i = 0; i < log->n / 2; i++) {
        sts_log_point p = log->v[2 * i];
        merge(&p, &log->v[2 * i + 1]);
        log->v[i] = p;
    }
    log->n /= 2;
    log->each *= 2;
}

static void add_point(sts_run_log *log, const sts_log_point *p)
{
    if (log->n && log->v[log->n - 1].lines < log->each) {
        merge(&log->v[log->n - 1], p);
        return;
    }
    if (log->n == STS_LOG_POINTS) halve(log);
    log->v[log->n++] = *p;
}

/* Malformed lines are counted, not fatal: the log is only shown. A line for which memory did not
 * suffice is an error all the same. */
static int on_line(void *ctx, char *line, size_t n, size_t at, sts_err *err)
{
    sts_run_log *log = ctx;
    sts_log_point p = {.lines = 1};
    sts_err fault = {0};
    (void)at;
    sts_json *json = sts_json_parse(line, n, "log.jsonl", STS_DATA, &fault);
    if (!json && fault.code == STS_FAILED) return sts_fail_memory(err, "the log");
    const sts_json *type = sts_json_get(json, "type"), *step = sts_json_get(json, "step");
    if (!sts_json_is_number(step) || !sts_json_is_string(type)) {
        log->lost++;
    } else if (!strcmp(type->text, "step")) {
        p.step = step->number;
        for (int s = 0; s < STS_LOG_SERIES; s++) {
            const sts_json *x = sts_json_get(json, SERIES[s]);
            if (!sts_json_is_number(x)) continue;
            p.sum[s] = x->number;
            p.n[s] = 1;
        }
        add_point(log, &p);
    }
    sts_json_free(json);
    return 0;
}

static int load_log(sts_run_log *log, const char *path, sts_err *err)
{
    log->each = 1;
    log->v = sts_alloc(STS_LOG_POINTS, sizeof *log->v);
    if (!log->v) return sts_fail_memory(err, "the log");
    return sts_file_exists(path) ? sts_run_lines(path, on_line, log, err) : 0;
}

/* ---- the run ---- */

/* The last part of a path; of "." and ".." the whole. */
static char *base_name(const char *dir)
{
    sts_str last = sts_path_last(dir);
    return last.n ? sts_strndup(last.s, last.n) : sts_strdup(dir);
}

static int load_report(sts_page_run *r, const char *path, sts_err *err)
{
    if (sts_page_run_find(r->dir, err)) return -1;
    r->report = r->loaded = sts_run_report_load(path, err);
    if (!r->loaded) return -1;
    const sts_json *command = sts_json_get(r->report, "command");
    if (sts_json_is_string(command) && !strcmp(command->text, "train")) return 0;
    return sts_fail(err, STS_DATA, "%s: is not the report of a training run", path);
}

int sts_page_run_find(const char *dir, sts_err *err)
{
    char *path = sts_path_join(dir, STS_REPORT);
    int found = path ? sts_file_find(path, err) : sts_fail_memory(err, dir);
    sts_free(path);
    if (found) return found < 0 ? -1 : 0;
    return sts_fail(err, STS_FAILED, "%s: is not a run of stsfit train: it has no report.json",
                    dir);
}

int sts_page_run_load(sts_page_run *r, const char *dir, const sts_json *report, sts_err *err)
{
    *r = (sts_page_run){.dir = sts_strdup(dir), .name = base_name(dir), .report = report};
    char *path = sts_path_join(dir, STS_REPORT), *log = sts_path_join(dir, STS_LOG);
    char *predictions = sts_path_join(dir, STS_PREDICTIONS);
    int rc = r->dir && r->name && path && log && predictions ? 0 : sts_fail_memory(err, dir);
    if (!rc && !report) rc = load_report(r, path, err);
    if (!rc && sts_search_dir_read(dir, &r->search, err) < 0) rc = -1;
    if (!rc) rc = load_log(&r->log, log, err);
    if (!rc) rc = sts_predictions_load(predictions, &r->dev, &r->test, err);
    sts_free(path);
    sts_free(log);
    sts_free(predictions);
    return rc;
}

void sts_page_run_free(sts_page_run *r)
{
    for (size_t i = 0; i < r->n_pairs; i++) {
        sts_free(r->pair[i].text[0]);
        sts_free(r->pair[i].text[1]);
    }
    sts_free(r->pair);
    sts_free(r->dir);
    sts_free(r->name);
    sts_json_free(r->loaded);
    sts_json_free(r->search);
    sts_free(r->log.v);
    sts_predictions_free(&r->dev);
    sts_predictions_free(&r->test);
    *r = (sts_page_run){0};
}

/* ---- the worst pairs ---- */

typedef struct miss {
    double error;
    size_t at;
} miss;

static int by_error(const void *a, const void *b)
{
    const miss *p = a, *q = b;
    if (p->error != q->error) return p->error > q->error ? -1 : 1;
    return p->at < q->at ? -1 : 1;
}

size_t *sts_page_worst(const sts_page_run *r, size_t limit, size_t *n)
{
    miss *all = sts_alloc(r->dev.n, sizeof *all);
    size_t *at = all ? sts_alloc(limit, sizeof *at) : NULL, known = 0;
    *n = 0;
    for (size_t i = 0; i < r->dev.n && at; i++) {
        double error = fabs(r->dev.v[i].after - r->dev.v[i].gold);
        if (isfinite(error)) all[known++] = (miss){error, i};
    }
    if (at) {
        qsort(all, known, sizeof *all, by_error);
        *n = known < limit ? known : limit;
        for (size_t i = 0; i < *n; i++) at[i] = all[i].at;
    }
    sts_free(all);
    return at;
}
