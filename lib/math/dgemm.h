/* dgemm.h - products of matrices of doubles, for losses that compare all rows of a batch. */
#ifndef STS_MATH_DGEMM_H
#define STS_MATH_DGEMM_H

#include <stdbool.h>
#include <stddef.h>

/* A row-major matrix of doubles, ld from one row to the next; turned: it stands for its
 * transpose. */
typedef struct sts_dmatrix {
    const double *v;
    size_t ld;
    bool turned;
} sts_dmatrix;

/* c[m x n] = a[m x k] b[k x n], or += when add, on all threads; the result is the same every time
 * at a given number of threads. Without a BLAS by plain loops, which are slow. */
void sts_dgemm(size_t m, size_t n, size_t k, double *c, size_t ldc, sts_dmatrix a, sts_dmatrix b,
               bool add);

#endif
