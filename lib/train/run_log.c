/* run_log.c - log.jsonl, opened: what an earlier run wrote up to the step it continues from. */
#include "train/run.h"

#include "core/file.h"
#include "core/lines.h"
#include "core/mem.h"
#include "core/run_dir.h"

#include <stdio.h>
#include <string.h>

/* log.jsonl, cut to the steps that are done. */
typedef struct log_cut {
    sts_writer *to;
    uint64_t step; /* the last to keep */
    bool done;
} log_cut;

static int keep_line(void *ctx, char *line, size_t n, size_t at, sts_err *err)
{
    log_cut *c = ctx;
    const char *field = strstr(line, "\"step\":");
    unsigned long long step = 0;
    (void)at;
    if (!field || sscanf(field + 7, "%llu", &step) != 1 || step > c->step) c->done = true;
    if (c->done) return 0;
    line[n] = '\n';
    return sts_writer_write(c->to, line, n + 1, err);
}

/* What no run has written ends the lines to keep. */
static int keep_lines(const char *path, log_cut *c, sts_err *err)
{
    sts_err why = {0};
    if (!sts_file_exists(path)) return 0;
    if (!sts_run_lines(path, keep_line, c, &why) || why.code == STS_DATA) return 0;
    return sts_fail(err, why.code, "%s", why.text);
}

/* Starts log.jsonl with what it has up to the step that the run continues from. */
int sts_run_open_log(sts_run *r, uint64_t step, sts_err *err)
{
    char *path = sts_path_join(r->dir, STS_LOG);
    log_cut c = {path ? sts_writer_open(path, err) : NULL, step, false};
    if (!path) sts_fail_memory(err, r->dir);
    if (c.to && (!step || !keep_lines(path, &c, err))) r->log = sts_writer_commit_open(c.to, err);
    else sts_writer_abort(c.to);
    sts_free(path);
    return r->log < 0 ? -1 : 0;
}
