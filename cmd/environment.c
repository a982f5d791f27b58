/* environment.c - what the libraries below read once, when they are opened: after main begins. */
#include "common.h"

#include <stdlib.h>

/* Threads that wait for one another spin for some microseconds, then sleep. GNU OpenMP's own
 * default spins for milliseconds, which costs most of the speed as soon as another program wants a
 * processor. */
#define SPIN "10000"

/* OpenBLAS starts threads of its own when it is opened. Nothing is left for them to do, and under a
 * limit on memory they try for their buffers for ever, also when the program wants to end. */
#define WORKERS "1"

void set_environment(void)
{
    if (!getenv("OMP_WAIT_POLICY")) setenv("GOMP_SPINCOUNT", SPIN, 0);
    setenv("OPENBLAS_NUM_THREADS", WORKERS, 0);
}
