/* scenes.c - the scenes. */
#include "core/env.h"
#include "scenes.h"

#include "core/file.h"
#include "core/mem.h"
#include "token/tokenizer_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define PAIRS "tests/torture/pairs.tsv"
#define BERT "data/tiny-bert"

/* ---- training ---- */

void (*on_event)(const char *what);

static volatile int stop; /* the signal that asks the run to end */

void stop_run(int signal)
{
    stop = signal;
}

static int on_progress(void *ctx, const char *what, size_t done, size_t all)
{
    (void)ctx, (void)done, (void)all;
    if (on_event) on_event(what);
    return 0;
}

static sts_answer on_training(void *ctx, const sts_event *e)
{
    const uint64_t *stop_at = ctx;
    if (e->kind == STS_EVENT_STEP && e->step->step == *stop_at) stop_run(2);
    if (e->kind == STS_EVENT_STEP && on_event) on_event("step");
    if (e->kind == STS_EVENT_EVAL && on_event) on_event("evaluated");
    if (e->kind == STS_EVENT_END && (!e->end->model_dir || !strstr(e->end->model_dir, "model")))
        wrong("the end", "no model is named");
    return STS_CONTINUE;
}

static sts_train_options options_of(const char *run, const char *model, int64_t steps)
{
    static const char *const data[] = {PAIRS};
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
    o.command_line = "stsfit train";
    o.stop = &stop;
    return o;
}

int train_run(const char *run, const char *model, int64_t steps, bool resume, uint64_t stop_at,
              sts_err *err)
{
    sts_train_options o = options_of(run, model, steps);
    o.resume = resume;
    stop_run(0);
    sts_progress_to(on_progress, NULL);
    return sts_train(&o, on_training, &stop_at, NULL, err);
}

int train_over(const char *run, int64_t steps, sts_err *err)
{
    sts_train_options o = options_of(run, run, steps);
    uint64_t stop_at = 0;
    o.overwrite = true;
    stop_run(0);
    return sts_train(&o, on_training, &stop_at, NULL, err);
}

/* ---- the scenes ---- */

/* strdup, but so that the allocation is seen to be this program's. */
static char *copy(const char *text)
{
    size_t n = strlen(text) + 1;
    char *p = malloc(n);
    return p ? memcpy(p, text, n) : NULL;
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
    if (!vector) return 0;
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
             : what == 'e' ? sts_encode_file(m, PAIRS, NULL, on_vector, &p, err)
             : what == 't' ? sts_tokenize_file(m, PAIRS, NULL, on_ids, &p, err)
                           : sts_score_file(m, PAIRS, &o, on_scored, &p, err);
    sts_model_free(m);
    if (!rc) *out = copy(buffer);
    return rc;
}

#define WITH(name, dir, what) \
    static int name(char **out, sts_err *err) { return with_model(dir, what, out, err); }
WITH(encode_bert, BERT, 'e')
WITH(tokenize_bert, BERT, 't')
WITH(score_bert, BERT, 's')
WITH(encode_bag, scratch("run/model"), 'e')
WITH(encode_torch, "tests/golden/variants/pytorch-bin", 'e')
WITH(encode_dense, "tests/golden/variants/old-dense-bin", 'e')
WITH(encode_shards, "tests/golden/variants/sharded", 'e')
WITH(encode_vocab, "tests/golden/variants/old-vocab-txt", 'e')
WITH(encode_roberta, "tests/golden/variants/roberta-two-files", 'e')
WITH(encode_modernbert, "tests/golden/variants/modernbert-old-config", 'e')
WITH(encode_model2vec, "tests/golden/variants/static-model2vec", 'e')

/* A tokenizer of each kind, over a few lines of the corpus. */
static int tokenizers(char **out, sts_err *err)
{
    static const char *const names[] = {"unigram-albert", "unigram-byte-fallback", "llama-added",
                                        "roberta-added", "split-qwen-nfc", "wordlevel-punctuation",
                                        "bytelevel-nfc-two-posts", "normalizer-nmt", "bert-added",
                                        "unigram-charsmap", "llama-prepend", "pre-digits",
                                        "pre-chardelimiter", "pre-unicodescripts",
                                        "split-cl100k-invert", "normalizer-replace-regex",
                                        "bpe-no-fuse-unk", "unigram-strip-replace", "split-string"};
    static char buffer[1 << 16];
    product p = {buffer, 0};
    sts_ids ids = {0};
    int rc = 0;
    *out = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !rc; i++) {
        char path[128];
        size_t n;
        snprintf(path, sizeof path, "tests/golden/tokenizers/%s.json", names[i]);
        char *json = sts_file_read(path, 1 << 20, STS_MODEL, &n, err);
        sts_tokenizer *t = json ? sts_tokenizer_parse((sts_str){json, n}, path, false, true, err)
                                : NULL;
        static const char text[] = "Two \xc3\xa4pples,\tand <s> \xe4\xb8\xad 12\xc2\xa0x! it's "
                                   "e\xcc\xa3\xcc\x81 \xea\xb0\x81 we'll xa-b";
        rc = t ? sts_tokenizer_encode(t, text, sizeof text - 1, 0, &ids, NULL, err) : -1;
        if (!rc) on_ids(&p, ids.v, ids.n);
        sts_tokenizer_free(t);
        sts_free(json);
    }
    sts_ids_free(&ids);
    if (!rc) *out = copy(buffer);
    return rc;
}

