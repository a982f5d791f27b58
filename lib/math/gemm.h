/* gemm.h - the matrix products of a step. Work is cut among the OpenMP threads by rows or columns
 * of the result, one single-threaded GEMM each, so that the result is the same every time at a
 * given number of threads. In bf16 oneDNN does the cutting. */
#ifndef STS_MATH_GEMM_H
#define STS_MATH_GEMM_H

#include "math/bf16.h"

/* How a caller's products are made, what they have cost, and whether one has failed. Zeroed: in
 * float32, at no cost yet. Of one thread at a time. */
typedef struct sts_products {
    sts_bf16 bf16; /* with room for roundings: products are bf16's (oneDNN is open) */
    bool failed;   /* since this was last checked; the result is not set then */
    double seconds, flops;
    uint64_t calls;
} sts_products;

/* 0, or -1 (STS_FAILED) when a product has failed since the last check: there is no BLAS, or oneDNN
 * had no memory. */
int sts_products_check(sts_products *g, sts_err *err);

/* Row-major matrices with leading dimensions (floats from one row to the next). */

/* c[m x n] = a[m x k] b[n x k]'            a linear layer forward: y = x W' */
void sts_gemm_nt(sts_products *g, size_t m, size_t n, size_t k, float *c, size_t ldc,
                 const float *a, size_t lda, const float *b, size_t ldb);
/* c[m x n] = a[m x k] b[k x n], or += when add     its input's gradient: dx = dy W */
void sts_gemm_nn(sts_products *g, size_t m, size_t n, size_t k, float *c, size_t ldc,
                 const float *a, size_t lda, const float *b, size_t ldb, bool add);
/* c[m x n] += a[k x m]' b[k x n]           its weight's gradient: dW += dy' x */
void sts_gemm_tn(sts_products *g, size_t m, size_t n, size_t k, float *c, size_t ldc,
                 const float *a, size_t lda, const float *b, size_t ldb);

/* Before the first product: opens the BLAS. 0, or -1 (STS_FAILED) where there is none, or where it
 * could not have the memory it takes at its first product: it would wait for ever. */
int sts_gemm_open(sts_err *err);

#endif
