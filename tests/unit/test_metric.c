/* test_metric.c - correlations against scipy's (tests/golden/metrics.json), what has none, and the
 * bootstrap against one that is done the long way. */
#include "core/json.h"
#include "core/mem.h"
#include "core/rng.h"
#include "core/threads.h"
#include "eval/bootstrap.h"
#include "eval/evaluate.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST 256

static int spearman_ci95(const double *x, const double *y, size_t n, int rounds, uint64_t seed,
                         double interval[2], sts_err *err)
{
    sts_truth t = {STS_OF_SPEARMAN, x, NULL, n};
    return sts_interval(&t, y, rounds, seed, interval, err);
}

static size_t series(const sts_json *c, const char *key, double *x)
{
    const sts_json *item;
    size_t n = 0;
    sts_json_each(item, sts_json_member(c, key)) x[n++] = item->number;
    return n;
}

static void agree(const char *name, const char *what, sts_metric got, const sts_json *want)
{
    if (sts_json_is_null(want)) {
        cr_assert(isnan(got.value) && got.status, "%s: %s is %g", name, what, got.value);
        return;
    }
    cr_assert(!got.status, "%s: %s: %s", name, what, got.status);
    cr_assert(fabs(got.value - want->number) <= 1e-9, "%s: %s is %.17g, not %.17g", name, what,
              got.value, want->number);
}

static void one_case(const sts_json *c)
{
    double x[MOST], y[MOST], rank[MOST], want[MOST];
    size_t n = series(c, "x", x);
    cr_assert(series(c, "y", y) == n && n, "%s", c->key);
    agree(c->key, "pearson", sts_pearson(x, y, n), sts_json_member(c, "pearson"));
    agree(c->key, "spearman", sts_spearman(x, y, n), sts_json_member(c, "spearman"));
    agree(c->key, "pearson, swapped", sts_pearson(y, x, n), sts_json_member(c, "pearson"));
    series(c, "x_ranks", want);
    cr_assert(sts_ranks(x, n, rank) == 0 && !memcmp(rank, want, n * sizeof *rank), "%s: ranks of x",
              c->key);
    series(c, "y_ranks", want);
    cr_assert(sts_ranks(y, n, rank) == 0 && !memcmp(rank, want, n * sizeof *rank), "%s: ranks of y",
              c->key);
}

Test(metric, agrees_with_scipy)
{
    sts_err err = {0};
    sts_json *golden = sts_json_load("tests/golden/metrics.json", STS_DATA, &err);
    cr_assert(golden, "%s", err.text);
    const sts_json *c;
    sts_json_each(c, golden) one_case(c);
    cr_assert(sts_json_size(golden) >= 15);
    sts_json_free(golden);
}

/* r does not change with scale or place, however extreme. */
Test(metric, extreme_scales)
{
    static const double x[] = {0.1, 0.4, 0.35, 0.8, 0.9}, y[] = {1, 3, 2, 5, 4};
    static const double factor[] = {1e-300, 1e-160, 1e-8, 1e8, 1e160, 1e300};
    double z[5], r = sts_pearson(x, y, 5).value;
    for (size_t f = 0; f < sizeof factor / sizeof *factor; f++) {
        for (int i = 0; i < 5; i++) z[i] = x[i] * factor[f];
        cr_assert(fabs(sts_pearson(z, y, 5).value - r) < 1e-12, "times %g", factor[f]);
        cr_assert(fabs(sts_spearman(z, y, 5).value - 0.9) < 1e-12, "times %g", factor[f]);
    }
    const double wide[] = {-DBL_MAX, 0, DBL_MAX}, line[] = {1, 2, 3};
    cr_assert(fabs(sts_pearson(wide, line, 3).value - 1) < 1e-12, "the whole range of doubles");
    const double least[] = {0, 5e-324, 1e-323};
    cr_assert(fabs(sts_pearson(least, line, 3).value - 1) < 1e-12, "subnormal numbers");
}

