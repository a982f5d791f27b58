/* onednn.c - the only file that includes dnnl.h, of oneDNN 2 or 3. */
#include "math/onednn.h"

#include "core/threads.h"

#include <stdio.h>

#define HOW "scripts/install-deps.sh --bf16"

#ifdef STS_BF16

#include <dlfcn.h>
#include <dnnl.h>
#include <omp.h>
#include <string.h>

#define TEXT(x) #x
#define NUMBER(x) TEXT(x)
#ifdef __APPLE__
#define LIBRARY "libdnnl." NUMBER(DNNL_VERSION_MAJOR) ".dylib"
#else
#define LIBRARY "libdnnl.so." NUMBER(DNNL_VERSION_MAJOR)
#endif

/* What is called, each by a pointer of its name in `dnnl`. */
#define COMMON_CALLS(CALL)                                                                         \
    CALL(version) CALL(get_effective_cpu_isa) CALL(engine_create)                                  \
    CALL(stream_create) CALL(stream_wait) CALL(stream_destroy)                                     \
    CALL(primitive_attr_create) CALL(primitive_attr_destroy) CALL(primitive_attr_set_post_ops)     \
    CALL(post_ops_create) CALL(post_ops_destroy) CALL(post_ops_append_sum)                         \
    CALL(primitive_desc_destroy) CALL(primitive_create) CALL(primitive_execute)                    \
    CALL(primitive_destroy) CALL(memory_create) CALL(memory_destroy)
#if DNNL_VERSION_MAJOR >= 3
#define CALLS(CALL)                                                                                \
    COMMON_CALLS(CALL) CALL(memory_desc_create_with_strides) CALL(memory_desc_destroy)             \
    CALL(matmul_primitive_desc_create)
#else
#define CALLS(CALL)                                                                                \
    COMMON_CALLS(CALL) CALL(memory_desc_init_by_strides) CALL(matmul_desc_init)                    \
    CALL(primitive_desc_create)
#endif

static struct {
#define FIELD(name) __typeof__(dnnl_##name) *name;
    CALLS(FIELD)
} dnnl;

static dnnl_engine_t engine; /* not NULL once all is well; kept until the program ends */

/* ---- opening ---- */

static int find_calls(void *library, sts_err *err)
{
    static const struct {
        const char *name;
        void *at;
    } call[] = {
#define ENTRY(name) {"dnnl_" #name, &dnnl.name},
        CALLS(ENTRY)};
    for (size_t i = 0; i < sizeof call / sizeof *call; i++) {
        void *address = dlsym(library, call[i].name);
        if (!address) return sts_fail(err, STS_USAGE, "%s has no %s", LIBRARY, call[i].name);
        memcpy(call[i].at, &address, sizeof address);
    }
    return 0;
}

/* The set of instructions is a mask, of which larger ones hold all bits of smaller ones. */
static int check_machine(sts_err *err)
{
    const dnnl_version_t *v = dnnl.version();
    int isa = (int)dnnl.get_effective_cpu_isa(), wanted = (int)dnnl_cpu_isa_avx512_core_bf16;
    if (v->major != DNNL_VERSION_MAJOR)
        return sts_fail(err, STS_USAGE, "%s is version %d, not %d", LIBRARY, v->major,
                        DNNL_VERSION_MAJOR);
    if (v->cpu_runtime != DNNL_RUNTIME_OMP)
        return sts_fail(err, STS_USAGE, "%s does not take its threads from OpenMP", LIBRARY);
    if ((isa & wanted) != wanted)
        return sts_fail(err, STS_USAGE, "this processor has no instructions for bf16 (AMX-BF16 or "
                                        "AVX512-BF16)");
    return 0;
}

static int open_library(sts_err *err)
{
    dnnl_engine_t made;
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return sts_fail(err, STS_USAGE, "oneDNN cannot be loaded: %s: install it, with " HOW,
                        dlerror());
    if (find_calls(library, err) || check_machine(err)) return -1;
    if (dnnl.engine_create(&made, dnnl_cpu, 0) != dnnl_success)
        return sts_fail(err, STS_USAGE, "%s cannot use this processor", LIBRARY);
    engine = made;
    return 0;
}

int sts_onednn_open(sts_err *err)
{
    int rc = 0;
#pragma omp critical(sts_onednn)
    if (!engine) rc = open_library(err);
    return rc;
}

const char *sts_onednn_name(char out[128])
{
    const dnnl_version_t *v = dnnl.version();
    snprintf(out, 128, "oneDNN %d.%d.%d", v->major, v->minor, v->patch);
    return out;
}

/* ---- a product ---- */

/* What one product needs of oneDNN, made in this order; compiled code is kept by oneDNN itself. */
typedef struct job {
    dnnl_memory_desc_t desc[3]; /* of a, b, c */
    int n_desc;
    dnnl_memory_t memory[3];
    dnnl_post_ops_t sum;
    dnnl_primitive_attr_t attr;
    dnnl_primitive_desc_t plan;
    dnnl_primitive_t run;
    dnnl_stream_t stream;
} job;

#if DNNL_VERSION_MAJOR >= 3
#define DESC(d) (d)
#define APPEND_SUM(ops) dnnl.post_ops_append_sum(ops, 1, 0, dnnl_f32)

