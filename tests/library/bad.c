/* bad.c - what a caller can get wrong is an error with a code and a text: values out of range in
 * every option of training, NULL for what is needed, structs of zeros. bad MODEL OUTPUT FILE */
#include <stsfit.h>
#include <stsfit_loss.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static sts_err err;
static int faults;

static void check(int line, const char *call, bool failed, int code)
{
    if (!failed || err.code != code || !err.text[0] || strstr(err.text, "--"))
        fprintf(stderr, "%d: %s: code %d: %s\n", line, call, err.code, err.text), faults++;
    err = (sts_err){0, ""};
}
#define REFUSES(call) check(__LINE__, #call, call, STS_USAGE)
#define FAILS(code, call) check(__LINE__, #call, call, code)

static int on_vector(void *ctx, sts_str text, const float *vector)
{
    (void)ctx, (void)text, (void)vector;
    return 0;
}

/* ---- values ---- */

static void put(const sts_option *o, sts_train_options *to, size_t nth)
{
    static const int64_t whole[] = {INT64_MIN, INT64_MAX, -1};
    static const double number[] = {-INFINITY, INFINITY, -1};
    static const char *const text[] = {"no such thing", "", "\xff\x1b"};
    char *field = (char *)to + o->offset;
    if (o->kind == STS_OPT_INT) memcpy(field, &whole[nth], sizeof *whole);
    else if (o->kind == STS_OPT_NUM) memcpy(field, &number[nth], sizeof *number);
    else memcpy(field, &text[nth], sizeof *text);
}

static void set_bad_values(const char *model, const char *output, const sts_data *rows)
{
    size_t n = 0;
    for (const sts_option *o = sts_train_rows(); o->help; o++) {
        bool limited = o->kind == STS_OPT_INT || o->kind == STS_OPT_NUM ||
                       o->kind == STS_OPT_CHOICE;
        if (!limited || o->offset == STS_OPT_NOWHERE) continue;
        for (size_t i = 0; i < 3; i++, n++) {
            sts_train_options t = sts_train_defaults();
            t.model = model;
            t.output = output;
            t.rows = rows;
            put(o, &t, i);
            if (!sts_train(&t, NULL, NULL, NULL, &err) || err.code != STS_USAGE ||
                strncmp(err.text, o->name, strlen(o->name)))
                fprintf(stderr, "%s %zu: %d %s\n", o->name, i, err.code, err.text), faults++;
        }
    }
    err = (sts_err){0, ""};
    if (n < 60) fprintf(stderr, "only %zu values\n", n), faults++;
}

/* ---- NULL, and zeros ---- */

static void leave_out(const char *model, const char *output, const char *file)
{
    char *out;
    const char *nothing[] = {NULL, NULL};
    const sts_eval_options e = {.size = sizeof e}, named = {.model = model, .n_data = 1},
                           listed = {.model = model, .data = nothing, .n_data = 1};
    const sts_compare_options c = {.size = sizeof c},
                              one = {.a = model, .data = &file, .n_data = 1};
    const sts_report_options r = {.n_runs = 1};
    const sts_merge_options m = {.models = nothing, .n_models = 2},
                            nowhere = {.models = (const char *[]){model, model}, .n_models = 2};
    const sts_distill_options d = {.model = model};
    const sts_shrink_options s = {.model = model, .layers = "0"};
    const sts_export_options x = {.model = model};
    const sts_train_options t = {.size = sizeof t}, files = {.n_data = 1, .output = output};
    const sts_tune_options u = {.trials = 1}, v = {.train = &t, .trials = 1};
    const sts_tune_options few = {.train = &t, .trials = -1},
                           folds = {.train = &t, .folds = INT64_MIN},
                           late = {.train = &t, .minutes = -1},
                           many = {.train = &t, .jobs = STS_TUNE_JOBS + 1};
    REFUSES(sts_train(NULL, NULL, NULL, NULL, &err) && sts_train(&t, NULL, NULL, NULL, &err));
    REFUSES(sts_train(&files, NULL, NULL, NULL, &err));
    REFUSES(sts_tune(NULL, NULL, NULL, &err));
    REFUSES(sts_tune(&u, NULL, NULL, &err) && sts_tune(&v, NULL, NULL, &err));
    REFUSES(sts_tune(&few, NULL, NULL, &err) && strstr(err.text, "trials"));
    REFUSES(sts_tune(&folds, NULL, NULL, &err) && strstr(err.text, "folds"));
    REFUSES(sts_tune(&many, NULL, NULL, &err) && strstr(err.text, "jobs"));
    REFUSES(sts_tune(&late, NULL, NULL, &err) && strstr(err.text, "minutes"));
    REFUSES(sts_eval(NULL, STS_AS_TEXT, &out, &err) && sts_eval(&e, STS_AS_TEXT, &out, &err));
    REFUSES(sts_eval(&named, STS_AS_TEXT, &out, &err) && sts_eval(&named, STS_AS_TEXT, NULL, &err));
    REFUSES(sts_eval(&listed, STS_AS_TEXT, &out, &err));
    REFUSES(sts_compare(&c, STS_AS_TEXT, &out, &err) && sts_compare(&one, STS_AS_TEXT, &out, &err));
    REFUSES(sts_report(&r, &out, &err) && sts_merge(&m, STS_AS_TEXT, &out, &err));
    REFUSES(sts_merge(&nowhere, STS_AS_TEXT, &out, &err));
    REFUSES(sts_distill(&d, STS_AS_TEXT, &out, &err) && sts_shrink(&s, &out, &err));
    REFUSES(sts_export(&x, &out, &err) && sts_export(NULL, &out, &err));
    REFUSES(sts_check(nothing, 1, NULL, NULL, 0, STS_AS_TEXT, &out, &err));
    REFUSES(sts_check(&file, 1, NULL, model, -5, STS_AS_TEXT, &out, &err));
    REFUSES(!sts_info(NULL, STS_INFO_JSON, &err) && !sts_json_read(NULL, STS_DATA, &err));
    REFUSES(sts_loss_check(NULL, &err) && sts_train_set(NULL, "lr", "1", &err));
    REFUSES(!sts_writer_open(NULL, &err) && !sts_output_open(NULL, NULL, 0, &err));
    FAILS(STS_FAILED, !sts_writer_open("", &err));
    FAILS(STS_FAILED, !sts_writer_open("new/", &err));
    FAILS(STS_MODEL, !sts_model_load("", &err));
}

