/* comm.c - the ranks of an MPI job; the only file that calls MPI. Every exchange is started without
 * blocking and then waited for by a loop of our own, which leaves the processor to others and
 * gives up when the other ranks are gone.
 *
 * Sums: each rank is sent one part of the numbers by all others, adds it up in double in the order
 * of the ranks, and sends the result to all. So every rank holds the same bits, whatever MPI's own
 * algorithms are, and none sends or receives more than 2 (ranks - 1) / ranks times the numbers.
 * What is left between different numbers of ranks is the rounding of the float products that made
 * the parts, some 1e-7 of a gradient, as between different numbers of threads. */
#include "core/comm.h"

#ifdef STS_MPI

#include "core/background.h"
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
#define ADDED ((size_t)1 << 22) /* floats added up at a time */
#define EAGER 5e-3              /* seconds of waiting without a nap */
#define TRIES 8                 /* before a nap while others compute */
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
    int *count;             /* [4 x size] what goes to whom */
    float *room;            /* [cap] what the others have for this rank */
    size_t cap;
} comm = {.size = 1, .stderr_fd = -1};

/* Two threads call MPI, but one at a time. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
#define CALL(rc, call) \
    do { \
        pthread_mutex_lock(&turn); \
        (rc) = (call); \
        pthread_mutex_unlock(&turn); \
    } while (0)

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

/* Between two looks: the thread that adds up leaves the processor to those that compute. */
static void rest(double waited, unsigned tries)
{
    if (sts_background_beside() ? tries % TRIES != 0 : waited < EAGER) sched_yield();
    else nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
}

/* 1: done; 0: `seconds` have passed; -1: error. */
static int wait_for(MPI_Request *q, double seconds, sts_err *err)
{
    double start = sts_clock(), waited = 0;
    int rc, done = 0;
    for (unsigned tries = 1;; tries++, waited = sts_clock() - start) {
        CALL(rc, MPI_Test(q, &done, MPI_STATUS_IGNORE));
        if (rc) return fail_mpi(rc, err);
        if (done) return 1;
        if (waited > seconds) return 0;
        rest(waited, tries);
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
        CALL(rc, MPI_Ibcast((char *)buf + at, k, MPI_BYTE, 0, comm.world, &q));
        rc = finish(rc, &q, err);
    }
    return rc;
}

/* How many floats of n rows of `width` each rank has, and where they start. */
static void cut_rows(size_t n, size_t width, int *count, int *at)
{
    for (int r = 0; r < comm.size; r++) {
        size_t lo, hi;
        sts_cut(n, (size_t)comm.size, (size_t)r, 1, &lo, &hi);
        count[r] = (int)((hi - lo) * width);
        at[r] = (int)(lo * width);
    }
}

/* `own` may be where it belongs in `all`. */
static int gather(const float *own, float *all, const int *count, const int *at, sts_err *err)
{
    MPI_Request q;
    int rc;
    const void *from = own == all + at[comm.rank] ? MPI_IN_PLACE : own;
    CALL(rc, MPI_Iallgatherv(from, count[comm.rank], MPI_FLOAT, all, count, at, MPI_FLOAT,
                             comm.world, &q));
    return finish(rc, &q, err);
}

int sts_comm_gather(const float *own, float *all, size_t n, size_t width, sts_err *err)
{
    size_t floats;
    if (comm.size == 1) return 0;
    if (!sts_mul(n, width, &floats) || floats > INT_MAX)
        return sts_fail(err, STS_USAGE, "the batch size is too large");
    cut_rows(n, width, comm.count, comm.count + comm.size);
    return gather(own, all, comm.count, comm.count + comm.size, err);
}

int sts_comm_max(int *x, sts_err *err)
{
    MPI_Request q;
    int rc;
    if (comm.size == 1) return 0;
    CALL(rc, MPI_Iallreduce(MPI_IN_PLACE, x, 1, MPI_INT, MPI_MAX, comm.world, &q));
    return finish(rc, &q, err);
}

/* ---- sums ---- */

/* x[i] = part[0][i] + part[1][i] + ..., a part a rank. */
static void add_parts(float *x, const float *part, size_t n)
{
    double sum[256];
    const size_t limit = sizeof sum / sizeof *sum;
    for (size_t lo = 0; lo < n; lo += limit) {
        size_t k = n - lo < limit ? n - lo : limit;
        for (size_t i = 0; i < k; i++) sum[i] = (double)part[lo + i];
        for (size_t r = 1; r < (size_t)comm.size; r++)
            for (size_t i = 0; i < k; i++) sum[i] += (double)part[r * n + lo + i];
        for (size_t i = 0; i < k; i++) x[lo + i] = (float)sum[i];
    }
}

