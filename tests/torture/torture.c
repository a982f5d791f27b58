/* torture.c alloc|foreign|calls|crash|exchange|resume [STRIDE [SCENE [N once|all]]] - every
 * allocation, every system call fails once; the process ends at every system call; directories are
 * exchanged for links before each; a run is cut at every step.
 * STRIDE 1 is all of them; 17, every seventeenth; 0, for alloc and calls, one below each call
 * in the program that leads to any. Prints what it tried; ends at the first broken promise. */
#include "core/threads.h"
#include "scenes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "", *only = argc > 3 ? argv[3] : NULL;
    size_t stride = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    size_t nth = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    sts_threads_set(1);
    scratch_open();
    if (!strcmp(what, "alloc"))
        torture_allocations(only, stride, nth, argc > 5 && !strcmp(argv[5], "all"));
    else if (!strcmp(what, "foreign")) torture_foreign(only, stride ? stride : 1);
    else if (!strcmp(what, "calls")) torture_calls(only, stride);
    else if (!strcmp(what, "crash")) torture_crashes(only, stride ? stride : 1);
    else if (!strcmp(what, "exchange")) torture_exchanges(stride ? stride : 1);
    else if (!strcmp(what, "resume")) torture_resume();
    else fprintf(stderr, "torture: alloc, foreign, calls, crash, exchange or resume?\n");
    scratch_close();
    return 0;
}