static dnnl_status_t describe(dnnl_memory_desc_t *d, const dnnl_dims_t dims, dnnl_data_type_t type,
                              const dnnl_dims_t strides)
{
    return dnnl.memory_desc_create_with_strides(d, 2, dims, type, strides);
}

static dnnl_status_t plan_product(job *j)
{
    return dnnl.matmul_primitive_desc_create(&j->plan, engine, j->desc[0], j->desc[1], NULL,
                                             j->desc[2], j->attr);
}

static void forget(job *j)
{
    while (j->n_desc) dnnl.memory_desc_destroy(j->desc[--j->n_desc]);
}
#else
#define DESC(d) (&(d))
#define APPEND_SUM(ops) dnnl.post_ops_append_sum(ops, 1)

static dnnl_status_t describe(dnnl_memory_desc_t *d, const dnnl_dims_t dims, dnnl_data_type_t type,
                              const dnnl_dims_t strides)
{
    return dnnl.memory_desc_init_by_strides(d, 2, dims, type, strides);
}

static dnnl_status_t plan_product(job *j)
{
    dnnl_matmul_desc_t d;
    dnnl_status_t s = dnnl.matmul_desc_init(&d, &j->desc[0], &j->desc[1], NULL, &j->desc[2]);
    return s != dnnl_success ? s : dnnl.primitive_desc_create(&j->plan, &d, j->attr, engine, NULL);
}

static void forget(job *j)
{
    j->n_desc = 0;
}
#endif

/* The next matrix, rows x cols, stored as its transpose when asked to. */
static bool add_matrix(job *j, size_t rows, size_t cols, dnnl_data_type_t type, bool transposed,
                       const void *at, size_t ld)
{
    int i = j->n_desc;
    dnnl_dims_t dims = {(dnnl_dim_t)rows, (dnnl_dim_t)cols};
    dnnl_dims_t strides = {transposed ? 1 : (dnnl_dim_t)ld, transposed ? (dnnl_dim_t)ld : 1};
    if (describe(&j->desc[i], dims, type, strides) != dnnl_success) return false;
    j->n_desc++;
    void *data;
    memcpy(&data, &at, sizeof data); /* factors are only read */
    return dnnl.memory_create(&j->memory[i], DESC(j->desc[i]), engine, data) == dnnl_success;
}

static bool set_adding(job *j)
{
    return dnnl.primitive_attr_create(&j->attr) == dnnl_success &&
           dnnl.post_ops_create(&j->sum) == dnnl_success &&
           APPEND_SUM(j->sum) == dnnl_success &&
           dnnl.primitive_attr_set_post_ops(j->attr, j->sum) == dnnl_success;
}

static bool execute(job *j)
{
    const dnnl_exec_arg_t args[] = {{DNNL_ARG_SRC, j->memory[0]},
                                    {DNNL_ARG_WEIGHTS, j->memory[1]},
                                    {DNNL_ARG_DST, j->memory[2]}};
    return plan_product(j) == dnnl_success &&
           dnnl.primitive_create(&j->run, j->plan) == dnnl_success &&
           dnnl.stream_create(&j->stream, engine, dnnl_stream_default_flags) == dnnl_success &&
           dnnl.primitive_execute(j->run, j->stream, 3, args) == dnnl_success &&
           dnnl.stream_wait(j->stream) == dnnl_success;
}

static void close_job(job *j)
{
    if (j->stream) dnnl.stream_destroy(j->stream);
    if (j->run) dnnl.primitive_destroy(j->run);
    if (j->plan) dnnl.primitive_desc_destroy(j->plan);
    if (j->sum) dnnl.post_ops_destroy(j->sum);
    if (j->attr) dnnl.primitive_attr_destroy(j->attr);
    for (int i = 0; i < 3; i++)
        if (j->memory[i]) dnnl.memory_destroy(j->memory[i]);
    forget(j);
}

int sts_onednn_product(const sts_product *p, const uint16_t *a, size_t lda, const uint16_t *b,
                       size_t ldb)
{
    job j = {.n_desc = 0};
    int threads = omp_get_max_threads();
    omp_set_num_threads(sts_threads()); /* oneDNN asks OpenMP */
    bool ok = add_matrix(&j, p->m, p->k, dnnl_bf16, p->ta, a, lda) &&
              add_matrix(&j, p->k, p->n, dnnl_bf16, p->tb, b, ldb) &&
              add_matrix(&j, p->m, p->n, dnnl_f32, false, p->c, p->ldc) &&
              (!p->add || set_adding(&j)) && execute(&j);
    close_job(&j);
    omp_set_num_threads(threads);
    return ok ? 0 : -1;
}

#else /* built without */

int sts_onednn_open(sts_err *err)
{
    return sts_fail(err, STS_USAGE,
                    "this stsfit was built without oneDNN: " HOW ", then make BF16=1");
}

int sts_onednn_product(const sts_product *p, const uint16_t *a, size_t lda, const uint16_t *b,
                       size_t ldb)
{
    (void)p, (void)a, (void)lda, (void)b, (void)ldb;
    return -1;
}

const char *sts_onednn_name(char out[128])
{
    snprintf(out, 128, "no oneDNN");
    return out;
}

#endif
