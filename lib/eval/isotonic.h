/* isotonic.h - the nondecreasing function of x that is nearest to y in squares, as scikit-learn's
 * IsotonicRegression: linear between its knots, constant beyond them. */
#ifndef STS_EVAL_ISOTONIC_H
#define STS_EVAL_ISOTONIC_H

#include <stddef.h>

/* The function of n points, as *knots of them (n at most) in x_out and y_out, ascending. 0, or -1
 * when memory is out. */
int sts_isotonic_fit(const double *x, const double *y, size_t n, double *x_out, double *y_out,
                     size_t *knots);

#endif
