/* comm_single.c - the twin of comm.c in a build without MPI: one process, nothing to exchange. */
#include "core/comm.h"

#ifndef STS_MPI

#include "core/clock.h"

int sts_comm_start(sts_err *err)
{
    (void)err;
    return 0;
}

int sts_comm_rank(void)
{
    return 0;
}

int sts_comm_size(void)
{
    return 1;
}

const char *sts_comm_failed(int code)
{
    (void)code;
    return "";
}

int sts_comm_end(int code)
{
    return code;
}

int sts_comm_processors(void)
{
    return sts_cpu_count();
}

int sts_comm_broadcast(void *buf, size_t n, sts_err *err)
{
    (void)buf, (void)n, (void)err;
    return 0;
}

int sts_comm_gather(const float *own, float *all, size_t n, size_t width, sts_err *err)
{
    (void)own, (void)all, (void)n, (void)width, (void)err;
    return 0;
}

int sts_comm_sum(float *x, size_t n, sts_err *err)
{
    (void)x, (void)n, (void)err;
    return 0;
}

int sts_comm_max(int *x, sts_err *err)
{
    (void)x, (void)err;
    return 0;
}

int sts_comm_same(const char *what, const void *data, size_t n, sts_err *err)
{
    (void)what, (void)data, (void)n, (void)err;
    return 0;
}

int sts_comm_same_text(const char *what, const char *text, sts_err *err)
{
    (void)what, (void)text, (void)err;
    return 0;
}

void sts_comm_sum_begin(float *x, size_t n)
{
    (void)x, (void)n;
}

int sts_comm_sum_end(sts_err *err)
{
    (void)err;
    return 0;
}

#else
typedef int sts_comm_single_unused; /* ISO C wants something in a file */
#endif
