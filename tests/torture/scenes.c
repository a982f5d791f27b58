/* scenes.c - the scenes, and looking over what they leave. */
#include "scenes.h"

#include "core/file.h"
#include "core/json.h"
#include "core/mem.h"
#include "out/checkpoint.h"
#include "out/manifest.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAIRS "tests/torture/pairs.tsv"
#define BERT "data/tiny-bert"

void wrong(const char *where, const char *fmt, ...)
{
    va_list ap;
    fprintf(stderr, "\ntorture: %s: ", where);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fprintf(stderr, "\n");
    _exit(1);
}

/* ---- the scratch directory ---- */

static char root[64];

void scratch_open(void)
{
    strcpy(root, sts_dir_exists("/dev/shm") ? "/dev/shm/stsfit-torture-XXXXXX"
                                            : "/tmp/stsfit-torture-XXXXXX");
    if (!mkdtemp(root)) wrong("scratch", "cannot make %s", root);
}

const char *scratch(const char *name)
{
    static char path[4][256];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", root, name);
    return path[turn];
}

void scratch_clear(void)
{
    char **names;
    size_t n;
    if (sts_dir_list(root, &names, &n, NULL)) wrong("scratch", "cannot list %s", root);
    for (size_t i = 0; i < n; i++) {
        const char *path = scratch(names[i]);
        if (sts_dir_exists(path) ? sts_dir_remove(path, NULL) : unlink(path))
            wrong("scratch", "cannot remove %s", path);
    }
    sts_names_free(names, n);
}

void scratch_close(void)
{
    sts_dir_remove(root, NULL);
}

/* ---- training ---- */

typedef struct stopper {
    volatile int signal;
    uint64_t at;
} stopper;

static void on_step(void *ctx, const sts_train_step *s)
{
    stopper *stop = ctx;
    if (s->step == stop->at) stop->signal = 2;
}

int train_run(const char *run, const char *model, int64_t steps, bool resume, uint64_t stop_at,
              sts_err *err)
{
    static const char *const data[] = {PAIRS};
    stopper stop = {.at = stop_at};
    sts_train_events ev = {.ctx = &stop, .step = on_step};
    sts_train_options o = sts_train_defaults();
    o.data = data;
    o.n_data = 1;
    o.dev = PAIRS;
    o.model = model;
    o.output = run;
    o.batch_size = 2;
    o.accumulate = 2;
    o.max_steps = steps;
    o.save_steps = 2;
    o.eval_steps = 3;
    o.save_total_limit = 2;
    o.card_samples = 2;
    o.resume = resume;
    o.command_line = "stsfit train";
    o.config_json = "{\"data\":[\"pairs.tsv\"],\"seed\":42}";
    o.stop = &stop.signal;
    return sts_train(&o, &ev, err);
}

/* ---- what a run leaves ---- */

static void add_keys(char *out, size_t size, const cJSON *x)
{
    for (const cJSON *c = x->child; c; c = c->next) {
        size_t n = strlen(out);
        snprintf(out + n, size - n, "%s%s", c->string ? c->string : ".", c->child ? "{" : ",");
        add_keys(out, size, c);
        n = strlen(out);
        if (c->child) snprintf(out + n, size - n, "}");
    }
}

char *run_product(const char *run)
{
    char path[320], *out = sts_alloc(1 << 14, 1);
    uint32_t crc = 0;
    uint64_t bytes = 0;
    sts_err err = {0};
    snprintf(path, sizeof path, "%s/model/model.safetensors", run);
    if (!out || sts_file_crc(path, &crc, &bytes, &err)) wrong(run, "no model: %s", err.text);
    snprintf(out, 1 << 14, "%08x %llu ", crc, (unsigned long long)bytes);
    snprintf(path, sizeof path, "%s/report.json", run);
    cJSON *report = sts_json_load(path, STS_DATA, &err);
    if (!report) wrong(run, "%s", err.text);
    add_keys(out, 1 << 14, report);
    cJSON_Delete(report);
    return out;
}

