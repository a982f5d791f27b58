/* optimizer_state.c - writing and reading AdamW's moments. */
#include "train/optimizer_state.h"

#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <math.h>
#include <string.h>

typedef struct header {
    char magic[8];
    uint64_t step, floats, vocab, tensors;
} header;

static header header_of(const sts_adamw *a)
{
    header h = {.step = a->step, .floats = a->params->count};
    memcpy(h.magic, "STSADAM1", 8);
    h.vocab = a->vocab;
    h.tensors = a->params->n;
    return h;
}

/* ---- one stream, written or read: the same walk serves both ---- */

typedef struct stream {
    sts_writer *w; /* NULL: reading from fd */
    int fd;
    const char *path;
    sts_err *err;
} stream;

static int pass(stream *s, void *p, size_t n)
{
    if (s->w) return sts_writer_write(s->w, p, n, s->err);
    ssize_t got = sts_read_all(s->fd, p, n);
    if (got < 0) return sts_fail_errno(s->err, s->path, "cannot read");
    if ((size_t)got < n) return sts_fail(s->err, STS_MODEL, "%s: ends too early", s->path);
    return 0;
}

static int pass_moments(stream *s, const sts_adamw *a, const sts_param *p, size_t offset, size_t n)
{
    float *m = a->m + offset, *v = a->v + offset;
    if (pass(s, m, n * sizeof *m) || pass(s, v, n * sizeof *v)) return -1;
    for (size_t i = 0; i < n && !s->w; i++)
        if (!isfinite(m[i]) || !(v[i] >= 0)) /* v may be infinite: no harm comes of it */
            return sts_fail(s->err, STS_MODEL, "%s: tensor %s: no moments of Adam: %g and %g",
                            s->path, p->name, (double)m[i], (double)v[i]);
    return 0;
}

/* A row read is after the one before (rows `at` on), of a past step, and up to date, as all rows
 * are when a checkpoint is written. */
static int check_row(const stream *s, uint64_t step, const sts_param *p, uint32_t at, uint32_t row,
                     sts_row_age age)
{
    if (row <= at || row > p->shape[0])
        return sts_fail(s->err, STS_MODEL, "%s: tensor %s: row %u is not among %u to %zu", s->path,
                        p->name, row, at + 1, p->shape[0]);
    if (age.touched && age.touched <= step && age.upto == (step & INT32_MAX)) return 0;
    return sts_fail(s->err, STS_MODEL, "%s: tensor %s: row %u is of steps %u and %u, not up to "
                    "%llu", s->path, p->name, row, age.touched, age.upto, (unsigned long long)step);
}

/* The rows of sparse tensor p, the k-th: (row + 1, age, m, v) each, ended by a zero. */
static int pass_rows(stream *s, const sts_adamw *a, const sts_param *p, size_t k)
{
    size_t width = sts_param_width(p);
    sts_row_age *age = a->age + k * a->vocab;
    for (uint32_t at = 0, row = 0;; at = row) {
        sts_row_age read = {0};
        row = 0;
        while (s->w && at < p->shape[0] && !age[at].touched) at++;
        if (s->w && at < p->shape[0]) row = at + 1;
        if (pass(s, &row, sizeof row)) return -1;
        if (!row) return 0;
        if (s->w) read = age[row - 1];
        if (pass(s, &read, sizeof read)) return -1;
        if (!s->w && check_row(s, a->step, p, at, row, read)) return -1;
        age[row - 1] = read;
        if (pass_moments(s, a, p, p->offset + (row - 1) * width, width)) return -1;
    }
}

static int pass_tensors(stream *s, const sts_adamw *a)
{
    size_t k = 0;
    for (size_t i = 0; i < a->params->n; i++) {
        const sts_param *p = &a->params->v[i];
        if (p->sparse ? pass_rows(s, a, p, k++) : pass_moments(s, a, p, p->offset, p->count))
            return -1;
    }
    return 0;
}

int sts_optimizer_save(const char *path, const sts_adamw *a, sts_err *err)
{
    stream s = {.w = sts_writer_open(path, err), .path = path, .err = err};
    if (!s.w) return -1;
    header h = header_of(a);
    if (!pass(&s, &h, sizeof h) && !pass_tensors(&s, a)) return sts_writer_commit(s.w, err);
    sts_writer_abort(s.w);
    return -1;
}

/* The weights beside this file are of a->step, whether a row was ever touched or not. */
static void rest_untouched(sts_adamw *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->params->n; i++) n += a->params->v[i].sparse * a->vocab;
    for (size_t i = 0; i < n; i++)
        if (!a->age[i].touched) a->age[i] = (sts_row_age){0, a->step & INT32_MAX, 1};
}

int sts_optimizer_load(const char *path, sts_adamw *a, sts_err *err)
{
    stream s = {.fd = sts_file_open(path, STS_FAILED, err), .path = path, .err = err};
    if (s.fd < 0) return -1;
    header h, want = header_of(a);
    int rc = pass(&s, &h, sizeof h);
    want.step = rc ? 0 : h.step;
    if (!rc && memcmp(&h, &want, sizeof h))
        rc = sts_fail(err, STS_MODEL, "%s: belongs to another model or version", path);
    a->step = want.step;
    if (!rc) rc = pass_tensors(&s, a);
    char more;
    ssize_t left = rc ? 0 : sts_read_all(s.fd, &more, 1);
    if (left < 0) rc = sts_fail_errno(err, path, "cannot read");
    if (left > 0) rc = sts_fail(err, STS_MODEL, "%s: has bytes after its end", path);
    if (!rc) rest_untouched(a);
    sts_sys.close(s.fd);
    return rc;
}
