/* gemm.h - the matrix products of a step, and the only door to the BLAS. Work is cut among the
 * OpenMP threads by rows or columns of the result, one single-threaded GEMM each, so that the
 * result is the same every time at a given number of threads. In bf16 oneDNN does the cutting. */
#ifndef STS_MATH_GEMM_H
#define STS_MATH_GEMM_H

#include "math/bf16.h"

/* Row-major matrices with leading dimensions (floats from one row to the next). */

/* c[m x n] = a[m x k] b[n x k]'            a linear layer forward: y = x W' */
void sts_gemm_nt(size_t m, size_t n, size_t k, float *c, size_t ldc, const float *a, size_t lda,
                 const float *b, size_t ldb);
/* c[m x n] = a[m x k] b[k x n], or += when add     its input's gradient: dx = dy W */
void sts_gemm_nn(size_t m, size_t n, size_t k, float *c, size_t ldc, const float *a, size_t lda,
                 const float *b, size_t ldb, bool add);
/* c[m x n] += a[k x m]' b[k x n]           its weight's gradient: dW += dy' x */
void sts_gemm_tn(size_t m, size_t n, size_t k, float *c, size_t ldc, const float *a, size_t lda,
                 const float *b, size_t ldb);

/* From now on the calling thread's products are bf16's (oneDNN is open); `with` is borrowed. NULL:
 * float32, as at the start. */
void sts_gemm_round(const sts_bf16 *with);
/* 0, or -1 (STS_FAILED) when a product in bf16 failed since this was last asked. */
int sts_gemm_check(sts_err *err);

/* 0, or -1 (STS_FAILED) where the BLAS could not have the memory it takes at its first product: it
 * would wait for ever. */
int sts_gemm_room(sts_err *err);

/* What the calling thread has spent here since the last reset: for the floor in benchmarks. */
typedef struct sts_gemm_cost {
    double seconds, flops;
    uint64_t calls;
} sts_gemm_cost;
sts_gemm_cost sts_gemm_spent(void);
void sts_gemm_reset(void);

/* Name and kernel set of the BLAS in use, e.g. "OpenBLAS 0.3.21 Haswell", into out. */
const char *sts_gemm_name(char out[128]);


#endif