/* A text of the library's as one of ours. */
static int keep(int rc, char *text, char **out)
{
    *out = text && !rc ? copy(text) : NULL;
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

/* Pairs as gzip and as JSON lines, trained upon by nobody. */
static int other_forms(void)
{
    size_t n;
    sts_err err = {0};
    static const char line[] =
        "{\"sentence1\": \"A dog\", \"sentence2\": \"Dogs\", \"score\": 4.5}\n"
        "{\"sentence1\": \"A cat\", \"sentence2\": \"Snow\", \"score\": 0.5}\n";
    char *text = sts_file_read(PAIRS, 1 << 20, STS_DATA, &n, &err);
    gzFile gz = text ? gzopen(scratch("pairs.tsv.gz"), "wb") : NULL;
    int bad = !gz || gzwrite(gz, text, (unsigned)n) != (int)n || gzclose(gz) != Z_OK;
    sts_free(text);
    return bad || sts_file_write(scratch("pairs.jsonl"), line, sizeof line - 1, &err);
}

static int check_forms(char **out, sts_err *err)
{
    const char *data[] = {scratch("pairs.tsv.gz"), scratch("pairs.jsonl")};
    sts_data_options o = {0};
    char *text = NULL;
    int rc = sts_check(data, 2, &o, NULL, 0, STS_AS_JSON, &text, err);
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
    char *text = sts_info(BERT, STS_INFO_JSON, err);
    return keep(text ? 0 : -1, text, out);
}

static int info_text(char **out, sts_err *err)
{
    char *text = sts_info(BERT, STS_INFO_FULL, err);
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
    return keep(rc, text, out);
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
    {"losses", NULL, losses, NULL, 0},
    {"tokenizers", NULL, tokenizers, NULL, 0},
    {"tokenize-bert", NULL, tokenize_bert, NULL, 0},
    {"encode-bert", NULL, encode_bert, NULL, 0},
    {"encode-torch", NULL, encode_torch, NULL, 0},
    {"encode-dense", NULL, encode_dense, NULL, 0},
    {"encode-shards", NULL, encode_shards, NULL, 0},
    {"encode-vocab", NULL, encode_vocab, NULL, 0},
    {"encode-roberta", NULL, encode_roberta, NULL, 0},
    {"encode-modern", NULL, encode_modernbert, NULL, 0},
    {"encode-model2vec", NULL, encode_model2vec, NULL, 0},
    {"score-bert", NULL, score_bert, NULL, 0},
    {"encode-bag", whole_bag, encode_bag, NULL, 0},
    {"check-json", NULL, check_json, NULL, 0},
    {"check-text", NULL, check_text, NULL, 0},
    {"check-forms", other_forms, check_forms, NULL, 0},
    {"eval-bag", NULL, eval_bag, NULL, 0},
    {"eval-bert", NULL, eval_bert, NULL, 0},
    {"compare", NULL, compare, NULL, 0},
    {"info", NULL, info, NULL, 0},
    {"info-text", NULL, info_text, NULL, 0},
    {"page", whole_bag, page, NULL, 0},
    {"train-bag", NULL, train_bag, "bag", 4},
    {"stop-bag", NULL, stop_bag, "bag", 6},
    {"resume-bag", half_bag, resume_bag, "bag", 6},
    {"train-bert", NULL, train_bert, BERT, 2},
    {"resume-bert", half_bert, resume_bert, BERT, 3},
};
const size_t n_scenes = sizeof scenes / sizeof *scenes;

void scene_begin(const scene *s, bool first)
{
    if (!first && !s->model) return;
    scratch_clear();
    if (s->before && s->before()) wrong(s->name, "its beginning failed");
}

void same_product(const char *where, const char *now, const char *whole)
{
    size_t i = 0;
    if (!whole || (now && !strcmp(now, whole))) return;
    if (!now) wrong(where, "went on, but without a product");
    while (now[i] == whole[i]) i++;
    i -= i < 60 ? i : 60;
    wrong(where, "went on, but the product differs:\n%.200s\nnot:\n%.200s", now + i, whole + i);
}

char *scene_product(const scene *s, char *text)
{
    if (!s->model || text) return text;
    char *own, *made = run_product(scratch("run"));
    own = copy(made);
    sts_free(made);
    return own;
}
