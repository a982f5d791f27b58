/* comm.c - the ranks of an MPI job; the only file that calls MPI. Every exchange is started without
 * blocking and then waited for by a loop of our own, which leaves the processor to others and
 * gives up when the other ranks are gone. */
#include "core/comm.h"

#ifdef STS_MPI

#include "core/clock.h"
#include "core/mem.h"
#include "core/threads.h"

#include <fcntl.h>
#include <limits.h>
#include <mpi.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define PIECE ((size_t)1 << 28) /* bytes at a time: MPI counts in int */
#define QUEUE 1024              /* sums that wait to be made */
#define EAGER 5e-3              /* seconds of waiting without a nap */
#define PATIENCE 600.0          /* seconds after which the others are given up */
#define FAREWELL 1.0            /* seconds in which the others can fail for the same reason */

static struct {
    bool joined, settled, met;
    int rank, size, processors;
    int code;               /* of the whole job, once settled */
    int stderr_fd;          /* where rank 1 and up can still speak; -1: where they always do */
    double patience;
    MPI_Comm world, end;    /* end: for the last exchange only */
    char host[64], prefix[96];
} comm = {.size = 1, .stderr_fd = -1};

/* One thread adds up what is queued, in order. */
static struct {
    bool running, quit, failed;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t change;
    struct {
        float *x;
        size_t n;
    } job[QUEUE];
    size_t put, done; /* jobs queued and done since the start */
    sts_err err;
} sums = {.lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER};

int sts_comm_rank(void)
{
    return comm.rank;
}

int sts_comm_size(void)
{
    return comm.size;
}

/* ---- waiting ---- */

static int fail_mpi(int code, sts_err *err)
{
    char text[MPI_MAX_ERROR_STRING] = "";
    int n;
    MPI_Error_string(code, text, &n);
    return sts_fail(err, STS_FAILED, "the exchange with the other ranks failed: %s", text);
}

static void rest(double waited)
{
    if (waited < EAGER) sched_yield();
    else nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
}

/* 1: done; 0: `seconds` have passed; -1: error. */
static int wait_for(MPI_Request *q, double seconds, sts_err *err)
{
    double start = sts_clock(), waited = 0;
    for (int done = 0;; waited = sts_clock() - start) {
        int rc = MPI_Test(q, &done, MPI_STATUS_IGNORE);
        if (rc) return fail_mpi(rc, err);
        if (done) return 1;
        if (waited > seconds) return 0;
        rest(waited);
    }
}

/* The end of an exchange that was started with result `rc`. */
static int finish(int rc, MPI_Request *q, sts_err *err)
{
    if (rc) return fail_mpi(rc, err);
    int done = wait_for(q, comm.patience, err);
    if (done) return done < 0 ? -1 : 0;
    return sts_fail(err, STS_FAILED, "the other ranks have not answered for %g seconds "
                                     "(STSFIT_MPI_TIMEOUT)", comm.patience);
}

/* ---- exchanges ---- */

int sts_comm_broadcast(void *buf, size_t n, sts_err *err)
{
    int rc = 0;
    for (size_t at = 0; at < n && comm.size > 1 && !rc; at += PIECE) {
        MPI_Request q;
        int k = (int)(n - at < PIECE ? n - at : PIECE);
        rc = finish(MPI_Ibcast((char *)buf + at, k, MPI_BYTE, 0, comm.world, &q), &q, err);
    }
    return rc;
}

int sts_comm_gather(const float *own, float *all, size_t n, size_t width, sts_err *err)
{
    size_t floats;
    if (comm.size == 1) return 0;
    if (!sts_mul(n, width, &floats) || floats > INT_MAX)
        return sts_fail(err, STS_USAGE, "the batch size is too large");
    int *count = sts_alloc((size_t)comm.size, 2 * sizeof *count);
    if (!count) return sts_fail_memory(err, "an exchange");
    int *at = count + comm.size;
    for (int r = 0; r < comm.size; r++) {
        size_t lo, hi;
        sts_cut(n, (size_t)comm.size, (size_t)r, 1, &lo, &hi);
        count[r] = (int)((hi - lo) * width);
        at[r] = (int)(lo * width);
    }
    MPI_Request q;
    int rc = finish(MPI_Iallgatherv(own, count[comm.rank], MPI_FLOAT, all, count, at, MPI_FLOAT,
                                    comm.world, &q), &q, err);
    sts_free(count);
    return rc;
}

