/* threads.h - how many OpenMP threads the library uses, and cutting [0, n) among them. Each of its
 * parallel regions says num_threads(sts_threads()): OpenMP's own number, which belongs to the
 * program and which an OpenBLAS built with OpenMP changes, is neither read nor set. */
#ifndef STS_CORE_THREADS_H
#define STS_CORE_THREADS_H

#include <stddef.h>

#define STS_MAX_THREADS 256

/* As the environment in use (env.h) says, clamped to 1..STS_MAX_THREADS; 0: STSFIT_THREADS,
 * OMP_NUM_THREADS, or the available processors, which the ranks of an MPI job share. In a process
 * forked from one that has used several threads, always 1: OpenMP's do not survive a fork. */
void sts_threads_set(int n);
int sts_threads(void);

/* The part [*lo, *hi) of n items that belongs to `part` of `parts`; boundaries are multiples
 * of `align`, and the same for the same n and parts. */
void sts_cut(size_t n, size_t parts, size_t part, size_t align, size_t *lo, size_t *hi);

#endif
