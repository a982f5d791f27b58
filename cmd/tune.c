/* tune.c - two settings that the libraries below read once, when they are loaded. */
#include "common.h"

#include <stdlib.h>
#include <unistd.h>

/* Threads that wait for one another spin for some microseconds, then sleep: the default, to spin
 * for ever, makes a run ten times slower as soon as another program wants a processor. */
#define SPIN "10000"

void tune(char **argv)
{
    if (getenv("STSFIT_TUNED")) return;
    const char *core = getenv("OPENBLAS_CORETYPE") ? NULL : sts_gemm_better_core();
    bool spin = !getenv("GOMP_SPINCOUNT") && !getenv("OMP_WAIT_POLICY");
    if (!core && !spin) return;
    if (setenv("STSFIT_TUNED", "1", 1)) return;
    if (core) setenv("OPENBLAS_CORETYPE", core, 1);
    if (spin) setenv("GOMP_SPINCOUNT", SPIN, 1);
    execv("/proc/self/exe", argv); /* where there is no such file, all goes on as it is */
}