static void leave_out_of(sts_model *m, sts_data *rows, const char *file)
{
    float out[4096];
    double x;
    int32_t ids[4];
    size_t n;
    const sts_str null = {NULL, 5}, text = {"a", 1}, huge = {"a", (size_t)1 << 31};
    const sts_data_row row = {.size = sizeof row};
    sts_batcher *b = sts_batcher_new(m, &err);
    REFUSES(!sts_model_load(NULL, &err) && sts_save(m, NULL, &err) && sts_save(m, "", &err));
    REFUSES(sts_encode(NULL, &text, 1, out, NULL, &err));
    REFUSES(sts_encode(m, &null, 1, out, NULL, &err));
    REFUSES(sts_encode(m, NULL, 1, out, NULL, &err) && sts_encode(m, &text, 1, NULL, NULL, &err));
    REFUSES(sts_batcher_encode(b, &null, 1, out, NULL, &err) && !sts_batcher_new(NULL, &err));
    REFUSES(sts_batcher_encode(b, &text, 1, NULL, NULL, &err));
    REFUSES(sts_tokenize(m, null, ids, 4, &n, NULL, &err));
    REFUSES(sts_tokenize(m, huge, ids, 4, &n, NULL, &err) && strstr(err.text, "2147483648 bytes"));
    REFUSES(sts_encode(m, &huge, 1, out, NULL, &err));
    REFUSES(sts_tokenize(m, text, NULL, 4, &n, NULL, &err));
    REFUSES(sts_score(m, NULL, &x, &err) && sts_score(m, rows, NULL, &err));
    REFUSES(sts_measure_data(m, rows, NULL, NULL, &err));
    REFUSES(sts_data_add(rows, NULL, NULL, &err) && sts_data_add_row(rows, &row, &err));
    REFUSES(sts_data_add_row(rows, NULL, &err) && sts_data_add(NULL, &text, NULL, &err));
    REFUSES(sts_encode_file(m, NULL, NULL, on_vector, NULL, &err));
    REFUSES(sts_encode_file(m, file, NULL, NULL, NULL, &err));
    REFUSES(sts_score_file(m, file, NULL, NULL, NULL, &err));
    REFUSES(sts_tokenize_file(m, file, NULL, NULL, NULL, &err));
    REFUSES(sts_model_threshold(m, NULL, &x, &err) && sts_model_set_prompts(m, NULL, &err));
    REFUSES(sts_model_set(m, 0, 0, -1, NULL, &err) && strstr(err.text, "-1 "));
    REFUSES(!sts_quantizer_new(NULL, 4, &err) && sts_env_loss(NULL, NULL, NULL, &err));
    sts_batcher_free(b);
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    sts_model *m = sts_model_load(argv[1], &err);
    sts_data *rows = sts_data_new(2, &err);
    double score = 0.5;
    const sts_str text[] = {{"a dog", 5}, {"a cat", 5}};
    if (!m || !rows || sts_data_add(rows, text, &score, &err)) return 1;
    set_bad_values(argv[1], argv[2], rows);
    leave_out(argv[1], argv[2], argv[3]);
    leave_out_of(m, rows, argv[3]);
    sts_data_free(rows);
    sts_model_free(m);
    return faults != 0;
}
