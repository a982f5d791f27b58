/* bootstrap.c - percentile bootstrap of a statistic. A resample is how often each row was drawn;
 * walking the rows in an order that was sorted once gives ranks and precision in linear time. */
#include "eval/bootstrap.h"

#include "core/mem.h"
#include "core/rng.h"
#include "core/sort.h"
#include "eval/classes.h"

#include <math.h>
#include <string.h>

#define SERIES 3 /* gold, a, b */
enum { GOLD, A, B };

typedef struct resampler {
    const sts_truth *truth;
    size_t n;
    int series; /* B + 1 where two predictions are compared */
    sts_rng rng;
    uint32_t *drawn;          /* [n] times */
    const double *x[SERIES];  /* [n] each; that of gold is used for ranks only */
    sts_order order[SERIES];  /* not for means */
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

/* Sorts series s as its statistic needs it. -1 when memory is out. */
static int sort_series(resampler *r, int s)
{
    sts_statistic kind = r->truth->kind;
    if (kind == STS_OF_MEAN || (kind == STS_OF_AP && s == GOLD)) return 0;
    if (kind == STS_OF_SPEARMAN) {
        r->rank[s] = sts_alloc(r->n, sizeof(double));
        return r->rank[s] ? sts_order_make(&r->order[s], r->x[s], r->n) : -1;
    }
    double *rounded = sts_classes_round(r->x[s], r->n);
    int rc = rounded ? sts_order_make(&r->order[s], rounded, r->n) : -1;
    sts_free(rounded);
    return rc;
}

/* b NULL: one prediction alone. -1 when memory is out; release in any case. */
static int prepare(resampler *r, const sts_truth *t, const double *a, const double *b,
                   uint64_t seed)
{
    *r = (resampler){.truth = t,
                     .n = t->n,
                     .series = b ? B + 1 : A + 1,
                     .rng = sts_rng_new(seed, 0),
                     .drawn = sts_alloc(t->n, sizeof *r->drawn),
                     .x = {t->gold, a, b}};
    int rc = r->drawn ? 0 : -1;
    for (int s = 0; s < r->series && !rc; s++) rc = sort_series(r, s);
    return rc;
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
    const double *x = r->rank[GOLD], *y = r->rank[s];
    double xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < r->n; i++) {
        double w = r->drawn[i];
        xx += w * x[i] * x[i];
        yy += w * y[i] * y[i];
        xy += w * x[i] * y[i];
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

static double mean_drawn(const resampler *r, int s)
{
    double sum = 0;
    for (size_t i = 0; i < r->n; i++) sum += r->drawn[i] * r->x[s][i];
    return sum / (double)r->n;
}

/* The statistic of series s in this resample; NAN where it has none. */
static double value_of(resampler *r, int s)
{
    if (r->truth->kind == STS_OF_MEAN) return mean_drawn(r, s);
    if (r->truth->kind == STS_OF_AP)
        return sts_classes_ap(&r->order[s], r->truth->positive, r->drawn);
    rank_drawn(r, s);
    return rho(r, s);
}

/* The q-quantile of sorted x, between its neighbours as numpy's default. */
static double quantile(const double *x, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t below = (size_t)at;
    double above = below + 1 < n ? x[below + 1] : x[below];
    return x[below] + (at - (double)below) * (above - x[below]);
}

/* Up to `rounds` values, ascending: of the statistic, or of the difference of two. Resamples
 * without one give none. *found: how many. */
static int resample(resampler *r, int rounds, double *value, size_t *found, sts_err *err)
{
    size_t n = 0;
    for (int round = 0; round < rounds; round++) {
        if (sts_advance("resampling", (size_t)round, (size_t)rounds, err)) return -1;
        draw(r);
        if (r->truth->kind == STS_OF_SPEARMAN) rank_drawn(r, GOLD);
        double x = value_of(r, A);
        if (r->series > B) x -= value_of(r, B);
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

static int bootstrap(const sts_truth *t, const double *a, const double *b, int rounds,
                     uint64_t seed, double interval[2], double *p, sts_err *err)
{
    resampler r;
    double *value = rounds > 0 ? sts_alloc((size_t)rounds, sizeof *value) : NULL;
    size_t valid = 0;
    int rc = prepare(&r, t, a, b, seed);
    if (rc || (rounds > 0 && !value)) rc = sts_fail_memory(err, "the bootstrap");
    else if (value) rc = resample(&r, rounds, value, &valid, err);
    if (!rc && valid) {
        interval[0] = quantile(value, valid, 0.025);
        interval[1] = quantile(value, valid, 0.975);
        *p = two_sided(value, valid);
    }
    release(&r);
    sts_free(value);
    return rc;
}

/* ---- of a truth ---- */

static sts_metric ap_of(const sts_truth *t, const double *x)
{
    sts_classes c;
    if (sts_classes_find(&c, x, t->positive, t->n)) return sts_metric_out();
    return (sts_metric){c.status ? NAN : c.ap, c.status};
}

static sts_metric mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return n ? (sts_metric){sum / (double)n, NULL} : (sts_metric){NAN, "no pairs"};
}

sts_metric sts_statistic_of(const sts_truth *t, const double *x)
{
    if (t->kind == STS_OF_MEAN) return mean_of(x, t->n);
    return t->kind == STS_OF_AP ? ap_of(t, x) : sts_spearman(t->gold, x, t->n);
}

int sts_interval(const sts_truth *t, const double *x, int rounds, uint64_t seed,
                 double interval[2], sts_err *err)
{
    double p;
    interval[0] = interval[1] = NAN;
    sts_metric all = sts_statistic_of(t, x);
    if (sts_metric_lost(all)) return sts_fail_memory(err, "the bootstrap");
    return all.status ? 0 : bootstrap(t, x, NULL, rounds, seed, interval, &p, err);
}

int sts_interval_rounds(size_t n)
{
    return (int)fmax(100, fmin(STS_INTERVAL_ROUNDS, 1e8 / (double)n));
}

int sts_paired_rounds(size_t n)
{
    return (int)fmax(100, fmin(STS_PAIRED_ROUNDS, 4e7 / (double)n));
}

int sts_compare_paired(const sts_truth *t, const double *a, const double *b, int rounds,
                       uint64_t seed, sts_paired *out, sts_err *err)
{
    sts_metric of_a = sts_statistic_of(t, a), of_b = sts_statistic_of(t, b);
    if (sts_metric_lost(of_a) || sts_metric_lost(of_b))
        return sts_fail_memory(err, "the comparison");
    const char *why = of_a.status ? of_a.status : of_b.status;
    *out = (sts_paired){{NAN, why}, {NAN, NAN}, NAN, 0};
    if (why) return 0;
    out->difference.value = of_a.value - of_b.value;
    if (t->n < STS_INTERVAL_PAIRS) return 0;
    out->rounds = rounds;
    return bootstrap(t, a, b, rounds, seed, out->ci95, &out->p, err);
}

int sts_spearman_paired(const double *gold, const double *a, const double *b, size_t n, int rounds,
                        uint64_t seed, sts_paired *out, sts_err *err)
{
    sts_truth t = {STS_OF_SPEARMAN, gold, NULL, n};
    return sts_compare_paired(&t, a, b, rounds, seed, out, err);
}
