/* wander.c - a host that changes its working directory during calls and between them: what began in
 * one directory stays there. wander HOME AWAY, two directories: HOME has model, train.tsv, dev.tsv
 * and own.so, a loss; AWAY has others of these names, and a run that is foreign. */
#include <stsfit.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(what) \
    if (!(what)) return fprintf(stderr, "%d: %s: %s\n", __LINE__, #what, err.text), 1

static const char *home, *away;
static uint64_t stop_at; /* a step; 0: none */

/* ---- while the library works ---- */

/* The program's own calls find paths from where it is. */
static void write_mine(void)
{
    sts_writer *w = sts_writer_open("mine.txt", NULL);
    if (!w || sts_writer_write(w, "mine\n", 5, NULL) || sts_writer_commit(w, NULL)) abort();
}

static void leave(void)
{
    if (chdir(away)) abort();
}

static sts_answer on_event(void *ctx, const sts_event *e)
{
    (void)ctx;
    leave();
    write_mine();
    return e->step && e->step->step == stop_at ? STS_STOP_SAVED : STS_CONTINUE;
}

static sts_answer on_trial(void *ctx, const sts_tune_event *e)
{
    (void)ctx, (void)e;
    leave();
    return STS_CONTINUE;
}

static int on_progress(void *ctx, const char *what, size_t done, size_t all)
{
    (void)ctx, (void)what, (void)done, (void)all;
    leave();
    return 0;
}

static void on_note(void *ctx, sts_level level, const char *text)
{
    (void)ctx, (void)level, (void)text;
    leave();
}

/* ---- calls ---- */

static const char *const data[] = {"train.tsv"};

/* A short training: all but the names of what it reads and writes is in the text. */
static sts_train_options options(const char *output)
{
    sts_train_options o = sts_train_defaults();
    o.data = data;
    o.n_data = 1;
    o.dev = "dev.tsv";
    o.model = "model";
    o.output = output;
    o.batch_size = 8;
    o.max_steps = 4;
    o.eval_steps = o.save_steps = 1;
    o.save_total_limit = 1;
    return o;
}

/* `apart` from home: as one that stays. */
static int train(const sts_train_options *o, int apart, int code)
{
    sts_err err = {0, ""};
    CHECK(!chdir(home));
    int rc = sts_train(o, apart ? on_event : NULL, NULL, NULL, &err);
    CHECK(code ? rc && err.code == code : !rc);
    return 0;
}

static int trainings(void)
{
    sts_train_options still = options("still"), far = options("run"), start = options("start");
    sts_train_options own = options("own");
    if (train(&still, 0, 0)) return 1;
    stop_at = 2;
    if (train(&far, 1, STS_INTERRUPTED)) return 1;
    stop_at = 0;
    far.resume = true;
    if (train(&far, 1, 0)) return 1;
    far.resume = false;
    far.overwrite = true;
    if (train(&far, 1, 0)) return 1;
    start.lr = 1e-30; /* whose weights are those of the start, which are loaded again */
    start.blend = "0.5";
    if (train(&start, 1, 0)) return 1;
    own.loss = "own.so";
    return train(&own, 1, 0);
}

static int search(void)
{
    sts_err err = {0, ""};
    sts_train_options first = options("search");
    const sts_tune_options o = {.size = sizeof o, .train = &first, .trials = 3, .jobs = 2};
    first.threads = 2;
    CHECK(!chdir(home));
    CHECK(!sts_tune(&o, on_trial, NULL, &err));
    return 0;
}

static int smaller(void)
{
    sts_err err = {0, ""};
    char *text;
    const sts_shrink_options o = {.model = "model",
                                  .output = "small",
                                  .vocabulary = "train.tsv",
                                  .dev = "dev.tsv"};
    CHECK(!chdir(home));
    CHECK(!sts_shrink(&o, &text, &err));
    sts_free_text(text);
    return 0;
}

/* What reads several files. */
static int reads(void)
{
    sts_err err = {0, ""};
    const char *files[] = {"train.tsv", "dev.tsv"}, *runs[] = {"run", "start"};
    char *text[5];
    const sts_eval_options e = {
        .data = files, .n_data = 2, .model = "run", .predictions = "predicted"};
    const sts_compare_options c = {.a = "run", .b = "model", .data = files, .n_data = 2};
    const sts_report_options r = {.runs = runs, .n_runs = 2, .output = "page.html", .pairs = true};
    CHECK(!chdir(home) && !sts_eval(&e, STS_AS_TEXT, &text[0], &err));
    CHECK(!chdir(home) && !sts_compare(&c, STS_AS_TEXT, &text[1], &err));
    CHECK(!chdir(home) && !sts_report(&r, &text[2], &err));
    CHECK(!chdir(home) && !sts_check(files, 2, NULL, "model", 0, STS_AS_TEXT, &text[3], &err));
    CHECK(!chdir(home) && (text[4] = sts_info("run", STS_INFO_FULL, &err)));
    for (int i = 0; i < 5; i++) sts_free_text(text[i]);
    return 0;
}

/* What training stored with a model. */
static int stored(void)
{
    sts_err err = {0, ""};
    CHECK(!chdir(home));
    sts_model *m = sts_model_load("run", &err);
    CHECK(m);
    leave();
    sts_calibration *c = sts_calibration_load(m, &err);
    CHECK(c);
    sts_calibration_free(c);
    CHECK(!chdir(home) && !sts_save(m, "saved", &err));
    sts_model_free(m);
    return 0;
}

/* Objects that live longer than a call. */
static int objects(void)
{
    sts_err err = {0, ""};
    const sts_fact fact = {"options", "none"};
    const sts_rows_layout lines = {0, 0};
    sts_str text = {"A dog runs.", 11};
    CHECK(!chdir(home));
    sts_model *m = sts_model_load("model", &err);
    CHECK(m);
    float *v = malloc((size_t)sts_model_width(m) * sizeof *v);
    sts_batcher *b = sts_batcher_new(m, &err);
    sts_writer *w = sts_writer_open("written", &err);
    sts_partial *p = sts_partial_open("rows", &fact, 1, &lines, &err);
    CHECK(v && b && w && p);
    leave();
    CHECK(!sts_batcher_encode(b, &text, 1, v, NULL, &err));
    CHECK(!sts_writer_write(w, "whole\n", 6, &err) && !sts_writer_commit(w, &err));
    CHECK(!sts_writer_write(sts_partial_writer(p), "one\n", 4, &err));
    CHECK(!sts_partial_mark(p, 1, &err));
    sts_partial_close(p);
    CHECK(!chdir(home));
    CHECK((p = sts_partial_open("rows", &fact, 1, &lines, &err)) && sts_partial_rows(p) == 1);
    leave();
    CHECK(!sts_partial_commit(p, &err));
    sts_batcher_free(b);
    sts_model_free(m);
    free(v);
    return 0;
}

/* Without standard descriptors no file takes their numbers, which the host may print to. */
static int closed(void)
{
    sts_err err = {0, ""};
    close(0);
    close(1);
    close(2);
    sts_writer *w = sts_writer_open("quiet", &err);
    for (int fd = 0; fd < 3; fd++)
        if (write(fd, "noise\n", 6) >= 0) return 1;
    return !w || sts_writer_write(w, "quiet\n", 6, &err) || sts_writer_commit(w, &err);
}

static int in_child(int (*call)(void))
{
    int status;
    pid_t child = fork();
    if (child == 0) _exit(chdir(home) || call());
    return child < 0 || waitpid(child, &status, 0) != child || status;
}

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    home = argv[1];
    away = argv[2];
    sts_env *env = sts_env_new(NULL);
    sts_env_threads(env, 1);
    if (in_child(closed)) return fprintf(stderr, "closed descriptors\n"), 1;
    sts_env_use(env);
    if (trainings() || search()) return 1;
    sts_env_progress(env, on_progress, NULL);
    sts_env_notes(env, on_note, NULL);
    if (smaller() || reads() || stored() || objects()) return 1;
    sts_env_use(NULL);
    sts_env_free(env);
    return 0;
}
