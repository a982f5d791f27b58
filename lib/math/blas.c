/* blas.c - opens OpenBLAS or another cblas; the only file that includes cblas.h. */
#include "math/blas.h"

#include "core/mem.h"
#include "math/kernels.h"

#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOW "scripts/install-deps.sh"
#define CORE "OPENBLAS_CORETYPE"

/* The libraries to try, in order; STS_BLAS and STS_BLAS_DIR are those of the build. */
static const char *const names[] = {
#ifdef STS_BLAS
    STS_BLAS, (STS_BLAS_DIR "/" STS_BLAS),
#endif
#ifdef __APPLE__
    "libopenblas.0.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
    "/usr/local/opt/openblas/lib/libopenblas.dylib",
    "/System/Library/Frameworks/Accelerate.framework/Accelerate"
#else
    "libopenblas.so.0", "libopenblasp.so.0", "libopenblas.so", "libflexiblas.so.3", "libblis.so.4",
    "libcblas.so.3", "libblas.so.3"
#endif
};
enum { NAMES = sizeof names / sizeof *names };

/* What is open. All calls but sgemm may be NULL: some libraries do not have them. */
static struct {
    void *library;
    bool of_host; /* the program had loaded it before */
    __typeof__(cblas_sgemm) *sgemm;
    __typeof__(cblas_dgemm) *dgemm;
    char *(*config)(void); /* from here on OpenBLAS's */
    char *(*core)(void);
    int (*parallel)(void);
    int (*get_threads)(void);
    void (*set_threads)(int n);
    int64_t (*blis_get_threads)(void); /* from here on BLIS's */
    void (*blis_set_threads)(int64_t n);
    const char *(*blis_version)(void);
    int (*blis_id)(void);
    const char *(*blis_core)(int id);
} blas;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_open;                          /* set under the lock, once */
static int users, threads_before;             /* of sts_blas_begin, under the lock */

/* ---- loading ---- */

static void find(const char *call, void *pointer)
{
    void *at = dlsym(blas.library, call);
    memcpy(pointer, &at, sizeof at);
}

static void unload(void)
{
    if (blas.library) dlclose(blas.library);
    memset(&blas, 0, sizeof blas);
}

/* NULL, or why the library `name` cannot be used; nothing is loaded then. */
static const char *load(const char *name, char reason[512])
{
    blas.library = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    blas.of_host = blas.library != NULL;
    if (!blas.library) blas.library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!blas.library) {
        const char *why = dlerror();
        snprintf(reason, 512, "%s", why ? why : "unknown error");
        return reason;
    }
    find("cblas_sgemm", &blas.sgemm);
    find("cblas_dgemm", &blas.dgemm);
    find("openblas_get_config", &blas.config);
    find("openblas_get_corename", &blas.core);
    find("openblas_get_parallel", &blas.parallel);
    find("openblas_get_num_threads", &blas.get_threads);
    find("openblas_set_num_threads", &blas.set_threads);
    find("bli_thread_get_num_threads", &blas.blis_get_threads);
    find("bli_thread_set_num_threads", &blas.blis_set_threads);
    find("bli_info_get_version_str", &blas.blis_version);
    find("bli_arch_query_id", &blas.blis_id);
    find("bli_arch_string", &blas.blis_core);
    const char *why = NULL;
    if (!blas.sgemm) why = "it has no cblas_sgemm";
    else if (blas.config && strstr(blas.config(), "USE64BITINT")) why = "its integers have 64 bits";
    if (!why) return NULL;
    snprintf(reason, 512, "%s: %s", name, why);
    unload();
    return reason;
}

/* Loads the first library that serves; *name is the one. */
static int find_library(const char **name, sts_err *err)
{
    const char *own = getenv("STSFIT_BLAS"), *why;
    char reason[512];
    size_t n = own && *own ? 1 : NAMES;
    for (size_t i = 0; i < n; i++) {
        *name = own && *own ? own : names[i];
        if (!(why = load(*name, reason))) return 0;
        if (strstr(why, "llocate memory")) return sts_fail_memory(err, "the BLAS");
    }
    if (own && *own)
        return sts_fail(err, STS_FAILED,
                        "STSFIT_BLAS: %s: name a library with cblas_sgemm, or unset it", why);
    return sts_fail(err, STS_FAILED, "OpenBLAS cannot be loaded: install it (" HOW "), or name "
                    "another BLAS in STSFIT_BLAS");
}

