/* tune_open.c - how a search begins: its options, its data, its directory, and tune.json. */
#include "train/tuning.h"

#include "core/clock.h"
#include "core/comm.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"
#include "train/checkpoint.h"
#include "train/trial_dir.h"

#include <math.h>
#include <string.h>

/* ---- what is asked for ---- */

/* The search's own numbers, within the bounds that the command line has, too. */
static int check_numbers(const sts_tune_options *o, sts_err *err)
{
    const struct {
        const char *name;
        int64_t value, max;
    } number[] = {{"trials", o->trials, STS_TUNE_TRIALS},
                  {"seeds", o->seeds, STS_TUNE_SEEDS},
                  {"folds", o->folds, STS_TUNE_FOLDS},
                  {"jobs", o->jobs, STS_TUNE_JOBS}};
    for (size_t i = 0; i < sizeof number / sizeof *number; i++)
        if (number[i].value < 0 || number[i].value > number[i].max)
            return sts_fail(err, STS_USAGE, "--%s: %lld is out of range: 0 to %lld", number[i].name,
                            (long long)number[i].value, (long long)number[i].max);
    if (o->minutes < 0 || o->minutes > STS_TUNE_MINUTES)
        return sts_fail(err, STS_USAGE, "--minutes: %g is out of range: 0 to %g", o->minutes,
                        STS_TUNE_MINUTES);
    return 0;
}

static int refuse_options(const sts_tuning *g)
{
    const sts_train_options *o = &g->first;
    sts_err *err = g->err;
    bool has_dev = o->dev && strcmp(o->dev, "none") != 0;
    if (sts_comm_size() > 1) return sts_fail(err, STS_USAGE, "tune: runs in one process, not MPI");
    if (o->dry_run) return sts_fail(err, STS_USAGE, "--dry-run: is of train, not of tune");
    if (o->rows || o->dev_rows || o->test_rows || o->guard_rows)
        return sts_fail(err, STS_USAGE, "tune: reads files, not rows in memory");
    for (size_t i = 0; i < o->n_data; i++)
        if (!strcmp(o->data[i], "-"))
            return sts_fail(err, STS_USAGE, "-: each trial reads it: put it in a file");
    if (g->o->folds && has_dev)
        return sts_fail(err, STS_USAGE, "--folds: takes the place of --dev: give one of them");
    if (g->o->folds == 1)
        return sts_fail(err, STS_USAGE, "--folds: 1 is out of range: 2 to %d", STS_TUNE_FOLDS);
    if (!g->o->folds && !has_dev)
        return sts_fail(err, STS_USAGE, "tune: needs --dev FILE or --folds K to choose by");
    const char *const read[] = {o->dev, o->test, o->guard};
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (read[i] && !strcmp(read[i], "-"))
            return sts_fail(err, STS_USAGE, "-: each trial reads it: put it in a file");
    return 0;
}

/* Out of fold nothing is chosen within a run: its last weights count. */
static void hold_back(sts_train_options *o)
{
    o->dev = "none";
    o->keep = "last";
    o->patience = 0;
    o->metric = NULL;
}

static int take_options(sts_tuning *g)
{
    if (check_numbers(g->o, g->err)) return -1;
    if (sts_options_take(&g->first, sizeof g->first, g->o->train, g->err)) return -1;
    if (sts_require_files(g->first.data, g->first.n_data, g->err)) return -1;
    if (sts_options_check(sts_train_rows(), &g->first, g->err)) return -1;
    if (!g->first.n_data) return sts_fail(g->err, STS_USAGE, "there is no data to train on");
    g->out = g->first.output;
    if (refuse_options(g)) return -1;
    if (!g->o->folds) return 0;
    if (g->first.metric && strcmp(g->first.metric, STS_METRIC_OF_SCORES) != 0)
        return sts_fail(g->err, STS_USAGE, "--metric: out of fold it is " STS_METRIC_OF_SCORES);
    hold_back(&g->first);
    return 0;
}

/* Each row's fold. */
static int draw_folds(sts_tuning *g)
{
    const sts_corpus *c = &g->data.train.corpus;
    if (!g->search.folds) return 0;
    if (!c->score)
        return sts_fail(g->err, STS_DATA, "%s: --folds needs scored pairs", g->first.data[0]);
    g->fold = sts_alloc(c->n, sizeof *g->fold);
    if (!g->fold) return sts_fail_memory(g->err, "the folds");
    return sts_corpus_folds(c, g->search.folds, g->first.seed, g->fold, g->err);
}

