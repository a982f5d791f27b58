/* test_bag_static.c - the built-in encoder's table of word vectors: where they point. */
#include "eval/similarity.h"
#include "model/bag_static.h"
#include "model/block.h"
#include "model/files.h"
#include "model_help.h"

TestSuite(bag_static, .init = setup, .fini = teardown);

#define TABLE "/" STS_BAG_STATIC "/"

static const sts_str TEXTS[] = {
    {"A dog runs.", 11},
    {"A cat sleeps, a dog runs", 24},
    {"na\xc3\xafve cat", 10},
    {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 9},
};
#define N (sizeof TEXTS / sizeof *TEXTS)

/* A new bag in dir, and in dir/table what sentence-transformers reads of it. */
static void save(const sts_model *m)
{
    static const char *const names[] = {"modules.json", "config_sentence_transformers.json",
                                        STS_BAG_STATIC "/tokenizer.json",
                                        STS_BAG_STATIC "/model.safetensors"};
    char to[64];
    sts_err err = {0};
    cr_assert(!sts_model_save(m, dir, NULL, &err), "%s", err.text);
    cr_assert(!sts_dir_make(below("table"), NULL) && !sts_dir_make(below("table" TABLE), NULL));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(to, sizeof to, "table/%s", names[i]);
        cr_assert(!sts_file_copy(below(names[i]), below(to), NULL), "%s", names[i]);
    }
}

static sts_model *new_bag(void)
{
    sts_err err = {0};
    sts_model *m = sts_model_new_bag(TEXTS, N, 0, 1, &err);
    cr_assert(m && !sts_bag_static_make(m, TEXTS, N, &err), "%s", err.text);
    return m;
}

static sts_model *load_table(void)
{
    sts_err err = {0};
    sts_model *m = sts_model_load(below("table"), &err);
    cr_assert(m, "%s", err.text);
    cr_assert_str_eq(m->net.encoder->model_type, "static");
    return m;
}

/* The cosine between what the encoder and the table give for a text. */
static double agreement(const sts_model *bag, const sts_model *table, const char *text)
{
    const sts_str s = {text, strlen(text)};
    size_t dim = (size_t)bag->dim;
    float *v = sts_alloc(2 * dim, sizeof *v);
    double x[STS_SIMILARITIES];
    sts_err err = {0};
    cr_assert(bag->dim == table->dim);
    cr_assert(!sts_embed_texts(bag, &s, 1, 1, v, NULL, NULL, &err), "%s", err.text);
    cr_assert(!sts_embed_texts(table, &s, 1, 1, v + dim, NULL, NULL, &err), "%s", err.text);
    sts_similarities(v, v + dim, dim, x);
    sts_free(v);
    return x[STS_COSINE_SIMILARITY];
}

/* Known words without a common n-gram: one direction. Others come near. */
Test(bag_static, points_where_the_encoder_does)
{
    static const char *const known[] = {"dog", "Dog cat!", "A DOG, runs", "cat sleeps",
                                        "na\xc3\xafve dog", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"};
    sts_model *m = new_bag();
    float *vectors = m->params.value + m->params.v[3].offset;
    size_t n = m->params.v[3].count;
    for (size_t i = 0; i < n; i++) vectors[i] *= 1 + (float)(i % 7); /* as if trained */
    save(m);
    sts_model *table = load_table();
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double c = agreement(m, table, known[i]);
        cr_assert(c > 0.99999, "%s: %f", known[i], c);
    }
    cr_assert(agreement(m, table, "a cat sleeps, cat") > 0.9);
    cr_assert(agreement(m, table, "dogs run") > 0.5);
    sts_model_free(table);
    sts_model_free(m);
}

