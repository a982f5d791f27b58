/* test_math_gemm.c - the three products against sums in double, at sizes that no cut divides. */
#include "math/gemm.h"

#include "core/threads.h"
#include "math/blas.h"
#include "math/dgemm.h"
#include "math/smallmm.h"
#include "math_help.h"

#include <criterion/criterion.h>
#include <string.h>

typedef struct shape {
    size_t m, n, k;
} shape;

static const shape shapes[] = {{1, 1, 1},     {1, 384, 384}, {2, 3, 5},
                               {7, 16, 33},   {14, 200, 31}, {64, 17, 90},
                               {131, 65, 29}, {300, 96, 70}, {5, 1000, 64}};
enum { SHAPES = sizeof shapes / sizeof *shapes, PAD = 3 };

/* c = a b with a element (i, p) at a[i * ra + p * ca], likewise b. */
static void naive(const shape *s, double *c, const float *a, size_t ra, size_t ca, const float *b,
                  size_t rb, size_t cb)
{
    for (size_t i = 0; i < s->m; i++)
        for (size_t j = 0; j < s->n; j++)
            for (size_t p = 0; p < s->k; p++)
                c[i * s->n + j] += (double)a[i * ra + p * ca] * (double)b[p * rb + j * cb];
}

/* Result with leading dimension n + PAD into dense doubles' comparison; the padding unharmed. */
static void check(const char *what, const shape *s, const float *c, const double *expected)
{
    size_t ld = s->n + PAD;
    float *dense = malloc(s->m * s->n * sizeof *dense);
    for (size_t i = 0; i < s->m; i++) {
        memcpy(dense + i * s->n, c + i * ld, s->n * sizeof *dense);
        for (size_t j = 0; j < PAD; j++)
            cr_assert(c[i * ld + s->n + j] == 7.0f, "%s %zux%zux%zu wrote past a row", what, s->m,
                      s->n, s->k);
    }
    double e = worst(dense, expected, s->m * s->n, 1);
    cr_assert(e < 2e-6, "%s %zux%zux%zu: error %g", what, s->m, s->n, s->k, e);
    free(dense);
}

static float *sevens(const shape *s)
{
    float *c = malloc(s->m * (s->n + PAD) * sizeof *c);
    for (size_t i = 0; i < s->m * (s->n + PAD); i++) c[i] = 7;
    return c;
}

Test(gemm, products)
{
    sts_products g = {0};
    for (int threads = 1; threads <= 3; threads++) {
        sts_threads_set(threads);
        for (int q = 0; q < SHAPES; q++) {
            const shape *s = &shapes[q];
            size_t m = s->m, n = s->n, k = s->k, ld = n + PAD;
            float *a = random_floats(m * k, 1), *b = random_floats(k * n, 2);
            double *once = calloc(m * n, sizeof *once);
            float *c = sevens(s);
            naive(s, once, a, k, 1, b, 1, k);
            sts_gemm_nt(&g, m, n, k, c, ld, a, k, b, k);
            check("nt", s, c, once);
            memset(once, 0, m * n * sizeof *once);
            naive(s, once, a, k, 1, b, n, 1);
            sts_gemm_nn(&g, m, n, k, c, ld, a, k, b, n, false);
            check("nn", s, c, once);
            naive(s, once, a, k, 1, b, n, 1);
            sts_gemm_nn(&g, m, n, k, c, ld, a, k, b, n, true);
            check("nn add", s, c, once);
            naive(s, once, a, 1, m, b, n, 1);
            sts_gemm_tn(&g, m, n, k, c, ld, a, m, b, n);
            check("tn", s, c, once);
            free(a), free(b), free(c), free(once);
        }
    }
}

Test(gemm, the_same_every_time_and_close_between_thread_counts)
{
    enum { M = 203, N = 96, K = 77 };
    float *a = random_floats(M * K, 3), *b = random_floats(N * K, 4);
    static float c[2][M * N], one[M * N];
    sts_products g = {0};
    sts_threads_set(1);
    sts_gemm_nt(&g, M, N, K, one, N, a, K, b, K);
    sts_threads_set(3);
    for (int i = 0; i < 2; i++) sts_gemm_nt(&g, M, N, K, c[i], N, a, K, b, K);
    cr_assert(!memcmp(c[0], c[1], sizeof one));
    double *expected = doubles_of(one, M * N);
    cr_assert(worst(c[0], expected, M * N, 1) < 1e-6);
    free(a), free(b), free(expected);
}

