/* comm.h - the processes that work on one run: this one alone, or the ranks of an MPI job. comm.c
 * has every call to MPI (`make MPI=1`); comm_single.c is its twin for one process. Which rank this
 * is and how many there are: sts_comm_rank, sts_comm_size (stsfit.h).
 *
 * All ranks make the same calls in the same order. A call that fails on one rank leaves the others
 * waiting: the program then ends the whole job (sts_comm_failed, sts_comm_end). */
#ifndef STS_CORE_COMM_H
#define STS_CORE_COMM_H

#include "core/err.h"

/* Processors for this rank: its fair share of those that the ranks on this host may run on. */
int sts_comm_processors(void);

/* Rank 0's n bytes to all. 0, or -1 (STS_FAILED), as below. */
int sts_comm_broadcast(void *buf, size_t n, sts_err *err);

/* Of n rows of `width` floats each rank has those that sts_cut gives it, in own; into all, [n x
 * width], on every rank. */
int sts_comm_gather(const float *own, float *all, size_t n, size_t width, sts_err *err);

/* Adds up n floats over the ranks, in place: in double, in the order of the ranks, so that every
 * rank gets the same bits. Where all but one rank have -0, that one's number comes out as it is. */
int sts_comm_sum(float *x, size_t n, sts_err *err);

/* The same while the caller continues: starts sums one after the other, in the order of the calls,
 * which is the same on all ranks. No other function of this file may be called before
 * sts_comm_sum_end, which waits until all sums are there. */
void sts_comm_sum_begin(float *x, size_t n);
int sts_comm_sum_end(sts_err *err);

/* The largest *x of all ranks. */
int sts_comm_max(int *x, sts_err *err);

/* Whether all ranks hold the same n bytes as rank 0: else -1 (STS_DATA), and on every rank a
 * message that names a host where `what` differs. The second is for short texts (STS_USAGE), which
 * it shows. */
int sts_comm_same(const char *what, const void *data, size_t n, sts_err *err);
int sts_comm_same_text(const char *what, const char *text, sts_err *err);

#endif
