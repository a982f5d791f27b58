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
#define OWN_HEADER "\tbefore_"
#define OWN 2 /* more, of a model whose similarity is not the cosine */

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

static int write_row(sts_writer *w, const char *part, const sts_prediction *r, bool own,
                     sts_err *err)
{
    char a[32], b[32], c[32];
    if (sts_writer_printf(w, err, "%s\t%s\t%s\t%s\t%d\t%d", part, show(r->gold, a),
                          show(r->before, b), show(r->after, c), r->tokens[0], r->tokens[1]))
        return -1;
    if (!own) return sts_writer_printf(w, err, "\n");
    return sts_writer_printf(w, err, "\t%s\t%s\n", show(r->own[0], a), show(r->own[1], b));
}

static int write_part(sts_writer *w, const char *part, const sts_predictions *p, bool own,
                      sts_err *err)
{
    for (size_t i = 0; i < p->n; i++)
        if (write_row(w, part, &p->v[i], own, err)) return -1;
    return 0;
}

static int write_header(sts_writer *w, const char *similarity, sts_err *err)
{
    if (!similarity) return sts_writer_printf(w, err, HEADER "\n");
    return sts_writer_printf(w, err, HEADER "\tbefore_%s\tafter_%s\n", similarity, similarity);
}

int sts_predictions_save(const char *path, const sts_predictions *dev, const sts_predictions *test,
                         const char *similarity, sts_err *err)
{
    sts_writer *w = sts_writer_open(path, err);
    if (!w) return -1;
    if (!write_header(w, similarity, err) && !write_part(w, "dev", dev, similarity, err) &&
        !write_part(w, "test", test, similarity, err))
        return sts_writer_commit(w, err);
    sts_writer_abort(w);
    return -1;
}

/* ---- reading ---- */

typedef struct loading {
    const char *path;
    sts_predictions *dev, *test;
    int fields; /* of a row, by the header */
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

static int split(char *line, char *field[FIELDS + OWN])
{
    int n = 0;
    for (char *p = line; n < FIELDS + OWN; n++) {
        char *tab = strchr(p, '\t');
        field[n] = p;
        if (!tab) return n + 1;
        *tab = 0;
        p = tab + 1;
    }
    return FIELDS + OWN + 1; /* more than there should be */
}

static int on_line(void *ctx, char *line, size_t n, size_t at, sts_err *err)
{
    loading *l = ctx;
    char *field[FIELDS + OWN] = {0};
    sts_prediction row = {.own = {NAN, NAN}};
    (void)n;
    if (at == 1) {
        bool own = !strncmp(line, HEADER OWN_HEADER, strlen(HEADER OWN_HEADER));
        l->fields = FIELDS + (own ? OWN : 0);
        if (own || !strcmp(line, HEADER)) return 0;
        return sts_fail(err, STS_DATA, "%s:1: is not a file of predictions of stsfit", l->path);
    }
    bool ok = split(line, field) == l->fields && number(field[1], &row.gold) &&
              number(field[2], &row.before) && number(field[3], &row.after) &&
              count(field[4], &row.tokens[0]) && count(field[5], &row.tokens[1]);
    for (int i = 0; ok && FIELDS + i < l->fields; i++) ok = number(field[FIELDS + i], &row.own[i]);
    bool dev = ok && !strcmp(field[0], "dev");
    if (ok && (dev || !strcmp(field[0], "test")))
        return sts_predictions_add(dev ? l->dev : l->test, &row, err);
    return sts_fail(err, STS_DATA, "%s:%zu: is not a row of predictions", l->path, at);
}

int sts_predictions_load(const char *path, sts_predictions *dev, sts_predictions *test,
                         sts_err *err)
{
    loading l = {path, dev, test, FIELDS};
    if (!sts_file_exists(path) || !sts_run_lines(path, on_line, &l, err)) return 0;
    sts_predictions_free(dev);
    sts_predictions_free(test);
    return -1;
}
