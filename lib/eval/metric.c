/* metric.c - correlations as scipy computes them. Whatever cannot be computed says why. */
#include "eval/metric.h"

#include "core/mem.h"
#include "eval/order.h"

#include <math.h>

static const char NO_MEMORY[] = "out of memory";

bool sts_metric_lost(sts_metric m)
{
    return m.status == NO_MEMORY;
}

static sts_metric missing(const char *why)
{
    return (sts_metric){NAN, why};
}

sts_metric sts_metric_out(void)
{
    return missing(NO_MEMORY);
}

const char *sts_correlation_fault(const double *x, const double *y, size_t n)
{
    bool varies_x = false, varies_y = false;
    if (n < 2) return "a correlation needs at least 2 pairs";
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i])) return "a value is NaN or infinite";
        varies_x = varies_x || x[i] != x[0];
        varies_y = varies_y || y[i] != y[0];
    }
    return varies_x && varies_y ? NULL : "all values on one side are equal";
}

/* The exponent that brings the largest of x into [0.5, 1): scaling by it is exact. */
static int exponent(const double *x, size_t n)
{
    double largest = 0;
    int e;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs(x[i]));
    frexp(largest, &e);
    return e;
}

/* The mean of x * 2^-e, corrected once for what rounding left over. */
static double scaled_mean(const double *x, size_t n, int e)
{
    double mean = 0, rest = 0;
    for (size_t i = 0; i < n; i++) mean += ldexp(x[i], -e);
    mean /= (double)n;
    for (size_t i = 0; i < n; i++) rest += ldexp(x[i], -e) - mean;
    return mean + rest / (double)n;
}

sts_metric sts_pearson(const double *x, const double *y, size_t n)
{
    const char *why = sts_correlation_fault(x, y, n);
    if (why) return missing(why);
    int ex = exponent(x, n), ey = exponent(y, n);
    double mx = scaled_mean(x, n, ex), my = scaled_mean(y, n, ey);
    double xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        double dx = ldexp(x[i], -ex) - mx, dy = ldexp(y[i], -ey) - my;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    double r = xy / (sqrt(xx) * sqrt(yy));
    return (sts_metric){fmax(-1, fmin(1, r)), NULL};
}

int sts_ranks(const double *x, size_t n, double *rank)
{
    sts_order order;
    if (sts_order_make(&order, x, n)) return -1;
    for (size_t from = 0, to; from < n; from = to) {
        to = sts_order_tied(&order, from);
        double shared = (double)(from + to + 1) / 2; /* of ranks from + 1 ... to */
        for (size_t i = from; i < to; i++) rank[order.row[i]] = shared;
    }
    sts_order_free(&order);
    return 0;
}

sts_metric sts_spearman(const double *x, const double *y, size_t n)
{
    const char *why = sts_correlation_fault(x, y, n); /* ranks of NaN would look like numbers */
    if (why) return missing(why);
    double *rx = sts_alloc(n, sizeof *rx), *ry = sts_alloc(n, sizeof *ry);
    sts_metric out = missing(NO_MEMORY);
    if (rx && ry && !sts_ranks(x, n, rx) && !sts_ranks(y, n, ry)) out = sts_pearson(rx, ry, n);
    sts_free(rx);
    sts_free(ry);
    return out;
}

double sts_mse(const double *x, const double *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (x[i] - y[i]) * (x[i] - y[i]);
    return n ? sum / (double)n : NAN;
}
