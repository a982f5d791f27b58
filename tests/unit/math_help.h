/* math_help.h - random numbers and comparison for the tests of the math room. */
#ifndef MATH_HELP_H
#define MATH_HELP_H

#include "core/rng.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

/* n normal numbers, the same for the same seed; freed by free. */
static inline float *random_floats(size_t n, uint64_t seed)
{
    float *x = malloc((n + 1) * sizeof *x);
    sts_rng rng = sts_rng_new(seed, 99);
    for (size_t i = 0; x && i < n; i++) x[i] = (float)sts_rng_normal(&rng);
    return x;
}

static inline double *doubles_of(const float *x, size_t n)
{
    double *y = malloc((n + 1) * sizeof *y);
    for (size_t i = 0; y && i < n; i++) y[i] = (double)x[i];
    return y;
}

/* The largest |x - y| over the largest |y| (at least `floor`). */
static inline double worst(const float *x, const double *y, size_t n, double floor)
{
    double error = 0, scale = floor;
    for (size_t i = 0; i < n; i++) {
        double d = fabs((double)x[i] - y[i]);
        if (!(d <= error)) error = d; /* NaN too */
        if (fabs(y[i]) > scale) scale = fabs(y[i]);
    }
    return error / scale;
}

#endif
