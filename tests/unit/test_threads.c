/* test_threads.c - the number of threads is ours alone, and the program's own numbers stay. */
#include "core/threads.h"

#include "math/blas.h"
#include "math/gemm.h"
#include "math_help.h"
#include "stsfit.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <dlfcn.h>
#include <omp.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N = 192 }; /* enough for several threads */

static float *a, *b;

static void set_up(void)
{
    a = random_floats(N * N, 1);
    b = random_floats(N * N, 2);
}

static void tear_down(void)
{
    free(a), free(b);
}

TestSuite(threads, .init = set_up, .fini = tear_down);

static void multiply(float *c)
{
    sts_err err = {0};
    sts_products g = {0};
    sts_gemm_nt(&g, N, N, N, c, N, a, N, b, N);
    cr_assert(!sts_products_check(&g, &err), "%s", err.text);
}

/* Threads of this process; 0 where the system does not list them. */
static int running(void)
{
    int n = 0;
    DIR *d = opendir("/proc/self/task");
    if (!d) return 0;
    for (struct dirent *e; (e = readdir(d));) n += *e->d_name != '.';
    closedir(d);
    return n;
}

/* OpenBLAS's own numbers; NULL without it. */
static int (*get_own)(void);
static void (*set_own)(int);

static void find_own(void)
{
    char name[128];
    const char *library = getenv("STSFIT_BLAS");
    sts_blas_name(name);
    void *blas = dlopen(library ? library : "libopenblas.so.0", RTLD_NOW | RTLD_NOLOAD), *at;
    if (!blas) return;
    at = dlsym(blas, "openblas_get_num_threads");
    memcpy(&get_own, &at, sizeof at);
    at = dlsym(blas, "openblas_set_num_threads");
    memcpy(&set_own, &at, sizeof at);
}

Test(threads, as_many_as_asked_whatever_the_blas)
{
    static float c[N * N];
    sts_err err = {0};
    cr_assert(!sts_blas_open(&err), "%s", err.text);
    int before = running();
    if (!before) cr_skip_test("this system does not list its threads");
    for (int n = 1; n <= 4; n++) {
        omp_set_num_threads(1); /* what openblas_set_num_threads(1) of an OpenMP build does */
        sts_threads_set(n);
        multiply(c);
        cr_assert_eq(running(), before + n - 1, "%d threads: %d", n, running() - before + 1);
        cr_assert_eq(sts_threads(), n);
    }
}

Test(threads, numbers_of_the_program_stay)
{
    static float c[N * N];
    find_own();
    if (set_own) set_own(2);
    omp_set_num_threads(4);
    int own = get_own ? get_own() : 0;
    for (int n = 1; n <= 3; n++) {
        sts_threads_set(n);
        multiply(c);
        cr_assert_eq(omp_get_max_threads(), 4);
        if (get_own) cr_assert_eq(get_own(), own, "OpenBLAS: %d, not %d", get_own(), own);
    }
}

static void *multiply_often(void *result)
{
    for (int i = 0; i < 200; i++) multiply(result);
    return NULL;
}

Test(threads, callers_side_by_side)
{
    static float c[3][N * N], alone[N * N];
    pthread_t t[3];
    find_own();
    if (set_own) set_own(2);
    int own = get_own ? get_own() : 0;
    sts_threads_set(2);
    multiply(alone);
    for (int i = 0; i < 3; i++) cr_assert(!pthread_create(&t[i], NULL, multiply_often, c[i]));
    for (int i = 0; i < 3; i++) pthread_join(t[i], NULL);
    for (int i = 0; i < 3; i++) cr_assert(!memcmp(c[i], alone, sizeof alone));
    if (get_own) cr_assert_eq(get_own(), own);
}

static void encode(const sts_model *m, float *out)
{
    static const char text[] = "A man is playing a guitar.";
    sts_str s[8];
    for (int i = 0; i < 8; i++) s[i] = (sts_str){text, sizeof text - 1};
    sts_err err = {0};
    cr_assert(!sts_encode(m, s, 8, out, NULL, &err), "%s", err.text);
}

Test(threads, survive_a_fork)
{
    sts_err err = {0};
    sts_model *m = sts_model_load("data/tiny-bert", &err);
    cr_assert(m, "%s", err.text);
    size_t n = 8 * (size_t)sts_model_width(m);
    float *before = malloc(n * sizeof *before), *after = malloc(n * sizeof *after);
    static float c[N * N];
    sts_threads_set(2);
    multiply(c);
    encode(m, before);
    pid_t child = fork();
    if (!child) {
        alarm(60); /* the signal ends a child that waits for threads it does not have */
        sts_threads_set(2);
        multiply(c);
        encode(m, after);
        double *want = doubles_of(before, n);
        _exit(sts_threads() != 1 ? 2 : worst(after, want, n, 1) < 1e-5 ? 0 : 3);
    }
    int status;
    cr_assert(child > 0 && waitpid(child, &status, 0) == child);
    cr_assert(WIFEXITED(status), "the child ended by signal %d", WTERMSIG(status));
    cr_assert_eq(WEXITSTATUS(status), 0);
    cr_assert_eq(sts_threads(), 2, "the parent is as it was");
    sts_model_free(m);
    free(before), free(after);
}
