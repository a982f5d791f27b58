/* fake_blas.c - a library that passes for OpenBLAS and takes every processor for a Prescott, unless
 * OPENBLAS_CORETYPE was set when it was loaded. FIXED: built for that one alone; DEAF: it does not
 * know other names. Says on stderr what it goes through, and a product that could start threads. */
#include <stdio.h>
#include <stdlib.h>

static const char *core = "Prescott";
static int threads = 4;

__attribute__((constructor)) static void loaded(void)
{
    const char *asked = getenv("OPENBLAS_CORETYPE");
    if (asked && !getenv("DEAF")) core = asked;
    fprintf(stderr, "loaded: %s\n", core);
}

__attribute__((destructor)) static void unloaded(void)
{
    fprintf(stderr, "unloaded: %d threads, OPENBLAS_CORETYPE %s\n", threads,
            getenv("OPENBLAS_CORETYPE") ? "set" : "not set");
}

char *openblas_get_config(void)
{
    return getenv("FIXED") ? "OpenBLAS 0.3.21 NO_AFFINITY" : "OpenBLAS 0.3.21 DYNAMIC_ARCH";
}

const char *openblas_get_corename(void)
{
    return core;
}

int openblas_get_parallel(void)
{
    return 1;
}

int openblas_get_num_threads(void)
{
    return threads;
}

void openblas_set_num_threads(int n)
{
    threads = n;
}

void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha, const float *a,
                 int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
    if (order != 101) abort();
    if (threads != 1) fprintf(stderr, "a product on %d threads\n", threads);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            float sum = 0;
            for (int p = 0; p < k; p++) {
                float x = a[ta == 111 ? i * lda + p : p * lda + i];
                float y = b[tb == 111 ? p * ldb + j : j * ldb + p];
                sum += x * y;
            }
            c[i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * ldc + j]);
        }
}
