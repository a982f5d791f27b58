/* env_now.c - the environment that a thread uses. */
#include "core/env.h"
#include "core/err.h"

#include <signal.h>

#define SIGNAL_LIMIT 64 /* the largest number of a signal */

static sts_env standard; /* of threads that use none of their own */
static _Thread_local sts_env *in_use;

sts_env *sts_env_use(sts_env *env)
{
    sts_env *before = in_use;
    in_use = env;
    return before;
}

sts_env *sts_env_now(void)
{
    return in_use ? in_use : &standard;
}

int sts_stop_asked(void)
{
    const volatile int *flag = sts_env_now()->stop;
    int number = flag ? *flag : 0;
    if (!number) return 0;
    return number > 0 && number <= SIGNAL_LIMIT ? number : SIGINT;
}
