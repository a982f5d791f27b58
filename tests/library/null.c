/* null.c - every function that fails accepts NULL for its error; an error names an option by its
 * name alone. null MODEL NOTHING FILE */
#include <stsfit.h>

#include <stdio.h>
#include <string.h>

static int on_vector(void *ctx, sts_str text, const float *vector)
{
    (void)ctx, (void)text, (void)vector;
    return 1;
}

static int on_scored(void *ctx, sts_str record, const double *cosine, char delimiter)
{
    (void)ctx, (void)record, (void)cosine, (void)delimiter;
    return 1;
}

static int on_ids(void *ctx, const int32_t *ids, size_t n)
{
    (void)ctx, (void)ids, (void)n;
    return 1;
}

#define FAILS(call) \
    if (!(call)) return fprintf(stderr, "%d: %s succeeds\n", __LINE__, #call), 1

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    const char *nothing = argv[2], *file = argv[3];
    char *out = NULL;
    sts_model *m = sts_model_load(argv[1], NULL);
    sts_train_options o = sts_train_defaults();
    sts_eval_options e = {.model = nothing, .data = &file, .n_data = 1};
    sts_eval_options bad = {.model = argv[1], .data = &file, .n_data = 1, .batch_size = -1};
    sts_compare_options c = {.a = argv[1], .b = nothing, .data = &file, .n_data = 1};
    sts_compare_options low = {
        .a = argv[1], .b = argv[1], .data = &file, .n_data = 1, .max_seq_length = -5};
    FAILS(m && !sts_model_load(nothing, NULL));
    FAILS(sts_model_set(m, 1, 0, 0, NULL, NULL) && sts_model_set_precision(m, "fp7", NULL));
    FAILS(sts_encode_file(m, nothing, NULL, on_vector, NULL, NULL));
    FAILS(sts_encode_file(m, file, NULL, on_vector, NULL, NULL));
    FAILS(sts_tokenize_file(m, nothing, NULL, on_ids, NULL, NULL));
    FAILS(sts_score_file(m, nothing, NULL, on_scored, NULL, NULL));
    FAILS(sts_score_file(m, file, NULL, on_scored, NULL, NULL));
    FAILS(!sts_info(nothing, STS_INFO_JSON, NULL) && !sts_losses(nothing, STS_AS_JSON, NULL));
    FAILS(sts_train(&o, NULL, NULL, NULL, NULL) && sts_train_set(&o, "lr", "x", NULL));
    o.data = &nothing;
    o.n_data = 1;
    FAILS(sts_train(&o, NULL, NULL, NULL, NULL));
    FAILS(sts_eval(&e, STS_AS_JSON, &out, NULL) && !out);
    FAILS(sts_eval(&bad, STS_AS_JSON, &out, NULL) && !out);
    FAILS(sts_compare(&c, STS_AS_JSON, &out, NULL) && !out);
    FAILS(sts_compare(&low, STS_AS_JSON, &out, NULL) && !out);
    FAILS(sts_check(&nothing, 1, NULL, NULL, 0, STS_AS_JSON, &out, NULL));
    sts_free_text(out);
    FAILS(sts_save(m, file, NULL) && sts_loss_check("none", NULL));
    FAILS(!sts_writer_open(nothing, NULL) && !sts_json_read(nothing, STS_DATA, NULL));
    sts_err err = {0, ""};
    FAILS(sts_train_set(&o, "lr", "x", &err));
    if (strcmp(err.text, "lr: 'x' is not a number")) return fprintf(stderr, "%s\n", err.text), 1;
    sts_model_free(m);
    return 0;
}
