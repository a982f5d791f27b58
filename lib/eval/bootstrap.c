/* bootstrap.c - percentile bootstrap of a statistic. A resample is how often each row was drawn;
 * walking the rows in an order that was sorted once gives ranks and precision in linear time. */
#include "eval/bootstrap.h"

#include "core/mem.h"
#include "core/rng.h"
#include "core/sort.h"
#include "core/threads.h"
#include "eval/classes.h"

#include <math.h>
#include <string.h>

#define ALONE 1000 /* rows: a resample of fewer is not worth a second thread */
#define ROOM ((size_t)256 << 20) /* bytes, roughly, of all resamples that are worked on at once */
#define SERIES 3   /* gold, a, b */
enum { GOLD, A, B };

typedef struct resampler {
    const sts_truth *truth;
    size_t n;
    int series; /* B + 1 where two predictions are compared */
    uint64_t seed;
    const double *x[SERIES];  /* [n] each; that of gold is used for ranks only */
    sts_order order[SERIES];  /* not for means */
} resampler;

/* A resample, which one thread works on. */
typedef struct sample {
    const resampler *r;
    uint32_t *drawn;      /* [n] times */
    double *rank[SERIES]; /* [n] in this resample, less their mean; of Spearman only */
} sample;

/* Sorts series s as its statistic needs it. -1 when memory is out. */
static int sort_series(resampler *r, int s)
{
    sts_statistic kind = r->truth->kind;
    if (kind == STS_OF_MEAN || (kind == STS_OF_AP && s == GOLD)) return 0;
    if (kind == STS_OF_SPEARMAN) return sts_order_make(&r->order[s], r->x[s], r->n);
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
                     .seed = seed,
                     .x = {t->gold, a, b}};
    int rc = 0;
    for (int s = 0; s < r->series && !rc; s++) rc = sort_series(r, s);
    return rc;
}

static void release(resampler *r)
{
    for (int s = 0; s < SERIES; s++) sts_order_free(&r->order[s]);
}

static void free_samples(sample *p, size_t n)
{
    for (size_t k = 0; p && k < n; k++) {
        sts_free(p[k].drawn);
        for (int s = 0; s < SERIES; s++) sts_free(p[k].rank[s]);
    }
    sts_free(p);
}

/* Room for n resamples at a time. NULL when memory is out. */
static sample *make_samples(const resampler *r, size_t n)
{
    sample *p = sts_alloc(n, sizeof *p);
    bool ranks = r->truth->kind == STS_OF_SPEARMAN, whole = p != NULL;
    for (size_t k = 0; k < n && whole; k++) {
        p[k].r = r;
        whole = (p[k].drawn = sts_alloc(r->n, sizeof *p->drawn)) != NULL;
        for (int s = 0; s < r->series && ranks && whole; s++)
            whole = (p[k].rank[s] = sts_alloc(r->n, sizeof(double))) != NULL;
    }
    if (whole) return p;
    free_samples(p, n);
    return NULL;
}

/* The rows of resample `round`, which depend on nothing else. */
static void draw(sample *p, int round)
{
    size_t n = p->r->n;
    sts_rng rng = sts_rng_new(p->r->seed, (uint64_t)round);
    memset(p->drawn, 0, n * sizeof *p->drawn);
    for (size_t i = 0; i < n; i++) p->drawn[sts_rng_below(&rng, (uint32_t)n)]++;
}

/* Average ranks of the resample in series s, as distances from the middle. */
static void rank_drawn(sample *p, int s)
{
    const resampler *r = p->r;
    const sts_order *o = &r->order[s];
    double before = 0, middle = (double)(r->n + 1) / 2;
    for (size_t from = 0, to; from < r->n; from = to) {
        to = sts_order_tied(o, from);
        uint32_t tied = 0;
        for (size_t i = from; i < to; i++) tied += p->drawn[o->row[i]];
        double rank = before + (double)(tied + 1) / 2 - middle;
        for (size_t i = from; i < to; i++) p->rank[s][o->row[i]] = rank;
        before += tied;
    }
}

