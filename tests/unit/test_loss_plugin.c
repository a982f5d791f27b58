/* test_loss_plugin.c - losses from shared objects: the example, and ones that must be refused. */
#include "core/mem.h"
#include "loss_batch.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

static char dir[] = "/tmp/stsfit-plugin-XXXXXX";

/* Compiles FILE.c into path. */
static void compile(const char *file, const char *flags, char *path, size_t size)
{
    char command[512];
    const char *cc = getenv("CC");
    snprintf(path, size, "%s/%s.so", dir, strrchr(file, '/') + 1);
    snprintf(command, sizeof command, "%s -shared -fPIC %s -Ilib -o %s %s.c -lm",
             cc && *cc ? cc : "cc", flags, path, file);
    cr_assert(system(command) == 0, "%s", command);
}

static void setup(void)
{
    cr_assert(mkdtemp(dir), "%s", dir);
}

static void teardown(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    cr_assert(system(command) == 0);
}

TestSuite(loss_plugin, .init = setup, .fini = teardown);

Test(loss_plugin, example)
{
    char path[128], text[160];
    sts_err err = {0};
    sts_loss_spec spec;
    compile("lib/examples/log_cosh", "-Wall -Wextra -Werror", path, sizeof path);
    snprintf(text, sizeof text, "%s:sharpness=4.5", path);
    cr_assert(sts_loss_parse(&spec, text, &err) == 0, "%s", err.text);
    cr_assert_str_eq(spec.part[0].loss->name, "log-cosh");
    char *out = sts_loss_format(&spec);
    cr_assert_str_eq(out, text);
    sts_free(out);
    cr_assert(sts_loss_fits(&spec, 2, true, &err) == 0 && sts_loss_fits(&spec, 2, false, &err));

    test_batch t = batch_new(SCORED, 5, 4, 1);
    double h = 1e-6, loss = batch_run(&spec, &t), g = t.b.grad[1][7];
    t.emb[1][7] += h;
    double above = batch_run(&spec, &t);
    cr_assert(loss > 0 && fabs((above - loss) / h - g) < 1e-5, "%g, %g", (above - loss) / h, g);
    batch_free(&t);
    sts_loss_close(&spec);
    sts_loss_close(&spec); /* closed twice is fine */

    snprintf(text, sizeof text, "%s:sharp=4", path);
    cr_assert(sts_loss_parse(&spec, text, &err) == -1, "unknown option");
    cr_assert(strstr(err.text, "did you mean 'sharpness'"), "%s", err.text);
    char *help = sts_losses(path, STS_AS_TEXT, &err);
    cr_assert(help && strstr(help, "log-cosh"), "%s", err.text);
    sts_free(help);
}

/* Texts as options, and scratch of one's own. */
Test(loss_plugin, options)
{
    static const struct {
        const char *options, *back;
        double value;
    } good[] = {
        {"", ":x=3,level=low,note=", 3},
        {":level=high", ":x=3,level=high,note=", 103},
        {":note=a/b:c,x=2", ":x=2,level=low,note=a/b:c", 5002},
    };
    char path[128], text[160];
    sts_err err = {0};
    sts_loss_spec spec;
    compile("tests/plugin/options", "-Wall -Wextra -Werror -fvisibility=hidden", path, sizeof path);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(text, sizeof text, "%s%s", path, good[i].options);
        cr_assert(sts_loss_parse(&spec, text, &err) == 0, "%s", err.text);
        char *out = sts_loss_format(&spec);
        cr_assert_str_eq(out + strlen(path), good[i].back);
        sts_free(out);
        test_batch t = batch_new(UNSCORED, 4, 3, 1);
        cr_assert_eq(batch_run(&spec, &t), good[i].value, "%s", text);
        batch_free(&t);
        sts_loss_close(&spec);
    }
    snprintf(text, sizeof text, "%s:level=middle", path);
    cr_assert(sts_loss_parse(&spec, text, &err) == -1, "no choice of the option's");
    cr_assert(strstr(err.text, "must be one of: low high"), "%s", err.text);
    char *help = sts_losses(path, STS_AS_TEXT, &err);
    cr_assert(help && strstr(help, "level=low (low high): a word"), "%s", help);
    sts_free(help);
    help = sts_losses(path, STS_AS_JSON, &err);
    cr_assert(help && strstr(help, "\"choices\""), "%s", help);
    sts_free(help);
}

Test(loss_plugin, broken_ones_are_refused)
{
    static const char *const says[] = {"for version 1 of", "of a later stsfit", "lacks",
                                       ".needs is 0",    "n_options is 9", "default 2",
                                       "has no sts_loss_plugin", "option without",
                                       "of a later stsfit", "size is 40", ".traits 1048576",
                                       "default 'up' is not one of: left right",
                                       "has no name, or one", "'x' has no help"};
    for (int kind = 1; kind <= (int)(sizeof says / sizeof *says); kind++) {
        char path[128], flags[32];
        sts_loss_spec spec;
        sts_err err = {0};
        snprintf(flags, sizeof flags, "-DBROKEN=%d", kind);
        compile("tests/plugin/broken", flags, path, sizeof path);
        cr_assert(sts_loss_parse(&spec, path, &err) == -1, "kind %d was taken", kind);
        cr_assert(err.code == STS_USAGE && strstr(err.text, says[kind - 1]), "kind %d: %s", kind,
                  err.text);
        cr_assert(strstr(err.text, "broken.so"), "kind %d: %s", kind, err.text);
    }
}

Test(loss_plugin, not_a_shared_object)
{
    sts_loss_spec spec;
    sts_err err = {0};
    cr_assert(sts_loss_parse(&spec, "lib/stsfit_loss.h", &err) == -1 && err.code == STS_USAGE);
    cr_assert(strstr(err.text, "stsfit_loss.h"), "%s", err.text);
    cr_assert(sts_loss_parse(&spec, "./", &err) == -1, "a directory");
}