/* Reads the data once, for what they are; each trial reads them again. */
static int open_data(sts_tuning *g)
{
    double values[2];
    g->data = (sts_run){.o = &g->first,
                        .train = {.name = "train"},
                        .dev = {.name = "dev"},
                        .test = {.name = "test"},
                        .guard = {.name = "guard"}};
    if (sts_run_load(&g->data, g->err)) return -1;
    int is_new = sts_corpus_is_bag(g->first.model, g->err);
    if (is_new < 0) return -1;
    const sts_corpus *c = &g->data.train.corpus;
    sts_search_kind kind = {.is_new = is_new,
                            .scored = c->score,
                            .classes = c->score && sts_corpus_two_values(c, values),
                            .held_out = g->o->folds > 0,
                            .columns = c->columns};
    g->search.seed = g->first.seed;
    g->search.folds = (size_t)g->o->folds;
    g->search.jobs = g->o->jobs ? (size_t)g->o->jobs : 1;
    sts_search_open_space(&g->search.space, &kind, &g->first);
    return draw_folds(g);
}

static void add_crcs(sts_json *settings, const char *name, const sts_corpus *c)
{
    sts_json *list = sts_json_add_array(settings, name);
    for (size_t i = 0; i < c->n_files; i++)
        sts_json_append(list, sts_json_new_number((double)c->file[i]->crc));
}

/* What the trials depend on: a search is resumed with the same only. */
static int make_settings(sts_tuning *g)
{
    size_t since = sts_json_denied();
    sts_json *s = g->settings = sts_json_new_object();
    add_crcs(s, "data", &g->data.train.corpus);
    add_crcs(s, "dev", &g->data.dev.corpus);
    sts_json_add_number(s, "folds", (double)g->search.folds);
    sts_json_add_number(s, "jobs", (double)g->search.jobs);
    sts_json *fixed = sts_json_add_array(s, "fixed");
    for (size_t i = 0; i < g->o->n_fixed; i++)
        if (sts_search_fix(&g->search.space, g->o->fixed[i]))
            sts_json_append(fixed, sts_json_new_string(g->o->fixed[i]));
    sts_options_json(s, sts_train_rows(), &g->first, STS_OPT_NUMBERS, 0);
    return sts_json_denied() == since ? 0 : sts_fail_memory(g->err, "the search");
}

/* ---- the directory ---- */

/* A search does not start from a model that it replaces. */
static int spare_origin(const sts_tuning *g)
{
    struct stat model, parent, out;
    char *above = sts_path_join(g->first.model, "..");
    if (!above) return sts_fail_memory(g->err, g->out);
    bool known = !sts_sys.stat(g->first.model, &model) && !sts_sys.stat(above, &parent) &&
                 !sts_sys.stat(g->out, &out);
    sts_free(above);
    bool same = known && ((model.st_dev == out.st_dev && model.st_ino == out.st_ino) ||
                          (parent.st_dev == out.st_dev && parent.st_ino == out.st_ino));
    return same ? sts_fail(g->err, STS_USAGE, "%s: the search would replace the model that it "
                           "starts from: give another -o", g->out)
                : 0;
}

static int refuse_run(const sts_tuning *g)
{
    if (g->first.resume)
        return sts_fail(g->err, STS_USAGE, "%s: holds a run of train, not a search to resume: give "
                        "another -o, or replace it with --overwrite", g->out);
    return sts_fail(g->err, STS_USAGE, "%s: holds an earlier run: replace it with --overwrite, or "
                    "give another -o", g->out);
}

/* Something else that is called tune.json stays. */
static int spare_file(const sts_tuning *g)
{
    char *path = sts_path_join(g->out, STS_SEARCH);
    int found = path ? sts_file_find(path, g->err) : sts_fail_memory(g->err, g->out);
    if (found > 0)
        found = sts_fail(g->err, STS_USAGE, "%s: was not written by stsfit, which would replace "
                         "it: move it elsewhere, or give another -o", path);
    sts_free(path);
    return found;
}

/* Whose the directory is. g->earlier is the search that is resumed. */
static int decide(sts_tuning *g)
{
    const sts_train_options *o = &g->first;
    sts_json *report = NULL;
    sts_json_free(g->earlier);
    g->earlier = NULL;
    if (!sts_dir_exists(g->out)) return 0;
    int search = sts_search_dir_read(g->out, &g->earlier, g->err);
    int run = search < 0 ? -1 : sts_run_dir_read(g->out, &report, g->err);
    sts_json_free(report);
    if (search < 0 || run < 0 || (!search && spare_file(g))) return -1;
    if (search && !o->resume && !o->overwrite)
        return sts_fail(g->err, STS_USAGE, "%s: holds an earlier search: continue it with --resume "
                        "and the same options, replace it with --overwrite, or give another -o",
                        g->out);
    if (!search && run && (o->resume || !o->overwrite)) return refuse_run(g);
    if (!search && !run && sts_run_spare_foreign(g->out, g->err)) return -1;
    return spare_origin(g);
}

