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
#define CLASS_HEADER "\tpositive" /* one more, of two classes */
#define OWN_HEADER "\tbefore_"    /* two more, of a model whose similarity is not the cosine */
#define MOST (FIELDS + 3)

/* The columns of a file besides those that all have. */
typedef struct shape {
    bool classes, own;
} shape;

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

static const char *const CLASS[] = {
    [STS_UNCLASSED] = "", [STS_NEGATIVE] = "0", [STS_POSITIVE] = "1"};
#define CLASSES (sizeof CLASS / sizeof *CLASS)

static int write_row(sts_writer *w, const char *part, const sts_prediction *r, shape s,
                     sts_err *err)
{
    char a[32], b[32], c[32];
    if (sts_writer_printf(w, err, "%s\t%s\t%s\t%s\t%d\t%d", part, show(r->gold, a),
                          show(r->before, b), show(r->after, c), r->tokens[0], r->tokens[1]))
        return -1;
    if (s.classes && sts_writer_printf(w, err, "\t%s", CLASS[r->kind])) return -1;
    if (s.own && sts_writer_printf(w, err, "\t%s\t%s", show(r->own[0], a), show(r->own[1], b)))
        return -1;
    return sts_writer_printf(w, err, "\n");
}

static int write_part(sts_writer *w, const char *part, const sts_predictions *p, shape s,
                      sts_err *err)
{
    for (size_t i = 0; i < p->n; i++)
        if (write_row(w, part, &p->v[i], s, err)) return -1;
    return 0;
}

static int write_header(sts_writer *w, shape s, const char *similarity, sts_err *err)
{
    if (sts_writer_printf(w, err, HEADER "%s", s.classes ? CLASS_HEADER : "")) return -1;
    if (s.own && sts_writer_printf(w, err, "\tbefore_%s\tafter_%s", similarity, similarity))
        return -1;
    return sts_writer_printf(w, err, "\n");
}

static bool has_classes(const sts_predictions *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->v[i].kind) return true;
    return false;
}

int sts_predictions_save(const char *path, const sts_predictions *dev, const sts_predictions *test,
                         const char *similarity, sts_err *err)
{
    const shape s = {has_classes(dev) || has_classes(test), similarity != NULL};
    sts_writer *w = sts_writer_open(path, err);
    if (!w) return -1;
    if (!write_header(w, s, similarity, err) && !write_part(w, "dev", dev, s, err) &&
        !write_part(w, "test", test, s, err))
        return sts_writer_commit(w, err);
    sts_writer_abort(w);
    return -1;
}

/* ---- reading ---- */

typedef struct loading {
    const char *path;
    sts_predictions *dev, *test;
    shape shape; /* by the header */
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

static bool class_of(const char *s, sts_prediction *row)
{
    size_t k = 0;
    while (k < CLASSES && strcmp(s, CLASS[k]) != 0) k++;
    row->kind = k < CLASSES ? (sts_class)k : STS_UNCLASSED;
    return k < CLASSES;
}

/* The number of fields; those that are missing are empty. */
static int split(char *line, const char *field[MOST])
{
    int n = 0;
    for (int i = 0; i < MOST; i++) field[i] = "";
    for (char *p = line; n < MOST; n++) {
        char *tab = strchr(p, '\t');
        field[n] = p;
        if (!tab) return n + 1;
        *tab = 0;
        p = tab + 1;
    }
    return MOST + 1; /* more than there should be */
}

/* Whether `line` begins with `head`, which it then leaves behind. */
static bool skip(const char **line, const char *head)
{
    size_t n = strlen(head);
    bool there = !strncmp(*line, head, n);
    if (there) *line += n;
    return there;
}

static bool read_header(const char *line, shape *s)
{
    if (!skip(&line, HEADER)) return false;
    s->classes = skip(&line, CLASS_HEADER);
    s->own = skip(&line, OWN_HEADER);
    return s->own || !*line;
}

static bool read_row(char *line, shape s, sts_prediction *row, const char **part)
{
    const char *field[MOST], **more = field + FIELDS;
    *part = line;
    return split(line, field) == FIELDS + s.classes + 2 * s.own && number(field[1], &row->gold) &&
           number(field[2], &row->before) && number(field[3], &row->after) &&
           count(field[4], &row->tokens[0]) && count(field[5], &row->tokens[1]) &&
           (!s.classes || class_of(more[0], row)) &&
           (!s.own || (number(more[s.classes], &row->own[0]) &&
                       number(more[s.classes + 1], &row->own[1])));
}

static int on_line(void *ctx, char *line, size_t n, size_t at, sts_err *err)
{
    loading *l = ctx;
    sts_prediction row = {.own = {NAN, NAN}};
    const char *part;
    (void)n;
    if (at == 1) {
        if (read_header(line, &l->shape)) return 0;
        return sts_fail(err, STS_DATA, "%s:1: is not a file of predictions of stsfit", l->path);
    }
    bool ok = read_row(line, l->shape, &row, &part), dev = ok && !strcmp(part, "dev");
    if (ok && (dev || !strcmp(part, "test")))
        return sts_predictions_add(dev ? l->dev : l->test, &row, err);
    return sts_fail(err, STS_DATA, "%s:%zu: is not a row of predictions", l->path, at);
}

int sts_predictions_load(const char *path, sts_predictions *dev, sts_predictions *test,
                         sts_err *err)
{
    loading l = {.path = path, .dev = dev, .test = test};
    if (!sts_file_exists(path) || !sts_run_lines(path, on_line, &l, err)) return 0;
    sts_predictions_free(dev);
    sts_predictions_free(test);
    return -1;
}
