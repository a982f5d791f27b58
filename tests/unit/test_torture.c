/* test_torture.c - a short turn of what `make torture` does at length: below each call that leads
 * to an allocation or a system call one of these fails; now and then the process ends at one. */
#include "core/threads.h"
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
    torture_allocations(NULL, 0, 0, false);
}

Test(torture, calls)
{
    torture_calls(NULL, 0);
}

Test(torture, stops)
{
    torture_stops("bag");
    torture_stops("data/tiny-bert");
}

Test(torture, exchanges)
{
    torture_exchanges(37);
}

Test(torture, crashes)
{
    torture_crashes("bag", 61);
    torture_crashes("overwrite", 181);
}
