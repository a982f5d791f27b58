/* test_env.c - an environment's flag stops the calls that have none of their own, and stays; how
 * messages name options. */
#include "core/env.h"
#include "core/err.h"
#include "stsfit.h"

#include <criterion/criterion.h>
#include <math.h>

/* The tests of messages expect them as the command line shows them. */
__attribute__((constructor)) static void speak_as_command_line(void)
{
    sts_env_command_line(sts_env_now(), true);
}

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

Test(env, names_of_options)
{
    static const struct {
        const char *given, *plain;
    } cases[] = {
        {"--lr: 'x' is not a number", "lr: 'x' is not a number"},
        {"lower --lr, or another --loss (--warmup 0)", "lower lr, or another loss (warmup 0)"},
        {"give '--columns score=5'", "give 'columns score=5'"},
        {"train from it: -m run -o OTHER", "train from it: model run output OTHER"},
        {"write it with: jq --seq -m -o --foo", "write it with: jq --seq -m -o --foo"},
        {"a--b, x -5 -- - -- 3 -o", "a--b, x -5 -- - -- 3 output"},
        {"--", "--"},
        {"", ""},
    };
    sts_err err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sts_env_command_line(sts_env_now(), false);
        sts_fail(&err, STS_USAGE, "%s", cases[i].given);
        cr_assert_str_eq(err.text, cases[i].plain);
        sts_env_command_line(sts_env_now(), true);
        sts_fail(&err, STS_USAGE, "%s", cases[i].given);
        cr_assert_str_eq(err.text, cases[i].given);
    }
}
