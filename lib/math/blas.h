/* blas.h - the door to the BLAS, which is opened when a product is first wanted: OpenBLAS reads
 * which kernels to run (OPENBLAS_CORETYPE) when it is loaded, and only then can that be chosen by
 * the processor's features. STSFIT_BLAS names another library. */
#ifndef STS_MATH_BLAS_H
#define STS_MATH_BLAS_H

#include "core/err.h"
#include "math/dgemm.h"

#include <stdbool.h>

/* Opens the library, once. 0, or -1 (STS_FAILED) with what is missing. Warns, once, of kernels
 * below the processor's features. The environment is as it was. */
int sts_blas_open(sts_err *err);

/* Once open: c[m x n] (+)= a b, of row-major matrices, each transposed first when asked to, on the
 * calling thread alone, inside a parallel region. Between begin and end, the BLAS's own threads
 * are not used by this process; the calls of several threads nest. */
void sts_blas_begin(void);
void sts_blas_multiply(bool ta, bool tb, bool add, int m, int n, int k, const float *a, int lda,
                       const float *b, int ldb, float *c, int ldc);
void sts_blas_end(void);
/* The same of doubles, c[m x n] (+)= a b, where the library has them. */
bool sts_blas_has_double(void);
void sts_blas_multiply_double(size_t m, size_t n, size_t k, double *c, size_t ldc, sts_dmatrix a,
                              sts_dmatrix b, bool add);

/* Of the symmetric a[n x n]: its eigenvalues into w[n], ascending; a becomes their unit vectors,
 * one per row. Opens the library, and LAPACK where it has none of its own. 0, or -1. */
int sts_blas_eigen(int n, double *a, double *w, sts_err *err);

/* Name and kernels of the library in use, e.g. "OpenBLAS 0.3.21 Haswell"; opens it; "no BLAS"
 * where there is none. Returns out. */
const char *sts_blas_name(char out[128]);

/* Once open: bytes that it takes for each thread that calls it, and keeps. */
size_t sts_blas_buffer(void);

#endif
