/* test_adamw.c - lazy AdamW against a dense twin in double, in every pattern of touched rows. */
#include "core/mem.h"
#include "core/rng.h"
#include "train/adamw.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { ROWS = 40, WIDTH = 7, DENSE = 50, STEPS = 400 };
#define FOLLOW 0.97 /* decay of the mean of the weights */

/* AdamW as the paper writes it, every number at every step. */
typedef struct twin {
    double w[ROWS * WIDTH + DENSE], m[ROWS * WIDTH + DENSE], v[ROWS * WIDTH + DENSE];
    double mean[ROWS * WIDTH + DENSE];
} twin;

static void twin_step(twin *t, const double *g, const sts_schedule *s, uint64_t step, double decay)
{
    double lr = sts_schedule_lr(s, step), c1 = 1 - pow(0.9, (double)step),
           c2 = 1 - pow(0.999, (double)step);
    for (size_t i = 0; i < ROWS * WIDTH + DENSE; i++) {
        t->m[i] = 0.9 * t->m[i] + 0.1 * g[i];
        t->v[i] = 0.999 * t->v[i] + 0.001 * g[i] * g[i];
        t->w[i] -= lr * decay * t->w[i];
        t->w[i] -= lr / c1 * t->m[i] / (sqrt(t->v[i]) / sqrt(c2) + 1e-8);
        t->mean[i] = FOLLOW * t->mean[i] + (1 - FOLLOW) * t->w[i];
    }
}

typedef struct setting {
    sts_params params;
    sts_adamw a;
    sts_schedule schedule;
    twin t;
    double decay;
} setting;

static void set_up(setting *s, double decay)
{
    memset(s, 0, sizeof *s);
    size_t table[] = {ROWS, WIDTH}, dense[] = {DENSE};
    cr_assert(sts_params_add(&s->params, NULL, STS_SPARSE, "table", 2, table) == 0);
    cr_assert(sts_params_add(&s->params, NULL, 0, "dense", 1, dense) == 1);
    cr_assert(!sts_params_alloc(&s->params, NULL));
    s->schedule = (sts_schedule){STS_LINEAR, 1e-2, 20, STEPS};
    s->decay = decay;
    sts_adamw_options o = {0.9, 0.999, 1e-8, decay, 0};
    cr_assert(!sts_adamw_init(&s->a, &s->params, &o, &s->schedule, NULL));
    sts_rng r = sts_rng_new(3, 0);
    for (size_t i = 0; i < ROWS * WIDTH + DENSE; i++) {
        float x = (float)sts_rng_normal(&r);
        s->params.value[i < ROWS * WIDTH ? i : s->params.v[1].offset + i - ROWS * WIDTH] = x;
        s->t.w[i] = s->t.mean[i] = (double)x;
    }
    cr_assert(!sts_adamw_follow(&s->a, FOLLOW, NULL));
}

static void tear_down(setting *s)
{
    sts_adamw_free(&s->a);
    sts_params_free(&s->params);
}

/* One step that touches `n` rows, in both. */
static void step_both(setting *s, sts_rng *r, size_t n)
{
    int32_t rows[ROWS];
    double g[ROWS * WIDTH + DENSE] = {0};
    for (size_t i = 0; i < n; i++) rows[i] = (int32_t)sts_rng_below(r, ROWS);
    cr_assert(!sts_adamw_touch(&s->a, rows, n, NULL));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < WIDTH; j++) {
            size_t at = (size_t)rows[i] * WIDTH + j;
            s->params.grad[at] = (float)sts_rng_normal(r);
            g[at] = (double)s->params.grad[at];
        }
    for (size_t j = 0; j < DENSE; j++) {
        float x = (float)sts_rng_normal(r);
        s->params.grad[s->params.v[1].offset + j] = x;
        g[ROWS * WIDTH + j] = (double)x;
    }
    double norm = 0;
    for (size_t i = 0; i < ROWS * WIDTH + DENSE; i++) norm += g[i] * g[i];
    cr_assert_float_eq(sts_adamw_grad_norm(&s->a, 1), sqrt(norm), 1e-5);
    sts_adamw_update(&s->a, 1, 0);
    twin_step(&s->t, g, &s->schedule, s->a.step, s->decay);
}

/* The largest difference between value[] and its twin. */
static double worst_of(const setting *s, const float *value, const double *true_value)
{
    double largest = 0;
    for (size_t i = 0; i < ROWS * WIDTH + DENSE; i++) {
        size_t at = i < ROWS * WIDTH ? i : s->params.v[1].offset + i - ROWS * WIDTH;
        largest = fmax(largest, fabs((double)value[at] - true_value[i]));
    }
    return largest;
}

