/* lines.c - a file in blocks, cut at line ends. */
#include "out/lines.h"

#include "core/mem.h"

#include <string.h>

/* Gives every whole line of buf[0..*n) to fn and moves the rest to the front. */
static int give(char *buf, size_t *n, size_t *at, sts_line_fn *fn, void *ctx, sts_err *err)
{
    char *line = buf, *end;
    size_t left = *n;
    while ((end = memchr(line, '\n', left))) {
        *end = 0;
        if (fn(ctx, line, (size_t)(end - line), ++*at, err)) return -1;
        left -= (size_t)(end + 1 - line);
        line = end + 1;
    }
    memmove(buf, line, left);
    *n = left;
    return 0;
}

int sts_run_lines(const char *path, sts_line_fn *fn, void *ctx, sts_err *err)
{
    sts_reader *r = sts_reader_open(path, err);
    char *buf = r ? sts_alloc(STS_RUN_LINE_MAX, 1) : NULL;
    int rc = !r ? -1 : buf ? 0 : sts_fail_memory(err, path);
    size_t n = 0, at = 0;
    while (!rc) {
        long k = sts_reader_read(r, buf + n, STS_RUN_LINE_MAX - n, err);
        if (k <= 0) {
            rc = k < 0 ? -1 : 0;
            break;
        }
        n += (size_t)k;
        rc = give(buf, &n, &at, fn, ctx, err);
        if (!rc && n == STS_RUN_LINE_MAX)
            rc = sts_fail(err, STS_DATA, "%s:%zu: longer than any line that stsfit writes", path,
                          at + 1);
    }
    sts_free(buf);
    if (r) sts_reader_close(r);
    return rc;
}
