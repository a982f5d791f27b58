/* The rows of the training options: each is checked inside sts_train, and each that changes the
 * numbers refuses a resume under another value, while the rest are accepted. */
#include "core/threads.h"
#include "core/file.h"
#include "core/mem.h"
#include "stsfit.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/stsfit-options-XXXXXX", model[4096];

static void write_pairs(const char *name, int from, int n)
{
    FILE *f = fopen(name, "w");
    cr_assert(f && fputs("sentence1\tsentence2\tscore\n", f) >= 0);
    for (int i = from; i < from + n; i++)
        fprintf(f, "a man plays %d\ta woman sings %d\t%d\n", i, i * 7 % 5, i * 3 % 6);
    cr_assert(!fclose(f));
}

static void enter(void)
{
    cr_assert(mkdtemp(dir) && realpath("data/tiny-bert", model) && !chdir(dir));
    write_pairs("train.tsv", 0, 12);
    write_pairs("dev.tsv", 20, 8);
    write_pairs("dev-moved.tsv", 20, 8);
    FILE *f = fopen("pairs.tsv", "w");
    cr_assert(f && fputs("A dog runs.\tA dog is running.\nShares fell.\tStocks fell.\n", f) >= 0);
    cr_assert(!fclose(f));
    sts_threads_set(1);
}

static void leave(void)
{
    cr_assert(!chdir("/") && !sts_dir_remove(dir, NULL));
}

static sts_train_options base(void)
{
    static const char *const data[] = {"train.tsv"};
    sts_train_options o = sts_train_defaults();
    o.data = data;
    o.n_data = 1;
    o.dev = "dev.tsv";
    o.model = model;
    o.output = "run";
    o.batch_size = 4;
    o.epochs = 1;
    o.reading.score_range = "0:5";
    return o;
}

TestSuite(options, .init = enter, .fini = leave);

/* Another value than base() has, for options whose kind does not say one. */
static const char *other_value(const sts_option *o)
{
    static const char *const other[][2] = {
        {"model", "bag"}, {"dev", "dev-moved.tsv"}, {"test", "dev.tsv"}, {"guard", "pairs.tsv"},
        {"loss", "cosent"}, {"teacher", "bag"},
        {"columns", "sentence1=2,sentence2=1,score=3"}, {"score-range", "0:10"},
        {"metric", "pearson"}, {"positive", "0"}, {"fail-under", "spearman_cosine=-1"},
        {"epochs", "2"}, {"max-steps", "2"}, {"max-seq-length", "16"}, {"threads", "2"},
        {"freeze-layers", "1"}, {"dims", "4"}, {"average", "last:2"}, {"blend", "0.5"},
        {"prompt", "a "}, {"prompt1", "a "}, {"prompt2", "a "}, {"prompt-name", "query"},
        {"prompt-name1", "query"}, {"prompt-name2", "query"}};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (!strcmp(o->name, other[i][0])) return other[i][1];
    if (o->kind == STS_OPT_CHOICE || o->kind == STS_OPT_EITHER) return strchr(o->arg, '|') + 1;
    cr_assert(o->kind != STS_OPT_TEXT, "a value of --%s for this test", o->name);
    return o->kind == STS_OPT_FLAG ? "true" : o->kind == STS_OPT_INT ? "3" : "0.5";
}

/* How files are read counts by what was read: these say the same of these files in any case. */
static bool is_tried(const sts_option *o)
{
    static const char *const same[] = {"format", "labels", "on-bad-row"};
    for (size_t i = 0; o->name && i < sizeof same / sizeof *same; i++)
        if (!strcmp(o->name, same[i])) return false;
    return o->name && o->kind != STS_OPT_FILES && o->offset != STS_OPT_NOWHERE &&
           !(o->flags & (STS_OPT_ORDER | STS_OPT_OUTPUT));
}