Test(gemm, cost_is_counted)
{
    float a[4] = {1, 2, 3, 4}, c[4];
    sts_products g = {0};
    sts_gemm_nn(&g, 2, 2, 2, c, 2, a, 2, a, 2, false);
    cr_assert(g.calls == 1 && g.flops == 16);
    cr_assert(g.seconds > 0);
    sts_gemm_nn(&g, 0, 2, 2, c, 2, a, 2, a, 2, false);
    cr_assert(g.calls == 1, "an empty product is none");
    char name[128];
    cr_assert(strlen(sts_blas_name(name)) > 0);
}

/* Products of doubles, of matrices as they are and turned. */
Test(gemm, doubles)
{
    sts_rng r = sts_rng_new(2, 2);
    for (size_t s = 0; s < 8 * SHAPES; s++) {
        const shape *p = &shapes[s / 8];
        bool ta = s & 1, tb = s & 2, add = s & 4;
        size_t m = p->m, n = p->n, k = p->k, lda = (ta ? m : k) + PAD, ldb = (tb ? k : n) + PAD;
        double *a = malloc((ta ? k : m) * lda * sizeof *a);
        double *b = malloc((tb ? n : k) * ldb * sizeof *b), *c = malloc(m * (n + PAD) * sizeof *c);
        for (size_t i = 0; i < (ta ? k : m) * lda; i++) a[i] = sts_rng_normal(&r);
        for (size_t i = 0; i < (tb ? n : k) * ldb; i++) b[i] = sts_rng_normal(&r);
        for (size_t i = 0; i < m * (n + PAD); i++) c[i] = 1;
        sts_threads_set(1 + (int)(s % 3));
        sts_dgemm(m, n, k, c, n + PAD, (sts_dmatrix){a, lda, ta}, (sts_dmatrix){b, ldb, tb}, add);
        for (size_t i = 0; i < m * (n + PAD); i++) {
            size_t row = i / (n + PAD), col = i % (n + PAD);
            double want = add || col >= n;
            for (size_t q = 0; q < k && col < n; q++)
                want += a[ta ? q * lda + row : row * lda + q] *
                        b[tb ? col * ldb + q : q * ldb + col];
            cr_assert(fabs(c[i] - want) < 1e-11, "shape %zu: [%zu][%zu]", s, row, col);
        }
        free(a);
        free(b);
        free(c);
    }
}

Test(smallmm, products_and_transposes)
{
    static const size_t sizes[] = {1, 2, 5, 8, 14, 16, 17, 31, 32, 33, 48, 50};
    enum { SIZES = sizeof sizes / sizeof *sizes };
    for (int q = 0; q < SIZES * SIZES * SIZES; q++) {
        shape s = {sizes[q % SIZES], sizes[q / SIZES % SIZES], sizes[q / SIZES / SIZES]};
        float *a = random_floats(s.m * s.k, 5), *b = random_floats(s.k * s.n, 6), *c = sevens(&s);
        double *once = calloc(s.m * s.n, sizeof *once);
        naive(&s, once, a, s.k, 1, b, s.n, 1);
        sts_smallmm(s.m, s.n, s.k, c, s.n + PAD, a, s.k, 1, b, s.n, false);
        check("small", &s, c, once);
        naive(&s, once, a, 1, s.m, b, s.n, 1);
        sts_smallmm(s.m, s.n, s.k, c, s.n + PAD, a, 1, s.m, b, s.n, true);
        check("small, a transposed, added", &s, c, once);
        free(b), free(c), free(once);
        size_t width = (s.m + 15) / 16 * 16, ld = width + 1;
        float *t = malloc(s.k * ld * sizeof *t);
        sts_transpose(s.m, s.k, t, ld, a, s.k, width);
        for (size_t i = 0; i < width; i++)
            for (size_t p = 0; p < s.k; p++)
                cr_assert(t[p * ld + i] == (i < s.m ? a[i * s.k + p] : 0.0f),
                          "transpose of %zux%zu at %zu, %zu", s.m, s.k, i, p);
        free(a), free(t);
    }
}
