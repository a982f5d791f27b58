/* The queue of work beside the caller's: all of it, in order, and nothing after a failure. */
#include "core/background.h"

#include <criterion/criterion.h>

#define JOBS 3000 /* more than the queue holds */

static float seen[JOBS];
static size_t n_seen;

static int note(float *x, size_t n, sts_err *err)
{
    if (n == 2) return sts_fail(err, STS_FAILED, "job %g", (double)*x);
    seen[n_seen++] = *x;
    return 0;
}

static void put_all(float *job)
{
    n_seen = 0;
    for (size_t i = 0; i < JOBS; i++) {
        job[i] = (float)i;
        sts_background_put(&job[i], 1);
    }
}

static void all_in_order(bool beside)
{
    static float job[JOBS];
    sts_err err = {0};
    sts_background_start(note, beside);
    for (int round = 0; round < 2; round++) {
        put_all(job);
        cr_assert_eq(sts_background_wait(&err), 0);
        cr_assert_eq(n_seen, (size_t)JOBS);
        for (size_t i = 0; i < JOBS; i++) cr_assert_eq(seen[i], job[i]);
    }
    cr_assert_not(sts_background_beside(), "this is the caller's thread");
    sts_background_stop();
}

Test(background, all_in_order_on_a_thread)
{
    all_in_order(true);
}

Test(background, all_in_order_without_one)
{
    all_in_order(false);
}

Test(background, nothing_after_a_failure)
{
    float job[] = {7, 8};
    sts_err err = {0};
    n_seen = 0;
    sts_background_start(note, true);
    sts_background_put(&job[0], 2);
    sts_background_put(&job[1], 1);
    cr_assert_eq(sts_background_wait(&err), -1);
    cr_assert_str_eq(err.text, "job 7");
    cr_assert_eq(n_seen, 0u);
    sts_background_stop();
}
