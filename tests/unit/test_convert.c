/* test_convert.c - words that the options of the program would refuse: the error names them. */
#include "stsfit.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void expect_usage(int rc, const sts_err *err, const char *option)
{
    cr_expect(rc && err->code == STS_USAGE, "%d: %s", err->code, err->text);
    cr_expect(strstr(err->text, option), "%s", err->text);
}

Test(convert, an_unknown_word_is_refused_by_name)
{
    char *out;
    sts_err err = {0};
    const char *const models[] = {"none", "none"};
    sts_export_options e = {.model = "none", .output = "none.gguf", .type = "q4_0"};
    sts_distill_options d = {.model = "none", .output = "out", .sif = NAN, .pooling = "max"};
    sts_merge_options m = {
        .models = models, .n_models = 2, .output = "out", .method = "mean"};
    expect_usage(sts_export(&e, &out, &err), &err, "--type: 'q4_0'");
    expect_usage(sts_distill(&d, STS_AS_TEXT, &out, &err), &err, "--pooling: 'max'");
    expect_usage(sts_merge(&m, STS_AS_TEXT, &out, &err), &err, "--method: 'mean'");
}