/* Another process may have used the directory before it was locked: hence twice. */
static int claim(sts_tuning *g)
{
    if (decide(g) || sts_dir_make(g->out, g->err)) return -1;
    g->hold = sts_hold_open(g->out, g->err);
    if (!g->hold || sts_run_lock(g->out, &g->lock, g->err)) return -1;
    return decide(g);
}

/* ---- tune.json ---- */

static void add_best(sts_json *report, const sts_tuning *g)
{
    const sts_search *s = &g->search;
    size_t best = sts_search_winner(s);
    if (best == SIZE_MAX) return;
    double deviation;
    sts_json *b = sts_json_add_object(report, "best");
    sts_json_add_number(b, "trial", (double)best + 1);
    sts_json_add_number(b, "seeds", (double)sts_search_seeds(s));
    sts_json_add_number(b, "value", sts_search_mean(s, best, sts_search_seeds(s), &deviation));
    sts_json_add_number(b, "deviation", deviation);
    sts_json_add_string(b, "chosen_by", s->folds ? "out-of-fold predictions" : "the dev set");
}

/* The search as things stand; freed by sts_json_free. NULL on error. */
static sts_json *describe(const sts_tuning *g)
{
    size_t since = sts_json_denied();
    sts_json *report = sts_run_dir_head("tune", g->status);
    sts_json_add_string(report, "command_line", g->first.command_line ? g->first.command_line : "");
    sts_json_refer(report, "settings", g->settings);
    add_best(report, g);
    sts_search_json(report, &g->search);
    if (sts_json_denied() == since) return report;
    sts_json_free(report);
    sts_fail_memory(g->err, "the search");
    return NULL;
}

int sts_tune_save(sts_tuning *g)
{
    g->search.seconds = sts_tune_spent(g);
    sts_json *report = describe(g);
    char *path = report ? sts_path_join(g->out, STS_SEARCH) : NULL;
    int rc = path ? sts_json_save(report, path, g->err) : -1;
    if (report && !path) sts_fail_memory(g->err, g->out);
    sts_json_free(report);
    sts_free(path);
    return rc;
}

/* The search so far, where one is resumed with the options that it was begun with. */
static int take_up(sts_tuning *g)
{
    char name[STS_SHOWN_PATH], *path = sts_path_join(g->out, STS_SEARCH);
    if (!path) return sts_fail_memory(g->err, g->out);
    sts_show_path(name, path);
    sts_free(path);
    sts_json *then = sts_json_member(g->earlier, "settings");
    sts_json_decode(then);
    for (const sts_json *now = g->settings->child; now; now = now->next) {
        const sts_json *was = sts_json_get(then, now->key);
        if (was && sts_json_equal(was, now)) continue;
        return sts_fail(g->err, STS_USAGE,
                        "--resume: %s differs from that in %s: give the data "
                        "and options that the search began with, or another -o",
                        now->key, name);
    }
    if (sts_search_read(&g->search, g->earlier, name, g->err)) return -1;
    g->before = g->search.seconds;
    return 0;
}

static int open_search(sts_tuning *g)
{
    if (claim(g) || make_settings(g)) return -1;
    if (g->earlier && g->first.resume) {
        if (take_up(g)) return -1;
    } else if (sts_trial_sweep(g->out, NULL, 0, g->err)) {
        return -1;
    }
    if (sts_checkpoint_sweep(g->out, g->err)) return -1;
    return sts_tune_save(g);
}

int sts_tune_open(sts_tuning *g)
{
    if (take_options(g)) return -1;
    if (g->first.threads) g->env.threads = (int)g->first.threads;
    return open_data(g) || open_search(g) ? -1 : 0;
}

void sts_tune_close(sts_tuning *g)
{
    sts_corpus_free(&g->data.dev.corpus);
    sts_corpus_free(&g->data.test.corpus);
    sts_corpus_free(&g->data.guard.corpus);
    sts_corpus_free(&g->data.train.corpus);
    sts_loss_close(&g->data.loss);
    if (g->lock >= 0) sts_close(g->lock);
    sts_hold_close(g->hold);
    sts_json_free(g->settings);
    sts_json_free(g->earlier);
    sts_free(g->search.v);
    sts_free(g->fold);
}
