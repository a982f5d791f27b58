/* test_env.c - an environment's flag stops the calls that have none of their own, and stays. */
#include "core/err.h"
#include "stsfit.h"

#include <criterion/criterion.h>
#include <math.h>

#define MODEL "data/tiny-bert"
#define NOWHERE "/nonexistent/model"

static int merges(sts_err *err, char **out)
{
    const char *const models[] = {MODEL, MODEL};
    sts_merge_options o = {.models = models, .n_models = 2, .output = NOWHERE};
    return sts_merge(&o, STS_AS_TEXT, out, err);
}

static int distills(sts_err *err, char **out)
{
    sts_distill_options o = {.model = MODEL, .output = NOWHERE, .sif = NAN};
    return sts_distill(&o, STS_AS_TEXT, out, err);
}

static int shrinks(sts_err *err, char **out)
{
    sts_shrink_options o = {
        .model = MODEL, .output = NOWHERE, .layers = "0", .dev = "data/sts-dev.tsv"};
    return sts_shrink(&o, out, err);
}

static int trains(sts_err *err, char **out)
{
    const char *const data = "data/sts-dev.tsv";
    sts_train_options o = sts_train_defaults();
    o.data = &data;
    o.n_data = 1;
    o.output = NOWHERE;
    *out = NULL;
    return sts_train(&o, NULL, NULL, NULL, err);
}

Test(env, stops_every_call)
{
    int (*const call[])(sts_err *err, char **out) = {merges, distills, shrinks, trains};
    const volatile int asked = 15;
    sts_err err = {0};
    char *out;
    sts_env *env = sts_env_new(&err);
    sts_env_stop(env, &asked);
    sts_env_use(env);
    for (size_t i = 0; i < sizeof call / sizeof *call; i++) {
        cr_assert(call[i](&err, &out) && !out);
        cr_assert_eq(err.code, 128 + asked, "%zu: %s", i, err.text);
        cr_assert_eq(sts_stop_asked(), asked, "%zu", i);
    }
    sts_env_use(NULL);
    sts_env_free(env);
}
