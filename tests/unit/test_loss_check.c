/* test_loss_check.c - the check of gradients passes every loss of the library, and no wrong one;
 * losses of the program's own. */
#include "core/env.h"
#include "loss/loss.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

Test(loss_check, the_librarys_own_pass)
{
    size_t n;
    const sts_loss *const *all = sts_loss_all(&n);
    for (size_t i = 0; i < n; i++) {
        sts_err err = {0};
        if (all[i]->traits & STS_LOSS_TEACHER) continue; /* what it needs depends on the teacher */
        cr_assert(!sts_loss_check(all[i]->name, &err), "%s", err.text);
    }
}

/* Half the squared distance of the pair, wrong in a way that `context` says. */
static double distance(sts_loss_batch *b)
{
    const char *wrong = b->context;
    double sum = 0;
    for (int i = 0; i < b->n * b->dim; i++) {
        double d = b->emb[0][i] - b->emb[1][i];
        sum += d * d / 2;
        b->grad[0][i] = d;
        if (!strcmp(wrong, "unset") && i == b->n * b->dim - 1) continue;
        b->grad[1][i] = !strcmp(wrong, "sign") ? d : !strcmp(wrong, "factor") ? -1.01 * d : -d;
    }
    return !strcmp(wrong, "value") ? (double)NAN : sum;
}

static const sts_loss DISTANCE = {STS_LOSS_VERSION,
                                  .name = "distance",
                                  .aliases = "",
                                  .help = "half the squared distance",
                                  .formula = "",
                                  .source = "",
                                  .caution = "",
                                  .needs = STS_LOSS_PAIRS,
                                  .run = distance};

Test(loss_check, wrong_ones_are_refused)
{
    static const char *const wrong[] = {"no", "sign", "factor", "unset", "value"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sts_err err = {0};
        sts_env *env = sts_env_new(&err);
        cr_assert(!sts_env_loss(env, &DISTANCE, (void *)wrong[i], &err), "%s", err.text);
        sts_env *before = sts_env_use(env);
        int rc = sts_loss_check("distance", &err);
        cr_assert_eq(rc, i ? -1 : 0, "%s: %s", wrong[i], err.text);
        if (i) cr_assert(err.code == STS_USAGE && strstr(err.text, "loss 'distance'"));
        sts_env_use(before);
        cr_assert(sts_loss_check("distance", &err), "it is known there only");
        sts_env_free(env);
    }
}

Test(loss_check, a_descriptor_that_lacks_something_is_refused)
{
    sts_err err = {0};
    sts_env *env = sts_env_new(&err);
    sts_loss bad = DISTANCE;
    bad.run = NULL;
    cr_assert(sts_env_loss(env, &bad, NULL, &err) && err.code == STS_USAGE);
    bad = DISTANCE;
    bad.abi = 1;
    cr_assert(sts_env_loss(env, &bad, NULL, &err) && err.code == STS_USAGE);
    sts_env_free(env);
}