static int reduce(void *x, size_t n, size_t size, MPI_Datatype type, MPI_Op op, sts_err *err)
{
    int rc = 0;
    for (size_t at = 0, step = PIECE / size; at < n && comm.size > 1 && !rc; at += step) {
        MPI_Request q;
        int k = (int)(n - at < step ? n - at : step);
        rc = finish(MPI_Iallreduce(MPI_IN_PLACE, (char *)x + at * size, k, type, op, comm.world, &q),
                    &q, err);
    }
    return rc;
}

int sts_comm_merge(float *x, size_t n, sts_err *err)
{
    return reduce(x, n, sizeof *x, MPI_UINT32_T, MPI_BOR, err); /* bits: -0 stays what it is */
}

int sts_comm_max(int *x, sts_err *err)
{
    return reduce(x, 1, sizeof *x, MPI_INT, MPI_MAX, err);
}

typedef struct seal { /* of some bytes on a host */
    uint64_t crc, n;
    char host[sizeof comm.host];
} seal;

int sts_comm_same(const char *what, const void *data, size_t n, sts_err *err)
{
    if (comm.size == 1) return 0;
    seal own = {crc32_z(0, data, n), n, ""}, *all = sts_alloc((size_t)comm.size, sizeof *all);
    if (!all) return sts_fail_memory(err, "an exchange");
    memcpy(own.host, comm.host, sizeof own.host);
    MPI_Request q;
    int size = (int)sizeof own, rc = finish(MPI_Iallgather(&own, size, MPI_BYTE, all, size,
                                                           MPI_BYTE, comm.world, &q), &q, err);
    for (int r = 1; r < comm.size && !rc; r++)
        if (all[r].crc != all->crc || all[r].n != all->n)
            rc = sts_fail(err, STS_DATA, "%s: on %s (rank %d) it differs from that on %s (rank 0)",
                          what, all[r].host, r, all->host);
    sts_free(all);
    return rc;
}

/* ---- sums while the caller goes on ---- */

static void sum_one(float *x, size_t n)
{
    if (!sums.failed && reduce(x, n, sizeof *x, MPI_FLOAT, MPI_SUM, &sums.err)) sums.failed = true;
}

static void *sum_thread(void *unused)
{
    pthread_mutex_lock(&sums.lock);
    while (!sums.quit) {
        if (sums.done == sums.put) {
            pthread_cond_wait(&sums.change, &sums.lock);
            continue;
        }
        size_t i = sums.done % QUEUE;
        pthread_mutex_unlock(&sums.lock);
        sum_one(sums.job[i].x, sums.job[i].n);
        pthread_mutex_lock(&sums.lock);
        sums.done++;
        pthread_cond_broadcast(&sums.change);
    }
    pthread_mutex_unlock(&sums.lock);
    return unused;
}

void sts_comm_sum_begin(float *x, size_t n)
{
    if (comm.size == 1) return;
    if (!sums.running) {
        sum_one(x, n);
        return;
    }
    pthread_mutex_lock(&sums.lock);
    while (sums.put - sums.done == QUEUE) pthread_cond_wait(&sums.change, &sums.lock);
    sums.job[sums.put % QUEUE].x = x;
    sums.job[sums.put++ % QUEUE].n = n;
    pthread_cond_broadcast(&sums.change);
    pthread_mutex_unlock(&sums.lock);
}

int sts_comm_sum_end(sts_err *err)
{
    pthread_mutex_lock(&sums.lock);
    while (sums.done != sums.put) pthread_cond_wait(&sums.change, &sums.lock);
    pthread_mutex_unlock(&sums.lock);
    if (!sums.failed) return 0;
    if (err) *err = sums.err;
    return -1;
}

static void stop_sums(void)
{
    if (!sums.running) return;
    pthread_mutex_lock(&sums.lock);
    sums.quit = true;
    pthread_cond_broadcast(&sums.change);
    pthread_mutex_unlock(&sums.lock);
    pthread_join(sums.thread, NULL);
    sums.running = false;
}

/* ---- start ---- */

/* Whether something has started us as one of several: without, MPI is left alone. */
static bool launched(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE",
                                        "MV2_COMM_WORLD_SIZE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (getenv(names[i])) return true;
    return false;
}

