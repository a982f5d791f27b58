/* test_math_bf16.c - rounding to bfloat16; products against sums in double of what was rounded. */
#include "core/threads.h"
#include "math/gemm.h"
#include "math_help.h"

#include <criterion/criterion.h>
#include <float.h>
#include <string.h>

static float from_bits(uint32_t u)
{
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

static uint16_t rounded(float x)
{
    uint16_t y;
    sts_bf16_round(&y, &x, 1);
    return y;
}

static double value(uint16_t y)
{
    return (double)from_bits((uint32_t)y << 16);
}

Test(bf16, rounds_to_the_nearest_ties_to_even)
{
    static const uint32_t ends[] = {0x00000000, 0x00000001, 0x00008000, 0x00018000, 0x3f808000,
                                    0x3f818000, 0x3f808001, 0x3f807fff, 0x7f7effff, 0x007fffff};
    sts_rng rng = sts_rng_new(5, 6);
    for (uint32_t i = 0; i < 200000; i++) {
        uint32_t u = i < 10 ? ends[i] : sts_rng_u32(&rng) & 0x7fffffff;
        if (u >= 0x7f7f0000) continue; /* the last below infinity, and what is none */
        for (uint32_t sign = 0; sign < 2; sign++) {
            float x = from_bits(u | sign << 31);
            uint16_t y = rounded(x), low = (uint16_t)(u >> 16 | sign << 15);
            uint16_t high = (uint16_t)(low + 1);
            double below = fabs((double)x - value(low)), above = fabs((double)x - value(high));
            uint16_t want = below < above || (below == above && low % 2 == 0) ? low : high;
            cr_assert_eq(y, want, "%a became %a", (double)x, value(y));
        }
    }
}

Test(bf16, keeps_what_is_not_finite)
{
    cr_assert_eq(rounded(INFINITY), 0x7f80);
    cr_assert_eq(rounded(-INFINITY), 0xff80);
    cr_assert_eq(rounded(FLT_MAX), 0x7f80, "what is nearer to the next power of two overflows");
    cr_assert_eq(rounded(from_bits(0x7f7f7fff)), 0x7f7f);
    cr_assert_eq(rounded(-0.0f), 0x8000);
    static const uint32_t nans[] = {0x7f800001, 0x7fffffff, 0xffffffff, 0x7fc00000, 0xff808000};
    for (int i = 0; i < 5; i++) cr_assert(isnan(value(rounded(from_bits(nans[i])))));
}

Test(bf16, threads_round_alike)
{
    enum { N = 100003 };
    float *x = random_floats(N, 7);
    uint16_t *one = malloc(N * sizeof *one), *all = malloc(N * sizeof *all);
    sts_bf16_round(one, x, N);
    sts_threads_set(3);
    sts_bf16_round_all(all, x, N);
    cr_assert(!memcmp(one, all, N * sizeof *one));
    free(x), free(one), free(all);
}

/* ---- products ---- */

enum { PAD = 3 };

typedef struct setting {
    size_t m, n, k;
    bool ta, tb, add, known; /* known: b is a weight, rounded beforehand */
} setting;

typedef struct operands {
    float *a, *b, *c, *before;
    size_t lda, ldb, ldc, n_b;
    uint16_t *b_rounded, *room;
    sts_bf16 bf16;
} operands;

static operands open_operands(const setting *s)
{
    operands o = {.lda = (s->ta ? s->m : s->k) + PAD, .ldb = (s->tb ? s->k : s->n) + PAD};
    size_t n_a = (s->ta ? s->k : s->m) * o.lda;
    o.ldc = s->n + PAD;
    o.n_b = (s->tb ? s->n : s->k) * o.ldb;
    o.a = random_floats(n_a, 1);
    o.b = random_floats(o.n_b, 2);
    o.c = random_floats(s->m * o.ldc, 3);
    o.before = malloc(s->m * o.ldc * sizeof *o.before);
    memcpy(o.before, o.c, s->m * o.ldc * sizeof *o.c);
    o.b_rounded = malloc(o.n_b * sizeof *o.b_rounded);
    sts_bf16_round_all(o.b_rounded, o.b, o.n_b);
    o.bf16.n_room = s->k * (s->m + (s->known ? 0 : s->n));
    o.bf16.room = o.room = malloc(o.bf16.n_room * sizeof *o.room);
    if (s->known) o.bf16 = (sts_bf16){o.b, o.b_rounded, o.n_b, o.room, o.bf16.n_room};
    return o;
}

static void close_operands(operands *o)
{
    free(o->a), free(o->b), free(o->c), free(o->before), free(o->b_rounded), free(o->room);
}

static void multiply(sts_products *g, const setting *s, operands *o, float *c)
{
    if (s->ta) sts_gemm_tn(g, s->m, s->n, s->k, c, o->ldc, o->a, o->lda, o->b, o->ldb);
    else if (s->tb) sts_gemm_nt(g, s->m, s->n, s->k, c, o->ldc, o->a, o->lda, o->b, o->ldb);
    else sts_gemm_nn(g, s->m, s->n, s->k, c, o->ldc, o->a, o->lda, o->b, o->ldb, s->add);
}

/* Element (i, j) in double from factors as they are or rounded; *size is the same of magnitudes. */
static double exact(const setting *s, const operands *o, size_t i, size_t j, bool round,
                    double *size)
{
    double sum = s->add ? (double)o->before[i * o->ldc + j] : 0;
    *size = fabs(sum);
    for (size_t p = 0; p < s->k; p++) {
        float x = o->a[s->ta ? p * o->lda + i : i * o->lda + p];
        float y = o->b[s->tb ? j * o->ldb + p : p * o->ldb + j];
        double d = round ? value(rounded(x)) * value(rounded(y)) : (double)x * (double)y;
        sum += d;
        *size += fabs(d);
    }
    return sum;
}

/* Bounds: k + 1 float32 additions, each off by 2^-24 of what was added so far; and each factor off
 * by 2^-8 of itself where it is compared with the unrounded product. Returns whether the whole is
 * nearer to what was rounded. */
static bool check(const setting *s, const operands *o)
{
    const double u = 0x1p-8, additions = (double)(s->k + 1) * 0x1p-24 * 1.01;
    double from_rounded = 0, from_exact = 0;
    for (size_t i = 0; i < s->m; i++) {
        for (size_t j = 0; j < s->n; j++) {
            double size, got = (double)o->c[i * o->ldc + j];
            double want = exact(s, o, i, j, true, &size), off = fabs(got - want);
            cr_assert(off <= additions * size, "%zux%zux%zu at %zu, %zu: off by %g of %g", s->m,
                      s->n, s->k, i, j, off, size);
            from_rounded += off;
            want = exact(s, o, i, j, false, &size);
            off = fabs(got - want);
            from_exact += off;
            cr_assert(off <= (2 * u + u * u + 1.01 * additions) * size, "%zux%zux%zu: %g of %g",
                      s->m, s->n, s->k, off, size);
        }
        for (size_t j = s->n; j < o->ldc; j++)
            cr_assert_eq(o->c[i * o->ldc + j], o->before[i * o->ldc + j], "wrote past a row");
    }
    return from_rounded < from_exact;
}

static void need_bf16(void)
{
    sts_err err = {0};
    if (sts_onednn_open(&err)) cr_skip_test("no bf16 here: %s", err.text);
}

static const size_t shapes[][3] = {{1, 1, 1},     {1, 384, 384}, {2, 3, 5},    {7, 16, 33},
                                   {14, 200, 31}, {64, 17, 90},  {131, 65, 29}, {300, 96, 70},
                                   {5, 1000, 64}, {33, 48, 1536}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* The four products that gemm.h has. */
static const setting kinds[] = {
    {.tb = true}, {.tb = false}, {.add = true}, {.ta = true, .add = true}};

Test(bf16, products)
{
    need_bf16();
    for (int q = 0; q < SHAPES * 4 * 2 * 2; q++) {
        setting s = kinds[q / SHAPES % 4];
        const size_t *shape = shapes[q % SHAPES];
        s.m = shape[0], s.n = shape[1], s.k = shape[2];
        s.known = q / SHAPES / 4 % 2;
        sts_threads_set(1 + 2 * (q / SHAPES / 8));
        operands o = open_operands(&s);
        sts_err err = {0};
        sts_products g = {.bf16 = o.bf16};
        multiply(&g, &s, &o, o.c);
        cr_assert(!sts_products_check(&g, &err), "%s", err.text);
        cr_assert(check(&s, &o), "%zux%zux%zu: nothing was rounded", s.m, s.n, s.k);
        close_operands(&o);
    }
}

Test(bf16, the_same_every_time)
{
    need_bf16();
    setting s = {.m = 203, .n = 96, .k = 777, .tb = true, .known = true};
    operands o = open_operands(&s);
    size_t n = s.m * o.ldc;
    float *again = malloc(n * sizeof *again);
    memcpy(again, o.c, n * sizeof *again);
    sts_threads_set(3);
    sts_products g = {.bf16 = o.bf16}, as_floats = {0};
    multiply(&g, &s, &o, o.c);
    for (int i = 0; i < 5; i++) {
        multiply(&g, &s, &o, again);
        cr_assert(!memcmp(o.c, again, n * sizeof *again));
    }
    multiply(&as_floats, &s, &o, again);
    cr_assert(memcmp(o.c, again, n * sizeof *again), "float32 again");
    free(again);
    close_operands(&o);
}