Test(metric, never_beyond_one)
{
    sts_rng r = sts_rng_new(1, 1);
    for (int round = 0; round < 200; round++) {
        double x[7], y[7], z[7];
        for (int i = 0; i < 7; i++) x[i] = sts_rng_normal(&r), y[i] = 3 * x[i] + 1, z[i] = -x[i];
        double up = sts_pearson(x, y, 7).value, down = sts_pearson(x, z, 7).value;
        cr_assert(up <= 1 && up > 1 - 1e-12 && down >= -1 && down < -1 + 1e-12, "%d", round);
    }
}

static const struct {
    const char *name, *says;
    double x[3], y[3];
    size_t n;
} lacking[] = {
    {"empty", "at least 2", {0}, {0}, 0},
    {"one", "at least 2", {1}, {2}, 1},
    {"constant", "equal", {1, 2, 3}, {4, 4, 4}, 3},
    {"both constant", "equal", {1, 1}, {4, 4}, 2},
    {"NaN", "NaN", {1, NAN, 3}, {4, 5, 6}, 3},
    {"infinite", "infinite", {1, 2, 3}, {4, 5, -INFINITY}, 3},
    {"constant but for a NaN", "NaN", {1, 1, NAN}, {4, 5, 6}, 3},
};

Test(metric, says_why_there_is_none)
{
    for (size_t i = 0; i < sizeof lacking / sizeof *lacking; i++) {
        const double *x = lacking[i].x, *y = lacking[i].y;
        sts_metric r = sts_pearson(x, y, lacking[i].n), rho = sts_spearman(x, y, lacking[i].n);
        double ci[2] = {0, 0};
        sts_paired p;
        cr_assert(isnan(r.value) && strstr(r.status, lacking[i].says), "%s", lacking[i].name);
        cr_assert(isnan(rho.value) && strstr(rho.status, lacking[i].says), "%s", lacking[i].name);
        cr_assert(spearman_ci95(x, y, lacking[i].n, 100, 1, ci, NULL) == 0);
        cr_assert(isnan(ci[0]) && isnan(ci[1]), "%s: %g", lacking[i].name, ci[0]);
        cr_assert(sts_spearman_paired(x, x, y, lacking[i].n, 100, 1, &p, NULL) == 0);
        cr_assert(p.difference.status && isnan(p.difference.value) && isnan(p.p), "%s",
                  lacking[i].name);
    }
}

Test(metric, mean_squared_error)
{
    const double x[] = {1, 2, 3}, y[] = {1, 4, 0};
    cr_assert_eq(sts_mse(x, y, 3), 13.0 / 3);
    cr_assert(isnan(sts_mse(x, y, 0)));
}

/* ---- bootstrap ---- */

