/* loss_check.c - the gradient of a loss against finite differences, on small batches of random
 * numbers: a wrong one trains in silence. */
#include "loss/loss_check.h"

#include "core/c_locale.h"
#include "core/mem.h"
#include "core/rng.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 6, DIM = 5, TEACHER_DIM = 3, BATCHES = 3, MAX_COLUMNS = 4 };

#define TOLERANCE 1e-4 /* of a slope, relative to the largest of its batch */

typedef struct probe {
    const sts_loss_spec *spec;
    sts_loss_batch batch;
    double *numbers; /* all that the pointers of batch lead to */
    double *x[MAX_COLUMNS], *grad[MAX_COLUMNS]; /* x: the same as emb */
    const double *emb[MAX_COLUMNS], *teacher[MAX_COLUMNS];
    uint32_t texts[MAX_COLUMNS][ROWS];
    const uint32_t *text[MAX_COLUMNS];
    uint64_t id[ROWS];
} probe;

static void fill_random(double *x, size_t n, sts_rng *rng)
{
    for (size_t i = 0; i < n; i++) x[i] = 2 * sts_rng_uniform(rng) - 1;
}

/* Embeddings, gradients, teachers, scores and weights, one behind the other. */
static int make(probe *p, int columns, bool scored, sts_err *err)
{
    size_t one = ROWS * DIM, teacher = ROWS * TEACHER_DIM, c = (size_t)columns;
    sts_loss_batch *b = &p->batch;
    *b = (sts_loss_batch){
        .n = ROWS, .dim = DIM, .columns = columns, .teacher_dim = TEACHER_DIM};
    size_t fixed = c * (2 * one + teacher) + 2 * ROWS, scratch = sts_loss_scratch(p->spec, *b);
    size_t all;
    if (!sts_add(fixed, scratch, &all) || !(p->numbers = sts_alloc(all, sizeof *p->numbers)))
        return sts_fail_memory(err, "the check of a loss");
    double *at = p->numbers;
    for (size_t k = 0; k < c; k++, at += 2 * one + teacher) {
        p->emb[k] = p->x[k] = at;
        p->grad[k] = at + one;
        p->teacher[k] = at + 2 * one;
        p->text[k] = p->texts[k];
        for (uint32_t i = 0; i < ROWS; i++) p->texts[k][i] = (uint32_t)k * ROWS + i;
    }
    for (uint64_t i = 0; i < ROWS; i++) p->id[i] = i;
    b->emb = p->emb;
    b->grad = p->grad;
    b->teacher = p->teacher;
    b->text = p->text;
    b->id = p->id;
    b->score = scored ? at : NULL;
    b->weight = at + ROWS;
    b->scratch = at + 2 * ROWS;
    return 0;
}

/* Random embeddings; scores of 0 and 1 in the first batch, graded ones after it. */
static void fill(probe *p, int nth)
{
    sts_rng rng = sts_rng_new(20, (uint64_t)nth);
    size_t each = 2 * ROWS * DIM + ROWS * TEACHER_DIM;
    fill_random(p->numbers, each * (size_t)p->batch.columns, &rng);
    double *score = p->numbers + each * (size_t)p->batch.columns;
    for (int i = 0; i < ROWS; i++) {
        score[i] = nth ? sts_rng_uniform(&rng) : i % 2;
        score[ROWS + i] = 0.5 + sts_rng_uniform(&rng);
    }
}

static double run(const probe *p)
{
    return sts_loss_run(p->spec, &p->batch).value;
}

static double slope(const probe *p, double *x, double h)
{
    double was = *x;
    *x = was + h;
    double above = run(p);
    *x = was - h;
    double below = run(p);
    *x = was;
    return (above - below) / (2 * h);
}

static const char *name_of(const probe *p)
{
    return p->spec->part[0].path ? p->spec->part[0].path : p->spec->part[0].loss->name;
}

static int refuse(const probe *p, int column, size_t i, double said, double found, sts_err *err)
{
    char value[64];
    if (isnan(said)) strcpy(value, "not set, or NaN");
    else sts_print(value, sizeof value, "%.6g", said);
    return sts_fail(err, STS_USAGE, "loss '%s': its gradient is wrong: by embedding %d of row %zu, "
                    "component %zu, it is %s where finite differences find %.6g: correct run()",
                    name_of(p), column + 1, i / DIM + 1, i % DIM + 1, value, found);
}

/* A kink may lie within one step, but hardly within one a hundred times smaller too. */
static bool agrees(const probe *p, double *x, double said, double scale, double *found)
{
    for (int k = 0; k < 2; k++) {
        *found = slope(p, x, k ? 1e-7 : 1e-5);
        if (fabs(*found - said) <= TOLERANCE * (1 + 9 * k) * scale) return true;
    }
    return false;
}

static int check_batch(probe *p, int nth, sts_err *err)
{
    enum { MOST = MAX_COLUMNS * ROWS * DIM };
    size_t one = ROWS * DIM, n = one * (size_t)p->batch.columns;
    double said[MOST], scale = 1e-6;
    fill(p, nth);
    for (size_t i = 0; i < n; i++) p->grad[i / one][i % one] = NAN; /* every element must be set */
    double value = run(p);
    if (!isfinite(value))
        return sts_fail(err, STS_USAGE, "loss '%s': its value is %g for finite embeddings",
                        name_of(p), value);
    for (size_t i = 0; i < n; i++) {
        said[i] = p->grad[i / one][i % one];
        scale = fmax(scale, fabs(said[i]));
    }
    for (size_t i = 0; i < n; i++) {
        double found = 0, *x = &p->x[i / one][i % one];
        if (!agrees(p, x, said[i], scale, &found))
            return refuse(p, (int)(i / one), i % one, said[i], found, err);
    }
    return 0;
}

int sts_loss_check_gradient(const sts_loss_spec *spec, int columns, bool scored, sts_err *err)
{
    probe p = {.spec = spec};
    if (columns > MAX_COLUMNS) columns = MAX_COLUMNS;
    int rc = make(&p, columns, scored, err);
    for (int nth = 0; nth < BATCHES && !rc; nth++) rc = check_batch(&p, nth, err);
    sts_free(p.numbers);
    return rc;
}

int sts_loss_check(const char *text, sts_err *err)
{
    static const struct {
        unsigned kind;
        int columns;
        bool scored;
    } rows[] = {{STS_LOSS_PAIRS, 2, false},
                {STS_LOSS_PAIRS | STS_LOSS_SCORED_PAIRS, 2, true},
                {STS_LOSS_TRIPLETS, 3, false},
                {STS_LOSS_TUPLES, 4, false}};
    sts_loss_spec spec;
    if (sts_require(text, "loss", err)) return -1;
    int rc = sts_loss_parse(&spec, text, err), checked = 0;
    if (rc) return rc;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && !rc; i++) {
        if (!sts_loss_takes(&spec, rows[i].kind)) continue;
        rc = sts_loss_check_gradient(&spec, rows[i].columns, rows[i].scored, err);
        checked++;
    }
    sts_loss_close(&spec);
    if (rc || checked) return rc;
    return sts_fail(err, STS_USAGE, "loss '%s': its parts need different kinds of rows", text);
}
