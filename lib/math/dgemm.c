/* dgemm.c - the rows of the result are cut among the threads, one single-threaded product each. */
#include "math/dgemm.h"

#include "core/threads.h"
#include "math/blas.h"
#include "math/gemm.h"

#include <omp.h>

static double at(sts_dmatrix a, size_t i, size_t j)
{
    return a.turned ? a.v[j * a.ld + i] : a.v[i * a.ld + j];
}

/* Rows [lo, hi) of c. */
static void by_loops(size_t lo, size_t hi, size_t n, size_t k, double *c, size_t ldc,
                     sts_dmatrix a, sts_dmatrix b, bool add)
{
    for (size_t i = lo; i < hi; i++) {
        double *row = c + i * ldc;
        for (size_t j = 0; j < n && !add; j++) row[j] = 0;
        for (size_t p = 0; p < k; p++) {
            double x = at(a, i, p);
            for (size_t j = 0; j < n; j++) row[j] += x * at(b, p, j);
        }
    }
}

void sts_dgemm(size_t m, size_t n, size_t k, double *c, size_t ldc, sts_dmatrix a, sts_dmatrix b,
               bool add)
{
    bool has_blas = !sts_gemm_open(NULL) && sts_blas_has_double();
    if (has_blas) sts_blas_begin();
#pragma omp parallel num_threads(sts_threads()) if (m * n * k > 100000)
    {
        omp_set_num_threads(1); /* of this region: what a BLAS with OpenMP asks */
        size_t lo, hi, step = a.turned ? 1 : a.ld;
        sts_cut(m, (size_t)omp_get_num_threads(), (size_t)omp_get_thread_num(), 4, &lo, &hi);
        sts_dmatrix part = {a.v + lo * step, a.ld, a.turned};
        if (!has_blas) by_loops(lo, hi, n, k, c, ldc, a, b, add);
        else if (hi > lo) sts_blas_multiply_double(hi - lo, n, k, c + lo * ldc, ldc, part, b, add);
    }
    if (has_blas) sts_blas_end();
}
