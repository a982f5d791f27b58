/* test_loss.c - walks the registry: whatever is listed there is described, differentiable where it
 * says so, and finite on what is degenerate. */
#include "loss_batch.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

/* Calls visit for a choice with each kind of batch that it takes. */
typedef void visitor(const sts_loss_spec *spec, batch_kind kind, const char *name);

static void visit_kinds(const sts_loss_spec *spec, visitor *visit)
{
    for (batch_kind kind = 0; kind < KINDS; kind++) {
        char losses[128], name[160];
        sts_loss_names(spec, losses, sizeof losses);
        snprintf(name, sizeof name, "%s on %s", losses, batch_name[kind]);
        if (sts_loss_takes(spec, batch_needs[kind])) visit(spec, kind, name);
    }
}

/* Options that make another loss of one. */
static const char *const variants[] = {"mnrl:symmetric=1", "mnrl:gte=1", "mnrl:gte=1,scale=5",
                                       "mnrl:symmetric=1+cosent", "embed-distill:distance=mse",
                                       "embed-distill:distance=l2",
                                       "gist:margin=0.2,margin_strategy=relative"};

/* Each loss by itself, with options of its own, in a sum with the one before it, and both at
 * several dimensions. */
static void walk(visitor *visit)
{
    size_t n;
    const sts_loss *const *all = sts_loss_all(&n);
    cr_assert(n >= 14, "%zu losses", n);
    for (size_t i = 0; i < n; i++) {
        sts_loss_spec spec = spec_of(all[i]);
        visit_kinds(&spec, visit);
        spec.part[0].weight = 0.75;
        spec.part[spec.n_parts++] = spec_of(all[(i + n - 1) % n]).part[0];
        visit_kinds(&spec, visit);
        cr_assert(!sts_loss_set_dims(&spec, "2:0.5,3", NULL));
        visit_kinds(&spec, visit);
        spec.n_parts = 1;
        visit_kinds(&spec, visit);
    }
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        sts_loss_spec spec;
        cr_assert(!sts_loss_parse(&spec, variants[i], NULL), "%s", variants[i]);
        visit_kinds(&spec, visit);
        sts_loss_close(&spec);
    }
}

