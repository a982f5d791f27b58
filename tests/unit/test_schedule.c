/* test_schedule.c - learning rates, as transformers' schedulers give them. */
#include "train/schedule.h"

#include <criterion/criterion.h>

Test(schedule, linear_with_warmup)
{
    sts_schedule s = {STS_LINEAR, 1, 10, 110};
    cr_assert_float_eq(sts_schedule_lr(&s, 1), 0, 1e-12);
    cr_assert_float_eq(sts_schedule_lr(&s, 6), 0.5, 1e-12);
    cr_assert_float_eq(sts_schedule_lr(&s, 11), 1, 1e-12);
    cr_assert_float_eq(sts_schedule_lr(&s, 61), 0.5, 1e-12);
    cr_assert_float_eq(sts_schedule_lr(&s, 110), 0.01, 1e-12);
    cr_assert(sts_schedule_lr(&s, 200) == 0);
}

Test(schedule, cosine_and_constant)
{
    sts_schedule s = {STS_COSINE, 2, 0, 100};
    cr_assert_float_eq(sts_schedule_lr(&s, 1), 2, 1e-12);
    cr_assert_float_eq(sts_schedule_lr(&s, 51), 1, 1e-12);
    s.kind = STS_CONSTANT;
    cr_assert_float_eq(sts_schedule_lr(&s, 99), 2, 1e-12);
}

/* get_scheduler(NAME, num_warmup_steps=3, num_training_steps=12) of transformers, lr 1e-3. */
Test(schedule, equals_get_scheduler)
{
    static const struct {
        const char *name;
        double lr[12];
    } theirs[] = {
        {"linear", {0, 0.0003333333, 0.0006666667, 0.001, 0.0008888889, 0.0007777778, 0.0006666667,
                    0.0005555556, 0.0004444444, 0.0003333333, 0.0002222222, 0.0001111111}},
        {"cosine", {0, 0.0003333333, 0.0006666667, 0.001, 0.0009698463, 0.0008830222, 0.00075,
                    0.0005868241, 0.0004131759, 0.00025, 0.0001169778, 3.01537e-05}},
        {"constant-with-warmup", {0, 0.0003333333, 0.0006666667, 0.001, 0.001, 0.001, 0.001, 0.001,
                                  0.001, 0.001, 0.001, 0.001}},
    };
    for (size_t k = 0; k < sizeof theirs / sizeof *theirs; k++) {
        sts_schedule s = {.lr = 1e-3, .warmup = 3, .total = 12};
        cr_assert(!sts_schedule_parse(&s.kind, theirs[k].name, NULL));
        cr_assert(sts_schedule_warmup(s.kind) == 0.1);
        for (uint64_t i = 0; i < 12; i++)
            cr_assert_float_eq(sts_schedule_lr(&s, i + 1), theirs[k].lr[i], 1e-10);
    }
}

/* "constant" of transformers knows no warm-up. */
Test(schedule, constant_has_no_warmup_unless_asked)
{
    sts_schedule s = {.kind = STS_CONSTANT, .lr = 1e-3, .total = 12};
    cr_assert(sts_schedule_warmup(STS_CONSTANT) == 0);
    cr_assert(sts_schedule_lr(&s, 1) == 1e-3);
    s.warmup = 3;
    cr_assert(sts_schedule_lr(&s, 1) == 0);
}

Test(schedule, warmup_is_a_fraction_or_steps)
{
    cr_assert(sts_warmup_steps(0.1, 1440) == 144);
    cr_assert(sts_warmup_steps(0.1, 30) == 3);
    cr_assert(sts_warmup_steps(0.1, 31) == 4);
    cr_assert(sts_warmup_steps(0, 31) == 0);
    cr_assert(sts_warmup_steps(25, 31) == 25);
}

Test(schedule, names)
{
    sts_schedule_kind k;
    sts_err err = {0};
    cr_assert(!sts_schedule_parse(&k, "cosine", &err) && k == STS_COSINE);
    cr_assert(sts_schedule_parse(&k, "sawtooth", &err) == -1 && err.code == STS_USAGE);
}
