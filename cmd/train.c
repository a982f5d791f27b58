/* train.c - stsfit train: options into sts_train, and what is shown while it runs. */
#include "common.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct train {
    common c;
    sts_train_options o;
    const char *config;
    const char *resumed; /* the run that is continued by its own configuration, or NULL */
    const sts_preset *recipe;
    double loss; /* smoothed */
} train;

#define INDENT 9 /* columns of a label at the start */
static const sts_option ROWS[] = {
    {.kind = STS_OPT_TEXT, .name = "config", .arg = "FILE", .offset = offsetof(train, config),
     .standard = "none", .flags = STS_OPT_ORDER,
     .help = "JSON object of options; those of the command line come first"},
    OPT_JSON("print report.json at the end"),
    {0},
};

static const opt_table TABLES[] = {
    {.library = sts_train_rows, .base = offsetof(train, o)}, {.rows = ROWS}, OPT_RUNNING, {0}};

/* A run that continues without DATA has them, and its options, in its own configuration. */
static char *choose_config(void *values, const opt_args *args)
{
    train *t = values;
    char path[4096];
    if (t->config) return strdup(t->config);
    if (!t->o.resume || args->n) return NULL;
    t->resumed = t->o.output;
    snprintf(path, sizeof path, "%s/config.json", t->o.output);
    return access(path, F_OK) ? NULL : strdup(path);
}

/* ---- what is shown ---- */

static void put_line(const char *label, const char *text)
{
    char shown[2048]; /* names of files may hold anything */
    opt_put_wrapped(stderr, INDENT, label, sts_quote(shown, sizeof shown, text, strlen(text)));
}

static void put_recipe(const sts_preset *recipe)
{
    char text[256] = "";
    for (const sts_preset_value *v = recipe->values; v->option; v++) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%s %s", n ? ", " : "", v->option, v->value);
    }
    put_line("recipe", text);
}

static void on_start(const train *t, const sts_train_start *s)
{
    stop_saves(!t->o.dry_run);
    progress_clear();
    if (t->c.quiet) return;
    put_line("data", s->data);
    put_line("model", s->model);
    put_line("loss", s->loss);
    if (t->recipe) put_recipe(t->recipe);
    put_line("plan", s->plan);
    put_line("machine", s->machine);
    if (s->first_step > 1)
        fprintf(stderr, "resuming at step %llu\n", (unsigned long long)s->first_step);
}

/* The bar's text: what matters most stands first, since a narrow terminal has room for less. */
static void draw_bar(const train *t, const sts_train_step *s)
{
    char text[256], left[32];
    snprintf(text, sizeof text,
             "%llu/%llu  %s left  loss %.4f  epoch %.2f  lr %.2g  %.0f pairs/s  %.0f MB",
             (unsigned long long)s->step, (unsigned long long)s->steps,
             progress_time(s->seconds_left, left), t->loss, s->epoch, s->lr, s->pairs_per_s,
             1e-6 * s->peak_memory);
    progress_bar((double)s->step / (double)s->steps, text);
}

/* About twenty plain lines a run; with -v each step that is logged. */
static bool plain_turn(const train *t, const sts_train_step *s)
{
    if (t->c.verbose && s->logged) return true;
    uint64_t every = s->steps / 20 ? s->steps / 20 : 1;
    return s->step % every == 0 || s->step == s->steps;
}

static void on_step(train *t, const sts_train_step *s)
{
    t->loss = t->loss == 0 ? s->loss : 0.95 * t->loss + 0.05 * s->loss;
    if (progress_chosen() == PROGRESS_BAR) {
        if (progress_due()) draw_bar(t, s);
    } else if (progress_chosen() == PROGRESS_PLAIN && plain_turn(t, s)) {
        char text[256];
        snprintf(text, sizeof text,
                 "step %llu/%llu  epoch %.2f  loss %.4f  grad %.3f  lr %.3g  %.0f pairs/s",
                 (unsigned long long)s->step, (unsigned long long)s->steps, s->epoch, t->loss,
                 s->grad_norm, s->lr, s->pairs_per_s);
        text[progress_fits(text, 80)] = 0;
        progress_plain(text);
    }
}

