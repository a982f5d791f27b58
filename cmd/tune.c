/* tune.c - settings that the libraries below read once, when they are loaded. */
#include "common.h"

#include <stdlib.h>
#include <unistd.h>

/* Threads that wait for one another spin for some microseconds, then sleep: the default, to spin
 * for ever, makes a run ten times slower as soon as another program wants a processor. */
#define SPIN "10000"

/* OpenBLAS starts threads of its own when it is loaded. Nothing is left for them to do, and under a
 * limit on memory they try for their buffers for ever, also when the program wants to end. */
#define WORKERS "1"

void tune(char **argv)
{
    if (getenv("STSFIT_TUNED")) return;
    const char *core = getenv("OPENBLAS_CORETYPE") ? NULL : sts_gemm_better_core();
    bool spin = !getenv("GOMP_SPINCOUNT") && !getenv("OMP_WAIT_POLICY");
    bool workers = !getenv("OPENBLAS_NUM_THREADS");
    if (!core && !spin && !workers) return;
    if (setenv("STSFIT_TUNED", "1", 1)) return;
    if (core) setenv("OPENBLAS_CORETYPE", core, 1);
    if (spin) setenv("GOMP_SPINCOUNT", SPIN, 1);
    if (workers) setenv("OPENBLAS_NUM_THREADS", WORKERS, 1);
    execv("/proc/self/exe", argv); /* where there is no such file, all goes on as it is */
}
