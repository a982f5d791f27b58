/* test_model_output.c - a model is written to a free place, whole, or not at all. */
#include "model_help.h"

#include "core/sys.h"
#include "model/model_output.h"

#include <errno.h>

TestSuite(model_output, .init = setup, .fini = teardown);

static sts_model *load_base(void)
{
    sts_model *m = sts_model_load(BERT, NULL);
    cr_assert(m);
    return m;
}

static size_t count_names(const char *path)
{
    char **names;
    size_t n;
    cr_assert(!sts_dir_list(path, &names, &n, NULL));
    sts_names_free(names, n);
    return n;
}

Test(model_output, makes_parents_and_leaves_nothing_else)
{
    sts_model *m = load_base();
    char path[64];
    snprintf(path, sizeof path, "%s/", below("a/b"));
    cr_assert(!sts_model_output_check(path, NULL));
    cr_assert(!sts_model_output_write(m, "# card\n", path, NULL));
    sts_model *again = sts_model_load(below("a/b"), NULL);
    cr_assert(again && sts_params_alike(&m->params, &again->params));
    cr_assert(!memcmp(m->params.value, again->params.value, m->params.count * sizeof(float)));
    cr_assert_eq(count_names(below("a")), 1);
    cr_assert(sts_file_exists(below("a/b/README.md")));
    sts_model_free(again);
    sts_model_free(m);
}

Test(model_output, takes_an_empty_directory)
{
    sts_model *m = load_base();
    cr_assert(!sts_dir_make(below("empty"), NULL));
    cr_assert(!sts_model_output_write(m, NULL, below("empty"), NULL));
    cr_assert(sts_file_exists(below("empty/model.safetensors")));
    sts_model_free(m);
}

Test(model_output, refuses_what_is_there)
{
    sts_model *m = load_base();
    put("file", "mine");
    cr_assert(!sts_dir_make(below("full"), NULL));
    put("full/mine", "mine");
    const char *taken[] = {below("file"), below("full"), ".", "..", "/", ""};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        sts_err err = {0};
        cr_expect(sts_model_output_check(taken[i], &err), "%s", taken[i]);
        cr_expect_eq(err.code, STS_USAGE, "%s: %s", taken[i], err.text);
        cr_expect(sts_model_output_write(m, NULL, taken[i], NULL), "%s", taken[i]);
    }
    cr_assert_eq(count_names(dir), 2);
    cr_assert_eq(count_names(below("full")), 1);
    sts_model_free(m);
}

static int fail_rename(int from_dir, const char *from, int to_dir, const char *to)
{
    (void)from_dir, (void)from;
    (void)to_dir, (void)to;
    errno = EIO;
    return -1;
}

Test(model_output, is_absent_when_it_cannot_be_finished)
{
    sts_model *m = load_base();
    sts_err err = {0};
    sts_sys.renameat = fail_rename; /* that of the weights' file is the first */
    cr_assert(sts_model_output_write(m, NULL, below("out"), &err));
    cr_assert_eq(err.code, STS_FAILED);
    cr_assert_eq(count_names(dir), 0);
    sts_model_free(m);
}
