/* test_isotonic.c - the calibration: fits against scikit-learn's (tests/golden/isotonic.json), and
 * how they are applied. */
#include "core/mem.h"
#include "eval/isotonic.h"
#include "model/decision.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static double *list(const sts_json *json, size_t *n)
{
    *n = (size_t)sts_json_size(json);
    double *x = sts_alloc(*n, sizeof *x), *to = x;
    for (const sts_json *v = json->child; v; v = v->next) *to++ = v->number;
    return x;
}

static size_t compare(const sts_json *c)
{
    size_t n, points;
    double *x = list(sts_json_get(c, "x"), &n), *y = list(sts_json_get(c, "y"), &n);
    double *at = list(sts_json_get(c, "at"), &points), *fit = list(sts_json_get(c, "fit"), &points);
    sts_calibration k = {.hi = 1};
    k.cosine = sts_alloc(n, sizeof *k.cosine);
    k.score = sts_alloc(n, sizeof *k.score);
    cr_assert(!sts_isotonic_fit(x, y, n, k.cosine, k.score, &k.n) && k.n && k.n <= n);
    for (size_t i = 1; i < k.n; i++)
        cr_assert(k.cosine[i] > k.cosine[i - 1] && k.score[i] >= k.score[i - 1], "%s", c->key);
    for (size_t i = 0; i < points; i++) {
        double got = sts_calibration_apply(&k, at[i]);
        cr_assert(fabs(got - fit[i]) <= 1e-12, "%s: at %g it is %.17g, not %.17g", c->key, at[i],
                  got, fit[i]);
    }
    sts_free(x);
    sts_free(y);
    sts_free(at);
    sts_free(fit);
    sts_free(k.cosine);
    sts_free(k.score);
    return points;
}

Test(isotonic, agrees_with_scikit_learn)
{
    sts_err err = {0};
    size_t points = 0;
    sts_json *golden = sts_json_load("tests/golden/isotonic.json", STS_DATA, &err);
    cr_assert(golden, "%s", err.text);
    for (const sts_json *c = golden->child; c; c = c->next) points += compare(c);
    cr_assert(points > 400, "%zu points", points);
    sts_json_free(golden);
}

/* On the scale of the file: 1 to 5 in place of 0 to 1. */
Test(isotonic, is_put_on_the_scale)
{
    double cosine[] = {0.2, 0.4}, score[] = {0.25, 0.75};
    sts_calibration k = {2, cosine, score, 1, 5};
    cr_assert(sts_calibration_apply(&k, -1) == 2 && sts_calibration_apply(&k, 1) == 4);
    cr_assert(fabs(sts_calibration_apply(&k, 0.3) - 3) < 1e-12);
}