static void sample(double *gold, double *good, double *poor, size_t n)
{
    sts_rng r = sts_rng_new(3, 9);
    for (size_t i = 0; i < n; i++) {
        double truth = sts_rng_uniform(&r);
        gold[i] = round(truth * 5) / 5; /* ties, as scores have */
        good[i] = truth + 0.2 * sts_rng_normal(&r);
        poor[i] = round((truth + 0.6 * sts_rng_normal(&r)) * 20) / 20;
    }
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Draws the rows of each resample one by one from its stream, copies them, ranks the copies. */
static size_t the_long_way(const double *gold, const double *a, const double *b, size_t n,
                           int rounds, uint64_t seed, double *value)
{
    size_t valid = 0;
    double g[MOST], x[MOST], y[MOST];
    for (int round = 0; round < rounds; round++) {
        sts_rng r = sts_rng_new(seed, (uint64_t)round);
        for (size_t i = 0; i < n; i++) {
            uint32_t row = sts_rng_below(&r, (uint32_t)n);
            g[i] = gold[row], x[i] = a[row], y[i] = b ? b[row] : 0;
        }
        sts_metric rho = sts_spearman(g, x, n), other = b ? sts_spearman(g, y, n) : (sts_metric){0};
        if (!rho.status && !other.status) value[valid++] = rho.value - other.value;
    }
    qsort(value, valid, sizeof *value, ascending);
    return valid;
}

static double quantile(const double *x, size_t n, double q)
{
    double at = q * (double)(n - 1), whole = floor(at);
    size_t i = (size_t)whole;
    return i + 1 < n ? x[i] * (1 - (at - whole)) + x[i + 1] * (at - whole) : x[i];
}

Test(metric, interval_is_that_of_the_long_way)
{
    static double value[1000];
    double gold[MOST], good[MOST], poor[MOST];
    static const size_t size[] = {4, 5, 10, 80}; /* at 4, many resamples are constant */
    sample(gold, good, poor, MOST);
    for (size_t s = 0; s < 4; s++) {
        double ci[2];
        size_t valid = the_long_way(gold, poor, NULL, size[s], 500, 42, value);
        cr_assert(valid > 100, "n %zu: %zu valid", size[s], valid);
        cr_assert(spearman_ci95(gold, poor, size[s], 500, 42, ci, NULL) == 0);
        cr_assert(fabs(ci[0] - quantile(value, valid, 0.025)) < 1e-12, "n %zu: %g", size[s], ci[0]);
        cr_assert(fabs(ci[1] - quantile(value, valid, 0.975)) < 1e-12, "n %zu: %g", size[s], ci[1]);
    }
}

/* A third of these resamples have no correlation; they must not count as one. */
Test(metric, interval_without_constant_resamples)
{
    static const double gold[] = {0, 0, 0, 0, 1}, x[] = {1, 3, 2, 5, 4};
    double value[300], ci[2];
    size_t valid = the_long_way(gold, x, NULL, 5, 300, 7, value);
    cr_assert(valid > 150 && valid < 250, "%zu", valid);
    cr_assert(spearman_ci95(gold, x, 5, 300, 7, ci, NULL) == 0);
    cr_assert(fabs(ci[0] - quantile(value, valid, 0.025)) < 1e-12, "%g", ci[0]);
    cr_assert(fabs(ci[1] - quantile(value, valid, 0.975)) < 1e-12, "%g", ci[1]);
}

Test(metric, interval_holds_the_estimate_and_repeats)
{
    double gold[MOST], good[MOST], poor[MOST], one[2], two[2], other[2];
    sample(gold, good, poor, 200);
    double rho = sts_spearman(gold, good, 200).value;
    cr_assert(spearman_ci95(gold, good, 200, 1000, 1, one, NULL) == 0);
    cr_assert(spearman_ci95(gold, good, 200, 1000, 1, two, NULL) == 0);
    cr_assert(spearman_ci95(gold, good, 200, 1000, 2, other, NULL) == 0);
    cr_assert(one[0] < rho && rho < one[1], "%g in %g..%g", rho, one[0], one[1]);
    cr_assert(one[1] - one[0] > 0.02 && one[1] - one[0] < 0.3, "%g", one[1] - one[0]);
    cr_assert(one[0] == two[0] && one[1] == two[1], "one seed, two intervals");
    cr_assert(one[0] != other[0], "two seeds, one interval");
    cr_assert(fabs(one[0] - other[0]) < 0.03, "seeds matter too much");
}

Test(metric, interval_on_any_number_of_threads)
{
    enum { ROWS = 1500 };
    static double gold[ROWS], good[ROWS], poor[ROWS];
    double one[2], more[2];
    sample(gold, good, poor, ROWS);
    sts_threads_set(1);
    cr_assert(spearman_ci95(gold, good, ROWS, 101, 1, one, NULL) == 0);
    sts_threads_set(3);
    cr_assert(spearman_ci95(gold, good, ROWS, 101, 1, more, NULL) == 0);
    sts_threads_set(0);
    cr_assert(one[0] == more[0] && one[1] == more[1]);
}

Test(metric, paired_difference)
{
    static double value[1000];
    double gold[MOST], good[MOST], poor[MOST];
    sts_paired p, back, none;
    sample(gold, good, poor, 200);
    size_t valid = the_long_way(gold, good, poor, 200, 1000, 5, value);
    cr_assert(sts_spearman_paired(gold, good, poor, 200, 1000, 5, &p, NULL) == 0);
    cr_assert(fabs(p.ci95[0] - quantile(value, valid, 0.025)) < 1e-12, "%g", p.ci95[0]);
    cr_assert(p.difference.value > 0 && p.ci95[0] > 0 && p.p < 0.01, "p %g", p.p);
    cr_assert(sts_spearman_paired(gold, poor, good, 200, 1000, 5, &back, NULL) == 0);
    cr_assert(fabs(back.difference.value + p.difference.value) < 1e-15 && back.p == p.p);
    cr_assert(fabs(back.ci95[0] + p.ci95[1]) < 1e-12, "turned round");
    cr_assert(sts_spearman_paired(gold, good, good, 200, 1000, 5, &none, NULL) == 0);
    cr_assert(none.difference.value == 0 && none.p == 1 && none.ci95[0] == 0, "p %g", none.p);
}

/* Under the null hypothesis p is about uniform: no more than a few in 60 fall under 5 %. */
Test(metric, p_is_calibrated)
{
    int low = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        double gold[60], a[60], b[60];
        sts_rng r = sts_rng_new(seed, 4);
        sts_paired p;
        for (int i = 0; i < 60; i++) {
            gold[i] = sts_rng_normal(&r);
            a[i] = gold[i] + sts_rng_normal(&r);
            b[i] = gold[i] + sts_rng_normal(&r);
        }
        cr_assert(sts_spearman_paired(gold, a, b, 60, 400, seed, &p, NULL) == 0);
        low += p.p < 0.05;
    }
    cr_assert(low <= 9, "%d of 60", low);
}