Test(options, resume)
{
    sts_err err = {0};
    sts_train_options o = base();
    size_t refused = 0, accepted = 0;
    cr_assert(!sts_train(&o, NULL, NULL, NULL, &err), "%s", err.text);
    for (const sts_option *row = sts_train_rows(); row->help; row++) {
        char value[64];
        if (!is_tried(row)) continue;
        snprintf(value, sizeof value, "%.*s", (int)strcspn(other_value(row), "|"),
                 other_value(row));
        sts_train_options with = base();
        with.resume = true;
        err = (sts_err){0};
        cr_assert(!sts_train_set(&with, row->name, value, &err), "%s", err.text);
        int rc = sts_train(&with, NULL, NULL, NULL, &err);
        bool numbers = row->flags & STS_OPT_NUMBERS;
        cr_assert_eq(rc, numbers ? -1 : 0, "--%s %s: %d: %s", row->name, value, rc, err.text);
        bool named = strstr(err.text, "--resume") || strstr(err.text, row->name);
        cr_assert(!numbers || (err.code == STS_USAGE && named), "--%s: %s", row->name, err.text);
        *(numbers ? &refused : &accepted) += 1;
    }
    cr_assert(refused > 20 && accepted > 8, "%zu refused, %zu accepted", refused, accepted);
}

/* A value outside the row's bounds, or a word that is none, set past the setters. */
static bool spoil(const sts_option *o, sts_train_options *with, int how)
{
    void *field = (char *)with + o->offset;
    bool number = o->kind == STS_OPT_INT || o->kind == STS_OPT_NUM;
    double bad[] = {o->min - 1, o->max * 2 + 1, o->kind == STS_OPT_NUM ? INFINITY : -1e15};
    if (o->kind == STS_OPT_CHOICE) *(const char **)field = how ? "" : "bset";
    else if (o->flags & STS_OPT_EMPTY) return false;
    else if (o->kind == STS_OPT_TEXT) *(const char **)field = "";
    else if (number && (bad[how] != 0 || o->min <= 0)) {
        if (o->kind == STS_OPT_INT) *(int64_t *)field = (int64_t)bad[how];
        else *(double *)field = bad[how];
    } else {
        return false;
    }
    return true;
}

Test(options, bounds)
{
    for (const sts_option *row = sts_train_rows(); row->help; row++) {
        for (int how = 0; how < 3 && row->name && row->offset != STS_OPT_NOWHERE; how++) {
            sts_err err = {0};
            sts_train_options o = base();
            if (!spoil(row, &o, how)) continue;
            cr_assert_eq(sts_train(&o, NULL, NULL, NULL, &err), -1, "--%s, %d", row->name, how);
            cr_assert(err.code == STS_USAGE && strstr(err.text, row->name), "--%s, %d: %s",
                      row->name, how, err.text);
        }
    }
    cr_assert(access("run", F_OK), "a refused run leaves nothing");
}

/* Zero, NAN and NULL are the default where they are no value. */
Test(options, zeroed)
{
    sts_err err = {0};
    sts_train_options o = {0}, with = base();
    cr_assert(sts_train(&o, NULL, NULL, NULL, &err) && err.code == STS_USAGE, "%s", err.text);
    o.data = with.data;
    o.n_data = 1;
    o.dev = "dev.tsv";
    o.output = "zeroed";
    o.max_steps = 1;
    o.reading = with.reading;
    cr_assert(!sts_train(&o, NULL, NULL, NULL, &err), "%s", err.text);
    o = base();
    o.output = "none";
    o.epochs = o.lr = o.warmup = o.weight_decay = o.max_grad_norm = o.dropout = NAN;
    o.scheduler = o.keep = o.metric = o.precision = o.loss = NULL;
    o.log_steps = o.save_total_limit = o.batch_size = o.accumulate = 0;
    o.max_steps = 1;
    cr_assert(!sts_train(&o, NULL, NULL, NULL, &err), "%s", err.text);
}