/* ---- OpenBLAS's kernels ---- */

static const char *version(char out[32])
{
    *out = 0;
    if (blas.config) sscanf(blas.config(), "%*s %31s", out);
    return out;
}

/* The kernels that would be better; NULL: none, or the library is not OpenBLAS. */
static const char *better(sts_simd *has)
{
    char text[32];
    sts_cpu_features features = sts_cpu_features_here();
    *has = sts_simd_of(&features);
    if (!blas.config || !blas.core) return NULL;
    return sts_kernels_better(blas.core(), version(text), *has);
}

/* Loads the library again with `core` in the environment, which is as it was afterwards. Nothing
 * changes where somebody else holds the library. */
static int reload(const char *name, const char *core, sts_err *err)
{
    char reason[512];
    unload();
    if (setenv(CORE, core, 1)) return sts_fail_memory(err, "the environment");
    const char *why = load(name, reason);
    unsetenv(CORE);
    return why ? sts_fail(err, STS_FAILED, "the BLAS cannot be loaded again: %s", why) : 0;
}

static void warn(const char *core, sts_simd has, const char *asked)
{
    char name[32];
    const char *remedy = "install a newer OpenBLAS, one for several processors (DYNAMIC_ARCH)";
    char set[64];
    snprintf(set, sizeof set, "set " CORE "=%s for this program", core);
    if (asked) remedy = "unset " CORE;
    else if (blas.of_host) remedy = set;
    sts_note(STS_WARN, "OpenBLAS %s runs its kernels for %s, below this processor's %s: %s",
             version(name), blas.core(), sts_simd_name(has), remedy);
}

static int choose_kernels(const char *name, sts_err *err)
{
    sts_simd has;
    const char *core = better(&has), *asked = getenv(CORE);
    if (asked && !*asked) asked = NULL;
    bool fixed = asked || blas.of_host || !core || !strstr(blas.config(), "DYNAMIC_ARCH");
    if (!fixed && reload(name, core, err)) return -1;
    if (!fixed) core = better(&has);
    if (core) warn(core, has, asked);
    return 0;
}

/* ---- opening ---- */

static void warn_of_others(const char *name)
{
    bool known = blas.config || blas.blis_version || strstr(name, "flexiblas");
    if (known || strncmp(name, "lib", 3) || getenv("STSFIT_BLAS")) return;
    sts_note(STS_WARN, "OpenBLAS is not installed: %s multiplies matrices, which may be many times "
             "slower: " HOW " installs OpenBLAS", name);
}

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void in_parent(void)
{
    pthread_mutex_unlock(&lock);
}

static void set_threads(int n)
{
    if (blas.set_threads) blas.set_threads(n);
    else if (blas.blis_set_threads) blas.blis_set_threads(n);
}

/* The threads that were in a product are not there any more. */
static void in_child(void)
{
    if (users && threads_before > 1) set_threads(threads_before);
    users = 0;
    pthread_mutex_unlock(&lock);
}

static int open_locked(sts_err *err)
{
    const char *name;
    if (find_library(&name, err) || choose_kernels(name, err)) return -1;
    warn_of_others(name);
    pthread_atfork(before_fork, in_parent, in_child);
    __atomic_store_n(&is_open, true, __ATOMIC_RELEASE);
    return 0;
}

int sts_blas_open(sts_err *err)
{
    if (__atomic_load_n(&is_open, __ATOMIC_ACQUIRE)) return 0;
    pthread_mutex_lock(&lock);
    int rc = is_open ? 0 : open_locked(err);
    pthread_mutex_unlock(&lock);
    return rc;
}

/* ---- products ---- */

/* The library's own number of threads, where it must be 1 during our products. A build with OpenMP
 * takes its number from OpenMP each time, which our parallel regions set to 1 for themselves. */
static int own_threads(void)
{
    enum { PTHREADS = 1 };
    if (blas.parallel && blas.parallel() != PTHREADS) return 1;
    if (blas.get_threads && blas.set_threads) return blas.get_threads();
    return blas.blis_get_threads && blas.blis_set_threads ? (int)blas.blis_get_threads() : 1;
}