/* As many resamples as ever up to where they take seconds; then rows times resamples is bounded,
 * and evaluations say how many there were. */
Test(metric, many_rows_take_fewer_resamples)
{
    cr_assert(sts_interval_rounds(10) == 1000 && sts_interval_rounds(100000) == 1000);
    cr_assert(sts_paired_rounds(10) == 2000 && sts_paired_rounds(20000) == 2000);
    cr_assert(sts_interval_rounds(1000000) == 100 && sts_paired_rounds(1000000) == 100);
    for (size_t n = 100000; n <= 1000000; n += 1234)
        cr_assert((double)n * sts_interval_rounds(n) <= 1e8, "%zu", n);
    for (int rounds = 999; rounds <= 1000; rounds++) {
        const sts_figures f = {.has = STS_NEEDS_SCORES, .rounds = rounds};
        sts_json *json = sts_json_new_object();
        sts_figures_json(&f, json);
        const sts_json *shown = sts_json_member(json, "resamples");
        cr_assert(rounds == 1000 ? !shown : shown && shown->number == 999);
        sts_json_free(json);
    }
}

Test(metric, without_memory)
{
    double gold[MOST], good[MOST], poor[MOST], ci[2];
    sample(gold, good, poor, 50);
    for (size_t nth = 1, made = nth; made >= nth; nth++) {
        sts_paired p;
        sts_err err = {0};
        sts_mem_fail(nth, false);
        int rc = sts_spearman_paired(gold, good, poor, 50, 10, 1, &p, &err);
        made = sts_mem_count();
        cr_assert(made < nth || (rc == -1 && err.code == STS_FAILED), "allocation %zu", nth);
    }
    for (size_t nth = 1, made = nth; made >= nth; nth++) {
        sts_err err = {0};
        sts_mem_fail(nth, true);
        int rc = spearman_ci95(gold, good, 50, 10, 1, ci, &err);
        made = sts_mem_count();
        cr_assert(made < nth || (rc == -1 && err.code == STS_FAILED), "allocation %zu", nth);
        sts_mem_fail(1, true);
        cr_assert(sts_spearman(gold, good, 50).status, "memory was out");
    }
    sts_mem_fail(0, false);
}