static int reserve_room(size_t n, sts_err *err)
{
    size_t need = n + (size_t)comm.size;
    if (need <= comm.cap) return 0;
    float *room = sts_realloc(comm.room, need, sizeof *room);
    if (!room) return sts_fail_memory(err, "an exchange");
    comm.room = room;
    comm.cap = need;
    return 0;
}

static int add_some(float *x, size_t n, sts_err *err)
{
    int *count = comm.count + 2 * comm.size, *at = count + comm.size, *own = comm.count;
    int rc = 0, *own_at = own + comm.size;
    if (reserve_room(n, err)) return -1;
    cut_rows(n, 1, count, at);
    for (int r = 0; r < comm.size; r++) {
        own[r] = count[comm.rank];
        own_at[r] = r * own[r];
    }
    MPI_Request q;
    CALL(rc, MPI_Ialltoallv(x, count, at, MPI_FLOAT, comm.room, own, own_at, MPI_FLOAT, comm.world,
                            &q));
    if (finish(rc, &q, err)) return -1;
    float *mine = x + at[comm.rank];
    add_parts(mine, comm.room, (size_t)own[0]);
    return gather(mine, x, count, at, err);
}

static int add_up(float *x, size_t n, sts_err *err)
{
    int rc = 0;
    for (size_t at = 0; at < n && !rc; at += ADDED)
        rc = add_some(x + at, n - at < ADDED ? n - at : ADDED, err);
    return rc;
}

int sts_comm_sum(float *x, size_t n, sts_err *err)
{
    return comm.size == 1 ? 0 : add_up(x, n, err);
}

void sts_comm_sum_begin(float *x, size_t n)
{
    if (comm.size > 1) sts_background_put(x, n);
}

int sts_comm_sum_end(sts_err *err)
{
    return comm.size > 1 ? sts_background_wait(err) : 0;
}

/* ---- whether all are alike ---- */

typedef struct seal { /* of some bytes on a host; of 256 bytes in every version */
    uint64_t crc, n;
    char host[sizeof comm.host], text[176];
} seal;

static int name_difference(const char *what, const seal *a, const seal *b, int rank, sts_err *err)
{
    if (*a->text || *b->text)
        return sts_fail(err, STS_USAGE, "%s differs: %.175s on %.63s (rank 0), %.175s on %.63s "
                        "(rank %d)", what, a->text, a->host, b->text, b->host, rank);
    return sts_fail(err, STS_DATA, "%s: on %.63s (rank %d) it differs from that on %.63s (rank 0)",
                    what, b->host, rank, a->host);
}

static int compare(const char *what, const void *data, size_t n, const char *text, sts_err *err)
{
    seal own = {.crc = crc32_z(0, data, n), .n = n}, *all = NULL;
    if (comm.size == 1) return 0;
    all = sts_alloc((size_t)comm.size, sizeof *all);
    if (!all) return sts_fail_memory(err, "an exchange");
    memcpy(own.host, comm.host, sizeof own.host);
    snprintf(own.text, sizeof own.text, "%s", text);
    MPI_Request q;
    int size = (int)sizeof own, rc;
    CALL(rc, MPI_Iallgather(&own, size, MPI_BYTE, all, size, MPI_BYTE, comm.world, &q));
    rc = finish(rc, &q, err);
    for (int r = 1; r < comm.size && !rc; r++)
        if (all[r].crc != all->crc || all[r].n != all->n)
            rc = name_difference(what, all, &all[r], r, err);
    sts_free(all);
    return rc;
}

int sts_comm_same(const char *what, const void *data, size_t n, sts_err *err)
{
    return compare(what, data, n, "", err);
}

int sts_comm_same_text(const char *what, const char *text, sts_err *err)
{
    return compare(what, text, strlen(text), text, err);
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

#ifdef __linux__
/* Open MPI binds each of few ranks to one core unless asked not to, which would leave the rest of
 * the host idle: then the ranks take all processors that mpirun's own process there may use. */
static void unbind(int ranks)
{
    cpu_set_t given;
    if (!getenv("OMPI_COMM_WORLD_SIZE") || getenv("OMPI_MCA_hwloc_base_binding_policy")) return;
    if (sched_getaffinity(getppid(), sizeof given, &given)) return;
    if (CPU_COUNT(&given) / ranks > sts_cpu_count()) sched_setaffinity(0, sizeof given, &given);
}

static int processors_of(MPI_Comm node)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set)) return sts_cpu_count();
    MPI_Allreduce(MPI_IN_PLACE, &set, (int)sizeof set, MPI_BYTE, MPI_BOR, node);
    return CPU_COUNT(&set);
}
#else
static void unbind(int ranks)
{
    (void)ranks;
}

