/* test_model2vec.c - model2vec's own layout: what is written of it, and its unknown token. */
#include "model/files.h"
#include "model_help.h"

TestSuite(model2vec, .init = setup, .fini = teardown);

#define OWN "tests/golden/model2vec/"

static sts_model *load_from(const char *from)
{
    sts_err err = {0};
    sts_model *m = sts_model_load(from, &err);
    cr_assert(m, "%s", err.text);
    return m;
}

static void saved_has(const sts_model *m, const char *name, const char *text, bool want)
{
    sts_err err = {0};
    cr_assert(!sts_model_save(m, dir, NULL, &err), "%s", err.text);
    char *found = get(below(name));
    cr_assert((strstr(found, text) != NULL) == want, "%s: %s", name, found);
    sts_free(found);
}

/* Both clients open it: a table of float32 called "embeddings", one row per token. */
Test(model2vec, written)
{
    sts_model *m = load_from(OWN "shared-int8");
    cr_assert_eq(m->net.vocab, 215);
    cr_assert_str_eq(m->files->set[0].v[0].name, "embeddings");
    saved_has(m, "config.json", "float32", true);
    saved_has(m, "config.json", "vocabulary_quantization", false);
    saved_has(m, "config.json", "normalize", true);
    saved_has(m, "modules.json", "models.StaticEmbedding", true);
    saved_has(m, "modules.json", "models.Normalize", true);
    sts_model_free(m);
    m = load_from(OWN "float16");
    saved_has(m, "modules.json", "models.Normalize", false);
    sts_model_free(m);
}

/* Beside sentence-transformers' files alone, model2vec asks for "embedding.weight". */
Test(model2vec, name_of_the_table)
{
    sts_model *m = load_from("tests/golden/variants/static-model2vec");
    cr_assert_str_eq(m->files->set[0].v[0].name, "embedding.weight");
    sts_model_free(m);
}

/* model2vec leaves unknown tokens out: their row is zeros, and learns nothing. */
Test(model2vec, unknown_token)
{
    sts_err err = {0};
    sts_batch b = {0};
    sts_work w = {0};
    sts_ids ids = {0};
    sts_drop drop = {0};
    float *out;
    void *tape;
    sts_model *m = load_from(OWN "float32");
    size_t H = (size_t)m->net.hidden, row = (size_t)m->net.unknown * H;
    cr_assert(!sts_model_tokenize(m, "a man \u2603", 9, &ids, NULL, &err) && ids.n >= 3);
    cr_assert_eq(ids.v[ids.n - 1], m->net.unknown);
    cr_assert(!sts_batch_add(&b, ids.v, ids.n, 0, &err));
    cr_assert(!sts_params_alloc_grad(&m->params, &err));
    cr_assert(!sts_work_reserve(&w, sts_model_workspace(m, &b, true), &err));
    cr_assert(!sts_model_forward(m, &b, &drop, &w, &out, &tape, &err), "%s", err.text);
    float ones[8] = {1, 1, 1, 1, 1, 1, 1, 1}, learned = 0;
    cr_assert(!sts_model_backward(m, &b, &drop, &w, tape, ones, &err), "%s", err.text);
    for (size_t j = 0; j < H; j++) {
        cr_assert(m->params.value[row + j] == 0 && m->params.grad[row + j] == 0);
        learned += m->params.grad[(size_t)ids.v[0] * H + j] != 0;
    }
    cr_assert(learned > 0);
    sts_work_free(&w);
    sts_batch_free(&b);
    sts_ids_free(&ids);
    sts_model_free(m);
}

/* Its weights before 0.4 had another name. */
Test(model2vec, old_name_of_the_file)
{
    copy_model(OWN "float32");
    cr_assert(!rename(below("model.safetensors"), below("embeddings.safetensors")));
    sts_model_free(load());
}

Test(model2vec, refused)
{
    sts_err err = {0};
    copy_model(OWN "float64"); /* "model_type": "model2vec" */
    cr_assert(!remove(below("tokenizer.json")));
    cr_assert(!sts_model_load(dir, &err) && strstr(err.text, "tokenizer.json"), "%s", err.text);
    cr_assert(!sts_file_copy("tests/golden/models/bert/model.safetensors",
                             below("model.safetensors"), &err));
    cr_assert(!sts_model_load(dir, &err) && strstr(err.text, "embeddings"), "%s", err.text);
    edit("config.json", "\"model2vec\"", "null");
    cr_assert(!sts_model_load(dir, &err) && strstr(err.text, "\"model_type\" is missing"), "%s",
              err.text);
    edit("config.json", "null", "7");
    cr_assert(!sts_model_load(dir, &err) && strstr(err.text, "\"model_type\" must be a string"),
              "%s", err.text);
    edit("config.json", "7", "\"model2vec\"");
    edit("config.json", "true", "\"yes\"");
    cr_assert(!sts_model_load(dir, &err) && strstr(err.text, "\"normalize\" must be true or false"),
              "%s", err.text);
    edit("config.json", "\"yes\"", "{");
    cr_assert(!sts_model_load(dir, &err) && strstr(err.text, "config.json: byte"), "%s", err.text);
}