/* The ranks of this host share the processors that any of them may run on. */
static void count_processors(void)
{
    MPI_Comm node;
    int ranks = 1, own = sts_cpu_count(), all = own;
    if (MPI_Comm_split_type(comm.world, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node)) return;
    MPI_Comm_size(node, &ranks);
#ifdef __linux__
    cpu_set_t set;
    if (!sched_getaffinity(0, sizeof set, &set)) {
        MPI_Allreduce(MPI_IN_PLACE, &set, (int)sizeof set, MPI_BYTE, MPI_BOR, node);
        all = CPU_COUNT(&set);
    }
#endif
    MPI_Comm_free(&node);
    int share = all / ranks > 0 ? all / ranks : 1;
    comm.processors = share < own ? share : own;
}

/* Rank 0 speaks for all; the others' output goes nowhere, but stderr is kept for their last word. */
static void mute(void)
{
    int nowhere = open("/dev/null", O_WRONLY);
    comm.stderr_fd = dup(2);
    if (nowhere < 0 || comm.stderr_fd < 0) return;
    dup2(nowhere, 1);
    dup2(nowhere, 2);
    close(nowhere);
}

static void speak(void)
{
    fflush(stderr);
    if (comm.stderr_fd >= 0) dup2(comm.stderr_fd, 2);
    comm.stderr_fd = -1;
}

static void start_sums(int provided)
{
    if (comm.size == 1 || provided < MPI_THREAD_SERIALIZED) return;
    sums.running = !pthread_create(&sums.thread, NULL, sum_thread, NULL);
}

int sts_comm_start(sts_err *err)
{
    int provided;
    if (comm.joined || !launched()) return 0;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided))
        return sts_fail(err, STS_FAILED, "MPI does not start");
    MPI_Comm_dup(MPI_COMM_WORLD, &comm.world);
    MPI_Comm_dup(MPI_COMM_WORLD, &comm.end);
    MPI_Comm_set_errhandler(comm.world, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(comm.end, MPI_ERRORS_RETURN);
    MPI_Comm_rank(comm.world, &comm.rank);
    MPI_Comm_size(comm.world, &comm.size);
    comm.joined = true;
    const char *seconds = getenv("STSFIT_MPI_TIMEOUT");
    comm.patience = seconds && atof(seconds) > 0 ? atof(seconds) : PATIENCE;
    if (gethostname(comm.host, sizeof comm.host - 1)) strcpy(comm.host, "?");
    count_processors();
    if (comm.rank) mute();
    start_sums(provided);
    char build[64] = ""; /* what ranks must have in common to understand one another */
    snprintf(build, sizeof build, STSFIT_VERSION " %zu %.9g", sizeof(size_t), 0.1);
    uint32_t order = 1;
    memcpy(build + 48, &order, sizeof order);
    return sts_comm_same("stsfit " STSFIT_VERSION, build, sizeof build, err);
}

int sts_comm_processors(void)
{
    return comm.processors ? comm.processors : sts_cpu_count();
}

/* ---- the end ---- */

/* Tells the others how this rank has ended, and learns how they have; false when they do not come
 * to their end within `seconds`. *first: the lowest rank that has failed, or -1. */
static bool settle(int code, double seconds, int *first)
{
    int *all = sts_alloc((size_t)comm.size, sizeof *all);
    MPI_Request q;
    *first = -1;
    comm.settled = true;
    comm.code = code;
    if (!all || MPI_Iallgather(&code, 1, MPI_INT, all, 1, MPI_INT, comm.end, &q)) return false;
    if (wait_for(&q, seconds, NULL) != 1) return false; /* all stays: it may still be written to */
    for (int r = comm.size; r--;)
        if (all[r]) *first = r;
    if (*first >= 0) comm.code = all[*first];
    sts_free(all);
    return true;
}

const char *sts_comm_failed(int code)
{
    int first;
    if (comm.size == 1 || comm.settled) return "";
    /* the lower the rank the sooner it speaks; the job then ends before the next one does */
    comm.met = settle(code, FAREWELL + 0.05 * comm.rank, &first);
    if (comm.met && first != comm.rank) return NULL;
    speak();
    if (comm.rank) snprintf(comm.prefix, sizeof comm.prefix, "rank %d on %s: ", comm.rank, comm.host);
    return comm.prefix;
}

int sts_comm_end(int code)
{
    int first;
    if (!comm.joined) return code;
    if (!comm.settled) comm.met = settle(code, code ? FAREWELL : comm.patience, &first);
    if (!comm.met) MPI_Abort(MPI_COMM_WORLD, code ? code : STS_FAILED);
    stop_sums();
    MPI_Finalize();
    comm.joined = false;
    return comm.code;
}

#else
typedef int sts_comm_unused; /* ISO C wants something in a file */
#endif
