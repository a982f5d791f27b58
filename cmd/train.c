/* train.c - stsfit train: options into sts_train, and what is shown while it runs. */
#include "common.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct train {
    common c;
    sts_train_options o;
    int64_t seed;
    const char *config;
    double loss; /* smoothed */
} train;

#define O(field) (offsetof(train, o) + offsetof(sts_train_options, field))
#define MANY 9e15
#define LINE 100  /* columns of the lines at the start */
#define INDENT 9
static const opt OPTS[] = {
    {OPT_GROUP, .help = "What to train"},
    OPT_MODEL(train, "bag, the built-in encoder"),
    {OPT_TEXT, "output", NULL, 'o', "DIR", O(output), 0, 0, "the run directory", NULL},
    {OPT_TEXT, "dev", NULL, 0, "FILE", O(dev), 0, 0,
     "pairs to evaluate on while training, or none", "a tenth of DATA's pairs"},
    {OPT_TEXT, "test", NULL, 0, "FILE", O(test), 0, 0, "pairs to judge the kept model by",
     "none"},
    {OPT_TEXT, "loss", NULL, 0, "NAME[:k=v,...]", O(loss), 0, 0, "see stsfit losses",
     "cosine-similarity; triplet for triplets"},
    OPT_READING(train),
    {OPT_GROUP, .help = "How to train"},
    {OPT_NUM, "epochs", "num-train-epochs", 0, "N", O(epochs), 1e-9, 1e9, "passes over the data",
     NULL},
    {OPT_INT, "max-steps", NULL, 0, "N", O(max_steps), 0, 4e9, "steps, in place of --epochs",
     "by epochs"},
    {OPT_INT, "batch-size", "per-device-train-batch-size", 0, "N", O(batch_size), 1, 1 << 20,
     "rows a step", NULL},
    {OPT_INT, "batch-size-per-rank", NULL, 0, "N", O(batch_size_per_rank), 0, 1 << 20,
     "rows a step on each rank of an MPI job, in place of --batch-size", "by --batch-size"},
    {OPT_NUM, "lr", "learning-rate", 0, "X", O(lr), 0, 1e3, "peak learning rate",
     "5e-5; of bag 5e-4"},
    {OPT_NUM, "warmup", "warmup-ratio warmup-steps", 0, "X", O(warmup), 0, MANY,
     "fraction of the steps below 1, else steps", NULL},
    {OPT_TEXT, "scheduler", "lr-scheduler-type", 0, "linear|cosine|constant", O(scheduler), 0, 0,
     "how the learning rate falls", NULL},
    {OPT_NUM, "weight-decay", NULL, 0, "X", O(weight_decay), 0, 1e6, "AdamW's decay", NULL},
    {OPT_NUM, "max-grad-norm", NULL, 0, "X", O(max_grad_norm), 0, 1e30,
     "gradients are clipped to this norm; 0: never", NULL},
    {OPT_INT, "accumulate", "gradient-accumulation-steps", 0, "N", O(accumulate), 1, 1 << 20,
     "batches a step", NULL},
    {OPT_NUM, "dropout", NULL, 0, "P", O(dropout), 0, 0.99, "every dropout of the model",
     "as its config says"},
    {OPT_INT, "seed", NULL, 0, "N", offsetof(train, seed), 0, MANY, "seed of order and dropout",
     NULL},
    {OPT_FLAG, "no-shuffle", NULL, 0, NULL, O(no_shuffle), 0, 0, "take the rows in file order",
     NULL},
    {OPT_FLAG, "train-prompt", NULL, 0, NULL, O(train_prompt), 0, 0,
     "put the model's default prompt before training texts too", NULL},
    {OPT_FLAG, "freeze-embeddings", NULL, 0, NULL, O(freeze_embeddings), 0, 0,
     "keep the embeddings as they are", NULL},
    {OPT_INT, "freeze-layers", NULL, 0, "N", O(freeze_layers), 0, 1000,
     "keep the lowest N layers as they are", NULL},
    {OPT_GROUP, .help = "Judging and saving"},
    {OPT_INT, "log-steps", "logging-steps", 0, "N", O(log_steps), 1, MANY,
     "steps a line of log.jsonl", NULL},
    {OPT_INT, "eval-steps", NULL, 0, "N", O(eval_steps), 0, MANY,
     "steps between evaluations, besides one an epoch", "each epoch"},
    {OPT_INT, "save-steps", NULL, 0, "N", O(save_steps), 0, MANY,
     "steps between checkpoints, besides one an epoch", "each epoch"},
    {OPT_INT, "save-total-limit", NULL, 0, "N", O(save_total_limit), 1, MANY,
     "checkpoints to keep, besides the best", NULL},
    {OPT_TEXT, "keep", NULL, 0, "best|last", O(keep), 0, 0, "which weights model/ holds", NULL},
    {OPT_TEXT, "metric", NULL, 0, "NAME", O(metric), 0, 0, "what decides on the best",
     "spearman_cosine"},
    {OPT_INT, "card-samples", NULL, 0, "N", O(card_samples), 0, 1000,
     "training rows shown in the model's README.md", NULL},
    {OPT_INT, "patience", NULL, 0, "N", O(patience), 0, MANY,
     "stop after N evaluations without a gain; 0: never", NULL},
    {OPT_TEXT, "fail-under", NULL, 0, "METRIC=X", O(fail_under), 0, 0,
     "exit with 6 when the kept model is worse", "none"},
    {OPT_FLAG, "resume", NULL, 0, NULL, O(resume), 0, 0, "go on from the last checkpoint", NULL},
    {OPT_FLAG, "overwrite", NULL, 0, NULL, O(overwrite), 0, 0, "replace an earlier run", NULL},
    {OPT_FLAG, "dry-run", NULL, 0, NULL, O(dry_run), 0, 0, "say what would be done, write nothing",
     NULL},
    {OPT_TEXT, "config", NULL, 0, "FILE", offsetof(train, config), 0, 0,
     "JSON of options; the command line goes before it", "none"},
    {OPT_FLAG, "json", NULL, 0, NULL, COMMON(train, json), 0, 0, "print report.json at the end",
     NULL},
    OPT_MACHINE(train),
    OPT_PRECISION(train),
    OPT_END,
};