static int processors_of(MPI_Comm node)
{
    (void)node;
    return sts_cpu_count();
}
#endif

/* The ranks of this host share the processors that any of them may run on. */
static void count_processors(void)
{
    MPI_Comm node;
    int ranks = 1;
    if (MPI_Comm_split_type(comm.world, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node)) return;
    MPI_Comm_size(node, &ranks);
    unbind(ranks);
    int own = sts_cpu_count(), share = processors_of(node) / ranks;
    MPI_Comm_free(&node);
    if (share < 1) share = 1;
    comm.processors = share < own ? share : own;
}

/* Rank 0 speaks for all; the others' output goes nowhere, but stderr is kept for a last word. */
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

static int join(sts_err *err)
{
    int provided;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided))
        return sts_fail(err, STS_FAILED, "MPI does not start");
    MPI_Comm_dup(MPI_COMM_WORLD, &comm.world);
    MPI_Comm_dup(MPI_COMM_WORLD, &comm.end);
    MPI_Comm_set_errhandler(comm.world, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(comm.end, MPI_ERRORS_RETURN);
    MPI_Comm_rank(comm.world, &comm.rank);
    MPI_Comm_size(comm.world, &comm.size);
    comm.joined = true;
    comm.count = sts_alloc((size_t)comm.size, 4 * sizeof *comm.count);
    if (!comm.count) return sts_fail_memory(err, "an exchange");
    count_processors();
    if (comm.rank) mute();
    sts_background_start(add_up, comm.size > 1 && provided >= MPI_THREAD_SERIALIZED);
    return 0;
}

/* What ranks must have in common to understand one another: version, and how numbers are kept. */
static int shake_hands(sts_err *err)
{
    char build[64];
    uint32_t order = 1;
    snprintf(build, sizeof build, "%s (%zu bits, %s-endian)", STSFIT_VERSION, 8 * sizeof(size_t),
             *(unsigned char *)&order ? "little" : "big");
    return sts_comm_same_text("stsfit", build, err);
}

int sts_comm_start(sts_err *err)
{
    if (comm.joined || !launched()) return 0;
    const char *given = getenv("STSFIT_MPI_TIMEOUT");
    double seconds;
    bool good = given && sts_number_parse(given, strlen(given), &seconds) && seconds > 0;
    comm.patience = good ? seconds : PATIENCE;
    if (gethostname(comm.host, sizeof comm.host - 1)) strcpy(comm.host, "?");
    return join(err) || shake_hands(err) ? -1 : 0;
}

int sts_comm_processors(void)
{
    return comm.processors ? comm.processors : sts_cpu_count();
}

/* ---- the end ---- */

/* Exchanges with the other ranks how each has ended; false when they do not end within
 * `seconds`. *first: the lowest rank that has failed, or -1. */
static bool settle(int code, double seconds, int *first)
{
    int *all = sts_alloc((size_t)comm.size, sizeof *all);
    MPI_Request q;
    int rc = 0;
    *first = -1;
    comm.settled = true;
    comm.code = code;
    if (all) CALL(rc, MPI_Iallgather(&code, 1, MPI_INT, all, 1, MPI_INT, comm.end, &q));
    if (!all || rc) return false;
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
    if (comm.rank)
        snprintf(comm.prefix, sizeof comm.prefix, "rank %d on %s: ", comm.rank, comm.host);
    return comm.prefix;
}

int sts_comm_end(int code)
{
    int first;
    if (!comm.joined) return code;
    if (!comm.settled) comm.met = settle(code, code ? FAREWELL : comm.patience, &first);
    if (!comm.met) {
        pthread_mutex_lock(&turn);
        MPI_Abort(MPI_COMM_WORLD, code ? code : STS_FAILED);
    }
    sts_background_stop();
    MPI_Finalize();
    sts_free(comm.count);
    sts_free(comm.room);
    comm.joined = false;
    return comm.code;
}

#else
typedef int sts_comm_unused; /* ISO C wants something in a file */
#endif
