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