static void defaults(void *values)
{
    train *t = values;
    common_defaults(&t->c);
    t->o = sts_train_defaults();
    t->c.model = t->o.model;
    t->seed = (int64_t)t->o.seed;
}

/* ---- signals: the first asks for a clean end, a later one ends at once ---- */

#define GRACE 1          /* seconds to give up in before the first step, when nothing is lost */
#define ONE_REQUEST 0.3  /* seconds: timeout sends its signal twice, a closing terminal too */

static volatile int stop_signal;
static volatile sig_atomic_t stepping; /* there is something to save */
static volatile double stopped_at;
static bool at_terminal;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void on_signal(int number)
{
    static const char text[] = "\nstsfit: saving after this step; a second signal stops at once\n";
    if (number == SIGALRM) _exit(128 + (stop_signal ? stop_signal : number));
    if (stop_signal) {
        bool again = number != SIGHUP && now() - stopped_at > ONE_REQUEST;
        if (again && sts_comm_size() == 1) _exit(128 + number); /* mpirun may send several */
        return;
    }
    stop_signal = number;
    stopped_at = now();
    if (!stepping) alarm(GRACE);
    else if (at_terminal && write(2, text, sizeof text - 1) < 0) return;
}

/* Under nohup SIGHUP stays ignored. */
static void catch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2, SIGXCPU, SIGALRM};
    struct sigaction a = {.sa_handler = on_signal}, before;
    at_terminal = progress_chosen() == PROGRESS_BAR;
    sigemptyset(&a.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaction(numbers[i], &a, NULL);
    if (!sigaction(SIGHUP, NULL, &before) && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &a, NULL);
}

/* ---- what is shown ---- */

/* "label    text", broken at blanks into lines of at most LINE columns. */
static void put_wrapped(const char *label, const char *text)
{
    char shown[2048]; /* names of files may hold anything */
    const char *p = sts_quote(shown, sizeof shown, text, strlen(text));
    while (*(p += strspn(p, " "))) {
        size_t n = strlen(p), room = LINE - INDENT;
        if (n > room) {
            for (n = room; n && p[n] != ' ';) n--;
            if (!n) n = strcspn(p, " ");
        }
        fprintf(stderr, "%-*s%.*s\n", INDENT, label, (int)n, p);
        label = "";
        p += n;
    }
}

static void on_start(void *ctx, const sts_train_start *s)
{
    const train *t = ctx;
    stepping = !t->o.dry_run;
    progress_clear();
    if (t->c.quiet) return;
    put_wrapped("data", s->data);
    put_wrapped("model", s->model);
    put_wrapped("loss", s->loss);
    put_wrapped("plan", s->plan);
    put_wrapped("machine", s->machine);
    if (s->first_step > 1)
        fprintf(stderr, "resuming at step %llu\n", (unsigned long long)s->first_step);
}

/* The bar's text: what matters most stands first, since a narrow terminal cuts it. */
static void draw_bar(const train *t, const sts_train_step *s)
{
    char text[256], left[32];
    snprintf(text, sizeof text,
             "%llu/%llu  epoch %.2f  loss %.4f  lr %.2g  %.0f pairs/s  %s left  %.0f MB",
             (unsigned long long)s->step, (unsigned long long)s->steps, s->epoch, t->loss, s->lr,
             s->pairs_per_s, progress_time(s->seconds_left, left), 1e-6 * s->peak_memory);
    progress_bar((double)s->step / (double)s->steps, text);
}

/* About twenty plain lines a run; with -v each step that is logged. */
static bool plain_turn(const train *t, const sts_train_step *s)
{
    if (t->c.verbose && s->logged) return true;
    uint64_t every = s->steps / 20 ? s->steps / 20 : 1;
    return s->step % every == 0 || s->step == s->steps;
}

