/* gemm.c - row-major GEMM over a BLAS, cut among threads. */
#include "math/gemm.h"

#include "core/clock.h"
#include "core/mem.h"
#include "core/threads.h"
#include "math/bf16.h"
#include "math/blas.h"

#include <omp.h>
#include <string.h>

static void call_blas(const sts_product *p, size_t m, size_t n, float *c, const float *a,
                      const float *b)
{
    if (!m || !n) return;
    sts_blas_multiply(p->ta, p->tb, p->add, (int)m, (int)n, (int)p->k, a, (int)p->lda, b,
                      (int)p->ldb, c, (int)p->ldc);
}

/* One part of the rows of c, or, when the rows are few, of its columns. */
static void call_part(const sts_product *p, size_t part, size_t parts)
{
    size_t lo, hi;
    if (p->m >= 64 * parts || p->m >= p->n) {
        sts_cut(p->m, parts, part, 4, &lo, &hi);
        size_t step = p->ta ? 1 : p->lda;
        call_blas(p, hi - lo, p->n, p->c + lo * p->ldc, p->a + lo * step, p->b);
    } else {
        sts_cut(p->n, parts, part, 16, &lo, &hi);
        size_t step = p->tb ? p->ldb : 1;
        call_blas(p, p->m, hi - lo, p->c + lo, p->a, p->b + lo * step);
    }
}

/* 0, or -1 where there is no BLAS: the result is not set then. */
static int in_float(const sts_product *p, double flops)
{
    if (sts_blas_open(NULL)) return -1;
    sts_blas_begin();
#pragma omp parallel num_threads(sts_threads()) if (flops > 1e6)
    {
        omp_set_num_threads(1); /* of this region: what a BLAS with OpenMP asks */
        call_part(p, (size_t)omp_get_thread_num(), (size_t)omp_get_num_threads());
    }
    sts_blas_end();
    return 0;
}

static void run(sts_products *g, const sts_product *p)
{
    if (!p->m || !p->n) return;
    double start = sts_clock();
    double flops = 2.0 * (double)p->m * (double)p->n * (double)p->k;
    if (g->bf16.room ? sts_bf16_product(&g->bf16, p) : in_float(p, flops)) g->failed = true;
    g->seconds += sts_clock() - start;
    g->flops += flops;
    g->calls++;
}

void sts_gemm_nt(sts_products *g, size_t m, size_t n, size_t k, float *c, size_t ldc,
                 const float *a, size_t lda, const float *b, size_t ldb)
{
    run(g, &(sts_product){false, true, false, m, n, k, c, ldc, a, lda, b, ldb});
}

void sts_gemm_nn(sts_products *g, size_t m, size_t n, size_t k, float *c, size_t ldc,
                 const float *a, size_t lda, const float *b, size_t ldb, bool add)
{
    run(g, &(sts_product){false, false, add, m, n, k, c, ldc, a, lda, b, ldb});
}

void sts_gemm_tn(sts_products *g, size_t m, size_t n, size_t k, float *c, size_t ldc,
                 const float *a, size_t lda, const float *b, size_t ldb)
{
    run(g, &(sts_product){true, false, true, m, n, k, c, ldc, a, lda, b, ldb});
}

int sts_products_check(sts_products *g, sts_err *err)
{
    if (!g->failed) return 0;
    g->failed = false;
    if (sts_blas_open(err)) return -1;
    return sts_fail(err, STS_FAILED, "oneDNN could not multiply two matrices: give it more memory, "
                                     "or use --precision fp32");
}

int sts_gemm_open(sts_err *err)
{
    static bool found;
    void *piece[64];
    int n = sts_threads() < 64 ? sts_threads() : 64, got = 0;
    if (sts_blas_open(err)) return -1;
    if (!sts_blas_buffer() || __atomic_load_n(&found, __ATOMIC_RELAXED)) return 0;
    while (got < n && (piece[got] = sts_alloc_raw(sts_blas_buffer(), 1))) got++;
    for (int i = 0; i < got; i++) sts_free(piece[i]);
    if (got < n) return sts_fail_memory(err, "the BLAS");
    __atomic_store_n(&found, true, __ATOMIC_RELAXED);
    return 0;
}
