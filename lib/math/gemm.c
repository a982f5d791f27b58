/* gemm.c - row-major GEMM over cblas, cut among threads. The only file that includes cblas.h. */
#include "math/gemm.h"

#include "core/clock.h"
#include "core/mem.h"
#include "core/threads.h"
#include "math/bf16.h"

#include <cblas.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

/* OpenBLAS has these, other BLAS libraries do not. */
#if defined(__GNUC__)
__attribute__((weak)) extern void openblas_set_num_threads(int n);
__attribute__((weak)) extern char *openblas_get_config(void);
__attribute__((weak)) extern char *openblas_get_corename(void);
#endif

static _Thread_local sts_gemm_cost spent;
static _Thread_local const sts_bf16 *rounding; /* NULL: float32 */
static _Thread_local bool failed;              /* a product of oneDNN's */

/* Our threads call the BLAS side by side, so that it must not start its own. */
static void one_blas_thread(void)
{
    static bool done;
    bool seen;
#pragma omp atomic read
    seen = done;
    if (seen) return;
    if (openblas_set_num_threads) openblas_set_num_threads(1);
#pragma omp atomic write
    done = true;
}

static void call_blas(const sts_product *p, size_t m, size_t n, float *c, const float *a,
                      const float *b)
{
    if (!m || !n) return;
    cblas_sgemm(CblasRowMajor, p->ta ? CblasTrans : CblasNoTrans, p->tb ? CblasTrans : CblasNoTrans,
                (int)m, (int)n, (int)p->k, 1, a, (int)p->lda, b, (int)p->ldb, p->add ? 1 : 0, c,
                (int)p->ldc);
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

static void in_float(const sts_product *p, double flops)
{
    one_blas_thread();
#pragma omp parallel num_threads(sts_threads()) if (flops > 1e6)
    call_part(p, (size_t)omp_get_thread_num(), (size_t)omp_get_num_threads());
}

static void run(const sts_product *p)
{
    if (!p->m || !p->n) return;
    double start = sts_clock();
    double flops = 2.0 * (double)p->m * (double)p->n * (double)p->k;
    if (!rounding) in_float(p, flops);
    else if (sts_bf16_product(rounding, p)) failed = true;
    spent.seconds += sts_clock() - start;
    spent.flops += flops;
    spent.calls++;
}

void sts_gemm_nt(size_t m, size_t n, size_t k, float *c, size_t ldc, const float *a, size_t lda,
                 const float *b, size_t ldb)
{
    run(&(sts_product){false, true, false, m, n, k, c, ldc, a, lda, b, ldb});
}

void sts_gemm_nn(size_t m, size_t n, size_t k, float *c, size_t ldc, const float *a, size_t lda,
                 const float *b, size_t ldb, bool add)
{
    run(&(sts_product){false, false, add, m, n, k, c, ldc, a, lda, b, ldb});
}

void sts_gemm_tn(size_t m, size_t n, size_t k, float *c, size_t ldc, const float *a, size_t lda,
                 const float *b, size_t ldb)
{
    run(&(sts_product){true, false, true, m, n, k, c, ldc, a, lda, b, ldb});
}

void sts_gemm_round(const sts_bf16 *with)
{
    rounding = with;
}

/* What OpenBLAS takes for each thread that calls it, and keeps. */
#define BLAS_BUFFER (((size_t)128 << 20) + 4096)

int sts_gemm_room(sts_err *err)
{
    static bool found;
    void *piece[64];
    int n = sts_threads() < 64 ? sts_threads() : 64, got = 0;
    bool seen;
#pragma omp atomic read
    seen = found;
    if (seen || !openblas_get_config) return 0;
    while (got < n && (piece[got] = sts_alloc_raw(BLAS_BUFFER, 1))) got++;
    for (int i = 0; i < got; i++) sts_free(piece[i]);
    if (got < n) return sts_fail_memory(err, "the BLAS");
#pragma omp atomic write
    found = true;
    return 0;
}

int sts_gemm_check(sts_err *err)
{
    if (!failed) return 0;
    failed = false;
    return sts_fail(err, STS_FAILED, "oneDNN could not multiply two matrices: give it more memory, "
                                     "or take --precision fp32");
}

sts_gemm_cost sts_gemm_spent(void)
{
    return spent;
}

void sts_gemm_reset(void)
{
    spent = (sts_gemm_cost){0};
}

const char *sts_gemm_name(char out[128])
{
    if (openblas_get_config && openblas_get_corename) {
        char version[32] = "";
        sscanf(openblas_get_config(), "%*s %31s", version);
        snprintf(out, 128, "OpenBLAS %s %s", version, openblas_get_corename());
    } else {
        snprintf(out, 128, "cblas");
    }
    return out;
}

const char *sts_gemm_better_core(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (!openblas_get_corename) return NULL;
    const char *core = openblas_get_corename();
    bool avx2 = !strcmp(core, "Haswell") || !strcmp(core, "Zen");
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return "SkylakeX";
#endif
    return NULL;
}
