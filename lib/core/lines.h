/* lines.h - the lines of a run's own files (log.jsonl, predictions.tsv), one at a time, in bounded
 * memory. */
#ifndef STS_CORE_LINES_H
#define STS_CORE_LINES_H

#include "core/file.h"
#include "core/limits.h"

/* Called with each line, without its end; `at` counts from 1. Nonzero stops. */
typedef int sts_line_fn(void *ctx, char *line, size_t n, size_t at, sts_err *err);

/* Reads the whole of path. A line over the limit is STS_DATA; a last line without an end (a run
 * that was killed) is left out. 0, or -1. */
int sts_run_lines(const char *path, sts_line_fn *fn, void *ctx, sts_err *err);

#endif
