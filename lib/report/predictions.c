/* predictions.c - writing and strict reading of predictions.tsv. */
#include "report/predictions.h"

#include "core/decimal.h"
#include "core/mem.h"
#include "core/lines.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HEADER "part\tgold\tbefore\tafter\ttokens1\ttokens2"
#define FIELDS 6

int sts_predictions_add(sts_predictions *p, const sts_prediction *row, sts_err *err)
{
    if (sts_grow(&p->v, p->n, &p->cap, sizeof *p->v)) return sts_fail_memory(err, "predictions");
    p->v[p->n++] = *row;
    return 0;
}

void sts_predictions_free(sts_predictions *p)
{
    sts_free(p->v);
    *p = (sts_predictions){0};
}

/* ---- writing ---- */

static const char *show(double x, char out[32])
{
    if (!isfinite(x)) *out = 0;
    else sts_decimal_format(x, out);
    return out;
}

static int write_part(sts_writer *w, const char *part, const sts_predictions *p, sts_err *err)
{
    for (size_t i = 0; i < p->n; i++) {
        char gold[32], before[32], after[32];
        const sts_prediction *r = &p->v[i];
        if (sts_writer_printf(w, err, "%s\t%s\t%s\t%s\t%d\t%d\n", part, show(r->gold, gold),
                              show(r->before, before), show(r->after, after), r->tokens[0],
                              r->tokens[1]))
            return -1;
    }
    return 0;
}

int sts_predictions_save(const char *path, const sts_predictions *dev, const sts_predictions *test,
                         sts_err *err)
{
    sts_writer *w = sts_writer_open(path, err);
    if (!w) return -1;
    if (!sts_writer_printf(w, err, HEADER "\n") && !write_part(w, "dev", dev, err) &&
        !write_part(w, "test", test, err))
        return sts_writer_commit(w, err);
    sts_writer_abort(w);
    return -1;
}

/* ---- reading ---- */

typedef struct loading {
    const char *path;
    sts_predictions *dev, *test;
} loading;

/* An empty field is NAN. */
static bool number(const char *s, double *x)
{
    *x = NAN;
    return !*s || sts_number_parse(s, strlen(s), x);
}

static bool count(const char *s, int *n)
{
    double x;
    if (!sts_number_parse(s, strlen(s), &x) || !(x >= 0 && x <= 1e9)) return false;
    *n = (int)x;
    return true;
}

static int split(char *line, char *field[FIELDS])
{
    int n = 0;
    for (char *p = line; n < FIELDS; n++) {
        char *tab = strchr(p, '\t');
        field[n] = p;
        if (!tab) return n + 1;
        *tab = 0;
        p = tab + 1;
    }
    return FIELDS + 1; /* more than there should be */
}

static int on_line(void *ctx, char *line, size_t n, size_t at, sts_err *err)
{
    const loading *l = ctx;
    char *field[FIELDS];
    sts_prediction row;
    (void)n;
    if (at == 1) {
        if (!strcmp(line, HEADER)) return 0;
        return sts_fail(err, STS_DATA, "%s:1: is not a file of predictions of stsfit", l->path);
    }
    bool ok = split(line, field) == FIELDS && number(field[1], &row.gold) &&
              number(field[2], &row.before) && number(field[3], &row.after) &&
              count(field[4], &row.tokens[0]) && count(field[5], &row.tokens[1]);
    bool dev = ok && !strcmp(field[0], "dev");
    if (ok && (dev || !strcmp(field[0], "test")))
        return sts_predictions_add(dev ? l->dev : l->test, &row, err);
    return sts_fail(err, STS_DATA, "%s:%zu: is not a row of predictions", l->path, at);
}

int sts_predictions_load(const char *path, sts_predictions *dev, sts_predictions *test,
                         sts_err *err)
{
    loading l = {path, dev, test};
    if (!sts_file_exists(path) || !sts_run_lines(path, on_line, &l, err)) return 0;
    sts_predictions_free(dev);
    sts_predictions_free(test);
    return -1;
}