static double worst(const setting *s)
{
    return worst_of(s, s->params.value, s->t.w);
}

/* Rows are touched rarely: some wait for hundreds of steps, some come to rest and wake again. */
static void compare(double decay, size_t rows_a_step)
{
    static setting s;
    set_up(&s, decay);
    sts_rng r = sts_rng_new(11, rows_a_step);
    for (int i = 0; i < STEPS; i++) {
        size_t rare = i % 37 == 0;
        step_both(&s, &r, i > 40 && i < 380 ? rare : rows_a_step);
    }
    sts_adamw_flush(&s.a);
    cr_assert(worst(&s) < 5e-6, "decay %g: worst difference %g", decay, worst(&s));
    double mean = worst_of(&s, s.a.mean, s.t.mean);
    cr_assert(mean < 5e-6, "decay %g: worst difference of the mean %g", decay, mean);
    tear_down(&s);
}

Test(adamw, equals_dense_without_decay) { compare(0, 3); }
Test(adamw, equals_dense_with_decay) { compare(0.5, 3); }
Test(adamw, equals_dense_when_all_rows_are_touched) { compare(0, ROWS); }

/* Flushing in between changes nothing, to the bit. */
Test(adamw, flushes_do_not_matter)
{
    static setting a, b;
    set_up(&a, 0);
    set_up(&b, 0);
    sts_rng r = sts_rng_new(5, 0), q = sts_rng_new(5, 0);
    for (int i = 0; i < STEPS; i++) {
        step_both(&a, &r, i % 29 == 0);
        step_both(&b, &q, i % 29 == 0);
        if (i % 7 == 0) sts_adamw_flush(&b.a);
        cr_assert_leq(b.a.n_moments, 7, "memory of the steps since a flush only");
    }
    sts_adamw_flush(&a.a);
    sts_adamw_flush(&b.a);
    cr_assert(!memcmp(a.params.value, b.params.value, a.params.count * sizeof(float)));
    cr_assert(!memcmp(a.a.v, b.a.v, a.params.count * sizeof(float)));
    cr_assert(!memcmp(a.a.mean, b.a.mean, a.params.count * sizeof(float)));
    tear_down(&a);
    tear_down(&b);
}

Test(adamw, clipping_scales_the_gradients)
{
    static setting s;
    set_up(&s, 0);
    s.a.o.max_grad_norm = 1;
    cr_assert(!sts_adamw_touch(&s.a, NULL, 0, NULL));
    float *g = s.params.grad + s.params.v[1].offset;
    g[0] = 30, g[1] = 40;
    double norm = sts_adamw_grad_norm(&s.a, 1);
    cr_assert_float_eq(norm, 50, 1e-9);
    sts_adamw_update(&s.a, 1, norm);
    cr_assert_float_eq(s.a.m[s.params.v[1].offset + 1], 0.1 * 0.8, 1e-6);
    cr_assert(g[0] == 0, "gradients are zeroed");
    tear_down(&s);
}

Test(adamw, frozen_tensors_stay)
{
    static setting s;
    set_up(&s, 0);
    s.params.v[0].frozen = s.params.v[1].frozen = true;
    sts_rng r = sts_rng_new(5, 0);
    int32_t row = 3;
    for (int i = 0; i < 30; i++) {
        cr_assert(!sts_adamw_touch(&s.a, &row, 1, NULL));
        s.params.grad[3 * WIDTH] = (float)sts_rng_normal(&r);
        cr_assert(sts_adamw_grad_norm(&s.a, 1) == 0);
        sts_adamw_update(&s.a, 1, 0);
    }
    sts_adamw_flush(&s.a);
    cr_assert(worst(&s) == 0);
    tear_down(&s);
}

Test(adamw, every_failed_allocation_is_told)
{
    for (size_t n = 1; n < 13; n++) {
        sts_params p = {0};
        size_t shape[] = {ROWS, WIDTH};
        sts_params_add(&p, NULL, STS_SPARSE, "table", 2, shape);
        cr_assert(!sts_params_alloc(&p, NULL));
        sts_adamw a;
        sts_adamw_options o = {0.9, 0.999, 1e-8, 0, 1};
        sts_schedule schedule = {STS_LINEAR, 1, 0, 10};
        sts_err err = {0};
        sts_mem_fail(n, false);
        int rc = sts_adamw_init(&a, &p, &o, &schedule, &err);
        sts_mem_fail(0, false);
        cr_assert(n > 9 ? rc == 0 : rc == -1 && err.code == STS_FAILED, "allocation %zu", n);
        if (!rc) sts_adamw_free(&a);
        sts_params_free(&p);
    }
}