static void check_names(const char *dir, bool torn, const char *where)
{
    char **names;
    size_t n;
    if (!sts_dir_exists(dir) || sts_dir_list(dir, &names, &n, NULL)) return;
    for (size_t i = 0; i < n; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        if (!torn && (strstr(names[i], ".tmp-") || strstr(names[i], "unfinished")))
            wrong(where, "%s was left behind", path);
        if (sts_dir_exists(path)) check_names(path, torn, where);
    }
    sts_names_free(names, n);
}

void check_run(const char *run, bool torn, const char *where)
{
    uint64_t *steps;
    size_t n;
    char path[512];
    sts_err err = {0};
    if (!sts_dir_exists(run)) return;
    check_names(run, torn, where);
    if (sts_checkpoint_list(run, &steps, &n, &err)) wrong(where, "%s", err.text);
    for (size_t i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/checkpoint-%llu", run, (unsigned long long)steps[i]);
        if (sts_manifest_check(path, &err)) wrong(where, "a torn checkpoint: %s", err.text);
    }
    sts_free(steps);
    static const char *const json[] = {"report.json", "config.json", "model/config.json"};
    for (size_t i = 0; i < sizeof json / sizeof *json; i++) {
        snprintf(path, sizeof path, "%s/%s", run, json[i]);
        if (!sts_file_exists(path)) continue;
        cJSON *x = sts_json_load(path, STS_DATA, &err);
        if (!x) wrong(where, "%s", err.text);
        cJSON_Delete(x);
    }
}

/* ---- the scenes ---- */

static int load_bert(char **product, sts_err *err)
{
    sts_model *m = sts_model_load(BERT, err);
    *product = NULL;
    sts_model_free(m);
    return m ? 0 : -1;
}

/* A vector or a row of ids as text, added to the product. */
typedef struct product {
    char *text;
    size_t n;
} product;

static void put(product *p, const char *fmt, double x)
{
    p->n += (size_t)snprintf(p->text + p->n, (1 << 16) - p->n, fmt, x);
}

static int on_vector(void *ctx, sts_str text, const float *vector)
{
    (void)text;
    put(ctx, "%.9g ", vector[0]);
    put(ctx, "%.9g\n", vector[7]);
    return 0;
}

static int on_ids(void *ctx, const int32_t *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) put(ctx, "%.0f ", ids[i]);
    return 0;
}

static int on_scored(void *ctx, sts_str record, const double *cosine, char delimiter)
{
    (void)delimiter;
    put(ctx, "%.0f ", (double)record.n);
    if (cosine) put(ctx, "%.9g\n", *cosine);
    return 0;
}

/* encode, tokenize or score with a model; `what` says which. */
static int with_model(const char *dir, char what, char **out, sts_err *err)
{
    static char buffer[1 << 16];
    product p = {buffer, 0};
    *buffer = 0;
    *out = NULL;
    sts_data_options o = {.unscored = true};
    sts_model *m = sts_model_load(dir, err);
    int rc = !m            ? -1
             : what == 'e' ? sts_encode_file(m, PAIRS, on_vector, &p, err)
             : what == 't' ? sts_tokenize_file(m, PAIRS, on_ids, &p, err)
                           : sts_score_file(m, PAIRS, &o, on_scored, &p, err);
    sts_model_free(m);
    if (!rc) *out = strdup(buffer);
    return rc;
}

static int encode_bert(char **out, sts_err *err) { return with_model(BERT, 'e', out, err); }
static int tokenize_bert(char **out, sts_err *err) { return with_model(BERT, 't', out, err); }
static int score_bert(char **out, sts_err *err) { return with_model(BERT, 's', out, err); }
static int encode_bag(char **out, sts_err *err)
{
    return with_model(scratch("run/model"), 'e', out, err);
}

/* A text of the library's as one of ours. */
static int keep(int rc, char *text, char **out)
{
    *out = text && !rc ? strdup(text) : NULL;
    sts_free_text(text);
    return rc;
}

static int check_data(sts_form form, char **out, sts_err *err)
{
    static const char *const data[] = {PAIRS, "tests/torture/pairs.csv"};
    sts_data_options o = {0};
    char *text = NULL;
    int rc = sts_check(data, 2, &o, BERT, 0, form, &text, err);
    return keep(rc, text, out);
}

static int check_json(char **out, sts_err *err) { return check_data(STS_AS_JSON, out, err); }
static int check_text(char **out, sts_err *err) { return check_data(STS_AS_TEXT, out, err); }

