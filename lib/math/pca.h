/* pca.h - principal components: the directions in which vectors vary most. */
#ifndef STS_MATH_PCA_H
#define STS_MATH_PCA_H

#include "core/err.h"

/* Of x[n x d], n > k: the k directions of largest variance about the mean, largest first, as unit
 * vectors in basis[k x d]; mean[d]. Each points to where the vector that lies farthest along it is.
 * *explained is their share of the whole variance. 0, or -1 (STS_FAILED). */
int sts_pca(const float *x, size_t n, size_t d, size_t k, float *basis, double *mean,
            double *explained, sts_err *err);

/* y[n x k] = (x[n x d] - mean[d]) basis'; mean NULL: 0. y may not be x. 0, or -1. */
int sts_project(const float *x, size_t n, size_t d, const double *mean, const float *basis,
                size_t k, float *y, sts_err *err);

#endif