/* Words that the table lacks are cut into pieces; only a character that it lacks is unknown. */
Test(bag_static, unknown_words)
{
    sts_err err = {0};
    sts_ids ids = {0};
    sts_model *m = new_bag();
    save(m);
    sts_model *table = load_table();
    const char *text = "dogs gods \xe8\xaa\x9e\xe6\x97\xa5";
    cr_assert(!sts_model_tokenize(table, text, strlen(text), &ids, NULL, &err));
    cr_assert(ids.n > 3, "%zu", ids.n);
    for (size_t i = 0; i < ids.n; i++) cr_assert_neq(ids.v[i], 0);
    cr_assert(!sts_model_tokenize(table, "xyz", 3, &ids, NULL, &err));
    cr_assert(ids.n == 1 && ids.v[0] == 0);
    sts_ids_free(&ids);
    sts_model_free(table);
    sts_model_free(m);
}

/* The encoder itself is what is loaded, and saving it again changes nothing. */
Test(bag_static, loads_the_encoder)
{
    char *table = NULL, *again;
    sts_model *m = new_bag();
    save(m);
    sts_model_free(m);
    m = load();
    cr_assert_str_eq(m->net.encoder->model_type, "bag");
    size_t rows = m->static_rows, n;
    cr_assert(rows > 0 && sts_model_bytes(m) > 4 * m->params.count);
    table = sts_file_read(below(STS_BAG_STATIC "/model.safetensors"), 1 << 24, 4, &n, NULL);
    cr_assert(n > rows * (size_t)m->dim * sizeof(float));
    cr_assert(!sts_dir_remove(below(STS_BAG_STATIC), NULL));
    cr_assert(!sts_model_save(m, dir, NULL, NULL));
    again = sts_file_read(below(STS_BAG_STATIC "/model.safetensors"), 1 << 24, 4, &n, NULL);
    cr_assert(table && again && !memcmp(table, again, n));
    sts_free(table);
    sts_free(again);
    sts_model_free(m);
}

/* A checkpoint's checksums are over these. */
Test(bag_static, is_listed)
{
    char **names;
    size_t n, found = 0;
    sts_model *m = new_bag();
    cr_assert(!sts_model_file_names(m, &names, &n, NULL));
    for (size_t i = 0; i < n; i++) found += !strncmp(names[i], STS_BAG_STATIC "/", 18);
    cr_assert_eq(found, 2);
    sts_names_free(names, n);
    sts_model_free(m);
}

static void refused(const char *from, const char *to)
{
    sts_err err = {0};
    edit(STS_BAG_STATIC "/tokenizer.json", from, to);
    cr_assert(!sts_model_load(dir, &err) && err.code == STS_MODEL);
    cr_assert(strstr(err.text, STS_BAG_STATIC "/tokenizer.json: \"vocab\""), "%s", err.text);
    edit(STS_BAG_STATIC "/tokenizer.json", to, from);
}

Test(bag_static, ids_with_holes)
{
    sts_model *m = new_bag();
    save(m);
    sts_model_free(m);
    refused("\"[UNK]\": 0", "\"[UNK]\": 1");
    refused("\"[UNK]\": 0", "\"[UNK]\": 0.5");
    refused("\"[UNK]\": 0", "\"[UNK]\": -1");
    refused("\"[UNK]\": 0", "\"[UNK]\": null");
    refused("\"vocab\"", "\"words\"");
    sts_model_free(load());
}

Test(bag_static, memory_may_fail_anywhere)
{
    bool failed = true;
    sts_model *m = sts_model_new_bag(TEXTS, N, 0, 1, NULL);
    for (size_t nth = 1; failed && nth < 3000; nth++) {
        sts_err err = {0};
        sts_mem_fail(nth, nth % 2);
        int rc = sts_bag_static_make(m, TEXTS, N, &err);
        if (!rc) rc = sts_model_save(m, dir, NULL, &err);
        failed = sts_mem_count() >= nth;
        sts_mem_fail(0, false);
        cr_assert(failed ? rc && err.code == STS_FAILED : !rc, "allocation %zu: %s", nth, err.text);
        sts_model_free(m);
        m = sts_model_new_bag(TEXTS, N, 0, 1, NULL);
    }
    cr_assert(!failed);
    sts_model_free(m);
}
