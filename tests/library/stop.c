/* stop.c - the flag of an environment stops merging, distilling and shrinking; it stays in effect
 * after them, also where a call had a flag of its own. stop MODEL OUTPUT PAIRS */
#include <stsfit.h>

#include <math.h>
#include <signal.h>
#include <stdio.h>

static int check(const char *call, int rc, const sts_err *err, int number)
{
    if (rc && err->code == 128 + number) return 0;
    fprintf(stderr, "%s: not stopped by signal %d: %d, %s\n", call, number, err->code, err->text);
    return 1;
}

/* All three, with the flag `stop` of their own (NULL: none): how many `number` does not stop. */
static int call_all(char **argv, const volatile int *stop, int number)
{
    const char *models[] = {argv[1], argv[1]};
    sts_merge_options m = {.models = models, .n_models = 2, .output = argv[2], .stop = stop};
    sts_distill_options d = {.model = argv[1], .output = argv[2], .sif = NAN, .stop = stop};
    sts_shrink_options s = {
        .model = argv[1], .output = argv[2], .layers = "0", .dev = argv[3], .stop = stop};
    char *out;
    sts_err err = {0, ""};
    int bad = check("merge", sts_merge(&m, STS_AS_TEXT, &out, &err), &err, number);
    err = (sts_err){0, ""};
    bad += check("distill", sts_distill(&d, STS_AS_TEXT, &out, &err), &err, number);
    err = (sts_err){0, ""};
    return bad + check("shrink", sts_shrink(&s, &out, &err), &err, number);
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    static volatile int flag = SIGTERM, own = SIGHUP;
    sts_env *env = sts_env_new(NULL);
    sts_env_stop(env, &flag);
    sts_env_use(env);
    int bad = call_all(argv, NULL, SIGTERM) + call_all(argv, &own, SIGHUP) +
              call_all(argv, NULL, SIGTERM);
    sts_env_use(NULL);
    sts_env_free(env);
    return bad != 0;
}