static void described(const sts_loss *loss)
{
    const char *name = loss->name;
    cr_assert(loss->abi == STS_LOSS_ABI && loss->size == (int)sizeof *loss, "%s: abi", name);
    cr_assert(*loss->help && strlen(loss->help) <= 68, "%s: help", name);
    cr_assert(*loss->formula && strlen(loss->formula) < 200, "%s: formula", name);
    cr_assert(loss->aliases && loss->source && loss->caution, "%s: texts", name);
    cr_assert(!strpbrk(loss->help, "\n\t|") && !strpbrk(loss->formula, "\n\t"), "%s: lines", name);
    cr_assert(strspn(loss->name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(loss->name),
              "%s: name", name);
    cr_assert(sts_loss_find(loss->name) == loss, "%s: found by name", name);
    for (int i = 0; i < loss->n_options; i++) {
        const sts_loss_option *o = &loss->options[i];
        cr_assert(*o->name && *o->help, "%s: option %d", name, i);
        cr_assert(o->min <= o->value && o->value <= o->max, "%s: %s", name, o->name);
        for (int j = 0; j < i; j++)
            cr_assert_str_neq(o->name, loss->options[j].name, "%s: %s twice", name, o->name);
    }
}

Test(loss, all_are_described)
{
    size_t n;
    const sts_loss *const *all = sts_loss_all(&n);
    for (size_t i = 0; i < n; i++) described(all[i]);
}

/* ---- gradients ---- */

static double central(const sts_loss_spec *spec, test_batch *t, double *x, double h)
{
    double at = *x;
    *x = at + h;
    double above = batch_run(spec, t);
    *x = at - h;
    double below = batch_run(spec, t);
    *x = at;
    return (above - below) / (2 * h);
}

/* Compares every gradient with extrapolated central differences. 1 when they agree, 0 when the
 * differences themselves say that a kink is near. Signed: a wrong sign is a fault. */
static int smooth_and_right(const sts_loss_spec *spec, test_batch *t, const char *name)
{
    const double h = 1e-4;
    size_t count = (size_t)t->b.n * (size_t)t->b.dim;
    double *grad = malloc(MAX_COLUMNS * count * sizeof *grad);
    double *want = malloc(MAX_COLUMNS * count * sizeof *want);
    double scale = 0;
    bool smooth = true;
    batch_run(spec, t);
    for (int c = 0; c < t->b.columns; c++)
        memcpy(grad + (size_t)c * count, t->b.grad[c], count * sizeof *grad);
    for (size_t i = 0; i < (size_t)t->b.columns * count; i++) {
        double *x = &t->emb[i / count][i % count];
        double coarse = central(spec, t, x, h), fine = central(spec, t, x, h / 2);
        want[i] = (4 * fine - coarse) / 3;
        scale = fmax(scale, fabs(want[i]));
        smooth = smooth && fabs(coarse - fine) <= 1e-3 * fabs(fine) + 1e-5;
    }
    for (size_t i = 0; smooth && i < (size_t)t->b.columns * count; i++)
        cr_assert(fabs(grad[i] - want[i]) <= 1e-6 * scale + 1e-10,
                  "%s, n %d, dim %d: gradient %zu is %.12g, finite differences say %.12g", name,
                  t->b.n, t->b.dim, i, grad[i], want[i]);
    free(grad);
    free(want);
    return smooth;
}

static void gradients(const sts_loss_spec *spec, batch_kind kind, const char *name)
{
    static const int size[][2] = {{1, 4}, {2, 3}, {5, 4}, {7, 5}};
    for (size_t s = 0; s < sizeof size / sizeof *size; s++) {
        int smooth = 0;
        for (uint64_t seed = 0; seed < 40 && smooth < 8; seed++) {
            test_batch t = batch_new(kind, size[s][0], size[s][1], 1000 * s + seed);
            smooth += smooth_and_right(spec, &t, name);
            batch_free(&t);
        }
        cr_assert(smooth == 8, "%s, n %d: only %d of 40 batches were smooth", name, size[s][0],
                  smooth);
    }
}

Test(loss, gradients_are_finite_differences)
{
    walk(gradients);
}

/* Bigger than 5 rows of 4: a loss whose gradient were zero would pass the test above. */
static void not_idle(const sts_loss_spec *spec, batch_kind kind, const char *name)
{
    double largest[MAX_COLUMNS] = {0};
    for (uint64_t seed = 4; seed < 8; seed++) { /* a teacher may rule out a column of one batch */
        test_batch t = batch_new(kind, 12, 6, seed);
        cr_assert(batch_run(spec, &t) != 0, "%s: loss 0", name);
        for (int c = 0; c < t.b.columns; c++)
            for (int i = 0; i < 12 * 6; i++) largest[c] = fmax(largest[c], fabs(t.b.grad[c][i]));
        batch_free(&t);
    }
    for (int c = 0; c < batch_columns[kind]; c++)
        cr_assert(largest[c] > 1e-6, "%s: column %d idle", name, c);
}

Test(loss, none_is_idle)
{
    walk(not_idle);
}

/* ---- sums ---- */

/* Value and gradient are those of the parts by themselves, weighted and added. */
static void adds_up(const sts_loss_spec *spec, batch_kind kind, const char *name)
{
    enum { N = 6, DIM = 5 };
    if (spec->n_parts < 2) return;
    test_batch t = batch_new(kind, N, DIM, 21), own = batch_new(kind, N, DIM, 21);
    sts_loss_result whole = batch_result(spec, &t);
    double value = 0, grad[MAX_COLUMNS][N * DIM] = {{0}};
    for (int k = 0; k < spec->n_parts; k++) {
        sts_loss_spec part = *spec;
        part.n_parts = 1;
        part.part[0] = spec->part[k];
        double weight = part.part[0].weight;
        part.part[0].weight = 1;
        double x = batch_run(&part, &own);
        cr_assert(whole.part[k] == x, "%s: part %d is %.17g, not %.17g", name, k, whole.part[k], x);
        value += weight * x;
        for (int c = 0; c < t.b.columns; c++)
            for (int i = 0; i < N * DIM; i++) grad[c][i] += weight * own.grad[c][i];
    }
    cr_assert(fabs(whole.value - value) <= 1e-12, "%s: %.17g, not %.17g", name, whole.value, value);
    for (int c = 0; c < t.b.columns; c++)
        for (int i = 0; i < N * DIM; i++)
            cr_assert(fabs(t.grad[c][i] - grad[c][i]) <= 1e-12, "%s: gradient %d", name, i);
    batch_free(&t);
    batch_free(&own);
}

Test(loss, sums_are_their_weighted_parts)
{
    walk(adds_up);
}

/* ---- invariances ---- */

static void reversed(const test_batch *from, test_batch *to)
{
    size_t row = (size_t)from->b.dim;
    memcpy(to->projection, from->projection, (row + 1) * (row + 1) * sizeof(double));
    for (int i = 0; i < from->b.n; i++) {
        int j = from->b.n - 1 - i;
        for (int c = 0; c < from->b.columns; c++) {
            memcpy(to->emb[c] + (size_t)j * row, from->emb[c] + (size_t)i * row,
                   row * sizeof(double));
            memcpy(to->taught[c] + (size_t)j * (row + 1), from->taught[c] + (size_t)i * (row + 1),
                   (row + 1) * sizeof(double));
        }
        to->score[j] = from->score[i];
    }
}

static void permuted(const sts_loss_spec *spec, batch_kind kind, const char *name)
{
    enum { N = 6, DIM = 5 };
    test_batch a = batch_new(kind, N, DIM, 7), z = batch_new(kind, N, DIM, 8);
    reversed(&a, &z);
    double la = batch_run(spec, &a), lz = batch_run(spec, &z);
    cr_assert(fabs(la - lz) <= 1e-12 * (1 + fabs(la)), "%s: %.17g, reversed %.17g", name, la, lz);
    for (int c = 0; c < a.b.columns; c++)
        for (int i = 0; i < N; i++)
            for (int k = 0; k < DIM; k++) {
                double x = a.b.grad[c][i * DIM + k], y = z.b.grad[c][(N - 1 - i) * DIM + k];
                cr_assert(fabs(x - y) <= 1e-12 * (1 + fabs(x)), "%s: row %d", name, i);
            }
    batch_free(&a);
    batch_free(&z);
}

Test(loss, order_of_rows_does_not_matter)
{
    walk(permuted);
}

static void pure(const sts_loss_spec *spec, batch_kind kind, const char *name)
{
    test_batch t = batch_new(kind, 5, 4, 3);
    double first = batch_run(spec, &t), kept[20];
    memcpy(kept, t.b.grad[0], sizeof kept);
    cr_assert(batch_run(spec, &t) == first, "%s: second call differs", name);
    cr_assert(!memcmp(kept, t.b.grad[0], sizeof kept), "%s: gradients add up", name);
    batch_free(&t);
}

Test(loss, runs_are_pure)
{
    walk(pure);
}

/* A row of weight 2 counts as two rows. */
static void weighted(const sts_loss_spec *spec, batch_kind kind, const char *name)
{
    enum { N = 5, DIM = 4, DOUBLED = 3 };
    if (!sts_loss_all_have(spec, STS_LOSS_WEIGHTS)) return;
    double weight[N] = {1, 1, 1, 2, 1};
    test_batch once = batch_new(kind, N, DIM, 6), twice = batch_new(kind, N + 1, DIM, 6);
    for (int i = 0; i <= N; i++) {
        int from = i < N ? i : DOUBLED;
        for (int c = 0; c < once.b.columns; c++)
            memcpy(twice.emb[c] + i * DIM, once.emb[c] + from * DIM, DIM * sizeof(double));
        twice.score[i] = once.score[from];
    }
    once.b.weight = weight;
    double a = batch_run(spec, &once), b = batch_run(spec, &twice);
    cr_assert(fabs(a - b) <= 1e-14 * (1 + fabs(a)), "%s: %.17g and %.17g", name, a, b);
    for (int i = 0; i < N * DIM; i++) {
        double both = twice.grad[1][i];
        if (i / DIM == DOUBLED) both += twice.grad[1][i % DIM + N * DIM];
        cr_assert(fabs(once.grad[1][i] - both) <= 1e-14, "%s: %d", name, i);
    }
    batch_free(&once);
    batch_free(&twice);
}

Test(loss, weights_count_rows)
{
    walk(weighted);
}

/* ---- degenerate batches ---- */

typedef void spoiler(test_batch *t);

static void equal_vectors(test_batch *t)
{
    for (int c = 0; c < t->b.columns; c++)
        for (int i = 0; i < t->b.n * t->b.dim; i++) t->emb[c][i] = 0.25 * (1 + i % t->b.dim);
}

static void equal_columns(test_batch *t)
{
    for (int c = 1; c < t->b.columns; c++)
        memcpy(t->emb[c], t->emb[0], (size_t)(t->b.n * t->b.dim) * sizeof(double));
}

static void zero_vectors(test_batch *t)
{
    for (int c = 0; c < t->b.columns; c++)
        for (int i = 0; i < t->b.n * t->b.dim; i++) t->emb[c][i] = 0;
}

static void one_zero_vector(test_batch *t)
{
    for (int k = 0; k < t->b.dim; k++) t->emb[0][k] = 0;
}

static void tiny_vectors(test_batch *t)
{
    for (int i = 0; i < t->b.n * t->b.dim; i++) t->emb[0][i] *= 1e-30;
}

static void huge_vectors(test_batch *t)
{
    for (int i = 0; i < t->b.n * t->b.dim; i++) t->emb[0][i] *= 1e30;
}

static void equal_scores(test_batch *t)
{
    for (int i = 0; i < t->b.n; i++) t->score[i] = 0.5;
}

static void low_scores(test_batch *t)
{
    for (int i = 0; i < t->b.n; i++) t->score[i] = 0;
}

static const struct {
    const char *name;
    spoiler *spoil;
    double bound; /* on gradients */
} degenerate[] = {
    {"equal vectors", equal_vectors, 100},     {"equal columns", equal_columns, 100},
    {"zero vectors", zero_vectors, 100},       {"one zero vector", one_zero_vector, 100},
    {"tiny vectors", tiny_vectors, 100},       {"huge vectors", huge_vectors, 1e31},
    {"equal scores", equal_scores, 100},       {"low scores", low_scores, 100},
};

static void stays_finite(const sts_loss_spec *spec, batch_kind kind, const char *name)
{
    for (size_t d = 0; d < sizeof degenerate / sizeof *degenerate; d++) {
        for (int n = 1; n <= 4; n += 3) {
            test_batch t = batch_new(kind, n, 5, 11);
            bool sharp = sts_loss_part_named(spec, "gist"); /* cosines times 100, elsewhere 20 */
            double bound = degenerate[d].bound * (sharp ? 5 : 1);
            degenerate[d].spoil(&t);
            double value = batch_run(spec, &t);
            cr_assert(isfinite(value), "%s, %s, n %d: %g", name, degenerate[d].name, n, value);
            for (int c = 0; c < t.b.columns; c++)
                for (int i = 0; i < n * 5; i++)
                    cr_assert(fabs(t.b.grad[c][i]) <= bound, "%s, %s, n %d: %g", name,
                              degenerate[d].name, n, t.b.grad[c][i]);
            batch_free(&t);
        }
    }
}

Test(loss, degenerate_batches_stay_finite)
{
    walk(stays_finite);
}

/* Where a batch has no gradient but has a loss, something is said. */
static void outspoken(const sts_loss_spec *spec, batch_kind kind, const char *name)
{
    for (size_t d = 0; d < sizeof degenerate / sizeof *degenerate; d++) {
        test_batch t = batch_new(kind, 4, 5, 11);
        degenerate[d].spoil(&t);
        double value = batch_run(spec, &t), largest = 0;
        for (int c = 0; c < t.b.columns; c++)
            for (int i = 0; i < 20; i++) largest = fmax(largest, fabs(t.b.grad[c][i]));
        cr_assert(largest > 0 || value == 0 || t.b.warning, "%s: silent on %s", name,
                  degenerate[d].name);
        batch_free(&t);
    }
}

Test(loss, warns_where_nothing_can_be_learned)
{
    walk(outspoken);
}

static const char *warning_of(const char *loss, batch_kind kind, int n, spoiler *spoil)
{
    test_batch t = batch_new(kind, n, 5, 11);
    sts_loss_spec spec;
    cr_assert(sts_loss_parse(&spec, loss, NULL) == 0, "%s", loss);
    if (spoil) spoil(&t);
    batch_run(&spec, &t);
    sts_loss_close(&spec);
    batch_free(&t);
    return t.b.warning;
}

Test(loss, warnings)
{
    cr_assert(warning_of("cosine-similarity", SCORED, 4, zero_vectors), "zero vectors");
    cr_assert(warning_of("cosine-similarity", SCORED, 4, equal_columns), "equal vectors");
    cr_assert(!warning_of("cosine-similarity", SCORED, 4, NULL), "a sound batch");
    cr_assert(warning_of("cosent", SCORED, 4, equal_scores), "equal scores");
    cr_assert(warning_of("angle", SCORED, 1, NULL), "batch of one");
    cr_assert(!warning_of("cosent", TRIPLETS, 1, NULL), "a triplet has an order");
    cr_assert(warning_of("mnrl", SCORED, 4, equal_scores), "none high enough");
    cr_assert(warning_of("mnrl", UNSCORED, 1, NULL), "nothing to rank against");
    cr_assert(!warning_of("mnrl", TRIPLETS, 1, NULL), "a hard negative to rank against");
    cr_assert(warning_of("triplet", SCORED, 4, equal_scores), "no anchor");
    cr_assert(warning_of("triplet", SCORED, 1, NULL), "no other row");
    cr_assert(warning_of("online-contrastive", SCORED, 4, equal_scores), "all ignored");
    cr_assert(!warning_of("online-contrastive:pos=0.5,neg=0.4", SCORED, 4, equal_scores), "used");
    cr_assert(warning_of("neg-cosine:min_score=0.9", SCORED, 4, equal_scores), "none taken");
    cr_assert(warning_of("contrastive", SCORED, 4, equal_vectors), "no direction to push in");
    cr_assert(warning_of("cosine-similarity+0.1*mnrl", SCORED, 4, equal_scores), "of a part");
}

/* The reference's gradient at a zero vector is 4e7. */
Test(loss, zero_vectors_get_no_gradient)
{
    test_batch t = batch_new(SCORED, 3, 4, 2);
    sts_loss_spec spec = spec_of(sts_loss_find("cosine-similarity"));
    one_zero_vector(&t);
    batch_run(&spec, &t);
    for (int k = 0; k < 4; k++) {
        cr_assert(t.b.grad[0][k] == 0, "%g", t.b.grad[0][k]);
        cr_assert(t.b.grad[0][4 + k] != 0, "the other rows learn");
    }
    batch_free(&t);
}

/* exp(2 * 10000) overflows a double by far. */
Test(loss, no_overflow_at_any_scale)
{
    static const char *const name[] = {"cosent:scale=10000", "angle:scale=10000",
                                       "mnrl:scale=10000,min_score=0"};
    for (size_t i = 0; i < 3; i++) {
        test_batch t = batch_new(SCORED, 8, 4, 5);
        sts_loss_spec spec;
        cr_assert(sts_loss_parse(&spec, name[i], NULL) == 0, "%s", name[i]);
        double loss = batch_run(&spec, &t);
        cr_assert(isfinite(loss) && loss > 100, "%s: %g", name[i], loss);
        for (int k = 0; k < 32; k++) cr_assert(isfinite(t.b.grad[0][k]), "%s", name[i]);
        sts_loss_close(&spec);
        batch_free(&t);
    }
}
