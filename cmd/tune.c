/* tune.c - stsfit tune: a search for training options, and what is shown while it runs. */
#include "common.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct tune {
    common c;
    sts_train_options o;
    sts_tune_options t;
    const char *config;
} tune;

#define INDENT 9 /* columns of a label */
#define T(field) .offset = offsetof(tune, t.field)

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "The search"},
    {.kind = STS_OPT_NUM, .name = "minutes", .arg = "M", T(minutes), .min = 1e-6,
     .max = STS_TUNE_MINUTES, .standard = "10; no limit with --trials",
     .help = "time for the search"},
    {.kind = STS_OPT_INT, .name = "trials", .arg = "N", T(trials), .max = STS_TUNE_TRIALS,
     .standard = "as many as the time allows", .help = "number of trials, the defaults first"},
    {.kind = STS_OPT_INT, .name = "seeds", .arg = "S", T(seeds), .min = 1, .max = STS_TUNE_SEEDS,
     .value = "1", .help = "train the best trials with S seeds, and choose by the mean"},
    {.kind = STS_OPT_INT, .name = "folds", .arg = "K", T(folds), .max = STS_TUNE_FOLDS,
     .standard = "none", .help = "evaluate each trial by K-fold cross-validation, without --dev"},
    {.kind = STS_OPT_INT, .name = "jobs", .arg = "N", T(jobs), .min = 1, .max = STS_TUNE_JOBS,
     .value = "1",
     .help = "train N trials at once, in N times the memory, each on 1/N of --threads"},
    {.kind = STS_OPT_TEXT, .name = "config", .arg = "FILE", .offset = offsetof(tune, config),
     .standard = "none", .flags = STS_OPT_ORDER,
     .help = "JSON object of options of the first trial"},
    OPT_JSON("print tune.json at the end"),
    {0},
};

static const opt_table TABLES[] = {
    {.rows = ROWS}, {.library = sts_train_rows, .base = offsetof(tune, o)}, OPT_RUNNING, {0}};

static char *choose_config(void *values, const opt_args *args)
{
    const tune *t = values;
    (void)args;
    return t->config ? strdup(t->config) : NULL;
}

/* ---- what is shown ---- */

static void on_training(const sts_tune_event *e)
{
    const sts_train_step *s = e->train->step;
    char text[256], left[32];
    if (e->train->kind != STS_EVENT_STEP || progress_chosen() != PROGRESS_BAR) return;
    if (!progress_due()) return;
    snprintf(text, sizeof text, "trial %zu  %llu/%llu  %s left  loss %.4f  %.0f pairs/s", e->trial,
             (unsigned long long)s->step, (unsigned long long)s->steps,
             progress_time(s->seconds_left, left), s->loss, s->pairs_per_s);
    progress_bar((double)s->step / (double)s->steps, text);
}

static void on_value(const sts_tune_event *e)
{
    char label[32], text[600], value[64] = "";
    progress_clear();
    if (progress_chosen() == PROGRESS_NONE) return;
    if (!isnan(e->value)) snprintf(value, sizeof value, ": %s %.4f", e->metric, e->value);
    snprintf(label, sizeof label, "trial %zu", e->trial);
    snprintf(text, sizeof text, "%.400s%s%s%s", e->options, value,
             strcmp(e->status, "completed") ? ", " : "",
             strcmp(e->status, "completed") ? e->status : e->best ? ", best so far" : "");
    opt_put_wrapped(stderr, INDENT, label, text);
}

static void on_end(const tune *t, const sts_tune_event *e)
{
    char dir[1024];
    progress_clear();
    if (t->c.quiet) return;
    sts_quote(dir, sizeof dir, e->model_dir, strlen(e->model_dir));
    fprintf(stderr, "\n%s\n%s: the best model is in %s\n", e->table, e->status, dir);
}

static sts_answer on_event(void *ctx, const sts_tune_event *e)
{
    switch (e->kind) {
    case STS_TUNE_TRIAL: break;
    case STS_TUNE_TRAIN: on_training(e); break;
    case STS_TUNE_VALUE: on_value(e); break;
    case STS_TUNE_END: on_end(ctx, e); break;
    }
    return STS_CONTINUE;
}

/* ---- */

/* The training options of the command line, which the search leaves as they are. */
static const char **list_fixed(const opt_args *args, size_t *n)
{
    const command *c = command_find("tune");
    const char **names = calloc(OPT_LIMIT, sizeof *names);
    *n = 0;
    for (opt_at a = {0}; names && opt_next(c, &a);)
        if (a.table->library && opt_was_seen(args, a.place)) names[(*n)++] = a.row->name;
    return names;
}

static int search(tune *t, const char *line)
{
    sts_err err = {0};
    if (progress_chosen() == PROGRESS_PLAIN) sts_env_progress(common_env(), NULL, NULL);
    t->o.command_line = line;
    t->o.stop = stop_on_signals();
    t->t.train = &t->o;
    stop_saves(true);
    int code = sts_tune(&t->t, on_event, t, &err) ? common_fail(&err) : 0;
    bool wanted = t->c.json && (!code || code == STS_GATE);
    return wanted && common_print_json(t->o.output, "tune.json") ? STS_FAILED : code;
}

static int run(void *values, const opt_args *args)
{
    tune *t = values;
    t->c.threads = t->o.threads;
    common_start(&t->c);
    if (!args->n) {
        fprintf(stderr, "stsfit: tune: which data? stsfit tune pairs.tsv --dev dev.tsv -o OUT\n");
        return STS_USAGE;
    }
    char *line = common_command_line("tune", args);
    const char **fixed = list_fixed(args, &t->t.n_fixed);
    t->t.fixed = fixed;
    t->o.data = args->v;
    t->o.n_data = (size_t)args->n;
    int code = STS_FAILED;
    if (line && fixed) code = search(t, line);
    else fprintf(stderr, "stsfit: out of memory\n");
    free(fixed);
    free(line);
    return code;
}

const command command_tune = {
    .name = "tune",
    .args = "DATA...",
    .help = "search for the training options that are best on a dev set",
    .text = "Trains on DATA repeatedly: with the defaults first, then with options near\n"
            "the best so far (loss, learning rate, batch size, epochs, warm-up, dropout,\n"
            "layer decay, averages, blend). Options that are given stay as they are. The\n"
            "output directory gets the best run and tune.json, which lists every trial. A\n"
            "search that was interrupted continues with the same command and --resume.",
    .tables = TABLES,
    .size = sizeof(tune),
    .run = run,
    .config = choose_config,
};