static void on_eval(const sts_train_eval *e)
{
    if (progress_chosen() == PROGRESS_NONE) return;
    bool colour = progress_colour() && e->best;
    progress_clear();
    const char *mark = e->best ? "  best so far" : "";
    char text[256], value[32] = "cannot be computed";
    if (!isnan(e->value)) snprintf(value, sizeof value, "%.4f", e->value);
    snprintf(text, sizeof text, "%sdev at step %llu (epoch %.2f)%s: %s %s%s%s",
             colour ? "\033[1m" : "", (unsigned long long)e->step, e->epoch,
             e->averaged ? ", averaged weights" : "", e->metric, value, mark,
             colour ? "\033[0m" : "");
    progress_plain(text);
}

/* A command that works as it stands: the trained model on a pair. */
static void put_next(const char *run)
{
    char *program = common_program(), *word = sts_shell_word(run);
    if (program && word)
        fprintf(stderr, "next: printf 'A dog runs.\\tA dog is running.\\n' | %s score -m %s\n",
                program, word);
    sts_free_text(program);
    sts_free_text(word);
}

static void on_end(const train *t, const sts_train_result *r)
{
    progress_clear();
    if (t->c.quiet) return;
    if (r->table) fprintf(stderr, "\n%s\n", r->table);
    if (!r->model_dir) fprintf(stderr, "%s\n", r->status);
    if (!r->model_dir) return;
    char dir[1024];
    sts_quote(dir, sizeof dir, r->model_dir, strlen(r->model_dir));
    if (r->verdict) put_line("verdict", r->verdict);
    if (r->guard) put_line("guard", r->guard);
    fprintf(stderr, "%s: the model is in %s: %s\n", r->status, dir, r->selected);
    if (r->table) put_next(t->o.output);
}

static sts_answer on_event(void *ctx, const sts_event *e)
{
    switch (e->kind) {
    case STS_EVENT_START: on_start(ctx, e->start); break;
    case STS_EVENT_STEP: on_step(ctx, e->step); break;
    case STS_EVENT_EVAL: on_eval(e->eval); break;
    case STS_EVENT_END: on_end(ctx, e->end); break;
    }
    return STS_CONTINUE;
}

/* ---- */

static int run(void *values, const opt_args *args)
{
    train *t = values;
    sts_err err = {0};
    t->c.threads = t->o.threads;
    common_start(&t->c);
    if (!args->n) {
        fprintf(stderr, "stsfit: train: which data? stsfit train pairs.tsv, or - for stdin\n");
        return STS_USAGE;
    }
    char *command_line = common_command_line("train", args);
    if (!command_line) {
        fprintf(stderr, "stsfit: out of memory\n");
        return STS_FAILED;
    }
    if (t->resumed) t->o.output = t->resumed;
    t->recipe = args->preset;
    t->o.data = args->v;
    t->o.n_data = (size_t)args->n;
    t->o.command_line = command_line;
    t->o.stop = stop_on_signals();
    int code = sts_train(&t->o, on_event, t, NULL, &err) ? common_fail(&err) : 0;
    bool evaluated = !code || code == STS_GATE;
    bool wanted = t->c.json && !t->o.dry_run && evaluated && !sts_comm_rank();
    if (wanted && common_print_json(t->o.output, "report.json")) code = STS_FAILED;
    free(command_line);
    return code;
}

const command command_train = {
    .name = "train",
    .args = "DATA...",
    .help = "train a model on scored pairs or triplets",
    .text = "Trains on the pairs (or triplets) in DATA and writes a run directory: the\n"
            "selected model, which sentence-transformers opens as it is, checkpoints,\n"
            "report.json and log.jsonl.",
    .tables = TABLES,
    .size = sizeof(train),
    .run = run,
    .config = choose_config,
};
