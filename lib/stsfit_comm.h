/* stsfit_comm.h - several processes at one work. Included by stsfit.h. */
#ifndef STSFIT_COMM_H
#define STSFIT_COMM_H

#include "stsfit.h"

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#ifdef __cplusplus
extern "C" {
#endif

/* In a library built with MPI, and in a program that mpirun has started: joins the other ranks, so
 * that sts_train, sts_eval, sts_encode_file and so on are their common work. All ranks make the
 * same calls. From then on stdout and stderr of all but rank 0 lead nowhere. Else nothing
 * happens. */
int sts_comm_start(sts_err *err);

/* This process among those that work together, from 0, and how many these are (1: alone). */
int sts_comm_rank(void);
int sts_comm_size(void);

/* Before a failure is printed: what to put before the message ("", or the rank and its host), or
 * NULL when another rank prints it. */
const char *sts_comm_failed(int code);

/* The end: waits for the other ranks, and gives the exit code of all. Where some cannot come since
 * this one has failed, ends the whole job. */
int sts_comm_end(int code);

#ifdef __cplusplus
}
#endif
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#endif
