/* average.c - which weights are in a mean, and its file. */
#include "train/average.h"

#include "core/file.h"
#include "core/sys.h"

#include <math.h>
#include <string.h>

/* ---- what is asked for ---- */

static int parse_count(sts_average *a, const char *text, double x, sts_err *err)
{
    if (!(x >= 2 && x <= STS_AVERAGE_LIMIT) || floor(x) != x)
        return sts_fail(err, STS_USAGE, "--average %s: must be of 2 to %d evaluations", text,
                        STS_AVERAGE_LIMIT);
    a->limit = (size_t)x;
    return 0;
}

static int parse_decay(sts_average *a, const char *text, double x, sts_err *err)
{
    if (!(x > 0 && x < 1))
        return sts_fail(err, STS_USAGE, "--average %s: the decay must be above 0 and below 1",
                        text);
    a->decay = x;
    return 0;
}

int sts_average_parse(sts_average *a, const char *text, sts_err *err)
{
    static const char *const kinds[] = {NULL, "last:", "best:", "ema:"};
    double x;
    *a = (sts_average){0};
    if (!text || !strcmp(text, "none")) return 0;
    for (int k = STS_AVERAGE_LAST; k <= STS_AVERAGE_EMA; k++) {
        size_t n = strlen(kinds[k]);
        const char *number = text + n;
        if (strncmp(text, kinds[k], n)) continue;
        if (!sts_number_parse(number, strlen(number), &x)) break;
        a->kind = (sts_average_kind)k;
        return (k == STS_AVERAGE_EMA ? parse_decay : parse_count)(a, text, x, err);
    }
    return sts_fail(err, STS_USAGE, "--average: '%s' must be last:K, best:K or ema:D, such as "
                    "last:3 or ema:0.999", text);
}

/* ---- which weights ---- */

/* The point that goes when there are too many: the first, or the worst one (its first). */
static size_t find_leaving(const sts_average *a, const sts_metric_row *m)
{
    size_t worst = 0;
    for (size_t i = 1; i < a->n && a->kind == STS_AVERAGE_BEST; i++)
        if (sts_metric_better(m, a->point[worst].value, a->point[i].value)) worst = i;
    return worst;
}

bool sts_average_admit(sts_average *a, const sts_metric_row *m, sts_average_point p)
{
    bool best = a->kind == STS_AVERAGE_BEST;
    if (a->kind == STS_AVERAGE_NONE || a->kind == STS_AVERAGE_EMA) return false;
    if (best && isnan(p.value)) return false;
    if (a->n == a->limit) {
        size_t out = find_leaving(a, m);
        if (best && !sts_metric_better(m, p.value, a->point[out].value)) return false;
        memmove(a->point + out, a->point + out + 1, (--a->n - out) * sizeof *a->point);
    }
    a->point[a->n++] = p;
    return true;
}

sts_json *sts_average_json(const sts_average *a)
{
    sts_json *list = sts_json_new_array();
    for (size_t i = 0; i < a->n; i++) {
        sts_json *p = sts_json_new_object();
        sts_json_add_number(p, "step", (double)a->point[i].step);
        if (isfinite(a->point[i].value)) sts_json_add_exact(p, "value", a->point[i].value);
        sts_json_append(list, p);
    }
    return list;
}

int sts_average_restore(sts_average *a, const sts_json *points, uint64_t step, const char *name,
                        sts_err *err)
{
    a->n = 0;
    for (const sts_json *p = points ? points->child : NULL; p; p = p->next) {
        sts_json_in in = {p, name, STS_MODEL, err};
        int64_t at = 0, after = a->n ? (int64_t)a->point[a->n - 1].step : 0;
        double value = NAN;
        if (sts_json_int(&in, "step", after + 1, (int64_t)step, &at) ||
            sts_json_num(&in, "value", -1e300, 1e300, &value))
            return -1;
        if (!at || a->n == a->limit)
            return sts_fail(err, STS_MODEL, "%s: \"average\" must have %zu steps at most", name,
                            a->limit);
        a->point[a->n++] = (sts_average_point){(uint64_t)at, value};
    }
    return 0;
}

/* ---- the file ---- */

typedef struct header {
    char magic[8];
    uint64_t floats;
} header;

static header header_of(const sts_params *p)
{
    header h = {.floats = p->count};
    memcpy(h.magic, "STSMEAN1", sizeof h.magic);
    return h;
}

int sts_average_save(const char *path, const sts_params *p, const float *mean, sts_err *err)
{
    header h = header_of(p);
    sts_writer *w = sts_writer_open(path, err);
    if (!w) return -1;
    if (!sts_writer_write(w, &h, sizeof h, err) &&
        !sts_writer_write(w, mean, p->count * sizeof *mean, err))
        return sts_writer_commit(w, err);
    sts_writer_abort(w);
    return -1;
}

static int check_finite(const char *path, const sts_params *p, const float *mean, sts_err *err)
{
    for (size_t i = 0; i < p->count; i++)
        if (!isfinite(mean[i]))
            return sts_fail(err, STS_MODEL, "%s: number %zu is not finite", path, i);
    return 0;
}

int sts_average_load(const char *path, const sts_params *p, float *mean, sts_err *err)
{
    header h, want = header_of(p);
    char more;
    int fd = sts_file_open(path, STS_FAILED, err);
    if (fd < 0) return -1;
    size_t n = p->count * sizeof *mean;
    ssize_t got = sts_read_all(fd, &h, sizeof h);
    bool fits = got == (ssize_t)sizeof h && !memcmp(&h, &want, sizeof h);
    if (fits) got = sts_read_all(fd, mean, n);
    bool whole = fits && got == (ssize_t)n && !sts_read_all(fd, &more, 1);
    int rc = 0;
    if (got < 0) rc = sts_fail_errno(err, path, "cannot read");
    else if (!fits) rc = sts_fail(err, STS_MODEL, "%s: belongs to another model or version", path);
    else if (!whole) rc = sts_fail(err, STS_MODEL, "%s: has another length than was written", path);
    sts_sys.close(fd);
    return rc ? rc : check_finite(path, p, mean, err);
}