static int eval_model(const char *model, sts_form form, char **out, sts_err *err)
{
    static const char *const data[] = {PAIRS, "tests/torture/pairs.csv"};
    sts_eval_options o = {.data = data, .n_data = 2, .model = model,
                          .predictions = scratch("predictions.tsv")};
    char *text = NULL;
    int rc = sts_eval(&o, form, &text, err);
    return keep(rc, text, out);
}

static int eval_bert(char **out, sts_err *err) { return eval_model(BERT, STS_AS_JSON, out, err); }
static int eval_bag(char **out, sts_err *err) { return eval_model("bag", STS_AS_TEXT, out, err); }

static int compare(char **out, sts_err *err)
{
    static const char *const data[] = {PAIRS};
    sts_compare_options o = {.a = "bag", .b = BERT, .data = data, .n_data = 1, .pairs = true};
    char *text = NULL;
    int rc = sts_compare(&o, STS_AS_JSON, &text, err);
    return keep(rc, text, out);
}

static int info(char **out, sts_err *err)
{
    char *text = sts_info(BERT, true, err);
    return keep(text ? 0 : -1, text, out);
}

static int losses(char **out, sts_err *err)
{
    char *text = sts_losses(NULL, STS_AS_JSON, err);
    return keep(text ? 0 : -1, text, out);
}

static int page(char **out, sts_err *err)
{
    const char *run = scratch("run");
    sts_report_options o = {.runs = &run, .n_runs = 1, .pairs = true};
    char *text = NULL;
    int rc = sts_report(&o, &text, err);
    size_t headings = 0; /* times differ from run to run; what it is made of does not */
    for (const char *p = text; p && (p = strstr(p, "<h2")); p++) headings++;
    *out = malloc(32);
    if (*out) snprintf(*out, 32, "%zu %d", headings, text && strstr(text, "</html>"));
    sts_free_text(text);
    return rc;
}

static int train_bag(char **out, sts_err *err)
{
    *out = NULL;
    return train_run(scratch("run"), "bag", 4, false, 0, err);
}

static int train_bert(char **out, sts_err *err)
{
    *out = NULL;
    return train_run(scratch("run"), BERT, 2, false, 0, err);
}

static int whole_bag(void)
{
    char *none;
    sts_err err = {0};
    return train_bag(&none, &err);
}

/* Stopped after step 3, between two saves, with a group of batches begun. */
static int half_bag(void)
{
    sts_err err = {0};
    return train_run(scratch("run"), "bag", 6, false, 3, &err) && err.code != 130;
}

static int half_bert(void)
{
    sts_err err = {0};
    return train_run(scratch("run"), BERT, 3, false, 2, &err) && err.code != 130;
}

static int resume_bag(char **out, sts_err *err)
{
    *out = NULL;
    return train_run(scratch("run"), "bag", 6, true, 0, err);
}

static int resume_bert(char **out, sts_err *err)
{
    *out = NULL;
    return train_run(scratch("run"), BERT, 3, true, 0, err);
}

static int stop_bag(char **out, sts_err *err)
{
    *out = NULL;
    int rc = train_run(scratch("run"), "bag", 6, false, 3, err);
    return rc && err->code == 130 ? 0 : rc ? rc : -1;
}

const scene scenes[] = {
    {"losses", NULL, losses, false},
    {"load-bert", NULL, load_bert, false},
    {"tokenize-bert", NULL, tokenize_bert, false},
    {"encode-bert", NULL, encode_bert, false},
    {"score-bert", NULL, score_bert, false},
    {"encode-bag", whole_bag, encode_bag, false},
    {"check-json", NULL, check_json, false},
    {"check-text", NULL, check_text, false},
    {"eval-bag", NULL, eval_bag, false},
    {"eval-bert", NULL, eval_bert, false},
    {"compare", NULL, compare, false},
    {"info", NULL, info, false},
    {"page", whole_bag, page, false},
    {"train-bag", NULL, train_bag, true},
    {"stop-bag", NULL, stop_bag, true},
    {"resume-bag", half_bag, resume_bag, true},
    {"train-bert", NULL, train_bert, true},
    {"resume-bert", half_bert, resume_bert, true},
};
const size_t n_scenes = sizeof scenes / sizeof *scenes;
