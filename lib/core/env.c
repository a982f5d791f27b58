/* env.c - environments: made, and set. */
#include "core/env.h"

#include "core/err.h"
#include "core/mem.h"

const char *sts_version(void)
{
    return STSFIT_VERSION;
}

sts_env *sts_env_new(sts_err *err)
{
    sts_env *env = sts_alloc(1, sizeof *env);
    if (!env) sts_fail_memory(err, "an environment");
    return env;
}

void sts_env_free(sts_env *env)
{
    if (!env) return;
    if (env == sts_env_now()) sts_env_use(NULL);
    for (sts_env_item *item = env->own_losses, *next; item; item = next) {
        next = item->next;
        sts_free(item->loss);
        sts_free(item);
    }
    sts_free(env);
}

void sts_env_enter(sts_env *env, const volatile int *stop)
{
    *env = *sts_env_now();
    if (stop) env->stop = stop;
    env->before = sts_here_begin();
    env->outer = sts_env_use(env);
}

int sts_env_leave(sts_env *env, int rc, sts_err *err)
{
    int number = sts_stop_asked();
    if (rc && number && err && err->code == STS_INTERRUPTED) err->code = 128 + number;
    sts_here_end(env->before);
    sts_env_use(env->outer);
    return rc;
}

void sts_env_threads(sts_env *env, int n)
{
    env->threads = n;
}

void sts_env_command_line(sts_env *env, bool is)
{
    env->command_line = is;
}

void sts_env_notes(sts_env *env, sts_note_fn *fn, void *ctx)
{
    env->note = fn;
    env->note_ctx = ctx;
}

void sts_env_progress(sts_env *env, sts_progress_fn *fn, void *ctx)
{
    env->progress = fn;
    env->progress_ctx = ctx;
}

void sts_env_stop(sts_env *env, const volatile int *flag)
{
    env->stop = flag;
}

void sts_notes_to(sts_note_fn *fn, void *ctx)
{
    sts_env_notes(sts_env_now(), fn, ctx);
}

void sts_progress_to(sts_progress_fn *fn, void *ctx)
{
    sts_env_progress(sts_env_now(), fn, ctx);
}

void sts_stop_on(const volatile int *flag)
{
    sts_env_stop(sts_env_now(), flag);
}
