/* gomp.c - GNU OpenMP, opened at the first parallel region. It reads how long threads that wait
 * should spin (GOMP_SPINCOUNT, OMP_WAIT_POLICY) when it is loaded; linked in the usual way that is
 * before main, and a program that has a better default than its own could only start itself again.
 * So gcc's calls end here, hidden from the rest of the program, and are handed on. Where the
 * library cannot be opened, regions run on one thread. With other compilers and systems this file
 * is empty, and the link is the usual one. */
#if defined(__linux__) && defined(__GNUC__) && !defined(__clang__)

#include <dlfcn.h>
#include <omp.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#define HIDDEN __attribute__((visibility("hidden")))

typedef void region_fn(void *data);
typedef unsigned long long ull;

/* What gcc calls for the constructs of this library; for one that is new here the linker asks for
 * the library itself, which works too, but is loaded before main then. */
static struct {
    void (*GOMP_parallel)(region_fn *fn, void *data, unsigned threads, unsigned flags);
    void (*GOMP_barrier)(void);
    bool (*GOMP_loop_nonmonotonic_dynamic_start)(long, long, long, long, long *, long *);
    bool (*GOMP_loop_nonmonotonic_dynamic_next)(long *, long *);
    bool (*GOMP_loop_ull_nonmonotonic_dynamic_start)(bool, ull, ull, ull, ull, ull *, ull *);
    bool (*GOMP_loop_ull_nonmonotonic_dynamic_next)(ull *, ull *);
    void (*GOMP_loop_end_nowait)(void);
    int (*omp_get_max_threads)(void);
    int (*omp_get_num_threads)(void);
    int (*omp_get_thread_num)(void);
    void (*omp_set_num_threads)(int);
} gomp;

static bool here; /* all of gomp is set */

static void open_library(void)
{
    static const struct {
        const char *name;
        void *at;
    } call[] = {
#define CALL(name) {#name, &gomp.name}
        CALL(GOMP_parallel), CALL(GOMP_barrier), CALL(GOMP_loop_nonmonotonic_dynamic_start),
        CALL(GOMP_loop_nonmonotonic_dynamic_next), CALL(GOMP_loop_ull_nonmonotonic_dynamic_start),
        CALL(GOMP_loop_ull_nonmonotonic_dynamic_next), CALL(GOMP_loop_end_nowait),
        CALL(omp_get_max_threads), CALL(omp_get_num_threads), CALL(omp_get_thread_num),
        CALL(omp_set_num_threads)};
    void *library = dlopen("libgomp.so.1", RTLD_NOW | RTLD_LOCAL);
    bool all = library != NULL;
    for (size_t i = 0; i < sizeof call / sizeof *call && all; i++) {
        void *address = dlsym(library, call[i].name);
        all = address != NULL;
        memcpy(call[i].at, &address, sizeof address);
    }
    here = all;
}

static bool ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_library);
    return here;
}

HIDDEN void GOMP_parallel(region_fn *fn, void *data, unsigned threads, unsigned flags)
{
    if (ready()) gomp.GOMP_parallel(fn, data, threads, flags);
    else fn(data);
}

HIDDEN void GOMP_barrier(void)
{
    if (ready()) gomp.GOMP_barrier();
}

HIDDEN bool GOMP_loop_nonmonotonic_dynamic_start(long start, long end, long step, long chunk,
                                                 long *lo, long *hi)
{
    if (ready())
        return gomp.GOMP_loop_nonmonotonic_dynamic_start(start, end, step, chunk, lo, hi);
    *lo = start;
    *hi = end;
    return start != end;
}

HIDDEN bool GOMP_loop_nonmonotonic_dynamic_next(long *lo, long *hi)
{
    return ready() && gomp.GOMP_loop_nonmonotonic_dynamic_next(lo, hi);
}

HIDDEN bool GOMP_loop_ull_nonmonotonic_dynamic_start(bool up, ull start, ull end, ull step,
                                                     ull chunk, ull *lo, ull *hi)
{
    if (ready())
        return gomp.GOMP_loop_ull_nonmonotonic_dynamic_start(up, start, end, step, chunk, lo, hi);
    *lo = start;
    *hi = end;
    return start != end;
}

HIDDEN bool GOMP_loop_ull_nonmonotonic_dynamic_next(ull *lo, ull *hi)
{
    return ready() && gomp.GOMP_loop_ull_nonmonotonic_dynamic_next(lo, hi);
}

HIDDEN void GOMP_loop_end_nowait(void)
{
    if (ready()) gomp.GOMP_loop_end_nowait();
}

HIDDEN int omp_get_max_threads(void)
{
    return ready() ? gomp.omp_get_max_threads() : 1;
}

HIDDEN int omp_get_num_threads(void)
{
    return ready() ? gomp.omp_get_num_threads() : 1;
}

HIDDEN int omp_get_thread_num(void)
{
    return ready() ? gomp.omp_get_thread_num() : 0;
}

HIDDEN void omp_set_num_threads(int n)
{
    if (ready()) gomp.omp_set_num_threads(n);
}

#else
typedef int nothing_here;
#endif
