/* bootstrap.c - percentile bootstrap of Spearman's rho. A resample is how often each row was
 * drawn; walking the rows in an order that was sorted once gives its ranks in linear time. */
#include "eval/metric.h"

#include "core/mem.h"
#include "core/rng.h"
#include "core/sort.h"
#include "eval/order.h"

#include <math.h>
#include <string.h>

#define SERIES 3 /* gold, a, b */

typedef struct resampler {
    size_t n;
    sts_rng rng;
    uint32_t *drawn;          /* [n] times */
    sts_order order[SERIES];
    double *rank[SERIES];     /* [n] of this resample, less their mean */
} resampler;

static void release(resampler *r)
{
    sts_free(r->drawn);
    for (int s = 0; s < SERIES; s++) {
        sts_order_free(&r->order[s]);
        sts_free(r->rank[s]);
    }
}

/* -1 when memory is out; release in any case. */
static int prepare(resampler *r, const double *const *x, int series, size_t n, uint64_t seed)
{
    *r = (resampler){.n = n, .rng = sts_rng_new(seed, 0), .drawn = sts_alloc(n, sizeof *r->drawn)};
    if (!r->drawn) return -1;
    for (int s = 0; s < series; s++) {
        r->rank[s] = sts_alloc(n, sizeof(double));
        if (!r->rank[s] || sts_order_make(&r->order[s], x[s], n)) return -1;
    }
    return 0;
}

static void draw(resampler *r)
{
    memset(r->drawn, 0, r->n * sizeof *r->drawn);
    for (size_t i = 0; i < r->n; i++) r->drawn[sts_rng_below(&r->rng, (uint32_t)r->n)]++;
}

/* Average ranks of the resample in series s, as distances from the middle. */
static void rank_drawn(resampler *r, int s)
{
    const sts_order *o = &r->order[s];
    double before = 0, middle = (double)(r->n + 1) / 2;
    for (size_t from = 0, to; from < r->n; from = to) {
        to = sts_order_tied(o, from);
        uint32_t tied = 0;
        for (size_t i = from; i < to; i++) tied += r->drawn[o->row[i]];
        double rank = before + (double)(tied + 1) / 2 - middle;
        for (size_t i = from; i < to; i++) r->rank[s][o->row[i]] = rank;
        before += tied;
    }
}

/* Spearman of series s against the gold one; NAN when one is constant in this resample. */
static double rho(const resampler *r, int s)
{
    const double *x = r->rank[0], *y = r->rank[s];
    double xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < r->n; i++) {
        double w = r->drawn[i];
        xx += w * x[i] * x[i];
        yy += w * y[i] * y[i];
        xy += w * x[i] * y[i];
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

/* The q-quantile of sorted x, between its neighbours as numpy's default. */
static double quantile(const double *x, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t below = (size_t)at;
    double above = below + 1 < n ? x[below + 1] : x[below];
    return x[below] + (at - (double)below) * (above - x[below]);
}

/* Up to `rounds` values of one statistic, ascending: rho, or, with a third series, the difference
 * of two. Resamples that are constant give none. *found: how many. */
static int resample(resampler *r, int series, int rounds, double *value, size_t *found,
                    sts_err *err)
{
    size_t n = 0;
    for (int round = 0; round < rounds; round++) {
        if (sts_advance("resampling", (size_t)round, (size_t)rounds, err)) return -1;
        draw(r);
        for (int s = 0; s < series; s++) rank_drawn(r, s);
        double x = rho(r, 1);
        if (series > 2) x -= rho(r, 2);
        if (!isnan(x)) value[n++] = x;
    }
    sts_progress("resampling", (size_t)rounds, (size_t)rounds);
    sts_sort_f64(value, n);
    *found = n;
    return 0;
}

/* The two-sided p: with k of n resamples on the side of 0 that fewer are on, 2 (k + 1)/(n + 1). */
static double two_sided(const double *value, size_t n)
{
    size_t below = 0, above = 0;
    for (size_t i = 0; i < n; i++) {
        below += value[i] <= 0;
        above += value[i] >= 0;
    }
    double fewer = (double)(below < above ? below : above);
    return fmin(1, 2 * (fewer + 1) / ((double)n + 1));
}

static int bootstrap(const double *const *x, int series, size_t n, int rounds, uint64_t seed,
                     double interval[2], double *p, sts_err *err)
{
    resampler r;
    double *value = rounds > 0 ? sts_alloc((size_t)rounds, sizeof *value) : NULL;
    size_t valid = 0;
    int rc = prepare(&r, x, series, n, seed);
    if (rc || (rounds > 0 && !value)) rc = sts_fail_memory(err, "the bootstrap");
    else if (value) rc = resample(&r, series, rounds, value, &valid, err);
    if (!rc && valid) {
        interval[0] = quantile(value, valid, 0.025);
        interval[1] = quantile(value, valid, 0.975);
        *p = two_sided(value, valid);
    }
    release(&r);
    sts_free(value);
    return rc;
}

int sts_spearman_ci95(const double *x, const double *y, size_t n, int rounds, uint64_t seed,
                      double interval[2], sts_err *err)
{
    const double *const series[] = {x, y};
    double p;
    interval[0] = interval[1] = NAN;
    if (sts_correlation_fault(x, y, n)) return 0;
    return bootstrap(series, 2, n, rounds, seed, interval, &p, err);
}

int sts_paired_rounds(size_t n)
{
    return (int)fmax(200, fmin(2000, 4e7 / (double)n));
}

int sts_spearman_paired(const double *gold, const double *a, const double *b, size_t n, int rounds,
                        uint64_t seed, sts_paired *out, sts_err *err)
{
    const double *const series[] = {gold, a, b};
    const char *why = sts_correlation_fault(gold, a, n);
    if (!why) why = sts_correlation_fault(gold, b, n);
    *out = (sts_paired){{NAN, why}, {NAN, NAN}, NAN};
    if (why) return 0;
    sts_metric of_a = sts_spearman(gold, a, n), of_b = sts_spearman(gold, b, n);
    if (of_a.status || of_b.status) return sts_fail_memory(err, "the comparison");
    out->difference.value = of_a.value - of_b.value;
    if (n < STS_INTERVAL_PAIRS) return 0;
    return bootstrap(series, 3, n, rounds, seed, out->ci95, &out->p, err);
}