static void on_step(void *ctx, const sts_train_step *s)
{
    train *t = ctx;
    t->loss = t->loss == 0 ? s->loss : 0.95 * t->loss + 0.05 * s->loss;
    if (progress_chosen() == PROGRESS_BAR) {
        if (progress_due()) draw_bar(t, s);
    } else if (progress_chosen() == PROGRESS_PLAIN && plain_turn(t, s)) {
        char text[256];
        snprintf(text, sizeof text,
                 "step %llu/%llu  epoch %.2f  loss %.4f  grad %.3f  lr %.3g  %.0f pairs/s",
                 (unsigned long long)s->step, (unsigned long long)s->steps, s->epoch, t->loss,
                 s->grad_norm, s->lr, s->pairs_per_s);
        progress_plain(text);
    }
}

static void on_eval(void *ctx, const sts_train_eval *e)
{
    (void)ctx;
    if (progress_chosen() == PROGRESS_NONE) return;
    bool colour = progress_colour() && e->best;
    progress_clear();
    const char *mark = e->best ? "  best so far" : "";
    char text[256], value[32] = "cannot be computed";
    if (!isnan(e->value)) snprintf(value, sizeof value, "%.4f", e->value);
    snprintf(text, sizeof text, "%sdev at step %llu (epoch %.2f): %s %s%s%s",
             colour ? "\033[1m" : "", (unsigned long long)e->step, e->epoch, e->metric, value,
             mark, colour ? "\033[0m" : "");
    progress_plain(text);
}

static void on_end(void *ctx, const sts_train_result *r)
{
    const train *t = ctx;
    progress_clear();
    if (t->c.quiet) return;
    if (r->table) fprintf(stderr, "\n%s\n", r->table);
    if (!r->model_dir) fprintf(stderr, "%s\n", r->status);
    if (!r->model_dir) return;
    char dir[1024];
    sts_quote(dir, sizeof dir, r->model_dir, strlen(r->model_dir));
    fprintf(stderr, "%s: the model is in %s\n", r->status, dir);
    char *word = r->table ? sts_shell_word(t->o.output) : NULL;
    if (word) fprintf(stderr, "next: stsfit eval -m %s PAIRS\n", word);
    sts_free_text(word);
}

/* ---- */

static int print_report(const char *dir)
{
    sts_err err = {0};
    char path[4096];
    snprintf(path, sizeof path, "%s/report.json", dir);
    char *text = sts_json_read(path, STS_FAILED, &err);
    if (!text) return common_fail(&err);
    common_write(stdout, text, strlen(text));
    sts_free_text(text);
    return 0;
}

/* The command line as a shell would take it again; NULL: no memory. */
static char *join_words(const opt_args *args)
{
    char *line = strdup("stsfit train");
    for (int i = 0; i < args->n_words && line; i++) {
        char *word = sts_shell_word(args->words[i]);
        char *longer = word ? realloc(line, strlen(line) + strlen(word) + 2) : NULL;
        if (longer) strcat(strcat(longer, " "), word);
        else free(line);
        line = longer;
        sts_free_text(word);
    }
    return line;
}

extern const command command_train;

static int run(void *values, const opt_args *args)
{
    train *t = values;
    sts_err err = {0};
    common_start(&t->c);
    if (!args->n) {
        fprintf(stderr, "stsfit: train: which data? stsfit train pairs.tsv, or - for stdin\n");
        return STS_USAGE;
    }
    char *config = opt_json(&command_train, t, args);
    char *command_line = join_words(args);
    if (!config || !command_line) {
        fprintf(stderr, "stsfit: out of memory\n");
        cJSON_free(config);
        free(command_line);
        return STS_FAILED;
    }
    t->o.data = args->v;
    t->o.n_data = (size_t)args->n;
    t->o.reading = t->c.reading;
    t->o.model = t->c.model;
    t->o.seed = (uint64_t)t->seed;
    t->o.max_seq_length = t->c.max_seq_length;
    t->o.precision = t->c.precision;
    t->o.config_json = config;
    t->o.command_line = command_line;
    t->o.stop = &stop_signal;
    catch_signals();
    sts_train_events ev = {t, on_start, on_step, on_eval, on_end};
    int code = sts_train(&t->o, &ev, &err) ? common_fail(&err) : 0;
    bool judged = !code || code == STS_GATE;
    bool told = t->c.json && !t->o.dry_run && judged && !sts_comm_rank();
    if (told && print_report(t->o.output)) code = STS_FAILED;
    cJSON_free(config);
    free(command_line);
    return code;
}

const command command_train = {
    "train", "DATA...", "fine-tunes a model on scored pairs or triplets",
    "Trains on the pairs (or triplets) in DATA and writes a run directory: the kept model, which\n"
    "sentence-transformers opens as it is, checkpoints, report.json and log.jsonl.",
    OPTS, sizeof(train), defaults, run};