/* Spearman of series s against the gold one; NAN when one is constant in this resample. */
static double rho(const sample *p, int s)
{
    const double *x = p->rank[GOLD], *y = p->rank[s];
    double xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < p->r->n; i++) {
        double w = p->drawn[i];
        xx += w * x[i] * x[i];
        yy += w * y[i] * y[i];
        xy += w * x[i] * y[i];
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

static double mean_drawn(const sample *p, int s)
{
    const resampler *r = p->r;
    double sum = 0;
    for (size_t i = 0; i < r->n; i++) sum += p->drawn[i] * r->x[s][i];
    return sum / (double)r->n;
}

/* The statistic of series s in a resample; NAN where it has none. */
static double value_in(sample *p, int s)
{
    const resampler *r = p->r;
    if (r->truth->kind == STS_OF_MEAN) return mean_drawn(p, s);
    if (r->truth->kind == STS_OF_AP)
        return sts_classes_ap(&r->order[s], r->truth->positive, p->drawn);
    rank_drawn(p, s);
    return rho(p, s);
}

/* The q-quantile of sorted x, between its neighbours as numpy's default. */
static double quantile(const double *x, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t below = (size_t)at;
    double above = below + 1 < n ? x[below + 1] : x[below];
    return x[below] + (at - (double)below) * (above - x[below]);
}

/* That of one resample, or the difference of two. */
static double value_of(sample *p, int round)
{
    draw(p, round);
    if (p->r->truth->kind == STS_OF_SPEARMAN) rank_drawn(p, GOLD);
    double x = value_in(p, A);
    return p->r->series > B ? x - value_in(p, B) : x;
}

/* value[rounds] = those of all resamples, p[n] at a time. 0, or -1 (stopped). */
static int resample(sample *p, int n, int rounds, double *value, sts_err *err)
{
    for (int from = 0; from < rounds; from += n) {
        if (sts_advance("resampling", (size_t)from, (size_t)rounds, err)) return -1;
        int now = n < rounds - from ? n : rounds - from;
#pragma omp parallel for schedule(static, 1) num_threads(sts_threads()) if (now > 1)
        for (int k = 0; k < now; k++) value[from + k] = value_of(&p[k], from + k);
    }
    sts_progress("resampling", (size_t)rounds, (size_t)rounds);
    return 0;
}

/* Those that there are, ascending, in front; returns how many. */
static size_t sort_values(double *value, int rounds)
{
    size_t n = 0;
    for (int i = 0; i < rounds; i++)
        if (!isnan(value[i])) value[n++] = value[i];
    sts_sort_f64(value, n);
    return n;
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

/* As many as rows pay for and memory allows. */
static int threads_for(size_t n)
{
    size_t fit = ROOM / (n * sizeof(double) * SERIES + 1) + 1, threads = (size_t)sts_threads();
    if (n < ALONE) return 1;
    return (int)(fit < threads ? fit : threads);
}

static int bootstrap(const sts_truth *t, const double *a, const double *b, int rounds,
                     uint64_t seed, double interval[2], double *p_value, sts_err *err)
{
    if (rounds <= 0) return 0;
    resampler r;
    int threads = threads_for(t->n);
    int rc = prepare(&r, t, a, b, seed);
    double *value = sts_alloc((size_t)rounds, sizeof *value);
    sample *p = rc ? NULL : make_samples(&r, (size_t)threads);
    rc = value && p ? resample(p, threads, rounds, value, err)
                    : sts_fail_memory(err, "the bootstrap");
    size_t valid = rc ? 0 : sort_values(value, rounds);
    if (valid) {
        interval[0] = quantile(value, valid, 0.025);
        interval[1] = quantile(value, valid, 0.975);
        *p_value = two_sided(value, valid);
    }
    release(&r);
    free_samples(p, (size_t)threads);
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