void sts_blas_begin(void)
{
    pthread_mutex_lock(&lock);
    if (!users++) {
        threads_before = own_threads();
        if (threads_before > 1) set_threads(1);
    }
    pthread_mutex_unlock(&lock);
}

void sts_blas_end(void)
{
    pthread_mutex_lock(&lock);
    if (!--users && threads_before > 1) set_threads(threads_before);
    pthread_mutex_unlock(&lock);
}

void sts_blas_multiply(bool ta, bool tb, bool add, int m, int n, int k, const float *a, int lda,
                       const float *b, int ldb, float *c, int ldc)
{
    blas.sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n,
               k, 1, a, lda, b, ldb, add ? 1 : 0, c, ldc);
}

/* ---- LAPACK, which comes with OpenBLAS and Accelerate, and beside other libraries ---- */

typedef void eigen_fn(const char *job, const char *part, const int *n, double *a, const int *lda,
                      double *w, double *work, const int *n_work, int *iwork, const int *n_iwork,
                      int *info);

static eigen_fn *find_eigen(void)
{
    eigen_fn *fn;
    find("dsyevd_", &fn);
    void *other = fn ? NULL : dlopen("liblapack.so.3", RTLD_NOW | RTLD_LOCAL); /* stays open */
    void *at = other ? dlsym(other, "dsyevd_") : NULL;
    if (at) memcpy(&fn, &at, sizeof fn);
    return fn;
}

int sts_blas_eigen(int n, double *a, double *w, sts_err *err)
{
    double size = 0;
    int isize = 0, ask = -1, info = 0;
    if (sts_blas_open(err)) return -1;
    eigen_fn *eigen = find_eigen();
    char name[128];
    if (!eigen)
        return sts_fail(err, STS_FAILED, "%s has no LAPACK (dsyevd), which finds principal "
                        "components: install OpenBLAS (" HOW ")", sts_blas_name(name));
    eigen("V", "U", &n, a, &n, w, &size, &ask, &isize, &ask, &info);
    int n_work = (int)size;
    double *work = sts_alloc((size_t)n_work, sizeof *work);
    int *iwork = sts_alloc((size_t)isize, sizeof *iwork);
    int rc = work && iwork ? 0 : sts_fail_memory(err, "the principal components");
    sts_blas_begin();
    if (!rc) eigen("V", "U", &n, a, &n, w, work, &n_work, iwork, &isize, &info);
    sts_blas_end();
    if (!rc && info) rc = sts_fail(err, STS_FAILED, "LAPACK: dsyevd fails with %d", info);
    sts_free(work);
    sts_free(iwork);
    return rc;
}

bool sts_blas_has_double(void)
{
    return blas.dgemm != NULL;
}

void sts_blas_multiply_double(size_t m, size_t n, size_t k, double *c, size_t ldc, sts_dmatrix a,
                              sts_dmatrix b, bool add)
{
    blas.dgemm(CblasRowMajor, a.turned ? CblasTrans : CblasNoTrans,
               b.turned ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)k, 1, a.v, (int)a.ld,
               b.v, (int)b.ld, add ? 1 : 0, c, (int)ldc);
}

/* ---- what it is ---- */

size_t sts_blas_buffer(void)
{
    return blas.config ? ((size_t)128 << 20) + 4096 : 0;
}

static const char *file_name(void)
{
    Dl_info info;
    void *at;
    memcpy(&at, &blas.sgemm, sizeof at);
    if (!dladdr(at, &info) || !info.dli_fname) return "cblas";
    const char *slash = strrchr(info.dli_fname, '/');
    return slash ? slash + 1 : info.dli_fname;
}

const char *sts_blas_name(char out[128])
{
    char text[32];
    if (sts_blas_open(NULL)) snprintf(out, 128, "no BLAS");
    else if (blas.config && blas.core)
        snprintf(out, 128, "OpenBLAS %s %s", version(text), blas.core());
    else if (blas.blis_version && blas.blis_id && blas.blis_core)
        snprintf(out, 128, "BLIS %s %s", blas.blis_version(), blas.blis_core(blas.blis_id()));
    else snprintf(out, 128, "%s", file_name());
    return out;
}
