/* test_classes.c - metrics of two classes and of partners, against what sentence-transformers'
 * evaluators make of the same vectors (tests/golden/classes.json), and what they do where there is
 * nothing to find. */
#include "core/json.h"
#include "core/mem.h"
#include "eval/evaluate.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

typedef struct rows { /* as a model would give them */
    size_t n, dim;
    float *emb;
    double *score;
    bool *positive;
    sts_str *text;
} rows;

static void copy_column(rows *r, const sts_json *matrix, size_t column)
{
    size_t i = 0;
    for (const sts_json *row = matrix->child; row; row = row->next, i++) {
        size_t k = 0;
        for (const sts_json *x = row->child; x; x = x->next, k++)
            r->emb[(2 * i + column) * r->dim + k] = (float)x->number;
    }
}

static rows rows_of(const sts_json *c)
{
    const sts_json *u = sts_json_get(c, "u"), *positive = sts_json_get(c, "positive");
    const sts_json *texts = sts_json_get(c, "texts");
    rows r = {.n = (size_t)sts_json_size(u), .dim = (size_t)sts_json_size(u->child)};
    r.emb = sts_alloc(2 * r.n * r.dim, sizeof *r.emb);
    r.text = sts_alloc(2 * r.n, sizeof *r.text);
    copy_column(&r, u, 0);
    copy_column(&r, sts_json_get(c, "v"), 1);
    if (positive) r.score = sts_alloc(r.n, sizeof *r.score);
    if (positive) r.positive = sts_alloc(r.n, sizeof *r.positive);
    for (size_t i = 0; i < r.n && positive; i++)
        r.score[i] = r.positive[i] = sts_json_item(positive, (int)i)->number > 0;
    for (size_t i = 0; i < 2 * r.n && texts; i++) {
        const char *s = sts_json_item(sts_json_item(texts, (int)(i % 2)), (int)(i / 2))->text;
        r.text[i] = (sts_str){s, strlen(s)};
    }
    return r;
}

static void rows_free(rows *r)
{
    sts_free(r->emb);
    sts_free(r->score);
    sts_free(r->positive);
    sts_free(r->text);
}

static sts_evaluation evaluate(const rows *r, bool interval)
{
    sts_evaluation e;
    sts_err err = {0};
    sts_tokens tokens = {0};
    sts_model m = {.dim = (int)r->dim};
    sts_token_rows d = {.tokens = &tokens, .score = r->score, .positive = r->positive,
                        .text = r->text, .n = r->n, .columns = 2};
    cr_assert(!sts_evaluate_vectors(&e, &m, r->emb, &d, interval, &err), "%s", err.text);
    return e;
}

static int agree(const char *name, const sts_evaluation *e, const sts_json *metrics)
{
    int n = 0;
    for (const sts_json *want = metrics->child; want; want = want->next, n++) {
        const sts_metric_row *row = sts_metric_find(want->key);
        cr_assert(row, "%s", want->key);
        sts_metric got = sts_evaluation_value(e, row);
        cr_assert(!got.status, "%s: %s: %s", name, want->key, got.status);
        cr_assert(fabs(got.value - want->number) <= 1e-6 * fmax(1, fabs(want->number)),
                  "%s: %s is %.9g, not %.9g", name, want->key, got.value, want->number);
    }
    return n;
}

Test(classes, agree_with_sentence_transformers)
{
    sts_err err = {0};
    int binary = 0, partners = 0;
    sts_json *golden = sts_json_load("tests/golden/classes.json", STS_DATA, &err);
    cr_assert(golden, "%s", err.text);
    for (const sts_json *c = golden->child; c; c = c->next) {
        rows r = rows_of(c);
        sts_evaluation e = evaluate(&r, false);
        int n = agree(c->key, &e, sts_json_get(c, "metrics"));
        cr_assert_eq(n, r.positive ? 32 : 3, "%s: %d metrics", c->key, n);
        ++*(r.positive ? &binary : &partners);
        sts_evaluation_free(&e);
        rows_free(&r);
    }
    cr_assert(binary >= 6 && partners >= 4);
    sts_json_free(golden);
}

/* ---- made by hand ---- */

enum { N = 40, DIM = 2 };

/* u and v of row i point in directions a[i] and b[i] (turns). */
static rows directions(const double *a, const double *b, const bool *positive, size_t n)
{
    rows r = {.n = n, .dim = DIM};
    r.emb = sts_alloc(2 * n * DIM, sizeof *r.emb);
    r.text = sts_alloc(2 * n, sizeof *r.text);
    r.score = positive ? sts_alloc(n, sizeof *r.score) : NULL;
    r.positive = positive ? sts_alloc(n, sizeof *r.positive) : NULL;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    for (size_t i = 0; i < n; i++) {
        const double turn[] = {a[i], b[i]};
        for (size_t c = 0; c < 2; c++) {
            r.emb[(2 * i + c) * DIM] = (float)cos(2 * M_PI * turn[c]);
            r.emb[(2 * i + c) * DIM + 1] = (float)sin(2 * M_PI * turn[c]);
            r.text[2 * i + c] = (sts_str){letters + i, 1};
        }
        if (positive) r.score[i] = r.positive[i] = positive[i];
    }
    return r;
}

static double value(const sts_evaluation *e, size_t metric)
{
    return e->value[metric].value;
}

