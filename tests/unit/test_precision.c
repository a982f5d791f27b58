/* test_precision.c - the choice between float32 and bf16, with the machine's answers made up. */
#include "core/env.h"
#include "model/precision.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static double answer[2]; /* seconds in fp32 and bf16 */
static bool absent, broken;
static int asked; /* measurements */

static int answer_open(sts_err *err)
{
    return absent ? sts_fail(err, STS_USAGE, "no instructions") : 0;
}

static int answer_measure(const sts_model *m, bool bf16, double *seconds, sts_err *err)
{
    asked++;
    cr_assert(!bf16 || m->params.rounded, "bf16 is measured with rounded weights");
    *seconds = answer[bf16];
    return broken ? sts_fail(err, STS_FAILED, "broken") : 0;
}

static char note[1000];
static sts_level level;

static void keep_note(void *ctx, sts_level l, const char *text)
{
    (void)ctx;
    level = l;
    snprintf(note, sizeof note, "%s", text);
}

static sts_precision_probe real;
static sts_model *model;

static void set_up(void)
{
    sts_err err = {0};
    real = sts_precision_now;
    sts_precision_now = (sts_precision_probe){answer_open, answer_measure};
    sts_notes_to(keep_note, NULL);
    model = sts_model_load("data/tiny-bert", &err);
    cr_assert(model, "%s", err.text);
}

static void tear_down(void)
{
    sts_model_free(model);
}

TestSuite(precision, .init = set_up, .fini = tear_down);

static const struct {
    const char *asked;
    bool absent, broken;
    double fp32, bf16;
    const char *came; /* NULL: refused */
    const char *note; /* what the note has; NULL: none */
} rows[] = {
    {"fp32", false, false, 2, 1, "fp32", NULL},
    {NULL, false, false, 2, 1, "fp32", NULL},
    {"bf16", false, false, 2, 1, "bf16", NULL},
    {"bf16", false, false, 1, 2, "bf16", "bf16 is not faster here: products take 2e+03 ms"},
    {"bf16", true, false, 2, 1, NULL, NULL},
    {"bf16", false, true, 2, 1, NULL, NULL},
    {"auto", false, false, 0.003, 0.002, "bf16", NULL},
    {"auto", false, false, 0.002, 0.003, "fp32", "fp32, in which products take 2 ms, in bf16 3"},
    {"auto", false, false, 1, 1, "fp32", "auto"},
    {"auto", false, false, 1, NAN, "fp32", "auto"},
    {"auto", true, false, 2, 1, "fp32", "--precision auto is fp32 here: no instructions"},
    {"auto", false, true, 2, 1, NULL, NULL},
    {"half", false, false, 2, 1, NULL, NULL},
};

Test(precision, is_what_is_faster)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sts_err err = {0};
        answer[0] = rows[i].fp32;
        answer[1] = rows[i].bf16;
        absent = rows[i].absent;
        broken = rows[i].broken;
        *note = 0;
        int rc = sts_model_set_precision(model, rows[i].asked, &err);
        cr_assert_eq(rc != 0, !rows[i].came, "row %zu: %s", i, err.text);
        if (rc) cr_assert(*err.text && err.code, "row %zu", i);
        else cr_assert_str_eq(sts_model_precision(model), rows[i].came, "row %zu", i);
        if (rows[i].note) cr_assert(strstr(note, rows[i].note), "row %zu: '%s'", i, note);
        else cr_assert(!*note, "row %zu: '%s'", i, note);
        if (rows[i].note && rows[i].asked[0] == 'b') cr_assert_eq(level, STS_WARN);
    }
    sts_err err = {0};
    cr_assert(!sts_model_set_precision(model, "fp32", &err), "%s", err.text);
    cr_assert(model->measured[0] == 0 && model->measured[1] == 0, "nothing was measured last");
}

Test(precision, is_measured_only_where_it_matters)
{
    sts_err err = {0};
    absent = true;
    cr_assert(!sts_model_set_precision(model, "auto", &err), "%s", err.text);
    cr_assert(!sts_model_set_precision(model, "fp32", &err), "%s", err.text);
    cr_assert_eq(asked, 0);
}

/* The measurement itself, in float32, which every machine has: times that can be compared. */
Test(precision, products_of_the_models_shapes_take_time)
{
    sts_err err = {0};
    double seconds = 0;
    cr_assert(!real.measure(model, false, &seconds, &err), "%s", err.text);
    cr_assert(seconds > 0 && isfinite(seconds), "%g", seconds);
}
