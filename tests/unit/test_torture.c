/* test_torture.c - a short turn of what `make torture` does at length: now and then an allocation
 * or a system call fails, or the process ends at one. */
#include "../torture/allocations.c"
#include "../torture/scenes.c"

#include <criterion/criterion.h>

static void open_scratch(void)
{
    sts_threads_set(1);
    scratch_open();
}

TestSuite(torture, .init = open_scratch, .fini = scratch_close, .timeout = 600);

Test(torture, allocations)
{
    torture_allocations(NULL, 97, 0, false);
}

Test(torture, calls)
{
    torture_calls("resume-bag", 31);
    torture_calls("eval-bert", 31);
}

Test(torture, crashes)
{
    torture_crashes("bag", 61);
}