Test(classes, without_two_classes)
{
    double a[N], b[N];
    bool one[N] = {false};
    for (size_t i = 0; i < N; i++) {
        a[i] = (double)i / 100;
        b[i] = (double)(i * i) / 5000;
    }
    rows r = directions(a, b, one, N);
    sts_evaluation e = evaluate(&r, true);
    sts_metric ap = e.value[STS_METRIC_cosine_ap];
    cr_assert(isnan(ap.value) && !strcmp(ap.status, "all pairs are of one class"));
    cr_assert(isnan(e.ci95[STS_METRIC_cosine_ap][0]));
    sts_evaluation_free(&e);
    rows_free(&r);
}

Test(classes, collapsed_model_has_no_thresholds)
{
    double a[N], b[N];
    bool half[N];
    for (size_t i = 0; i < N; i++) {
        a[i] = b[i] = 0.2;
        half[i] = i % 2;
    }
    rows r = directions(a, b, half, N);
    sts_evaluation e = evaluate(&r, true);
    cr_assert(e.collapsed && isnan(value(&e, STS_METRIC_cosine_f1)));
    cr_assert(e.value[STS_METRIC_cosine_f1].status != NULL);
    sts_evaluation_free(&e);
    rows_free(&r);
}

Test(classes, interval_holds_the_value)
{
    double a[N], b[N];
    bool half[N];
    for (size_t i = 0; i < N; i++) {
        half[i] = i % 2;
        a[i] = 0;
        b[i] = 0.001 * (double)(i * 7 % N) + (half[i] ? 0 : 0.008);
    }
    rows r = directions(a, b, half, N);
    sts_evaluation e = evaluate(&r, true);
    const double *ci = e.ci95[STS_METRIC_cosine_ap];
    double ap = value(&e, STS_METRIC_cosine_ap);
    cr_assert(ci[0] < ap && ap < ci[1] && ci[1] <= 1, "%g in %g .. %g", ap, ci[0], ci[1]);
    sts_evaluation_free(&e);
    rows_free(&r);
}

/* A partner that comes second has rank 2. */
/* The points of a curve are figures of thresholds; the last one is where all are found. */
Test(classes, curve)
{
    enum { PAIRS = 3000, ROOM = 40 };
    static double x[PAIRS], recall[ROOM], precision[ROOM];
    static bool positive[PAIRS];
    size_t n, at;
    for (int i = 0; i < PAIRS; i++) {
        positive[i] = i * 37 % 11 < 4;
        x[i] = (i * 7919 % 1009 + 300 * positive[i]) / 64.0; /* with ties */
    }
    cr_assert(!sts_classes_curve(x, positive, PAIRS, recall, precision, ROOM, &n));
    cr_assert(n > ROOM / 2 && n <= ROOM && recall[n - 1] == 1, "%zu points", n);
    for (size_t k = 0; k < n; k++) {
        cr_assert(!k || recall[k] > recall[k - 1]);
        for (at = 0; at < PAIRS; at++) {
            sts_confusion c = sts_confusion_at(x, positive, PAIRS, x[at]);
            if (sts_confusion_recall(&c) == recall[k] &&
                sts_confusion_precision(&c) == precision[k]) break;
        }
        cr_assert(at < PAIRS, "point %zu is of no threshold", k);
    }
    memset(positive, 1, sizeof positive);
    cr_assert(!sts_classes_curve(x, positive, PAIRS, recall, precision, ROOM, &n) && !n);
}

Test(partners, ranks)
{
    const double a[] = {0, 0.1, 0.2, 0.3}, b[] = {0, 0.1, 0.31, 0.32};
    rows r = directions(a, b, NULL, 4); /* the third is nearer to 0.1 than to 0.31 */
    sts_evaluation e = evaluate(&r, false);
    cr_assert_eq(value(&e, STS_METRIC_src2trg_accuracy), 0.5); /* 0.3 is nearest to 0.31 */
    cr_assert_eq(value(&e, STS_METRIC_trg2src_accuracy), 0.75);
    cr_assert_eq(value(&e, STS_METRIC_mean_accuracy), 0.625);
    cr_assert(fabs(value(&e, STS_METRIC_mrr) - (3 + 3.5) / 8) < 1e-12, "%g",
              value(&e, STS_METRIC_mrr));
    const double hit[] = {1, 1, 0, 0.5};
    cr_assert(!memcmp(e.hit, hit, sizeof hit));
    sts_evaluation_free(&e);
    rows_free(&r);
}

Test(partners, collapse_is_seen_and_equal_pairs_are_none)
{
    double a[N], same[N] = {0};
    for (size_t i = 0; i < N; i++) a[i] = 0.02 * (double)i;
    rows equal = directions(a, a, NULL, N), flat = directions(same, same, NULL, N);
    sts_evaluation e = evaluate(&equal, true);
    cr_assert(!e.collapsed && value(&e, STS_METRIC_mean_accuracy) == 1);
    cr_assert(e.no_ci95 && isnan(e.ci95[STS_METRIC_mean_accuracy][0]));
    sts_evaluation_free(&e);
    e = evaluate(&flat, false);
    cr_assert(e.collapsed);
    sts_evaluation_free(&e);
    rows_free(&equal);
    rows_free(&flat);
}
