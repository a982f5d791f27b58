/* threads.c - the number of OpenMP threads, and how work is cut among them. */
#include "core/threads.h"

#include "core/comm.h"

#include <omp.h>
#include <stdlib.h>

static int from_environment(void)
{
    const char *names[] = {"STSFIT_THREADS", "OMP_NUM_THREADS"};
    for (int i = 0; i < 2; i++) {
        const char *s = getenv(names[i]);
        long n = s ? strtol(s, NULL, 10) : 0;
        if (n > 0) return n < STS_MAX_THREADS ? (int)n : STS_MAX_THREADS;
    }
    return sts_comm_processors();
}

void sts_threads_set(int n)
{
    if (n <= 0) n = from_environment();
    if (n > STS_MAX_THREADS) n = STS_MAX_THREADS;
    omp_set_dynamic(0);
    omp_set_num_threads(n);
}

int sts_threads(void)
{
    return omp_get_max_threads();
}

void sts_cut(size_t n, size_t parts, size_t part, size_t align, size_t *lo, size_t *hi)
{
    size_t units = (n + align - 1) / align;
    size_t a = units * part / parts * align, b = units * (part + 1) / parts * align;
    *lo = a < n ? a : n;
    *hi = b < n ? b : n;
}
