/* run_pairs.c - what the page needs to know of single pairs: predictions before and after, kept in
 * RUN/predictions.tsv without the texts, and histograms for report.json. */
#include "report/run_report.h"

#include "core/file.h"
#include "core/mem.h"
#include "report/predictions.h"

#include <math.h>
#include <string.h>

/* ---- predictions.tsv ---- */

static int length(const sts_part *p, size_t text)
{
    return (int)sts_tokens_length(&p->tokens, text);
}

static sts_class class_of(const sts_corpus *c, size_t i)
{
    if (!c->positive) return STS_UNCLASSED;
    return c->positive[i] ? STS_POSITIVE : STS_NEGATIVE;
}

static double number(const double *x, size_t i)
{
    return x ? x[i] : NAN;
}

static int collect(const sts_part *p, sts_predictions *out, sts_err *err)
{
    const sts_corpus *c = &p->corpus;
    size_t columns = (size_t)c->columns;
    if (!p->before.x && !p->after.x) return 0; /* not evaluated */
    for (size_t i = 0; i < c->n; i++) {
        sts_prediction row = {.gold = c->score ? c->score[i] : NAN,
                              .before = number(p->before.x, i),
                              .after = number(p->after.x, i),
                              .tokens = {length(p, columns * i), length(p, columns * i + 1)},
                              .own = {number(p->before.own, i), number(p->after.own, i)},
                              .kind = class_of(c, i)};
        if (sts_predictions_add(out, &row, err)) return -1;
    }
    return 0;
}

int sts_run_predictions(const sts_run *r, sts_err *err)
{
    sts_predictions dev = {0}, test = {0};
    char *path = sts_path_join(r->dir, STS_PREDICTIONS);
    int rc = path ? collect(&r->dev, &dev, err) : sts_fail_memory(err, r->dir);
    if (!rc) rc = collect(&r->test, &test, err);
    const char *own = r->dev.after.own || r->test.after.own ? r->model->similarity : NULL;
    if (!rc && (dev.n || test.n)) rc = sts_predictions_save(path, &dev, &test, own, err);
    sts_predictions_free(&dev);
    sts_predictions_free(&test);
    sts_free(path);
    return rc;
}

/* The columns "before" of a run that is resumed, where they still fit the data. */
static int restore(sts_part *part, const sts_predictions *p, sts_err *err)
{
    if (!p->n || p->n != part->corpus.n) return 0;
    bool own = isfinite(p->v[0].own[0]);
    sts_part_eval *e = &part->before;
    e->x = sts_alloc(p->n, sizeof *e->x);
    if (own) e->own = sts_alloc(p->n, sizeof *e->own);
    if (!e->x || (own && !e->own)) return sts_fail_memory(err, "the predictions");
    for (size_t i = 0; i < p->n; i++) {
        e->x[i] = p->v[i].before;
        if (own) e->own[i] = p->v[i].own[0];
    }
    return 0;
}

int sts_run_predictions_restore(sts_run *r, sts_err *err)
{
    sts_predictions dev = {0}, test = {0};
    sts_err why = {0};
    char *path = sts_path_join(r->dir, STS_PREDICTIONS);
    int rc = path ? 0 : sts_fail_memory(err, r->dir);
    if (rc || !sts_predictions_load(path, &dev, &test, &why)) {
        if (!rc) rc = restore(&r->dev, &dev, err) || restore(&r->test, &test, err) ? -1 : 0;
    } else if (why.code == STS_FAILED) { /* not read; a malformed one is only passed over */
        if (err) *err = why;
        rc = -1;
    }
    sts_predictions_free(&dev);
    sts_predictions_free(&test);
    sts_free(path);
    return rc;
}

/* ---- histograms ---- */

#define SCORE_BINS 20
#define LENGTH_BINS 40

static void add_counts(sts_json *object, const char *key, double from, double width,
                       const double *count, int n)
{
    sts_json *h = sts_json_add_object(object, key);
    sts_json_add_number(h, "from", from);
    sts_json_add_number(h, "width", width);
    sts_json_put(h, "counts", sts_json_new_numbers(count, n));
}

static void add_scores(sts_json *object, const sts_corpus *c)
{
    double count[SCORE_BINS] = {0};
    for (size_t i = 0; i < c->n; i++) {
        int bin = (int)(c->score[i] * SCORE_BINS);
        count[bin < 0 ? 0 : bin < SCORE_BINS ? bin : SCORE_BINS - 1]++;
    }
    add_counts(object, "scores", 0, 1.0 / SCORE_BINS, count, SCORE_BINS);
}

/* Tokens a text, in at most LENGTH_BINS bins of equal width. */
static void add_lengths(sts_json *object, const sts_part *p)
{
    double count[LENGTH_BINS] = {0};
    int longest = 0;
    for (size_t t = 0; t < p->tokens.n; t++)
        if (length(p, t) > longest) longest = length(p, t);
    int width = longest / LENGTH_BINS + 1;
    for (size_t t = 0; t < p->tokens.n; t++) count[length(p, t) / width]++;
    add_counts(object, "tokens", 0, width, count, longest / width + 1);
}

void sts_run_histograms(sts_json *object, const sts_part *p)
{
    if (!p->corpus.n || !p->tokens.n) return;
    if (p->corpus.score) add_scores(object, &p->corpus);
    add_lengths(object, p);
}