Test(options, by_name)
{
    sts_err err = {0};
    sts_train_options o = sts_train_defaults();
    cr_assert(!sts_train_set(&o, "learning_rate", "2e-5", &err) && o.lr == 2e-5);
    cr_assert(!sts_train_set(&o, "load_best_model_at_end", "False", &err));
    cr_assert_str_eq(o.keep, "last");
    cr_assert(!sts_train_set(&o, "lr-scheduler-type", "constant_with_warmup", &err));
    cr_assert_str_eq(o.scheduler, "constant-with-warmup");
    cr_assert(!sts_train_set(&o, "on-bad-row", "skip", &err) && o.reading.skip_bad);
    cr_assert(sts_train_set(&o, "lr", "-1", &err) && err.code == STS_USAGE && o.lr == 2e-5);
    cr_assert_str_eq(err.text, "--lr: -1 is out of range: 0 to 1000");
    cr_assert(sts_train_set(&o, "nonsense", "1", &err) && err.code == STS_USAGE);
    cr_assert(sts_train_set(&o, "lr", NULL, &err) && err.code == STS_USAGE);
    cr_assert(sts_train_set(&o, "data", "x", &err) && err.code == STS_USAGE);
}

/* ---- from JSON ---- */

/* Every preset of every option sets what it says, and what is set later overrides it. */
Test(options, presets)
{
    size_t n = 0;
    for (const sts_option *row = sts_train_rows(); row->help; row++) {
        for (const sts_preset *p = row->presets; p && p->name; p++, n++) {
            sts_train_options whole = sts_train_defaults(), by_hand = sts_train_defaults();
            sts_err err = {0};
            cr_assert(!sts_train_set(&whole, row->name, p->name, &err), "%s", err.text);
            for (const sts_preset_value *v = p->values; v->option; v++)
                cr_assert(!sts_train_set(&by_hand, v->option, v->value, &err), "%s", err.text);
            cr_assert(!memcmp(&whole, &by_hand, sizeof whole), "%s", p->name);
            cr_assert(!sts_train_set(&whole, "epochs", "7", &err) && whole.epochs == 7);
        }
    }
    cr_assert(n >= 2);
    sts_train_options o = sts_train_defaults();
    sts_err err = {0};
    cr_assert(sts_train_set(&o, "recipe", "soup", &err) && strstr(err.text, "bag|pretrained"));
}

Test(options, from_json)
{
    char json[] = "{\"lr\": 2e-5, \"loss\": \"cosent:scale=\\u0032\\u0030\", \"max_steps\": 7,"
                  " \"overwrite\": true, \"dev\": null, \"output\": \"a\\\\x2fb\","
                  " \"keep\": \"last\"}";
    sts_train_options o = sts_train_defaults();
    sts_err err = {0};
    cr_assert(!sts_train_set_json(&o, json, &err), "%s", err.text);
    cr_assert_float_eq(o.lr, 2e-5, 1e-18);
    cr_assert_str_eq(o.loss, "cosent:scale=20");
    cr_assert_eq(o.max_steps, 7);
    cr_assert(o.overwrite && !o.dev);
    cr_assert_str_eq(o.output, "a/b");
    cr_assert_str_eq(o.keep, "last");
}

Test(options, json_refused)
{
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"[]", "options: not a JSON object of options"},
        {"{\"lr\": 1", "options: byte 8: "},
        {"{\"lr\": \"x\"}", "--lr: 'x' is not a number"},
        {"{\"lr\": true}", "--lr: wrong type of value"},
        {"{\"lr\": {}}", "--lr: wrong type of value"},
        {"{\"keep\": 1}", "--keep: wrong type of value"},
        {"{\"overwrite\": 1}", "--overwrite: not true or false"},
        {"{\"data\": \"x\"}", "data: not a list of files"},
        {"{\"data\": [\"x\", 1]}", "data: not a list of files"},
        {"{\"data\": [\"x\"]}", "--data: cannot be set by name"},
        {"{\"lrr\": []}", "unknown option --lrr"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char json[64];
        sts_train_options o = sts_train_defaults();
        sts_err err = {0};
        snprintf(json, sizeof json, "%s", cases[i].json);
        cr_assert(sts_train_set_json(&o, json, &err), "%s", cases[i].json);
        cr_assert_eq(err.code, STS_USAGE);
        cr_assert(strstr(err.text, cases[i].says) == err.text, "%s: %s", cases[i].json, err.text);
    }
}
