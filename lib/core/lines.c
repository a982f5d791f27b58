/* lines.c - a file in blocks, cut at line ends. */
#include "core/lines.h"

#include "core/mem.h"
#include "core/sys.h"

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
    int fd = sts_file_open(path, STS_FAILED, err);
    if (fd < 0) return -1;
    char *buf = sts_alloc(STS_RUN_LINE_MAX, 1);
    int rc = buf ? 0 : sts_fail_memory(err, path);
    size_t n = 0, at = 0;
    while (!rc) {
        ssize_t k = sts_read_all(fd, buf + n, STS_RUN_LINE_MAX - n);
        if (k < 0) rc = sts_fail_errno(err, path, "cannot read");
        if (k <= 0) break;
        n += (size_t)k;
        rc = give(buf, &n, &at, fn, ctx, err);
        if (!rc && n == STS_RUN_LINE_MAX)
            rc = sts_fail(err, STS_DATA, "%s:%zu: longer than any line that stsfit writes", path,
                          at + 1);
    }
    sts_free(buf);
    sts_sys.close(fd);
    return rc;
}
