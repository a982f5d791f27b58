/* threads.c - the number of OpenMP threads, and how work is cut among them. */
#include "core/threads.h"

#include "core/comm.h"
#include "core/env.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

static int standard;   /* as the process's environment says; 0: not yet known */
static bool several;   /* whether a region may have run on more than one */
static bool forked;    /* whether it did so before a fork, in the parent */

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

static void in_child(void)
{
    if (several) forked = true;
}

static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, in_child);
}

void sts_threads_set(int n)
{
    sts_env_threads(sts_env_now(), n);
}

static int standard_number(void)
{
    int n = __atomic_load_n(&standard, __ATOMIC_RELAXED);
    if (n) return n;
    n = from_environment();
    __atomic_store_n(&standard, n, __ATOMIC_RELAXED);
    return n;
}

int sts_threads(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (forked) return 1;
    int n = sts_env_now()->threads;
    if (n <= 0) n = standard_number();
    if (n > STS_MAX_THREADS) n = STS_MAX_THREADS;
    if (n > 1 && !__atomic_load_n(&several, __ATOMIC_RELAXED)) {
        pthread_once(&once, watch_forks);
        __atomic_store_n(&several, true, __ATOMIC_RELAXED);
    }
    return n;
}

void sts_cut(size_t n, size_t parts, size_t part, size_t align, size_t *lo, size_t *hi)
{
    size_t units = (n + align - 1) / align;
    size_t a = units * part / parts * align, b = units * (part + 1) / parts * align;
    *lo = a < n ? a : n;
    *hi = b < n ? b : n;
}
